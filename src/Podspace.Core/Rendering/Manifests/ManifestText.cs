using System.Text;
using System.Text.Json.Nodes;
using Podspace.Formats.Yaml;
using Podspace.Naming;
using Podspace.Steps.Calls;

namespace Podspace.Rendering.Manifests;

/// <summary>What a cluster has to hold, as manifests for kubectl, Argo CD or Flux.</summary>
public static class ManifestText
{
    /// <returns>Documents parted by <c>---</c>; empty when the cluster needs nothing.</returns>
    public static string Render(Blueprint blueprint)
    {
        var text = new StringBuilder();
        foreach (var manifest in Of(blueprint))
        {
            text.Append(text.Length > 0 ? "---\n" : "").Append(Yaml(manifest));
        }
        return text.ToString();
    }

    /// <summary>What the managed add-on writes is not among them: two writers of one field put back each other's values for ever.</summary>
    public static IEnumerable<JsonObject> Of(Blueprint blueprint)
    {
        string Id(Ref reference) => IdOf(blueprint, reference);
        var network = blueprint.Desired;
        var configs = network.Cni is { Writer: Spec.EniConfigWriter.Addon } ? [] : network.EniConfigs;
        IEnumerable<ClusterManifest> manifests =
        [
            .. configs.Select(config => ClusterManifest.Of(blueprint.Spec, config, Id)),
            .. network.Cni is { IsAddon: false } cni ? (ClusterManifest[])[ClusterManifest.AwsNode(cni.Env)] : [],
            .. network.NodeClasses.Select(nodeClass => ClusterManifest.Of(blueprint.Spec, nodeClass, Id)),
            .. network.NodePools.Select(pool => ClusterManifest.Of(blueprint.Spec, pool)),
        ];
        return manifests.Select(manifest => manifest.InWaves());
    }

    public static string Yaml(JsonObject manifest) => YamlWriter.Write(manifest, 3);

    /// <summary>The id; for what is not there yet a word that nobody takes for one.</summary>
    public static string IdOf(Blueprint blueprint, Ref reference) =>
        (blueprint.Ids.Subnet(reference) ?? blueprint.Ids.Group(reference))?.Text ?? $"<id of {reference}, once it is made>";
}
