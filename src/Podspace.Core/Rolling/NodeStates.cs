using Podspace.Addressing;
using Podspace.Model;

namespace Podspace.Rolling;

/// <summary>Where a node's pods get their addresses.</summary>
public enum NodeState
{
    /// <summary>From the pod subnets only.</summary>
    InOverlay,

    /// <summary>From the node's own subnet only.</summary>
    InNodeSubnet,

    /// <summary>From both: a node older than the switch that has taken further interfaces since. Source: amazon-vpc-cni-k8s pkg/ipamd (DERIVED).</summary>
    Mixed,

    /// <summary>Not Ready, and no interface for pods (yet).</summary>
    NoAddresses,
}

/// <summary>Says of each node where it stands, from its interfaces, because a node's age alone proves nothing.</summary>
public sealed class NodeStates
{
    private readonly Dictionary<string, List<SeenInterface>> interfaces;
    private readonly HashSet<AwsId> podSubnets;

    public NodeStates(Inventory inventory, IEnumerable<AwsId> podSubnets)
    {
        this.podSubnets = [.. podSubnets];
        interfaces = inventory.Cloud.Interfaces.Where(one => one.Instance is not null)
            .GroupBy(one => one.Instance!).ToDictionary(group => group.Key, group => group.ToList());
    }

    public NodeState Of(SeenNode node)
    {
        var all = interfaces.GetValueOrDefault(node.InstanceId, []);
        var inOverlay = all.Any(one => podSubnets.Contains(one.Subnet));
        var outside = all.Any(one => !podSubnets.Contains(one.Subnet) && HoldsPodAddresses(one));
        return (inOverlay, outside) switch
        {
            (true, true) => NodeState.Mixed,
            (true, false) => NodeState.InOverlay,
            (false, true) => NodeState.InNodeSubnet,
            (false, false) => NodeState.NoAddresses,
        };
    }

    public bool IsInOverlay(Address address, Inventory inventory) =>
        inventory.Cloud.Subnets.Any(subnet => podSubnets.Contains(subnet.Id) && subnet.Cidr.Contains(address));

    /// <summary>Every address but the primary interface's own may be a pod's.</summary>
    private static bool HoldsPodAddresses(SeenInterface one) =>
        one.DeviceIndex != 0 || one.Addresses.Count > 1 || !one.Prefixes.IsEmpty;
}
