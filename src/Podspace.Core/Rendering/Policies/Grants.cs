using Podspace.Observed;
using Podspace.Steps.Calls;

namespace Podspace.Rendering.Policies;

internal sealed record ClusterGrant(Grant Grant, Permission.Cluster Permission);

/// <summary>Rights to look, and to change: the one table behind both renderings. What a call of AWS's takes stands with
/// the call; a test holds all of it against the calls of whole runs, both ways.</summary>
internal static class Grants
{
    public static IEnumerable<AwsGrant> Aws { get; } =
    [.. Needs.All.SelectMany(need => need.Permissions).OfType<Permission.Aws>().Select(Reading), .. CloudCall.Grants];

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
