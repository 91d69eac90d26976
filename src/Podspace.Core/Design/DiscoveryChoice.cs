using Podspace.Cni;
using Podspace.Model;
using Podspace.Naming;

namespace Podspace.Design;

/// <summary>What the CNI's subnet discovery is told of subnets: pod subnets are offered, the nodes' own
/// are kept from it where that is possible and ours to do.</summary>
internal static class DiscoveryChoice
{
    private const string Path = "spec.mode";

    public static EquatableArray<SubnetRole> Of(DesignInput input, List<PodSubnet> subnets)
    {
        var isClusterOnly = IsClusterOnly(input);
        var roles = subnets.Select(subnet => new SubnetRole(subnet.Ref, true, isClusterOnly && subnet.Ref.IsMade)).ToList();
        if (input.Cluster is not null)
        {
            roles.AddRange(Excluded(input, subnets).Select(id => new SubnetRole(Ref.Used(id.Text), false, false)));
        }
        return roles.Order().ToEquatable();
    }

    /// <summary>Whether pod subnets are kept for this cluster.</summary>
    /// <remarks>
    /// A subnet that is offered is offered to every cluster of the VPC, since discovery is on unless someone turned it
    /// off. The tag that keeps others out is written where there are others, and not
    /// otherwise: it must name what aws-node takes for its cluster's name, and where that is changed or
    /// empty the tag would keep out the cluster itself. What is there stays.
    /// </remarks>
    private static bool IsClusterOnly(DesignInput input)
    {
        var others = OtherClusters(input);
        var isThere = input.Actual.Network.SubnetRoles.Any(role => role.IsClusterOnly);
        var can =
            CniVersion.Of(input.Inventory) is { } version
            && version.CompareTo(CniVersion.Exclusion) >= 0
            && input.Running(CniEnv.ClusterName) == input.Spec.Cluster;
        if (others.Count > 0 && input.Cluster is not null)
        {
            input.Report.Warning(
                DesignCodes.OtherClusters,
                others.First(),
                Path,
                can
                    ? $"{string.Join(", ", others)} is in {input.Vpc.Id} too. "
                        + $"Pod subnets are tagged for {input.Spec.Cluster} alone, which a VPC CNI before {CniVersion.Exclusion} "
                        + $"does not read: such nodes take addresses from them all the same."
                    : $"{string.Join(", ", others)} is in {input.Vpc.Id} too, and pod subnets cannot be kept for "
                        + $"{input.Spec.Cluster}: that takes VPC CNI {CniVersion.Exclusion} or later and "
                        + $"CLUSTER_NAME={input.Spec.Cluster} in aws-node. Its nodes may take addresses from them.",
                "Set ENABLE_SUBNET_DISCOVERY=false in the other cluster, or use mode: eniConfig here."
            );
        }
        return can && (others.Count > 0 || isThere);
    }

    private static SortedSet<string> OtherClusters(DesignInput input)
    {
        const string owned = "kubernetes.io/cluster/";
        const string plane = "Amazon EKS ";
        var names = new SortedSet<string>(StringComparer.Ordinal);
        names.UnionWith(
            input.Cloud.Groups.SelectMany(group => group.Tags).Where(tag => tag.Key == "aws:eks:cluster-name").Select(tag => tag.Value)
        );
        names.UnionWith(
            input
                .Cloud.Groups.SelectMany(group => group.Tags)
                .Concat(input.Cloud.Subnets.SelectMany(subnet => subnet.Tags))
                .Where(tag => tag.Key.StartsWith(owned, StringComparison.Ordinal))
                .Select(tag => tag.Key[owned.Length..])
        );
        names.UnionWith(
            input
                .Cloud.Interfaces.Where(card => card.Description.StartsWith(plane, StringComparison.Ordinal))
                .Select(card => card.Description[plane.Length..])
        );
        names.Remove(input.Spec.Cluster ?? "");
        return names;
    }

    /// <summary>Node subnets of zones that have a pod subnet. In a zone without one the nodes' own is all that there is.</summary>
    private static List<AwsId> Excluded(DesignInput input, List<PodSubnet> subnets)
    {
        var pods = subnets.Select(subnet => input.Actual.Ids.Subnet(subnet.Ref)).OfType<AwsId>().ToHashSet();
        var zones = subnets.Select(subnet => subnet.Zone).ToHashSet();
        var candidates = NodeSubnets(input)
            .Where(id => !pods.Contains(id) && input.Subnet(id) is { } subnet && zones.Contains(subnet.Zone))
            .ToList();
        if (candidates.Count == 0)
        {
            return [];
        }
        if (CniVersion.Of(input.Inventory) is not { } version || version.CompareTo(CniVersion.Exclusion) < 0)
        {
            Mixed(
                input,
                input.Spec.Cluster!,
                $"The VPC CNI is {CniVersion.Of(input.Inventory)?.ToString() ?? "of a version that cannot be told"}, "
                    + $"and before {CniVersion.Exclusion} nothing keeps it out of the nodes' own subnets",
                "Update it to v1.22.2 or later, or use mode: eniConfig."
            );
            return [];
        }
        var excluded = new List<AwsId>();
        foreach (var id in candidates)
        {
            if (Obstacle(input, input.Subnet(id)!) is { } obstacle)
            {
                Mixed(input, id.Text, $"{id} is not closed to pods: {obstacle}", "Use mode: eniConfig, which needs no tag.");
            }
            else
            {
                excluded.Add(id);
            }
        }
        return excluded;
    }

    private static void Mixed(DesignInput input, string about, string why, string fix) =>
        input.Report.Warning(
            DesignCodes.PodsMix,
            about,
            Path,
            $"{why}. Pods mix: a node fills its own interface first, and only those that it adds stand in the pod subnets.",
            fix
        );

    private static SortedSet<AwsId> NodeSubnets(DesignInput input)
    {
        var nodes = input.CniNodes.Select(node => node.InstanceId).ToHashSet();
        return
        [
            .. input.Cloud.Nodegroups.SelectMany(group => group.Subnets),
            .. input
                .Cloud.Interfaces.Where(card => card is { DeviceIndex: 0, Instance: not null } && nodes.Contains(card.Instance))
                .Select(card => card.Subnet),
        ];
    }

    /// <summary>Why a subnet is not ours to close; null when it is. Its tag speaks to every cluster whose nodes stand there.</summary>
    private static string? Obstacle(DesignInput input, SeenSubnet subnet)
    {
        if (!input.Sees(Reading.Interfaces))
        {
            return "whose nodes stand there could not be read";
        }
        if (subnet.OwnerAccount.Length > 0 && input.Cloud.Account.Length > 0 && subnet.OwnerAccount != input.Cloud.Account)
        {
            return $"it belongs to account {subnet.OwnerAccount}, whose tags are its own";
        }
        return OthersIn(input, subnet) is { } cluster
            ? $"nodes of cluster {cluster} stand there too, and their pods would get no addresses any more"
            : null;
    }

    private static string? OthersIn(DesignInput input, SeenSubnet subnet)
    {
        foreach (var card in input.Cloud.Interfaces.Where(card => card.Subnet == subnet.Id))
        {
            // Source: amazon-vpc-cni-k8s, pkg/awsutils, and EKS User Guide for node groups: tags that interfaces of nodes carry.
            if (
                card.Tags.FirstOrDefault(tag =>
                    tag.Key is "cluster.k8s.amazonaws.com/name" or "eks:cluster-name" && tag.Value != input.Spec.Cluster
                ) is
                { Value: { Length: > 0 } name }
            )
            {
                return name;
            }
        }
        return null;
    }
}
