using Podspace.Naming;

namespace Podspace.Model;

/// <summary>A subnet as the CNI's subnet discovery shall see it: tag <see cref="Tags.CniRole"/>.
/// On a subnet that is used it is a foreign edit.</summary>
/// <param name="IsOffered">True (tag value 1): pods' interfaces may go there. False (0): never, not even those of
/// nodes that live in it. Source: amazon-vpc-cni-k8s README, "CNI role tag".</param>
/// <param name="IsClusterOnly">Reports whether the tag that keeps other clusters out stands beside it (CNI v1.22.1 and later).</param>
public sealed record SubnetRole(Ref Subnet, bool IsOffered, bool IsClusterOnly) : IComparable<SubnetRole>
{
    public int CompareTo(SubnetRole? other) => other is null ? 1 : Subnet.CompareTo(other.Subnet);

    /// <summary>The tags that say it, sorted.</summary>
    public EquatableArray<SeenTag> Tags(string? cluster)
    {
        SeenTag role = new(Podspace.Naming.Tags.CniRole, IsOffered ? "1" : "0");
        return IsClusterOnly ? [new(Podspace.Naming.Tags.CniCluster(cluster!), "1"), role] : [role];
    }
}

/// <summary>A NodeClass <c>eks.amazonaws.com/v1</c> of ours. Both pod selectors are always set together: EKS takes neither alone.</summary>
/// <param name="Role">Name, not ARN, of the nodes' IAM role; it cannot be changed once the class exists.</param>
/// <param name="NodeSubnets">Of nodes' primary interfaces. Each of their zones has one of <paramref name="PodSubnets"/>.</param>
/// <param name="TranslatesSource">False (snatPolicy Disabled): packets leave the VPC with the pod's address.</param>
/// <param name="TakesSingles">Single addresses instead of /28 prefixes (ipv4PrefixSize "32").</param>
/// <param name="SelectsByTags">Made pod subnets by their tags, so that one more changes nothing about the class: Auto Mode replaces the
/// nodes of a class that changes (EKS User Guide, "Create a Node Class"); that it replaces none for a further subnet is DERIVED.</param>
public sealed record NodeClass(
    string Name,
    string Role,
    EquatableArray<Ref> NodeSubnets,
    EquatableArray<Ref> NodeGroups,
    EquatableArray<Ref> PodSubnets,
    EquatableArray<Ref> PodGroups,
    bool TranslatesSource,
    bool TakesSingles,
    bool SelectsByTags = false
);

/// <summary>A NodePool <c>karpenter.sh/v1</c> of ours.</summary>
/// <param name="Like">The pool whose spec it takes over, but for the class of its nodes.</param>
/// <param name="Template">That spec as JSON, with our class in it.</param>
public sealed record NodePool(string Name, string NodeClass, string Like, string Template);

/// <summary>Lets nodes of a role join the cluster: type <c>EC2</c> with
/// AmazonEKSAutoNodePolicy. Without it instances start and never join.</summary>
public sealed record AccessEntry(string PrincipalArn)
{
    /// <summary>Source: EKS User Guide, "Create a Node Class".</summary>
    public const string Policy = "arn:aws:eks::aws:cluster-access-policy/AmazonEKSAutoNodePolicy";
}
