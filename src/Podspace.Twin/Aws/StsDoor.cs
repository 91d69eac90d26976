using Podspace.Simulation;

namespace Podspace.Twin.Aws;

/// <summary>The STS Query protocol, version 2011-06-15. Whoever asks is the same user of the world's account.</summary>
internal sealed class StsDoor(World world)
{
    public const string Version = "2011-06-15";

    private const string Space = $"https://sts.amazonaws.com/doc/{Version}/";

    public (int Status, Xml Answer) Handle(Query query, string requestId)
    {
        var action = query.Text("Action") ?? "";
        return action == "GetCallerIdentity"
            ? (200, CallerIdentity(world.Do(() => world.State.Aws.Account), requestId))
            : (400, Refusal(new("InvalidAction", $"Could not find operation {action} for version {Version}: the twin does not know it."), requestId));
    }

    public static Xml Refusal(WorldRefusal refusal, string requestId) => new Xml().In("ErrorResponse", Space, response => response
        .In("Error", error => error.Text("Type", "Sender").Text("Code", refusal.Code).Text("Message", refusal.Message))
        .Text("RequestId", requestId));

    private static Xml CallerIdentity(string account, string requestId) => new Xml().In("GetCallerIdentityResponse", Space, response => response
        .In("GetCallerIdentityResult", result => result
            .Text("Arn", $"arn:aws:iam::{account}:user/twin")
            .Text("UserId", "AIDATWINTWINTWINTWIN")
            .Text("Account", account))
        .In("ResponseMetadata", metadata => metadata.Text("RequestId", requestId)));
}
