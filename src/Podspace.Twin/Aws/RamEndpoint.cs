using System.Text;
using System.Text.Json.Nodes;
using Podspace.Simulation;
using Podspace.Simulation.State;

namespace Podspace.Twin.Aws;

/// <summary>AWS RAM's REST JSON protocol, version 2018-01-04, as far as sharing subnets goes.
/// Source of paths and members: RAM API Reference.</summary>
internal sealed class RamEndpoint(World world)
{
    private static readonly Dictionary<string, string> Operations = new(StringComparer.Ordinal)
    {
        ["POST /createresourceshare"] = "CreateResourceShare",
        ["POST /associateresourceshare"] = "AssociateResourceShare",
        ["POST /disassociateresourceshare"] = "DisassociateResourceShare",
        ["DELETE /deleteresourceshare"] = "DeleteResourceShare",
        ["POST /getresourceshares"] = "GetResourceShares",
        ["POST /getresourceshareassociations"] = "GetResourceShareAssociations",
    };

    /// <summary>Null for what is none of RAM's.</summary>
    public static string? NameOf(string method, string path) => Operations.GetValueOrDefault($"{method} {path}");

    public static bool Writes(string operation) => !operation.StartsWith("Get", StringComparison.Ordinal);

    public TwinResponse Handle(TwinRequest request, string caller, string requestId)
    {
        try
        {
            var body = Parsed(request.Body);
            return Answer(200, world.Do(() => Run(NameOf(request.Method, request.Path)!, request, body, caller)), requestId, null);
        }
        catch (WorldRefusal refusal)
        {
            return Answer(refusal.Status, new JsonObject { ["message"] = refusal.Message }, requestId, refusal.Code);
        }
    }

    private JsonObject Run(string operation, TwinRequest request, JsonObject body, string caller)
    {
        switch (operation)
        {
            case "CreateResourceShare":
                return new()
                {
                    ["resourceShare"] = Json(
                        world.Ram.Create(
                            caller,
                            Required(body, "name"),
                            Texts(body, "resourceArns"),
                            Texts(body, "principals"),
                            Flag(body, "allowExternalPrincipals"),
                            Tags(body),
                            Text(body, "clientToken")
                        )
                    ),
                };
            case "AssociateResourceShare":
                return Parts(
                    world.Ram.Associate(caller, Required(body, "resourceShareArn"), Texts(body, "resourceArns"), Texts(body, "principals"))
                );
            case "DisassociateResourceShare":
                return Parts(
                    world.Ram.Disassociate(
                        caller,
                        Required(body, "resourceShareArn"),
                        Texts(body, "resourceArns"),
                        Texts(body, "principals")
                    )
                );
            case "DeleteResourceShare":
                world.Ram.DeleteShare(caller, Query.Parse(request.Query).Required("resourceShareArn"));
                return new() { ["returnValue"] = true };
            case "GetResourceShares":
                return Shares(body, caller);
            default:
                return Associations(body, caller);
        }
    }

    private JsonObject Shares(JsonObject body, string caller)
    {
        var owner = Required(body, "resourceOwner");
        if (owner is not ("SELF" or "OTHER-ACCOUNTS"))
        {
            throw new WorldRefusal("InvalidParameterException", $"The parameter resourceOwner is invalid: {owner}");
        }
        var (arns, name, status) = (Texts(body, "resourceShareArns"), Text(body, "name"), Text(body, "resourceShareStatus"));
        var shares = world
            .Ram.Shares(caller, owner == "SELF")
            .Where(share =>
                (arns.Count == 0 || arns.Contains(share.ResourceShareArn))
                && (name is null || share.Name == name)
                && (status is null || share.Status == status)
            );
        return new() { ["resourceShares"] = new JsonArray([.. shares.Select(Json)]) };
    }

    private JsonObject Associations(JsonObject body, string caller)
    {
        var type = Required(body, "associationType");
        var (arns, status, resource, principal) = (
            Texts(body, "resourceShareArns"),
            Text(body, "associationStatus"),
            Text(body, "resourceArn"),
            Text(body, "principal")
        );
        return Parts(
            world
                .Ram.Associations(caller, type)
                .Where(part => (arns.Count == 0 || arns.Contains(part.ResourceShareArn)) && (status is null || part.Status == status))
                .Where(part => (resource ?? principal) is not { } entity || part.AssociatedEntity == entity)
        );
    }

    private JsonObject Parts(IEnumerable<ResourceShareAssociation> parts) =>
        new()
        {
            ["resourceShareAssociations"] = new JsonArray([
                .. parts.Select(part =>
                    (JsonNode)
                        new JsonObject
                        {
                            ["resourceShareArn"] = part.ResourceShareArn,
                            ["resourceShareName"] = world.Ram.NameOf(part.ResourceShareArn),
                            ["associatedEntity"] = part.AssociatedEntity,
                            ["associationType"] = part.AssociationType,
                            ["status"] = part.Status,
                            ["external"] = false,
                        }
                ),
            ]),
        };

    private static JsonNode Json(ResourceShare share) =>
        new JsonObject
        {
            ["resourceShareArn"] = share.ResourceShareArn,
            ["name"] = share.Name,
            ["owningAccountId"] = share.OwningAccountId,
            ["allowExternalPrincipals"] = share.AllowExternalPrincipals,
            ["status"] = share.Status,
            ["tags"] = new JsonArray([.. share.Tags.Select(tag => (JsonNode)new JsonObject { ["key"] = tag.Key, ["value"] = tag.Value })]),
            ["featureSet"] = "STANDARD",
        };

    private static List<RamTag> Tags(JsonObject body) =>
        [
            .. (body["tags"] as JsonArray ?? [])
                .OfType<JsonObject>()
                .Select(tag => new RamTag { Key = Text(tag, "key") ?? "", Value = Text(tag, "value") ?? "" }),
        ];

    private static List<string> Texts(JsonObject body, string name) => [.. (body[name] as JsonArray ?? []).Select(item => $"{item}")];

    private static string? Text(JsonObject body, string name) => body[name]?.ToString() is { Length: > 0 } text ? text : null;

    // Source: RAM API Reference: true is the default.
    private static bool Flag(JsonObject body, string name) => Text(body, name) != "false";

    private static string Required(JsonObject body, string name) =>
        Text(body, name) ?? throw new WorldRefusal("InvalidParameterException", $"The parameter {name} is required.");

    private static JsonObject Parsed(ReadOnlyMemory<byte> body) =>
        body.IsEmpty ? [] : RequestBody.Json(body.Span, "SerializationException") as JsonObject ?? [];

    private static TwinResponse Answer(int status, JsonObject body, string requestId, string? error) =>
        new(status, "application/json", Encoding.UTF8.GetBytes(body.ToJsonString()))
        {
            Headers = error is null ? [("x-amzn-RequestId", requestId)] : [("x-amzn-RequestId", requestId), ("x-amzn-ErrorType", error)],
        };
}
