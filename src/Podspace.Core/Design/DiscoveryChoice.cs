using Podspace.Cni;
using Podspace.Model;
using Podspace.Naming;

namespace Podspace.Design;

/// <summary>What the CNI's subnet discovery is told of subnets: pod subnets are offered, the nodes' own are kept from it where that is possible and ours to do.</summary>
internal static class DiscoveryChoice
{
    private const string Path = "spec.mode";

    public static EquatableArray<SubnetRole> Of(Ground ground, List<PodSubnet> subnets)
    {
        var isClusterOnly = IsClusterOnly(ground);
        var roles = subnets.Select(subnet => new SubnetRole(subnet.Ref, true, isClusterOnly && subnet.Ref.IsMade)).ToList();
        if (ground.Cluster is not null)
        {
            roles.AddRange(Excluded(ground, subnets).Select(id => new SubnetRole(Ref.Used(id.Text), false, false)));
        }
        return roles.Order().ToEquatable();
    }

    /// <summary>Whether pod subnets are kept for this cluster.</summary>
    /// <remarks>
    /// A subnet that is offered is offered to every cluster of the VPC, since discovery is on unless someone turned it off. The tag that keeps others out is written where there are others, and not
    /// otherwise: it must name what aws-node takes for its cluster's name, and where that is changed or empty the tag would keep out the cluster itself. What is there stays.
    /// </remarks>
    private static bool IsClusterOnly(Ground ground)
    {
        var others = OtherClusters(ground);
        var isThere = ground.Actual.Network.SubnetRoles.Any(role => role.IsClusterOnly);
        var can = CniVersion.Of(ground.Inventory) is { } version && version.CompareTo(CniVersion.Exclusion) >= 0 && ground.Running(CniEnv.ClusterName) == ground.Spec.Cluster;
        if (others.Count > 0 && ground.Cluster is not null)
        {
            ground.Report.Warning(DesignCodes.OtherClusters, others.First(), Path,
                can
                    ? $"{string.Join(", ", others)} is in {ground.Vpc.Id} too. Pod subnets are tagged for {ground.Spec.Cluster} alone, which a VPC CNI before {CniVersion.Exclusion} does not read: such nodes take addresses from them all the same."
                    : $"{string.Join(", ", others)} is in {ground.Vpc.Id} too, and pod subnets cannot be kept for {ground.Spec.Cluster}: that takes VPC CNI {CniVersion.Exclusion} or later and CLUSTER_NAME={ground.Spec.Cluster} in aws-node. Its nodes may take addresses from them.",
                "Set ENABLE_SUBNET_DISCOVERY=false in the other cluster, or use mode: eniConfig here.");
        }
        return can && (others.Count > 0 || isThere);
    }

    private static SortedSet<string> OtherClusters(Ground ground)
    {
        const string owned = "kubernetes.io/cluster/";
        const string plane = "Amazon EKS ";
        var names = new SortedSet<string>(StringComparer.Ordinal);
        names.UnionWith(ground.Cloud.Groups.SelectMany(group => group.Tags).Where(tag => tag.Key == "aws:eks:cluster-name").Select(tag => tag.Value));
        names.UnionWith(ground.Cloud.Groups.SelectMany(group => group.Tags).Concat(ground.Cloud.Subnets.SelectMany(subnet => subnet.Tags))
            .Where(tag => tag.Key.StartsWith(owned, StringComparison.Ordinal)).Select(tag => tag.Key[owned.Length..]));
        names.UnionWith(ground.Cloud.Interfaces.Where(card => card.Description.StartsWith(plane, StringComparison.Ordinal)).Select(card => card.Description[plane.Length..]));
        names.Remove(ground.Spec.Cluster ?? "");
        return names;
    }

    /// <summary>Node subnets of zones that have a pod subnet. In a zone without one the nodes' own is all that there is.</summary>
    private static List<AwsId> Excluded(Ground ground, List<PodSubnet> subnets)
    {
        var pods = subnets.Select(subnet => ground.Actual.Ids.Subnet(subnet.Ref)).OfType<AwsId>().ToHashSet();
        var zones = subnets.Select(subnet => subnet.Zone).ToHashSet();
        var candidates = NodeSubnets(ground).Where(id => !pods.Contains(id) && ground.Subnet(id) is { } subnet && zones.Contains(subnet.Zone)).ToList();
        if (candidates.Count == 0)
        {
            return [];
        }
        if (CniVersion.Of(ground.Inventory) is not { } version || version.CompareTo(CniVersion.Exclusion) < 0)
        {
            Mixed(ground, ground.Spec.Cluster!, $"The VPC CNI is {CniVersion.Of(ground.Inventory)?.ToString() ?? "of a version that cannot be told"}, and before {CniVersion.Exclusion} nothing keeps it out of the nodes' own subnets", "Update it to v1.22.2 or later, or use mode: eniConfig.");
            return [];
        }
        var excluded = new List<AwsId>();
        foreach (var id in candidates)
        {
            if (Obstacle(ground, ground.Subnet(id)!) is { } obstacle)
            {
                Mixed(ground, id.Text, $"{id} is not closed to pods: {obstacle}", "Use mode: eniConfig, which needs no tag.");
            }
            else
            {
                excluded.Add(id);
            }
        }
        return excluded;
    }

    private static void Mixed(Ground ground, string about, string why, string fix) =>
        ground.Report.Warning(DesignCodes.PodsMix, about, Path, $"{why}. Pods mix: a node fills its own interface first, and only those that it adds stand in the pod subnets.", fix);

    private static SortedSet<AwsId> NodeSubnets(Ground ground)
    {
        var nodes = ground.CniNodes.Select(node => node.InstanceId).ToHashSet();
        return [.. ground.Cloud.Nodegroups.SelectMany(group => group.Subnets), .. ground.Cloud.Interfaces.Where(card => card is { DeviceIndex: 0, Instance: not null } && nodes.Contains(card.Instance)).Select(card => card.Subnet)];
    }

    /// <summary>Why a subnet is not ours to close; null when it is. Its tag speaks to every cluster whose nodes stand there.</summary>
    private static string? Obstacle(Ground ground, SeenSubnet subnet)
    {
        if (!ground.Sees(Reading.Interfaces))
        {
            return "whose nodes stand there could not be read";
        }
        if (subnet.OwnerAccount.Length > 0 && ground.Cloud.Account.Length > 0 && subnet.OwnerAccount != ground.Cloud.Account)
        {
            return $"it belongs to account {subnet.OwnerAccount}, whose tags are its own";
        }
        return OthersIn(ground, subnet) is { } cluster ? $"nodes of cluster {cluster} stand there too, and their pods would get no addresses any more" : null;
    }

    private static string? OthersIn(Ground ground, SeenSubnet subnet)
    {
        foreach (var card in ground.Cloud.Interfaces.Where(card => card.Subnet == subnet.Id))
        {
            // Source: amazon-vpc-cni-k8s, pkg/awsutils, and EKS User Guide for node groups: tags that interfaces of nodes carry.
            if (card.Tags.FirstOrDefault(tag => tag.Key is "cluster.k8s.amazonaws.com/name" or "eks:cluster-name" && tag.Value != ground.Spec.Cluster) is { Value: { Length: > 0 } name })
            {
                return name;
            }
        }
        return null;
    }
}
