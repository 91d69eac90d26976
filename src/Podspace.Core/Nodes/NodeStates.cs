using Podspace.Addressing;
using Podspace.Cni;
using Podspace.Model;
using Podspace.Naming;
using Podspace.Observed;
using Podspace.Spec;

namespace Podspace.Nodes;

/// <summary>Where a node's pods get their addresses.</summary>
public enum NodeState
{
    /// <summary>From the pod subnets only, and as the network wants it now.</summary>
    InOverlay,

    /// <summary>From the pod subnets only, but with groups or a max-pods of an earlier
    /// setting: both are fixed when a node starts.</summary>
    Outdated,

    /// <summary>From the node's own subnet only.</summary>
    InNodeSubnet,

    /// <summary>From both: a node older than the switch that has taken further interfaces since.
    /// Source: amazon-vpc-cni-k8s pkg/ipamd (DERIVED).</summary>
    Mixed,

    /// <summary>Not Ready, and no interface for pods (yet).</summary>
    NoAddresses,
}

/// <summary>Says of each node where it stands, from its interfaces, because a node's age alone proves nothing.</summary>
public sealed class NodeStates
{
    private readonly Dictionary<string, List<SeenInterface>> interfaces;
    private readonly HashSet<AwsId> podSubnets;
    private readonly Dictionary<string, EquatableArray<AwsId>> groups = [];
    private readonly Inventory inventory;
    private readonly bool? hasPrefixes;
    private readonly bool isDiscovered;
    private readonly HashSet<AwsId> closed;
    private readonly Network network;
    private readonly EquatableArray<AwsId>? autoGroups;

    /// <param name="network">Wanted, or found: its subnets are the pod subnets.</param>
    public NodeStates(Inventory inventory, Network network, Ids ids)
    {
        this.inventory = inventory;
        this.network = network;
        autoGroups = network.NodeClasses is [var nodeClass, ..]
            ? nodeClass.PodGroups.Select(group => ids.Group(group)).OfType<AwsId>().Order().ToEquatable()
            : null;
        podSubnets = [.. network.Subnets.Select(subnet => ids.Subnet(subnet.Ref)).OfType<AwsId>()];
        interfaces = inventory
            .Cloud.Interfaces.Where(one => one.Instance is not null)
            .GroupBy(one => one.Instance!)
            .ToDictionary(group => group.Key, group => group.ToList());
        hasPrefixes = network.Cni?.Env.Any(setting => setting is { Name: CniEnv.PrefixDelegation, Value: "true" });
        isDiscovered = network.Modes.Contains(PodMode.SubnetDiscovery);
        closed = [.. network.SubnetRoles.Where(role => role is { IsOffered: false, Subnet.IsMade: false }).Select(role => role.Subnet.Id)];
        foreach (var eniConfig in network.EniConfigs)
        {
            groups[eniConfig.Zone] = eniConfig.Groups.Select(group => ids.Group(group)).OfType<AwsId>().Order().ToEquatable();
        }
    }

    /// <summary>Reports whether the node's pods are to be in the overlay, or are: not those of modes and NodePools that have no
    /// part in it, nor nodes without aws-node: Fargate's, hybrid ones, Windows.</summary>
    public bool Concerns(SeenNode node) =>
        network.TakesPart(node) || interfaces.GetValueOrDefault(node.InstanceId, []).Exists(one => podSubnets.Contains(one.Subnet));

    public NodeState Of(SeenNode node)
    {
        var all = interfaces.GetValueOrDefault(node.InstanceId, []);
        if (Mixes(node))
        {
            // Older nodes do what new ones do: they fill their own interface and stand the next one in a pod subnet.
            return all.Count > 0 ? NodeState.InOverlay : NodeState.NoAddresses;
        }
        var inOverlay = all.Where(one => podSubnets.Contains(one.Subnet)).ToList();
        var outside = all.Any(one => !podSubnets.Contains(one.Subnet) && one.MayHoldPods);
        return (inOverlay.Count > 0, outside) switch
        {
            (true, true) => NodeState.Mixed,
            (true, false) => IsCurrent(node, inOverlay) ? NodeState.InOverlay : NodeState.Outdated,
            (false, true) => NodeState.InNodeSubnet,
            (false, false) => NodeState.NoAddresses,
        };
    }

    /// <summary>Reports whether the network leaves the node its own subnet for pods, too:
    /// discovery where that could not be closed.</summary>
    public bool Mixes(SeenNode node) => !node.IsAuto && isDiscovered && Primary(node) is { } primary && !closed.Contains(primary.Subnet);

    public bool IsInOverlay(Address address) =>
        inventory.Cloud.Subnets.Any(subnet => podSubnets.Contains(subnet.Id) && subnet.Cidr.Contains(address));

    /// <summary>How many pods the node has addresses for under the network's settings; null when its
    /// type's limits are not known or no CNI setting is wanted.</summary>
    public int? LimitOf(SeenNode node) =>
        !node.IsAuto && hasPrefixes is { } prefixes && LimitsOf(node.InstanceType) is { } limits
            ? MaxPods.Uncapped(limits, Taken with { CustomNetworking = !Mixes(node), PrefixDelegation = prefixes }) ?? MaxPods.OnHostNetwork
            : null;

    /// <summary>The same for a node that is not there yet.</summary>
    /// <param name="subnets">Where it may start; empty: not known, and then each that is not closed counts.</param>
    public int? LimitOf(InstanceLimits limits, EquatableArray<AwsId> subnets)
    {
        if (hasPrefixes is not { } prefixes)
        {
            return null;
        }
        var takesOwnSubnet = subnets.IsEmpty ? closed.Count == 0 : subnets.All(subnet => !closed.Contains(subnet));
        var settings = Taken with { CustomNetworking = !(isDiscovered && takesOwnSubnet), PrefixDelegation = prefixes };
        return MaxPods.Uncapped(limits, settings) ?? MaxPods.OnHostNetwork;
    }

    private bool IsCurrent(SeenNode node, List<SeenInterface> inOverlay)
    {
        if (node.IsAuto)
        {
            return autoGroups is not { } all || inOverlay.TrueForAll(one => one.Groups.Order().SequenceEqual(all));
        }
        // Discovered interfaces carry their node's own groups; another set is of an earlier mode.
        var hasGroups = isDiscovered
            ? Primary(node) is not { } primary || inOverlay.TrueForAll(one => one.Groups.Order().SequenceEqual(primary.Groups.Order()))
            : !groups.TryGetValue(node.Zone, out var wanted) || inOverlay.TrueForAll(one => one.Groups.Order().SequenceEqual(wanted));
        return hasGroups && !(node.MaxPods > LimitOf(node));
    }

    private SeenInterface? Primary(SeenNode node) => interfaces.GetValueOrDefault(node.InstanceId, []).Find(one => one.DeviceIndex == 0);

    /// <summary>What takes interfaces away from pods: MAX_ENI, and the trunk of security groups for pods.</summary>
    private IpamdSettings Taken => taken ??= PlannedSettings.Of(network, inventory);

    private IpamdSettings? taken;

    private InstanceLimits? LimitsOf(string type) =>
        inventory.Cloud.InstanceTypes.FirstOrDefault(one => one.Name == type) is { } seen
            ? new(seen.Name, seen.Interfaces, seen.AddressesPerInterface, seen.VCpus, seen.Hypervisor, seen.IsBareMetal)
            : InstanceLimits.Find(type);
}
