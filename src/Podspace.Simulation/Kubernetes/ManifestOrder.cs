using System.Text.Json.Nodes;

namespace Podspace.Simulation.Kubernetes;

/// <summary>The order of manifests in a world file: api, kind, namespace, name.</summary>
public sealed class ManifestOrder : IComparer<JsonObject>
{
    public static readonly ManifestOrder Instance = new();

    private ManifestOrder() { }

    public int Compare(JsonObject? x, JsonObject? y)
    {
        if (x is null || y is null)
        {
            return (x is null ? 0 : 1) - (y is null ? 0 : 1);
        }
        var order = string.CompareOrdinal(x.Api(), y.Api());
        order = order != 0 ? order : string.CompareOrdinal(x.Kind(), y.Kind());
        order = order != 0 ? order : string.CompareOrdinal(x.Namespace() ?? "", y.Namespace() ?? "");
        return order != 0 ? order : string.CompareOrdinal(x.Name(), y.Name());
    }
}
