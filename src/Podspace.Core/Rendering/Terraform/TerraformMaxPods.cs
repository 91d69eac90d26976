using Podspace.Cni;
using Podspace.Formats;

namespace Podspace.Rendering.Terraform;

/// <summary>How many pods a node may take, for whoever writes its user data in Terraform.</summary>
/// <remarks>Sources: nodeadm of amazon-eks-ami, doc/examples.md ("Defining a Max Pods Expression");
/// terraform-aws-modules/eks v20.37.2 and v21.19.0, modules/_user_data (cloudinit_pre_nodeadm).</remarks>
internal static class TerraformMaxPods
{
    /// <summary>Of a part of user data that nodeadm reads.</summary>
    public const string ContentType = "application/node.eks.aws";

    private const string Local = "pod_network_node_config";

    /// <summary>Null: all nodes are Auto Mode's, which cannot be told.</summary>
    public static HclBlock? Locals(Blueprint blueprint) =>
        Expression(blueprint) is { } expression ? new("locals", [], [new(Local, NodeConfig(expression))], Reason(blueprint)) : null;

    /// <summary>For a node group of terraform-aws-modules/eks.</summary>
    public static HclEntry UserData =>
        new(
            "cloudinit_pre_nodeadm",
            new HclValue.List([
                new HclValue.Map([new("content_type", ContentType), new("content", new HclValue.Reference($"local.{Local}"))]),
            ]),
            "Its AMI is of its own, so EKS tells its nodes nothing: without this they take more pods than they have addresses for."
        );

    /// <summary>Node groups that EKS leaves to tell their nodes themselves.</summary>
    public static IEnumerable<string> Groups(Blueprint blueprint) =>
        blueprint.Desired.Cni is null
            ? []
            : blueprint
                .Inventory.Cloud.Nodegroups.Where(group => group.AmiType == "CUSTOM")
                .Select(group => group.Name)
                .Order(StringComparer.Ordinal);

    /// <summary>Serves every type, in nodeadm's words; null where no node takes one.</summary>
    public static string? Expression(Blueprint blueprint) =>
        blueprint.Desired.Cni is null
            ? null
            : MaxPodsForms.Expression(
                Settings(blueprint),
                Settings(blueprint).PrefixDelegation && Types(blueprint).All(type => type.TakesPrefixes)
            );

    public static string Reason(Blueprint blueprint)
    {
        var of = Types(blueprint).Select(type => (type.Type, Pods: MaxPods.Advised(type, Settings(blueprint)))).ToList();
        var known =
            of.Count == 0
                ? ""
                : $"""

                    Here {string.Join(
                        ", ",
                        of.Select(one => $"{one.Type}: {one.Pods}")
                    )}. Where only a number is taken: Bottlerocket, settings.kubernetes: max-pods = {of.Min(one => one.Pods)};
                    Amazon Linux 2, bootstrap.sh: --use-max-pods false --kubelet-extra-args '--max-pods={of.Min(one => one.Pods)}'.
                    """;
        return string.Join(
            '\n',
            "How many pods a node may take: its first interface stays the node's own, so its type's default does not hold, "
                + "and pods without an address hang in ContainerCreating.",
            "For the user data of launch templates that name an AMI and of self-managed groups (AL2023), "
                + $"as a part of content type {ContentType}.{known}",
            "Managed node groups without an AMI of their own do not need it: EKS tells their nodes a number of its own, "
                + "which beats this one.",
            $"Karpenter: settings.reservedENIs = \"{MaxPodsForms.Reserved(Settings(blueprint))}\". "
                + "All of it: podspace capacity --max-pods"
        );
    }

    private static HclValue.Json NodeConfig(string expression) =>
        new(
            new([
                new("apiVersion", "node.eks.aws/v1alpha1"),
                new("kind", "NodeConfig"),
                new("spec", new HclValue.Map([new("kubelet", new HclValue.Map([new("maxPodsExpression", expression)]))])),
            ])
        );

    private static IpamdSettings Settings(Blueprint blueprint) => PlannedSettings.Of(blueprint.Desired, blueprint.Inventory);

    private static List<InstanceLimits> Types(Blueprint blueprint)
    {
        var known = KnownTypes.From(blueprint.Inventory);
        return
        [
            .. (blueprint.Inventory.Cluster?.Nodes ?? [])
                .Where(node => !node.IsAuto)
                .Select(node => node.InstanceType)
                .Distinct()
                .Order(StringComparer.Ordinal)
                .Select(known.Find)
                .OfType<InstanceLimits>(),
        ];
    }
}
