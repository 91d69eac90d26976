using System.Text.Json.Nodes;
using Podspace.Simulation.Kubernetes;

namespace Podspace.Twin.Kubernetes;

/// <summary>OpenAPI documents, as little as kubectl can do with: it looks up which kinds can be patched with which parameters.</summary>
/// <remarks>
/// No schema is described. Clients then skip their own validation and take merge keys from the types they were built with, which is right;
/// a schema without properties would make them warn or fail. For the same reason version 3 names no strategic merge patch.
/// </remarks>
internal static class OpenApi
{
    // Clients ask with "@v1.0", which is no media type that they could parse in an answer; servers
    // say ".v1.0". Source: k8s.io/kube-openapi, pkg/handler.
    public const string Protobuf = "application/com.github.proto-openapi.spec.v2.v1.0+protobuf";

    public static readonly string[] Parameters = ["dryRun", "fieldManager", "force"];

    private static readonly string[] PatchTypes =
    [
        "application/json-patch+json",
        "application/merge-patch+json",
        "application/apply-patch+yaml",
    ];

    public static IEnumerable<KindEntry> Kinds => KindTable.All.Where(kind => kind.Plural is not "selfsubjectaccessreviews");

    public static TwinResponse Version2(KubeRequest request) =>
        request.Accept.Contains("proto-openapi.spec.v2", StringComparison.Ordinal)
            ? new(200, Protobuf, OpenApiProtobuf.Document())
            : Answers.Json(
                200,
                new JsonObject
                {
                    ["swagger"] = "2.0",
                    ["info"] = Title(),
                    ["paths"] = Paths(Kinds, isVersion3: false),
                    ["definitions"] = new JsonObject(),
                }
            );

    public static JsonObject Index() =>
        new()
        {
            ["paths"] = new JsonObject(
                Discovery.Apis.Select(api =>
                {
                    var path = PathOf(api);
                    return KeyValuePair.Create(path, (JsonNode?)new JsonObject { ["serverRelativeURL"] = $"/openapi/v3/{path}?hash=1" });
                })
            ),
        };

    public static TwinResponse? Version3(string api)
    {
        var kinds = KindTable.All.Where(kind => kind.Api == api).ToList();
        return kinds.Count == 0
            ? null
            : Answers.Json(
                200,
                new JsonObject
                {
                    ["openapi"] = "3.0.0",
                    ["info"] = Title(),
                    ["paths"] = Paths(kinds, isVersion3: true),
                    ["components"] = new JsonObject { ["schemas"] = new JsonObject() },
                }
            );
    }

    public static string PathOf(KindEntry kind) =>
        $"/{PathOf(kind.Api)}/{(kind.Namespaced ? "namespaces/{namespace}/" : "")}{kind.Plural}/{{name}}";

    private static string PathOf(string api) => api.Contains('/', StringComparison.Ordinal) ? $"apis/{api}" : $"api/{api}";

    private static JsonObject Title() => new() { ["title"] = "Podspace twin", ["version"] = "unversioned" };

    private static JsonObject Paths(IEnumerable<KindEntry> kinds, bool isVersion3) =>
        new(kinds.Select(kind => KeyValuePair.Create(PathOf(kind), (JsonNode?)new JsonObject { ["patch"] = PatchOf(kind, isVersion3) })));

    private static JsonObject PatchOf(KindEntry kind, bool isVersion3)
    {
        var operation = new JsonObject
        {
            ["parameters"] = new JsonArray([.. Parameters.Select(name => (JsonNode)Parameter(name, isVersion3))]),
            ["responses"] = new JsonObject { ["200"] = new JsonObject { ["description"] = "OK" } },
            ["x-kubernetes-action"] = "patch",
            ["x-kubernetes-group-version-kind"] = new JsonObject
            {
                ["group"] = kind.Group,
                ["kind"] = kind.Kind,
                ["version"] = kind.Version,
            },
        };
        if (isVersion3)
        {
            operation["requestBody"] = new JsonObject
            {
                ["content"] = new JsonObject(PatchTypes.Select(type => KeyValuePair.Create(type, (JsonNode?)new JsonObject()))),
            };
        }
        else
        {
            operation["consumes"] = new JsonArray([.. PatchTypes.Select(type => (JsonNode)type)]);
        }
        return operation;
    }

    private static JsonObject Parameter(string name, bool isVersion3)
    {
        var type = name is "force" ? "boolean" : "string";
        var parameter = new JsonObject { ["name"] = name, ["in"] = "query" };
        if (isVersion3)
        {
            parameter["schema"] = new JsonObject { ["type"] = type };
        }
        else
        {
            parameter["type"] = type;
        }
        return parameter;
    }
}
