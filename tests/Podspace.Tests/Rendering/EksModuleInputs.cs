namespace Podspace.Tests.Rendering;

/// <summary>Inputs and outputs of terraform-aws-modules that we write, by major. Source: variables.tf and outputs.tf of
/// terraform-aws-modules/terraform-aws-eks v20.37.2 and v21.19.0, …/terraform-aws-vpc v5.21.0 and v6.6.0.</summary>
/// <remarks>Fields of the add-on in version 20, whose input is of type any: aws_eks_addon.before_compute in its
/// main.tf; of rules: aws_security_group_rule.node in its node_groups.tf.</remarks>
internal static class EksModuleInputs
{
    public static readonly IReadOnlyDictionary<int, string> VpcMajor = new Dictionary<int, string> { [20] = "~> 5.0", [21] = "~> 6.0" };

    public static readonly string[] Vpc = ["secondary_cidr_blocks"];

    public static readonly IReadOnlyDictionary<int, string[]> Eks = new Dictionary<int, string[]>
    {
        [20] =
        [
            "cluster_addons",
            "cluster_security_group_additional_rules",
            "node_security_group_additional_rules",
            "eks_managed_node_groups",
        ],
        [21] = ["addons", "security_group_additional_rules", "node_security_group_additional_rules", "eks_managed_node_groups"],
    };

    public static readonly string[] Addon =
    [
        "addon_version",
        "before_compute",
        "configuration_values",
        "resolve_conflicts_on_create",
        "resolve_conflicts_on_update",
    ];

    /// <summary>Of a node group. Source: modules/eks-managed-node-group/variables.tf of both.</summary>
    public static readonly string[] NodeGroup = ["cloudinit_pre_nodeadm"];

    public static readonly string[] Rule = ["description", "from_port", "protocol", "source_security_group_id", "to_port", "type"];

    public static readonly string[] Outputs =
    [
        "module.eks.cluster_name",
        "module.eks.cluster_primary_security_group_id",
        "module.eks.cluster_security_group_id",
        "module.eks.node_security_group_id",
        "module.vpc.vpc_id",
        "module.vpc.vpc_secondary_cidr_blocks",
    ];
}
