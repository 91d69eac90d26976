using System.Text.Json.Nodes;
using Podspace.Simulation;
using Podspace.Simulation.Kubernetes;

namespace Podspace.Twin.Kubernetes;

/// <summary>What the server is and serves: versions, health, groups, resources, OpenAPI.</summary>
internal static class Discovery
{
    /// <summary>Null when the path is not of discovery.</summary>
    public static TwinResponse? Answer(KubeRequest request, World world)
    {
        if (request.Method is not "GET")
        {
            return null;
        }
        return request.Segments switch
        {
            ["version"] => Answers.Json(200, Version(world)),
            ["healthz" or "livez" or "readyz", ..] => new(200, "text/plain", "ok"u8.ToArray()),
            ["api"] => Answers.Json(200, CoreVersions()),
            ["apis"] => Answers.Json(200, Groups()),
            ["apis", var group] => Group(group) is { } known ? Answers.Json(200, known) : null,
            ["api", var version] => Resources(version),
            ["apis", var group, var version] => Resources($"{group}/{version}"),
            ["openapi", "v2"] => OpenApi.Version2(request),
            ["openapi", "v3"] => Answers.Json(200, OpenApi.Index()),
            ["openapi", "v3", "api", var version] => OpenApi.Version3(version),
            ["openapi", "v3", "apis", var group, var version] => OpenApi.Version3($"{group}/{version}"),
            _ => null,
        };
    }

    /// <summary>The apis that are served, with their preferred version first within each group.</summary>
    public static IEnumerable<string> Apis => KindTable.All.Select(kind => kind.Api).Distinct();

    private static JsonObject Version(World world)
    {
        var version = world.State.Aws.Clusters.FirstOrDefault()?.Version ?? "1.33";
        var parts = version.Split('.');
        return new()
        {
            ["major"] = parts[0],
            ["minor"] = parts.ElementAtOrDefault(1) ?? "0",
            ["gitVersion"] = $"v{version}.0-podspace-twin",
            ["gitCommit"] = "",
            ["gitTreeState"] = "clean",
            ["buildDate"] = Manifest.Time(world.State.Clock),
            ["goVersion"] = "",
            ["compiler"] = "",
            ["platform"] = "linux/amd64",
        };
    }

    private static JsonObject CoreVersions() =>
        new()
        {
            ["kind"] = "APIVersions",
            ["versions"] = new JsonArray("v1"),
            ["serverAddressByClientCIDRs"] = new JsonArray(),
        };

    private static JsonObject Groups() =>
        new()
        {
            ["kind"] = "APIGroupList",
            ["apiVersion"] = "v1",
            ["groups"] = new JsonArray([
                .. KindTable
                    .All.Select(kind => kind.Group)
                    .Where(group => group.Length > 0)
                    .Distinct()
                    .Select(group => (JsonNode)GroupEntry(group)),
            ]),
        };

    private static JsonObject? Group(string name)
    {
        if (KindTable.All.All(kind => kind.Group != name))
        {
            return null;
        }
        var group = GroupEntry(name);
        group["kind"] = "APIGroup";
        group["apiVersion"] = "v1";
        return group;
    }

    private static JsonObject GroupEntry(string name)
    {
        var apis = Apis.Where(api => api.StartsWith(name + "/", StringComparison.Ordinal)).ToList();
        return new()
        {
            ["name"] = name,
            ["versions"] = new JsonArray([.. apis.Select(api => (JsonNode)VersionEntry(api))]),
            ["preferredVersion"] = VersionEntry(apis[0]),
        };
    }

    private static JsonObject VersionEntry(string api) =>
        new() { ["groupVersion"] = api, ["version"] = api[(api.IndexOf('/', StringComparison.Ordinal) + 1)..] };

    private static TwinResponse? Resources(string api)
    {
        var kinds = KindTable.All.Where(kind => kind.Api == api).ToList();
        if (kinds.Count == 0)
        {
            return null;
        }
        return Answers.Json(
            200,
            new JsonObject
            {
                ["kind"] = "APIResourceList",
                ["apiVersion"] = "v1",
                ["groupVersion"] = api,
                ["resources"] = new JsonArray([.. kinds.SelectMany(Entries)]),
            }
        );
    }

    private static IEnumerable<JsonNode> Entries(KindEntry kind)
    {
        yield return Entry(kind);
        if (kind.HasStatus)
        {
            yield return Part(kind, "status", kind.Kind, "get", "patch", "update");
        }
        if (kind.Plural is "pods")
        {
            var eviction = Part(kind, "eviction", "Eviction", "create");
            eviction["group"] = "policy";
            eviction["version"] = "v1";
            yield return eviction;
        }
        if (kind.Plural is "deployments" or "replicasets" or "statefulsets")
        {
            var scale = Part(kind, "scale", "Scale", "get", "patch", "update");
            scale["group"] = "autoscaling";
            scale["version"] = "v1";
            yield return scale;
        }
    }

    private static JsonObject Entry(KindEntry kind)
    {
        var entry = new JsonObject
        {
            ["name"] = kind.Plural,
            ["singularName"] = kind.Singular,
            ["namespaced"] = kind.Namespaced,
            ["kind"] = kind.Kind,
            ["verbs"] = kind.Plural is "selfsubjectaccessreviews"
                ? new JsonArray("create")
                : new JsonArray("create", "delete", "deletecollection", "get", "list", "patch", "update", "watch"),
        };
        if (kind.ShortNames.Count > 0)
        {
            entry["shortNames"] = new JsonArray([.. kind.ShortNames.Select(name => (JsonNode)name)]);
        }
        if (kind.InCategoryAll)
        {
            entry["categories"] = new JsonArray("all");
        }
        return entry;
    }

    private static JsonObject Part(KindEntry kind, string subresource, string kindOfPart, params string[] verbs) =>
        new()
        {
            ["name"] = $"{kind.Plural}/{subresource}",
            ["singularName"] = "",
            ["namespaced"] = kind.Namespaced,
            ["kind"] = kindOfPart,
            ["verbs"] = new JsonArray([.. verbs.Select(verb => (JsonNode)verb)]),
        };
}
