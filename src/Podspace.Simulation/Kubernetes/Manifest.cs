using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.Json.Nodes;

namespace Podspace.Simulation.Kubernetes;

/// <summary>Reading and writing manifests by path. Reading never throws: what is missing or of another type is null.</summary>
public static class Manifest
{
    public static string Api(this JsonObject manifest) => manifest.Text("apiVersion") ?? "";

    public static string Kind(this JsonObject manifest) => manifest.Text("kind") ?? "";

    public static string Name(this JsonObject manifest) => manifest.Text("metadata", "name") ?? "";

    public static string? Namespace(this JsonObject manifest) => manifest.Text("metadata", "namespace");

    public static string Uid(this JsonObject manifest) => manifest.Text("metadata", "uid") ?? "";

    /// <summary>0 when it has none yet.</summary>
    public static long Version(this JsonObject manifest) =>
        long.TryParse(manifest.Text("metadata", "resourceVersion"), NumberStyles.None, CultureInfo.InvariantCulture, out var version)
            ? version
            : 0;

    public static JsonNode? At(this JsonNode? node, params ReadOnlySpan<string> path)
    {
        foreach (var step in path)
        {
            node = (node as JsonObject)?[step];
        }
        return node;
    }

    public static string? Text(this JsonNode? node, params ReadOnlySpan<string> path) =>
        node.At(path) is JsonValue value && value.TryGetValue(out string? text) ? text : null;

    public static int? Number(this JsonNode? node, params ReadOnlySpan<string> path) =>
        node.At(path) is JsonValue value
        && int.TryParse(value.ToString(), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
            ? number
            : null;

    public static bool Is(this JsonNode? node, params ReadOnlySpan<string> path) =>
        node.At(path) is JsonValue value && value.TryGetValue(out bool flag) && flag;

    /// <summary>The objects of a list; empty when there is none.</summary>
    public static IEnumerable<JsonObject> Items(this JsonNode? node, params ReadOnlySpan<string> path) =>
        (node.At(path) as JsonArray)?.OfType<JsonObject>() ?? [];

    /// <summary>The texts of a list; empty when there is none.</summary>
    public static IEnumerable<string> Texts(this JsonNode? node, params ReadOnlySpan<string> path) =>
        (node.At(path) as JsonArray)?.Select(item => item.Text()).OfType<string>() ?? [];

    /// <summary>A map of texts, such as labels; empty when there is none.</summary>
    public static IReadOnlyDictionary<string, string> Map(this JsonNode? node, params ReadOnlySpan<string> path) =>
        node.At(path) is JsonObject map
            ? map.ToDictionary(entry => entry.Key, entry => entry.Value?.ToString() ?? "", StringComparer.Ordinal)
            : EmptyMap;

    public static string? Label(this JsonObject manifest, string key) => manifest.Text("metadata", "labels", key);

    /// <summary>Sets the value at a path, making the objects on the way.</summary>
    public static void Put(this JsonObject manifest, JsonNode? value, params ReadOnlySpan<string> path)
    {
        var node = manifest;
        foreach (var step in path[..^1])
        {
            if (node[step] is not JsonObject next)
            {
                node[step] = next = [];
            }
            node = next;
        }
        node[path[^1]] = value;
    }

    /// <summary>The reference to the owner that controls the object, or null when nobody does.</summary>
    public static JsonObject? ControllerOf(this JsonObject manifest) =>
        manifest.Items("metadata", "ownerReferences").FirstOrDefault(owner => owner.Is("controller"));

    public static bool IsControlledBy(this JsonObject manifest, JsonObject owner) =>
        manifest.ControllerOf() is { } reference && reference.Text("uid") == owner.Uid();

    /// <summary>Status of a condition, <c>True</c>, <c>False</c> or <c>Unknown</c>; null when it is not there.</summary>
    public static string? Condition(this JsonObject manifest, string type) =>
        manifest.Items("status", "conditions").FirstOrDefault(condition => condition.Text("type") == type).Text("status");

    public static bool IsReady(this JsonObject manifest) => manifest.Condition("Ready") is "True";

    /// <summary>Sets a condition. The time of its last change moves only when the status does.</summary>
    public static void SetCondition(this JsonObject manifest, string type, string status, string reason, string message, DateTimeOffset now)
    {
        if (manifest.At("status", "conditions") is not JsonArray conditions)
        {
            conditions = [];
            manifest.Put(conditions, "status", "conditions");
        }
        var condition = conditions.OfType<JsonObject>().FirstOrDefault(candidate => candidate.Text("type") == type);
        if (condition is null)
        {
            condition = new JsonObject { ["type"] = type };
            conditions.Add((JsonNode)condition);
        }
        if (condition.Text("status") != status)
        {
            condition["lastTransitionTime"] = Time(now);
        }
        condition["status"] = status;
        SetOrRemove(condition, "reason", reason);
        SetOrRemove(condition, "message", message);
    }

    /// <summary>As the API writes times: whole seconds, UTC.</summary>
    public static string Time(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    public static bool TryTime([NotNullWhen(true)] string? text, out DateTimeOffset time) =>
        DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out time);

    public static JsonObject Clone(this JsonObject manifest) => (JsonObject)manifest.DeepClone();

    private static readonly IReadOnlyDictionary<string, string> EmptyMap = new Dictionary<string, string>();

    private static void SetOrRemove(JsonObject node, string key, string text)
    {
        if (text.Length == 0)
        {
            node.Remove(key);
            return;
        }
        node[key] = text;
    }
}
