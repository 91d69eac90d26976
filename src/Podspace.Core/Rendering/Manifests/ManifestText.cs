using System.Text;
using System.Text.Json.Nodes;
using Podspace.Applying;
using Podspace.Cni;
using Podspace.Formats.Yaml;
using Podspace.Model;
using Podspace.Naming;

namespace Podspace.Rendering.Manifests;

/// <summary>What a cluster has to hold, as manifests for kubectl, Argo CD or Flux.</summary>
public static class ManifestText
{
    /// <summary>ENIConfigs come before the setting that makes nodes look for them. Source: Argo CD documentation, "Sync Waves".</summary>
    private const string Wave = "argocd.argoproj.io/sync-wave";

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
        foreach (var config in blueprint.Desired.Cni is { Writer: Spec.EniConfigWriter.Addon } ? [] : blueprint.Desired.EniConfigs)
        {
            yield return EniConfig(blueprint, config);
        }
        if (blueprint.Desired.Cni is { IsAddon: false } cni)
        {
            yield return AwsNode(cni.Env);
        }
        foreach (var nodeClass in blueprint.Desired.NodeClasses)
        {
            yield return NodeClass(blueprint, nodeClass);
        }
        foreach (var pool in blueprint.Desired.NodePools)
        {
            yield return NodePool(blueprint, pool);
        }
    }

    public static string Yaml(JsonObject manifest) => YamlWriter.Write(manifest, 3);

    public static JsonObject EniConfig(Blueprint blueprint, EniConfig config)
    {
        var manifest = EniConfigManifest.Of(blueprint.Spec, config, reference => IdOf(blueprint, reference));
        manifest["metadata"]!["annotations"] = new JsonObject { [Wave] = "0" };
        return manifest;
    }

    public static JsonObject NodeClass(Blueprint blueprint, NodeClass nodeClass)
    {
        var manifest = AutoModeManifest.Of(blueprint.Spec, nodeClass, reference => IdOf(blueprint, reference));
        manifest["metadata"]!["annotations"] = new JsonObject { [Wave] = "0" };
        return manifest;
    }

    public static JsonObject NodePool(Blueprint blueprint, NodePool pool)
    {
        var manifest = AutoModeManifest.Of(blueprint.Spec, pool);
        manifest["metadata"]!["annotations"]![Wave] = "1";
        return manifest;
    }

    public static JsonObject AwsNode(IEnumerable<EnvSetting> env) =>
        new()
        {
            ["apiVersion"] = ObjectKey.AwsNode.Api,
            ["kind"] = "DaemonSet",
            ["metadata"] = new JsonObject
            {
                ["name"] = ObjectKey.AwsNode.Name,
                ["namespace"] = ObjectKey.AwsNode.Namespace,
                ["annotations"] = new JsonObject { [Wave] = "1", ["argocd.argoproj.io/sync-options"] = "ServerSideApply=true" },
            },
            ["spec"] = AwsNodeEnv.Spec(env),
        };

    /// <summary>The id; for what is not there yet a word that nobody takes for one.</summary>
    public static string IdOf(Blueprint blueprint, Ref reference) =>
        (blueprint.Ids.Subnet(reference) ?? blueprint.Ids.Group(reference))?.Text ?? $"<id of {reference}, once it is made>";
}
