using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Podspace.Simulation;

namespace Podspace.Twin.Eks;

/// <summary>Method and path to operation; runs inside <see cref="World.Do{T}"/>.</summary>
internal sealed class EksOperations(World world)
{
    private readonly EksJson json = new(world);

    private Simulation.Aws.Eks Eks => world.Eks;

    public JsonObject Run(EksCall call) =>
        (call.Method, call.Path) switch
        {
            ("GET", ["clusters"]) => Page(call, "clusters", Eks.ListClusters()),
            ("POST", ["clusters"]) => new()
            {
                ["cluster"] = json.Of(Eks.CreateCluster(EksRequests.Cluster(call), EksRequests.HasPlugins(call))),
            },
            ("GET", ["clusters", var cluster]) => new() { ["cluster"] = json.Of(Eks.DescribeCluster(cluster)) },
            ("GET", ["clusters", var cluster, "node-groups"]) => Page(call, "nodegroups", Eks.ListNodegroups(cluster)),
            ("POST", ["clusters", var cluster, "node-groups"]) => new()
            {
                ["nodegroup"] = json.Of(Eks.CreateNodegroup(EksRequests.Nodegroup(call, cluster))),
            },
            ("GET", ["clusters", var cluster, "node-groups", var name]) => new()
            {
                ["nodegroup"] = json.Of(Eks.DescribeNodegroup(cluster, name)),
            },
            ("POST", ["clusters", var cluster, "node-groups", var name, "update-config"]) => UpdateNodegroup(call, cluster, name),
            ("GET", ["clusters", var cluster, "addons"]) => Page(call, "addons", Eks.ListAddons(cluster)),
            ("POST", ["clusters", var cluster, "addons"]) => new()
            {
                ["addon"] = json.Of(Eks.CreateAddon(EksRequests.Addon(call, cluster), call.Text("resolveConflicts"))),
            },
            ("GET", ["clusters", var cluster, "addons", var name]) => new() { ["addon"] = json.Of(Eks.DescribeAddon(cluster, name)) },
            ("POST", ["clusters", var cluster, "addons", var name, "update"]) => UpdateAddon(call, cluster, name),
            ("GET", ["addons", "supported-versions"]) => AddonVersions(call),
            ("GET", ["addons", "configuration-schemas"]) => AddonConfiguration(call),
            ("GET", ["clusters", var cluster, "updates"]) => Page(
                call,
                "updateIds",
                Eks.ListUpdates(cluster, call.Asked("nodegroupName"), call.Asked("addonName"))
            ),
            ("GET", ["clusters", var cluster, "updates", var id]) => new()
            {
                ["update"] = EksJson.Of(Eks.DescribeUpdate(cluster, id, call.Asked("nodegroupName"), call.Asked("addonName"))),
            },
            ("GET", ["clusters", var cluster, "access-entries"]) => Page(call, "accessEntries", Eks.ListAccessEntries(cluster)),
            ("GET", ["clusters", var cluster, "access-entries", var principal]) => new()
            {
                ["accessEntry"] = json.Of(Eks.DescribeAccessEntry(cluster, principal)),
            },
            ("POST", ["clusters", var cluster, "access-entries"]) => new()
            {
                ["accessEntry"] = json.Of(
                    Eks.CreateAccessEntry(cluster, call.Required("principalArn"), call.Text("type"), call.Map("tags"))
                ),
            },
            ("DELETE", ["clusters", var cluster, "access-entries", var principal]) => DeleteAccessEntry(cluster, principal),
            ("GET", ["clusters", var cluster, "access-entries", var principal, "access-policies"]) => AccessPolicies(
                call,
                cluster,
                principal
            ),
            ("POST", ["clusters", var cluster, "access-entries", var principal, "access-policies"]) => AssociateAccessPolicy(
                call,
                cluster,
                principal
            ),
            ("GET", ["clusters", var cluster, "fargate-profiles"]) => Page(call, "fargateProfileNames", Eks.ListFargateProfiles(cluster)),
            _ => throw new WorldRefusal(
                "UnknownOperationException",
                $"{call.Method} /{string.Join('/', call.Path)} is not simulated.",
                404
            ),
        };

    /// <summary>The operation's name, which is not on the wire; method and path for one that there is none of.</summary>
    public static string NameOf(string method, string[] path) =>
        (method, path) switch
        {
            ("GET", ["clusters"]) => "ListClusters",
            ("POST", ["clusters"]) => "CreateCluster",
            ("GET", ["clusters", _]) => "DescribeCluster",
            ("GET", ["clusters", _, "node-groups"]) => "ListNodegroups",
            ("POST", ["clusters", _, "node-groups"]) => "CreateNodegroup",
            ("GET", ["clusters", _, "node-groups", _]) => "DescribeNodegroup",
            ("POST", ["clusters", _, "node-groups", _, "update-config"]) => "UpdateNodegroupConfig",
            ("GET", ["clusters", _, "addons"]) => "ListAddons",
            ("POST", ["clusters", _, "addons"]) => "CreateAddon",
            ("GET", ["clusters", _, "addons", _]) => "DescribeAddon",
            ("POST", ["clusters", _, "addons", _, "update"]) => "UpdateAddon",
            ("GET", ["addons", "supported-versions"]) => "DescribeAddonVersions",
            ("GET", ["addons", "configuration-schemas"]) => "DescribeAddonConfiguration",
            ("GET", ["clusters", _, "updates"]) => "ListUpdates",
            ("GET", ["clusters", _, "updates", _]) => "DescribeUpdate",
            ("GET", ["clusters", _, "access-entries"]) => "ListAccessEntries",
            ("GET", ["clusters", _, "access-entries", _]) => "DescribeAccessEntry",
            ("POST", ["clusters", _, "access-entries"]) => "CreateAccessEntry",
            ("DELETE", ["clusters", _, "access-entries", _]) => "DeleteAccessEntry",
            ("GET", ["clusters", _, "access-entries", _, "access-policies"]) => "ListAssociatedAccessPolicies",
            ("POST", ["clusters", _, "access-entries", _, "access-policies"]) => "AssociateAccessPolicy",
            ("GET", ["clusters", _, "fargate-profiles"]) => "ListFargateProfiles",
            _ => $"{method} /{string.Join('/', path)}",
        };

    private JsonObject DeleteAccessEntry(string cluster, string principal)
    {
        Eks.DeleteAccessEntry(cluster, principal);
        return [];
    }

    private JsonObject AccessPolicies(EksCall call, string cluster, string principal)
    {
        var entry = Eks.DescribeAccessEntry(cluster, principal);
        return Page(
            call,
            "associatedAccessPolicies",
            [.. entry.AssociatedAccessPolicies.Select(EksJson.Of)],
            ("clusterName", cluster),
            ("principalArn", principal)
        );
    }

    private JsonObject AssociateAccessPolicy(EksCall call, string cluster, string principal)
    {
        var scope =
            call.Body["accessScope"] as JsonObject ?? throw new WorldRefusal(Simulation.Aws.Eks.BadParameter, "accessScope is required");
        var namespaces = (scope["namespaces"] as JsonArray ?? []).Select(one => one?.ToString() ?? "").ToList();
        var associated = Eks.AssociateAccessPolicy(
            cluster,
            principal,
            call.Required("policyArn"),
            scope["type"]?.ToString() ?? "",
            namespaces
        );
        return new()
        {
            ["clusterName"] = cluster,
            ["principalArn"] = principal,
            ["associatedAccessPolicy"] = EksJson.Of(associated),
        };
    }

    private JsonObject UpdateAddon(EksCall call, string cluster, string name)
    {
        var update = Eks.UpdateAddon(
            cluster,
            name,
            call.Text("addonVersion"),
            call.Text("configurationValues"),
            call.Text("resolveConflicts"),
            call.Text("clientRequestToken")
        );
        return new() { ["update"] = EksJson.Of(update) };
    }

    private JsonObject UpdateNodegroup(EksCall call, string cluster, string name)
    {
        if (call.Body.Select(entry => entry.Key).FirstOrDefault(key => key is not ("scalingConfig" or "clientRequestToken")) is { } other)
        {
            throw new WorldRefusal(
                Simulation.Aws.Eks.BadParameter,
                $"{other} is not simulated: of a node group only scalingConfig can be changed here."
            );
        }
        var scaling = call.Body["scalingConfig"] as JsonObject ?? [];
        var update = Eks.UpdateNodegroupConfig(
            cluster,
            name,
            Number(scaling, "minSize"),
            Number(scaling, "maxSize"),
            Number(scaling, "desiredSize"),
            call.Text("clientRequestToken")
        );
        return new() { ["update"] = EksJson.Of(update) };
    }

    private static int? Number(JsonObject map, string name)
    {
        if (map[name] is not { } value)
        {
            return null;
        }
        return value is JsonValue number && value.GetValueKind() == JsonValueKind.Number && number.TryGetValue<int>(out var whole)
            ? whole
            : throw new WorldRefusal("SerializationException", $"{name} must be a whole number");
    }

    private JsonObject AddonVersions(EksCall call) =>
        new()
        {
            ["addons"] = new JsonArray([
                .. Eks.DescribeAddonVersions(call.Asked("addonName")).Select(one => json.Of(one.Addon, one.Versions)),
            ]),
        };

    private JsonObject AddonConfiguration(EksCall call)
    {
        var (addon, version) = (call.Asked("addonName") ?? "", call.Asked("addonVersion") ?? "");
        return new()
        {
            ["addonName"] = addon,
            ["addonVersion"] = version,
            ["configurationSchema"] = Eks.DescribeAddonConfiguration(addon, version).ToJsonString(),
            ["podIdentityConfiguration"] = new JsonArray(),
        };
    }

    /// <summary>A page of names or of things: as many as asked for, 100 at most; the token is the number of the next.</summary>
    private static JsonObject Page(EksCall call, string key, IReadOnlyList<string> names) =>
        Page(call, key, [.. names.Select(name => (JsonNode)name)]);

    private static JsonObject Page(EksCall call, string key, IReadOnlyList<JsonNode> items, params (string Key, string Value)[] more)
    {
        var size = int.TryParse(call.Asked("maxResults"), NumberStyles.None, CultureInfo.InvariantCulture, out var asked)
            ? Math.Clamp(asked, 1, 100)
            : 100;
        var start = int.TryParse(call.Asked("nextToken"), NumberStyles.None, CultureInfo.InvariantCulture, out var next) ? next : 0;
        var page = new JsonObject([.. more.Select(pair => KeyValuePair.Create(pair.Key, (JsonNode?)pair.Value))])
        {
            [key] = new JsonArray([.. items.Skip(start).Take(size)]),
        };
        if (items.Count > start + size)
        {
            page["nextToken"] = (start + size).ToString(CultureInfo.InvariantCulture);
        }
        return page;
    }
}
