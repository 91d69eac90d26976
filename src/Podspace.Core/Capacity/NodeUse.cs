using Podspace.Cni;

namespace Podspace.Capacity;

/// <summary>What one node at rest takes with so many pods.</summary>
/// <param name="Interfaces">The primary included.</param>
/// <param name="Pool">Addresses for pods, in use or not.</param>
/// <param name="Pods">That have an address; fewer than asked for where the node has not enough.</param>
internal readonly record struct NodeUse(int Interfaces, int Pool, int Prefixes, int Pods, bool IsPrefixed)
{
    /// <summary>Of pod subnets under custom networking: the pool and every further interface's own.</summary>
    public int OfPodSubnet => Pool + Interfaces - 1;

    public int SinglesOfPodSubnet => OfPodSubnet - (Prefixes * MaxPods.PerPrefix);

    /// <summary>Network address units: one an address of an interface, one a further interface, one a prefix.</summary>
    /// <remarks>Source: VPC User Guide, "Network Address Usage".</remarks>
    public int Units => (2 * Interfaces) - 1 + (IsPrefixed ? Prefixes : Pool);

    /// <summary>As its newer edition is quoted (UNCONFIRMED): a pod is one unit as well, wherever its
    /// address comes from. A single address of a pod is that unit.</summary>
    public int UnitsByPod => Units + (IsPrefixed ? Pods : 0);
}

/// <summary>What nodes of one kind take, from no pod to as many as they hold; computed once.</summary>
internal sealed class NodeUses
{
    private readonly Dictionary<(InstanceLimits, int, bool), NodeUse[]> known = [];
    private readonly IpamdSettings settings;
    private readonly IpamdSettings auto;
    private readonly int behind;

    /// <param name="isBare">True: what a node has when its last pod came and nothing was fetched ahead for the next.</param>
    /// <param name="auto">Of Auto Mode's nodes.</param>
    public NodeUses(IpamdSettings settings, IpamdSettings auto, bool isBare = false) =>
        (this.settings, this.auto, behind) = (settings, auto, isBare ? 1 : 0);

    public NodeUse Of(NodeSet set, int pods) => Of(set.Limits, set.MaxPods, pods, set.IsAuto);

    /// <param name="pods">Past what the node has addresses for, its last use stays.</param>
    public NodeUse Of(InstanceLimits limits, int maxPods, int pods, bool isAuto = false)
    {
        if (!known.TryGetValue((limits, maxPods, isAuto), out var uses))
        {
            uses = known[(limits, maxPods, isAuto)] = Walk(limits, maxPods, isAuto ? auto : settings);
        }
        return uses[Math.Clamp(pods - behind, 0, uses.Length - 1)];
    }

    private static NodeUse[] Walk(InstanceLimits limits, int maxPods, IpamdSettings settings)
    {
        var node = new BareNode(limits, maxPods, settings);
        var isPrefixed = settings.On(limits).PrefixDelegation;
        var uses = new List<NodeUse>();
        do
        {
            node.Rest();
            uses.Add(new(node.Interfaces, node.PoolAddresses, node.Prefixes, node.Pods, isPrefixed));
        } while (uses.Count <= maxPods && node.TakeAddress());
        return [.. uses];
    }
}
