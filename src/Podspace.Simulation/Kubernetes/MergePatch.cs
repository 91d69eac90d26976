using System.Text.Json.Nodes;

namespace Podspace.Simulation.Kubernetes;

/// <summary>JSON merge patch, RFC 7386: a map is merged, null removes, anything else replaces.</summary>
internal static class MergePatch
{
    public static JsonNode? Apply(JsonNode? target, JsonNode? patch)
    {
        if (patch is not JsonObject changes)
        {
            return patch?.DeepClone();
        }
        var result = target is JsonObject map ? map.Clone() : [];
        foreach (var (key, value) in changes)
        {
            if (value is null)
            {
                result.Remove(key);
                continue;
            }
            result[key] = Apply(result[key], value);
        }
        return result;
    }
}
