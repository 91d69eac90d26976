using Podspace.Model;
using Podspace.Naming;

namespace Podspace.Design;

/// <summary>Which groups the control plane's and the nodes' interfaces carry, each distinct combination once.</summary>
internal static class GroupSets
{
    /// <summary>Of nodes' primary interfaces. Without any to see: the cluster's group, which
    /// managed node groups carry unless told otherwise.</summary>
    public static List<EquatableArray<AwsId>> OfNodes(DesignInput input, SeenCluster cluster)
    {
        var seen = SeenOfNodes(input);
        return seen.Count > 0
            ? seen
            :
            [
                [cluster.ClusterGroup],
            ];
    }

    /// <summary>Empty when no node's interface is to be seen.</summary>
    public static List<EquatableArray<AwsId>> SeenOfNodes(DesignInput input)
    {
        var nodes = input.VpcNodes.Select(node => node.InstanceId).ToHashSet();
        return Distinct(
            input.Cloud.Interfaces.Where(card => card is { DeviceIndex: 0, Instance: not null } && nodes.Contains(card.Instance))
        );
    }

    /// <summary>Of the interfaces that EKS put into the cluster's subnets. Without any to see:
    /// the cluster's group and those it was given.</summary>
    public static List<EquatableArray<AwsId>> OfControlPlane(DesignInput input, SeenCluster cluster)
    {
        var seen = Distinct(input.Cloud.Interfaces.Where(card => card.IsControlPlane(cluster.Name)));
        return seen.Count > 0 ? seen : [cluster.ExtraGroups.Append(cluster.ClusterGroup).Distinct().Order().ToEquatable()];
    }

    private static List<EquatableArray<AwsId>> Distinct(IEnumerable<SeenInterface> cards) =>
        [
            .. cards
                .Select(card => card.Groups.Order().ToEquatable())
                .Where(groups => !groups.IsEmpty)
                .Distinct()
                .OrderBy(groups => groups.ToString(), StringComparer.Ordinal),
        ];
}
