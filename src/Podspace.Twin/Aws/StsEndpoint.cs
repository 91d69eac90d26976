using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Podspace.Simulation;
using Podspace.Simulation.State;

namespace Podspace.Twin.Aws;

/// <summary>The STS Query protocol, version 2011-06-15. Keys of a role are known by their id for as long as the
/// endpoint stands; all others are the same user of the world's account.</summary>
/// <param name="issuer">Whose keys are known here, too; null: nobody's.</param>
internal sealed class StsEndpoint(World world, StsEndpoint? issuer = null)
{
    public const string Version = "2011-06-15";

    /// <summary>Where IAM Identity Center hands out a role's keys for its own token. Source: AWS
    /// SSO Portal API Reference, GetRoleCredentials.</summary>
    public const string SsoPath = "/federation/credentials";

    private const string Space = $"https://sts.amazonaws.com/doc/{Version}/";

    private static readonly TimeSpan Life = TimeSpan.FromHours(1);

    private readonly ConcurrentDictionary<string, string> sessions = issuer?.sessions ?? new(StringComparer.Ordinal);
    private int issued;

    public (int Status, Xml Answer) Handle(TwinRequest request, Query query, string requestId)
    {
        try
        {
            return (200, world.Do(() => Answer(Signer(request, query), query, requestId)));
        }
        catch (WorldRefusal refusal)
        {
            return (refusal.Status, Refusal(refusal, requestId));
        }
    }

    /// <summary>The caller's account: a role's is in its ARN; who signs with other keys, or with none, is of the world's own.</summary>
    public string AccountOf(TwinRequest request) =>
        Signer(request, null) is { } signer ? Arn(signer).Split(':')[4] : world.State.Aws.Account;

    /// <summary>Any token that is brought counts as signed in.</summary>
    public TwinResponse RoleCredentials(TwinRequest request)
    {
        if (request.Header("x-amz-sso_bearer_token").Length == 0)
        {
            return Json(401, new JsonObject { ["message"] = "Session token not found or invalid" }, "UnauthorizedException");
        }
        var query = Query.Parse(request.Query);
        var key = Issue($"arn:aws:sts::{query.Text("account_id")}:assumed-role/{query.Text("role_name")}/sso");
        var until = (TimeProvider.System.GetUtcNow() + Life).ToUnixTimeMilliseconds();
        return Json(
            200,
            new JsonObject
            {
                ["roleCredentials"] = new JsonObject
                {
                    ["accessKeyId"] = key,
                    ["secretAccessKey"] = "twin",
                    ["sessionToken"] = "twin",
                    ["expiration"] = until,
                },
            },
            null
        );
    }

    public static Xml Refusal(WorldRefusal refusal, string requestId) =>
        new Xml().In(
            "ErrorResponse",
            Space,
            response =>
                response
                    .In("Error", error => error.Text("Type", "Sender").Text("Code", refusal.Code).Text("Message", refusal.Message))
                    .Text("RequestId", requestId)
        );

    private Xml Answer(string? signer, Query query, string requestId)
    {
        var action = query.Text("Action") ?? "";
        return action switch
        {
            "AssumeRoleWithWebIdentity" => Assumed(action, Role(query, signer: null), query, requestId),
            // Source: STS API Reference, "Common Errors".
            _ when signer is null => throw new WorldRefusal("MissingAuthenticationToken", "Request is missing Authentication Token", 403),
            "GetCallerIdentity" => CallerIdentity(signer, requestId),
            "AssumeRole" => Assumed(action, Role(query, signer), query, requestId),
            _ => throw new WorldRefusal(
                "InvalidAction",
                $"Could not find operation {action} for version {Version}: the twin does not know it."
            ),
        };
    }

    /// <summary>The id of the key that signed, in a header or, of a presigned call, in the query.</summary>
    private static string? Signer(TwinRequest request, Query? query)
    {
        const string Mark = "Credential=";
        var header = request.Header("Authorization");
        var at = header.IndexOf(Mark, StringComparison.Ordinal);
        var text = at >= 0 ? header[(at + Mark.Length)..] : query?.Text("X-Amz-Credential");
        return text is { Length: > 0 } ? text.Split('/')[0] : null;
    }

    /// <summary>A world that lists roles lets only those be assumed, and by whom they admit; one that lists none lets any.</summary>
    private Role Role(Query query, string? signer)
    {
        var arn = query.Required("RoleArn");
        var roles = world.State.Aws.Roles;
        var role = roles.Count == 0 ? new Role { RoleArn = arn, IsWebIdentity = signer is null } : roles.Find(one => one.RoleArn == arn);
        var isAdmitted =
            role is not null
            && (
                signer is null
                    ? role.IsWebIdentity && query.Text("WebIdentityToken") is { Length: > 0 }
                    : !role.IsWebIdentity && (role.ExternalId is null || role.ExternalId == query.Text("ExternalId"))
            );
        if (isAdmitted)
        {
            return role!;
        }
        var user = signer is null ? "anonymous" : Arn(signer);
        throw new WorldRefusal(
            "AccessDenied",
            $"User: {user} is not authorized to perform: sts:{query.Text("Action")} on resource: {arn}",
            403
        );
    }

    private Xml Assumed(string action, Role role, Query query, string requestId)
    {
        var (account, name) = Parts(role.RoleArn);
        var key = Issue($"arn:aws:sts::{account}:assumed-role/{name}/{query.Text("RoleSessionName") ?? "session"}");
        return new Xml().In(
            $"{action}Response",
            Space,
            response =>
                response
                    .In(
                        $"{action}Result",
                        result =>
                            result
                                .In(
                                    "Credentials",
                                    credentials =>
                                        credentials
                                            .Text("AccessKeyId", key)
                                            .Text("SecretAccessKey", "twin")
                                            .Text("SessionToken", "twin")
                                            .Text("Expiration", TimeProvider.System.GetUtcNow() + Life)
                                )
                                .In(
                                    "AssumedRoleUser",
                                    user =>
                                        user.Text("Arn", sessions[key]).Text("AssumedRoleId", $"AROATWIN:{query.Text("RoleSessionName")}")
                                )
                    )
                    .In("ResponseMetadata", metadata => metadata.Text("RequestId", requestId))
        );
    }

    private string Issue(string arn)
    {
        var key = $"ASIATWIN{Interlocked.Increment(ref issued).ToString("D12", CultureInfo.InvariantCulture)}";
        sessions[key] = arn;
        return key;
    }

    private static TwinResponse Json(int status, JsonObject body, string? error) =>
        new(status, "application/json", Encoding.UTF8.GetBytes(body.ToJsonString()))
        {
            Headers = error is null ? [] : [("x-amzn-ErrorType", error)],
        };

    private Xml CallerIdentity(string signer, string requestId) =>
        new Xml().In(
            "GetCallerIdentityResponse",
            Space,
            response =>
                response
                    .In(
                        "GetCallerIdentityResult",
                        result =>
                            result
                                .Text("Arn", Arn(signer))
                                .Text("UserId", "AIDATWINTWINTWINTWIN")
                                .Text("Account", Arn(signer).Split(':')[4])
                    )
                    .In("ResponseMetadata", metadata => metadata.Text("RequestId", requestId))
        );

    private string Arn(string signer) =>
        sessions.TryGetValue(signer, out var arn) ? arn : $"arn:aws:iam::{world.State.Aws.Account}:user/twin";

    private static (string Account, string Name) Parts(string roleArn) =>
        roleArn.Split(':') is [_, _, "iam", _, { Length: 12 } account, var resource]
            ? (account, resource[(resource.LastIndexOf('/') + 1)..])
            : throw new WorldRefusal("ValidationError", $"{roleArn} is invalid");
}
