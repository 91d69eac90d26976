using System.Text.Json.Nodes;
using Podspace.Cni;
using Podspace.Model;

namespace Podspace.Steps.Calls;

/// <summary>Our settings of DaemonSet kube-system/aws-node as we apply them.</summary>
internal static class AwsNodeManifest
{
    /// <param name="version">Only onto this one; null: whatever it has.</param>
    public static JsonObject Of(AwsNodeSettings settings, string? version)
    {
        var metadata = new JsonObject { ["name"] = ObjectKey.AwsNode.Name, ["namespace"] = ObjectKey.AwsNode.Namespace };
        if (version is not null)
        {
            metadata["resourceVersion"] = version;
        }
        var manifest = new JsonObject
        {
            ["apiVersion"] = ObjectKey.AwsNode.Api,
            ["kind"] = "DaemonSet",
            ["metadata"] = metadata,
        };
        // With nothing to hold any more, not even the container is named: Podspace then holds nothing of the DaemonSet.
        if (!settings.Applied.IsEmpty)
        {
            manifest["spec"] = AwsNodeEnv.Spec(settings.Applied);
        }
        return manifest;
    }
}
