using Podspace.Observed;

namespace Podspace.Rendering.Policies;

/// <summary>How far somebody's rights go; each holds those before it. Taking back needs the grant that making did.</summary>
public enum Grant
{
    ReadOnly,
    Network,
    Admit,
    Switch,
    Nodes,
}

/// <summary>To what a right of AWS's is given. Source: Service Authorization Reference, "Amazon EC2" and "Amazon
/// EKS" (2026-08): resource types and condition keys of each action.</summary>
internal enum Scope
{
    /// <summary>Actions that know no resources: every Describe of EC2's, and a few more.</summary>
    Any,

    Vpc,

    /// <summary>The VPC's tags podspace.io/block.… and podspace.io/lock.…, and no others.</summary>
    VpcTags,

    /// <summary>What is being made, by the tag that it gets in the same call.</summary>
    New,

    /// <summary>CreateTags within the call that makes.</summary>
    NewTags,

    /// <summary>CreateTags on rules, in a call of its own too: so the rule that AWS puts into every new group becomes ours. Nothing
    /// else may be tagged ours once it is there, for what is tagged ours may be deleted.</summary>
    RuleTags,

    /// <summary>What carries the overlay's tag.</summary>
    Made,

    /// <summary>Network ACLs and subnets of the VPC, for specs that name an ACL. That
    /// ReplaceNetworkAclAssociation takes both is UNCONFIRMED; a type too many harms nothing.</summary>
    Acls,

    /// <summary>DeleteSubnetCidrReservation knows no resources and no tags.</summary>
    Reservations,

    /// <summary>Security groups of the VPC, whoever made them.</summary>
    Groups,

    Cluster,

    Nodegroups,

    Addon,

    /// <summary>The cluster's access entries, whoever made them: their ARNs end in an id that nobody knows beforehand.</summary>
    AccessEntries,

    /// <summary>The tags by which the CNI discovers subnets, on every subnet of the VPC, and no others.</summary>
    SubnetRoles,

    /// <summary>Interfaces of the VPC that a node's CNI made: those that a node leaves behind are deleted on command.</summary>
    Interfaces,

    /// <summary>Instances of the cluster's nodes.</summary>
    Nodes,
}

/// <param name="Kinds">Resource types that the action takes in this scope, as in an ARN.</param>
internal sealed record AwsGrant(Grant Grant, string Action, Scope Scope, EquatableArray<string> Kinds);

internal sealed record ClusterGrant(Grant Grant, Permission.Cluster Permission);

/// <summary>Which call takes which right: the one table behind both renderings. A test holds
/// it against the calls of whole runs, both ways.</summary>
internal static class Grants
{
    /// <summary>Of AWS RAM; all other kinds are EC2's.</summary>
    public const string Share = "resource-share";

    private const string Group = "security-group",
        Rule = "security-group-rule",
        Subnet = "subnet",
        Table = "route-table",
        Reservation = "subnet-cidr-reservation";

    public static IEnumerable<AwsGrant> Aws { get; } =
    [
        .. Needs.All.SelectMany(need => need.Permissions).OfType<Permission.Aws>().Select(Reading),
        new(Grant.Network, "ec2:CreateTags", Scope.VpcTags, []),
        new(Grant.Network, "ec2:DeleteTags", Scope.VpcTags, []),
        new(Grant.Network, "ec2:AssociateVpcCidrBlock", Scope.Vpc, []),
        new(Grant.Network, "ec2:DisassociateVpcCidrBlock", Scope.Vpc, []),
        new(Grant.Network, "ec2:CreateTags", Scope.NewTags, [Subnet, Table, Group, Reservation]),
        new(Grant.Network, "ec2:CreateTags", Scope.RuleTags, [Rule]),
        new(Grant.Network, "ec2:CreateSubnet", Scope.Vpc, []),
        new(Grant.Network, "ec2:CreateSubnet", Scope.New, [Subnet]),
        new(Grant.Network, "ec2:DeleteSubnet", Scope.Made, [Subnet]),
        new(Grant.Network, "ec2:CreateSubnetCidrReservation", Scope.Made, [Subnet]),
        new(Grant.Network, "ec2:DeleteSubnetCidrReservation", Scope.Reservations, []),
        new(Grant.Network, "ec2:CreateRouteTable", Scope.Vpc, []),
        new(Grant.Network, "ec2:CreateRouteTable", Scope.New, [Table]),
        new(Grant.Network, "ec2:DeleteRouteTable", Scope.Made, [Table]),
        new(Grant.Network, "ec2:CreateRoute", Scope.Made, [Table]),
        new(Grant.Network, "ec2:DeleteRoute", Scope.Made, [Table]),
        new(Grant.Network, "ec2:AssociateRouteTable", Scope.Made, [Subnet, Table]),
        new(Grant.Network, "ec2:ReplaceRouteTableAssociation", Scope.Made, [Subnet, Table]),
        new(Grant.Network, "ec2:ReplaceNetworkAclAssociation", Scope.Acls, ["network-acl", Subnet]),
        new(Grant.Network, "ram:CreateResourceShare", Scope.New, [Share]),
        // That tags sent in the creating call take it is UNCONFIRMED; with EC2 and EKS they do.
        new(Grant.Network, "ram:TagResource", Scope.New, [Share]),
        new(Grant.Network, "ram:AssociateResourceShare", Scope.Made, [Share]),
        new(Grant.Network, "ram:DisassociateResourceShare", Scope.Made, [Share]),
        new(Grant.Network, "ram:DeleteResourceShare", Scope.Made, [Share]),
        new(Grant.Network, "ec2:CreateSecurityGroup", Scope.Vpc, []),
        new(Grant.Network, "ec2:CreateSecurityGroup", Scope.New, [Group]),
        new(Grant.Network, "ec2:DeleteSecurityGroup", Scope.Made, [Group]),
        new(Grant.Network, "ec2:AuthorizeSecurityGroupIngress", Scope.Made, [Group]),
        new(Grant.Network, "ec2:AuthorizeSecurityGroupIngress", Scope.New, [Rule]),
        new(Grant.Network, "ec2:AuthorizeSecurityGroupEgress", Scope.Made, [Group]),
        new(Grant.Network, "ec2:AuthorizeSecurityGroupEgress", Scope.New, [Rule]),
        new(Grant.Network, "ec2:RevokeSecurityGroupIngress", Scope.Made, [Group]),
        new(Grant.Network, "ec2:DeleteNetworkInterface", Scope.Interfaces, ["network-interface"]),
        new(Grant.Admit, "ec2:CreateTags", Scope.RuleTags, [Rule]),
        new(Grant.Admit, "ec2:AuthorizeSecurityGroupIngress", Scope.Groups, [Group]),
        new(Grant.Admit, "ec2:AuthorizeSecurityGroupIngress", Scope.New, [Rule]),
        new(Grant.Admit, "ec2:RevokeSecurityGroupIngress", Scope.Groups, [Group]),
        new(Grant.Admit, "eks:UpdateAddon", Scope.Addon, []),
        new(Grant.Admit, "eks:DescribeUpdate", Scope.Addon, []),
        new(Grant.Admit, "eks:DescribeUpdate", Scope.Cluster, []),
        new(Grant.Admit, "eks:CreateAccessEntry", Scope.Cluster, []),
        new(Grant.Admit, "eks:AssociateAccessPolicy", Scope.AccessEntries, []),
        new(Grant.Admit, "eks:DeleteAccessEntry", Scope.AccessEntries, []),
        new(Grant.Switch, "ec2:CreateTags", Scope.SubnetRoles, [Subnet]),
        new(Grant.Switch, "ec2:DeleteTags", Scope.SubnetRoles, [Subnet]),
        new(Grant.Nodes, "ec2:TerminateInstances", Scope.Nodes, ["instance"]),
    ];

    public static IEnumerable<ClusterGrant> Cluster { get; } =
    [
        .. Needs
            .All.SelectMany(need => need.Permissions)
            .OfType<Permission.Cluster>()
            .Select(permission => new ClusterGrant(Grant.ReadOnly, permission)),
        Of(Grant.Network, "create", "selfsubjectaccessreviews.authorization.k8s.io"),
        Of(Grant.Network, "create", "leases.coordination.k8s.io", "kube-system"),
        Of(Grant.Network, "update", "leases.coordination.k8s.io", "kube-system", "podspace-{name}"),
        Of(Grant.Network, "delete", "leases.coordination.k8s.io", "kube-system", "podspace-{name}"),
        Of(Grant.Admit, "create", "eniconfigs.crd.k8s.amazonaws.com"),
        Of(Grant.Admit, "patch", "eniconfigs.crd.k8s.amazonaws.com"),
        Of(Grant.Admit, "delete", "eniconfigs.crd.k8s.amazonaws.com"),
        Of(Grant.Admit, "create", "configmaps", "kube-system"),
        Of(Grant.Admit, "patch", "configmaps", "kube-system", "podspace-{name}"),
        Of(Grant.Admit, "delete", "configmaps", "kube-system", "podspace-{name}"),
        Of(Grant.Admit, "get", "nodeclasses.eks.amazonaws.com"),
        Of(Grant.Admit, "create", "nodeclasses.eks.amazonaws.com"),
        Of(Grant.Admit, "patch", "nodeclasses.eks.amazonaws.com"),
        Of(Grant.Admit, "delete", "nodeclasses.eks.amazonaws.com"),
        Of(Grant.Switch, "get", "nodepools.karpenter.sh"),
        Of(Grant.Switch, "create", "nodepools.karpenter.sh"),
        Of(Grant.Switch, "patch", "nodepools.karpenter.sh"),
        Of(Grant.Switch, "delete", "nodepools.karpenter.sh"),
        Of(Grant.Switch, "get", "nodeclaims.karpenter.sh"),
        Of(Grant.Switch, "patch", "daemonsets.apps", "kube-system", "aws-node"),
        Of(Grant.Nodes, "patch", "nodes"),
        Of(Grant.Nodes, "delete", "nodeclaims.karpenter.sh"),
        Of(Grant.Nodes, "create", "pods/eviction"),
    ];

    /// <summary>Which of two accounts makes the call: the VPC's owner, the cluster's, or, null, both.</summary>
    /// <remarks>Groups and what stands on instances are the cluster's account's; both are asked for those, because each shows
    /// its own. Source: VPC User Guide, "Share your VPC with other accounts".</remarks>
    public static bool? IsOwners(AwsGrant grant) =>
        grant.Action switch
        {
            "sts:GetCallerIdentity"
            or "ec2:DescribeAvailabilityZones"
            or "ec2:DescribeSubnets"
            or "ec2:DescribeSecurityGroups"
            or "ec2:DescribeSecurityGroupRules"
            or "ec2:DescribeNetworkInterfaces" => null,
            "ec2:DescribeInstances" or "ec2:DescribeInstanceTypes" or "ec2:DescribeLaunchTemplateVersions" or "ec2:TerminateInstances" =>
                false,
            var action
                when action.StartsWith("eks:", StringComparison.Ordinal)
                    || action.StartsWith("autoscaling:", StringComparison.Ordinal)
                    || action.Contains("SecurityGroup", StringComparison.Ordinal) => false,
            _ => grant.Scope is not (Scope.RuleTags or Scope.Interfaces),
        };

    private static AwsGrant Reading(Permission.Aws permission) =>
        new(
            Grant.ReadOnly,
            permission.Action,
            permission.Action switch
            {
                "eks:DescribeCluster" or "eks:ListNodegroups" => Scope.Cluster,
                "eks:DescribeNodegroup" => Scope.Nodegroups,
                "eks:DescribeAddon" => Scope.Addon,
                _ => Scope.Any,
            },
            []
        );

    private static ClusterGrant Of(Grant grant, string verb, string resource, string? ns = null, string? named = null) =>
        new(grant, new(verb, resource, ns, named));
}
