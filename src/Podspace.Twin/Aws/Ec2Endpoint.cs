using System.Collections.Frozen;
using Podspace.Simulation;

namespace Podspace.Twin.Aws;

/// <summary>The EC2 Query protocol, version 2016-11-15.</summary>
internal sealed class Ec2Endpoint(World world)
{
    public const string Version = "2016-11-15";

    private const string Space = $"http://ec2.amazonaws.com/doc/{Version}/";

    private static readonly FrozenDictionary<string, Ec2Operation> Operations = new[]
    {
        Ec2Network.Operations,
        Ec2Routing.Operations,
        Ec2Security.Operations,
        Ec2Tagging.Operations,
        Ec2Neighbours.Operations,
        Ec2Computing.Operations,
        Ec2Interfaces.Operations,
        Ec2Launching.Operations,
    }
        .SelectMany(operations => operations)
        .ToFrozenDictionary(operation => operation.Name);

    /// <summary>Whether the operation may change something; false for one that there is none of.</summary>
    public static bool Writes(string action) => Operations.TryGetValue(action, out var operation) && operation.Writes;

    public (int Status, Xml Answer) Handle(Query query, string caller, string requestId)
    {
        try
        {
            return (200, world.Do(() => Answer(query, caller, requestId)));
        }
        catch (WorldRefusal refusal)
        {
            return (refusal.Status, Refusal(refusal, requestId));
        }
    }

    private Xml Answer(Query query, string caller, string requestId)
    {
        var action = query.Required("Action");
        if (!Operations.TryGetValue(action, out var operation))
        {
            throw new WorldRefusal("InvalidAction", $"The action {action} is not valid for this web service: the twin does not know it.");
        }
        operation.Check(query);
        return new Xml().In(
            $"{action}Response",
            Space,
            body =>
            {
                body.Text("requestId", requestId);
                operation.Answer(new(world, query, caller), body);
            }
        );
    }

    public static Xml Refusal(WorldRefusal refusal, string requestId) =>
        new Xml().In(
            "Response",
            response =>
                response
                    .In("Errors", errors => errors.In("Error", error => error.Text("Code", refusal.Code).Text("Message", refusal.Message)))
                    .Text("RequestID", requestId)
        );
}
