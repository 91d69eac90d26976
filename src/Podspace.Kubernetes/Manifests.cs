using System.Text.Json.Nodes;

namespace Podspace.Kubernetes;

internal static class Manifests
{
    /// <summary>Reports whether everything that the manifest says is so in the object; what the
    /// server adds does not matter, nor does the version.</summary>
    public static bool Holds(JsonNode? found, JsonNode? manifest) =>
        (found, manifest) switch
        {
            (JsonObject has, JsonObject wanted) => wanted.All(pair => pair.Key == "resourceVersion" || Holds(has[pair.Key], pair.Value)),
            (JsonArray has, JsonArray wanted) => has.Count == wanted.Count && has.Zip(wanted).All(pair => Holds(pair.First, pair.Second)),
            _ => JsonNode.DeepEquals(found, manifest),
        };
}
