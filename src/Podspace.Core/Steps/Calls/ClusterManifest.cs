using System.Text.Json.Nodes;
using Podspace.Cni;
using Podspace.Model;
using Podspace.Naming;
using Podspace.Spec;

namespace Podspace.Steps.Calls;

/// <summary>An object of the cluster, for kubectl, Argo CD or Flux.</summary>
/// <param name="Wave">ENIConfigs come before the setting that makes nodes look for them.
/// Source: Argo CD documentation, "Sync Waves".</param>
internal sealed record ClusterManifest(JsonObject Object, int Wave)
{
    public static ClusterManifest Of(OverlaySpec spec, EniConfig config, Func<Ref, string> id) =>
        new(EniConfigManifest.Of(spec, config, id), 0);

    public static ClusterManifest Of(OverlaySpec spec, NodeClass nodeClass, Func<Ref, string> id) =>
        new(AutoModeManifest.Of(spec, nodeClass, id), 0);

    public static ClusterManifest Of(OverlaySpec spec, NodePool pool) => new(AutoModeManifest.Of(spec, pool), 1);

    public static ClusterManifest AwsNode(IEnumerable<EnvSetting> env) =>
        new(
            new()
            {
                ["apiVersion"] = ObjectKey.AwsNode.Api,
                ["kind"] = "DaemonSet",
                ["metadata"] = new JsonObject { ["name"] = ObjectKey.AwsNode.Name, ["namespace"] = ObjectKey.AwsNode.Namespace },
                ["spec"] = AwsNodeEnv.Spec(env),
            },
            1
        )
        {
            IsPart = true,
        };

    /// <summary>Just some fields of an object that is somebody else's.</summary>
    public bool IsPart { get; private init; }

    /// <summary>As it is committed: with the order in which it is brought about.</summary>
    public JsonObject InWaves()
    {
        var manifest = (JsonObject)Object.DeepClone();
        var annotations = manifest["metadata"]!["annotations"] as JsonObject;
        if (annotations is null)
        {
            manifest["metadata"]!["annotations"] = annotations = [];
        }
        annotations["argocd.argoproj.io/sync-wave"] = $"{Wave}";
        if (IsPart)
        {
            annotations["argocd.argoproj.io/sync-options"] = "ServerSideApply=true";
        }
        return manifest;
    }
}
