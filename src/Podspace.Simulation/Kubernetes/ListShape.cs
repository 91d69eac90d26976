using System.Text.Json.Nodes;

namespace Podspace.Simulation.Kubernetes;

/// <summary>How lists and maps of built-in kinds merge: what k8s.io/api says in its
/// <c>patchMergeKey</c>, <c>listType</c> and <c>mapType</c> marks.</summary>
/// <remarks>By the field's name, which is enough for the kinds in <see cref="KindTable"/>. Lists of
/// custom resources are atomic but for those in metadata.</remarks>
internal static class ListShape
{
    /// <summary>The key of strategic merge patches; null when such a patch replaces the list.</summary>
    public static string? PatchKey(string field, JsonArray items) =>
        field switch
        {
            "ports" => Has(items, "containerPort") ? "containerPort" : "port",
            "topologySpreadConstraints" => "topologyKey",
            _ => Keys(field, items) is [var key] ? key : null,
        };

    /// <summary>The keys by which server-side apply tells items apart; empty when the list is not keyed.</summary>
    public static string[] Keys(string field, JsonArray items) =>
        field switch
        {
            "containers" or "initContainers" or "ephemeralContainers" or "env" or "volumes" or "imagePullSecrets" => ["name"],
            "secrets" when Has(items, "name") => ["name"],
            "volumeMounts" => ["mountPath"],
            "volumeDevices" => ["devicePath"],
            "hostAliases" or "podIPs" or "hostIPs" => ["ip"],
            "conditions" => ["type"],
            "addresses" when Has(items, "type") => ["type"],
            "ownerReferences" => ["uid"],
            "topologySpreadConstraints" => ["topologyKey", "whenUnsatisfiable"],
            "ports" when Has(items, "containerPort") => ["containerPort", "protocol"],
            "ports" when Has(items, "port") => ["port", "protocol"],
            _ => [],
        };

    /// <summary>Lists of plain values that merge as a set.</summary>
    public static bool IsSet(string field) => field is "finalizers";

    /// <summary>Maps that change as a whole.</summary>
    public static bool IsAtomicMap(string field) =>
        field
            is "selector"
                or "labelSelector"
                or "podSelector"
                or "namespaceSelector"
                or "nodeSelector"
                or "matchLabels"
                or "fieldRef"
                or "resourceFieldRef"
                or "secretKeyRef"
                or "configMapKeyRef";

    /// <summary>The value of a key; a port without a protocol is TCP.</summary>
    public static JsonNode? KeyValue(JsonObject item, string key) => item[key] ?? (key is "protocol" ? JsonValue.Create("TCP") : null);

    private static bool Has(JsonArray items, string key) =>
        items.Count > 0 && items.All(item => item is JsonObject known && known.ContainsKey(key));
}
