using System.Text.Json.Nodes;
using Podspace.Model;

namespace Podspace.Cni;

/// <summary>The settings of container aws-node in the DaemonSet, and who holds each.</summary>
public static class AwsNodeEnv
{
    public const string Container = "aws-node";

    /// <summary>In the manifest's order, without those of <see cref="Indirect"/>.</summary>
    public static EquatableArray<EnvSetting> Settings(JsonObject daemonSet) =>
        Env(daemonSet)
            .Where(setting => setting["valueFrom"] is null)
            .Select(setting => new EnvSetting(Text(setting["name"]), Text(setting["value"])))
            .ToEquatable();

    /// <summary>Settings with <c>valueFrom</c>: they have no value to compare, and may not have one beside it.</summary>
    public static EquatableArray<string> Indirect(JsonObject daemonSet) =>
        Env(daemonSet)
            .Where(setting => setting["valueFrom"] is not null)
            .Select(setting => Text(setting["name"]))
            .Order(StringComparer.Ordinal)
            .ToEquatable();

    /// <summary>Source: Kubernetes, "Server-Side Apply", format of fieldsV1.</summary>
    public static EquatableArray<SettingHolder> Holders(JsonObject daemonSet)
    {
        var holders = new List<SettingHolder>();
        foreach (var entry in Items(daemonSet["metadata"]?["managedFields"]))
        {
            var env =
                entry["fieldsV1"]?["f:spec"]?["f:template"]?["f:spec"]?["f:containers"]?[$$"""k:{"name":"{{Container}}"}"""]?["f:env"]
                as JsonObject;
            foreach (var (key, fields) in env ?? [])
            {
                if (
                    key.StartsWith("k:", StringComparison.Ordinal)
                    && fields is JsonObject held
                    && (held.ContainsKey("f:value") || held.ContainsKey("f:valueFrom"))
                )
                {
                    holders.Add(new(Text(JsonNode.Parse(key[2..])?["name"]), Text(entry["manager"])));
                }
            }
        }
        return holders
            .Distinct()
            .OrderBy(holder => holder.Setting, StringComparer.Ordinal)
            .ThenBy(holder => holder.Manager, StringComparer.Ordinal)
            .ToEquatable();
    }

    /// <summary>The DaemonSet's spec with just these settings, for server-side apply: all others stay whose they are.</summary>
    public static JsonObject Spec(IEnumerable<EnvSetting> settings)
    {
        var env = settings.Select(setting => (JsonNode)new JsonObject { ["name"] = setting.Name, ["value"] = setting.Value });
        var container = new JsonObject { ["name"] = Container, ["env"] = new JsonArray([.. env]) };
        return new() { ["template"] = new JsonObject { ["spec"] = new JsonObject { ["containers"] = new JsonArray(container) } } };
    }

    private static IEnumerable<JsonObject> Env(JsonObject daemonSet) =>
        Items(
            Items(daemonSet["spec"]?["template"]?["spec"]?["containers"])
                .FirstOrDefault(container => Text(container["name"]) == Container)
                ?["env"]
        );

    private static IEnumerable<JsonObject> Items(JsonNode? list) => (list as JsonArray ?? []).OfType<JsonObject>();

    private static string Text(JsonNode? node) => node?.ToString() ?? "";
}
