using System.Text.Json.Nodes;
using Podspace.Cni;
using Podspace.Formats;
using Podspace.Model;
using Podspace.Naming;
using Podspace.Steps.Calls;

namespace Podspace.Steps.Text;

/// <summary>What a cluster has to hold, as resources of Terraform's Kubernetes provider,
/// with plain references to subnets and groups.</summary>
/// <remarks>Source: hashicorp/terraform-provider-kubernetes, docs/resources/manifest.md and env.md.</remarks>
internal static class TerraformObjects
{
    public const string Env = "kubernetes_env";
    public const string AwsNode = "aws_node";

    /// <summary>Begins a text that is no text but a reference; no name and no id holds it.</summary>
    private const char Mark = '\u0001';

    public static HclBlock EniConfig(TextContext context, EniConfig config) =>
        Object(
            TerraformNames.OfObject("eniconfig", config.Zone),
            EniConfigManifest.Of(context.Spec, config, reference => Referring(context, reference))
        );

    public static HclBlock NodeClass(TextContext context, NodeClass nodeClass) =>
        Object(
            TerraformNames.OfObject("nodeclass", nodeClass.Name),
            AutoModeManifest.Of(context.Spec, nodeClass, reference => Referring(context, reference))
        );

    public static HclBlock NodePool(TextContext context, NodePool pool) =>
        Object(TerraformNames.OfObject("nodepool", pool.Name), AutoModeManifest.Of(context.Spec, pool));

    /// <summary>Just our settings of container aws-node: the DaemonSet itself stays whose it is.</summary>
    public static HclBlock Settings(TextContext context, EquatableArray<EnvSetting> env)
    {
        var ours = env.Select(setting => setting.Name).ToHashSet();
        var isHeld =
            context.Inventory.Cluster?.AwsNode?.Holders.Any(holder => ours.Contains(holder.Setting) && holder.Manager is not "Terraform")
            is true;
        List<HclEntry> attributes =
        [
            new("api_version", "apps/v1"),
            new("kind", "DaemonSet"),
            new("container", AwsNodeEnv.Container),
            .. isHeld ? [new("force", true)] : Array.Empty<HclEntry>(),
        ];
        return HclBlock.Resource(
            Env,
            AwsNode,
            isHeld ? "force: whoever applied the DaemonSet once holds some of these settings." : "",
            [.. attributes]
        ) with
        {
            Blocks =
            [
                new("metadata", [], [new("name", ObjectKey.AwsNode.Name), new("namespace", ObjectKey.AwsNode.Namespace!)]),
                .. env.Select(setting => new HclBlock("env", [], [new("name", setting.Name), new("value", setting.Value)])),
            ],
        };
    }

    private static HclBlock Object(string name, JsonObject manifest) =>
        HclBlock.Resource(TerraformNames.Manifest, name, "", new HclEntry("manifest", Marked(HclValue.From(manifest))));

    private static string Referring(TextContext context, Ref reference)
    {
        var type =
            context.Desired.Subnets.Any(subnet => subnet.Ref == reference) || context.Known.Subnet(reference) is not null
                ? TerraformNames.Subnet
                : TerraformNames.Group;
        return reference.IsMade ? $"{Mark}{type}.{TerraformNames.Of(reference)}.id" : reference.Id.Text;
    }

    private static HclValue Marked(HclValue value) =>
        value switch
        {
            HclValue.Text { Value: [Mark, ..] } it => new HclValue.Reference(it.Value[1..]),
            HclValue.Map it => new HclValue.Map(it.Entries.Select(entry => new HclEntry(entry.Key, Marked(entry.Value))).ToEquatable()),
            HclValue.List it => new HclValue.List(it.Items.Select(Marked).ToEquatable()),
            _ => value,
        };
}
