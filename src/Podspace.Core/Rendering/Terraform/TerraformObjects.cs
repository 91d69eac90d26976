using System.Text.Json.Nodes;
using Podspace.Applying;
using Podspace.Cni;
using Podspace.Formats;
using Podspace.Model;
using Podspace.Naming;
using Podspace.Steps.Text;

namespace Podspace.Rendering.Terraform;

/// <summary>What a cluster has to hold, as resources of Terraform's Kubernetes provider,
/// with plain references to subnets and groups.</summary>
/// <remarks>Source: hashicorp/terraform-provider-kubernetes, docs/resources/manifest.md and env.md.</remarks>
internal static class TerraformObjects
{
    public const string Env = "kubernetes_env";
    public const string AwsNode = "aws_node";

    /// <summary>Begins a text that is no text but a reference; no name and no id holds it.</summary>
    private const char Mark = '\u0001';

    /// <summary>All that no add-on writes; empty without a cluster.</summary>
    public static IEnumerable<HclBlock> Of(Blueprint blueprint)
    {
        var (network, blocks) = (blueprint.Desired, new List<HclBlock>());
        if (network.Cni is { Writer: Spec.EniConfigWriter.Objects } or { IsAddon: false })
        {
            blocks.AddRange(network.EniConfigs.Select(config => EniConfig(blueprint, config)));
        }
        if (network.Cni is { IsAddon: false, Env: { IsEmpty: false } env })
        {
            blocks.Add(Settings(blueprint, env));
        }
        blocks.AddRange(network.NodeClasses.Select(nodeClass => NodeClass(blueprint, nodeClass)));
        blocks.AddRange(network.NodePools.Select(pool => NodePool(blueprint, pool)));
        return blocks
            .Index()
            .Select(block =>
                block.Index > 0
                    ? block.Item
                    : block.Item with
                    {
                        Comment =
                            "These need the provider hashicorp/kubernetes, and a cluster that answers when "
                            + "Terraform plans. The same as manifests: podspace render kubernetes",
                    }
            );
    }

    public static HclBlock EniConfig(Blueprint blueprint, EniConfig config) =>
        Object(
            TerraformNames.OfObject("eniconfig", config.Zone),
            EniConfigManifest.Of(blueprint.Spec, config, reference => Referring(blueprint, reference))
        );

    public static HclBlock NodeClass(Blueprint blueprint, NodeClass nodeClass) =>
        Object(
            TerraformNames.OfObject("nodeclass", nodeClass.Name),
            AutoModeManifest.Of(blueprint.Spec, nodeClass, reference => Referring(blueprint, reference))
        );

    public static HclBlock NodePool(Blueprint blueprint, NodePool pool) =>
        Object(TerraformNames.OfObject("nodepool", pool.Name), AutoModeManifest.Of(blueprint.Spec, pool));

    /// <summary>Just our settings of container aws-node: the DaemonSet itself stays whose it is.</summary>
    public static HclBlock Settings(Blueprint blueprint, EquatableArray<EnvSetting> env)
    {
        var ours = env.Select(setting => setting.Name).ToHashSet();
        var isHeld =
            blueprint.Inventory.Cluster?.AwsNode?.Holders.Any(holder => ours.Contains(holder.Setting) && holder.Manager is not "Terraform")
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

    private static string Referring(Blueprint blueprint, Ref reference)
    {
        var type =
            blueprint.Desired.Subnets.Any(subnet => subnet.Ref == reference) || blueprint.Ids.Subnet(reference) is not null
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
