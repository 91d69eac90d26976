using Podspace.Addressing;
using Podspace.Cni;

namespace Podspace.Capacity;

/// <summary>Nodes that are alike: one type, one zone, one launch path.</summary>
/// <param name="Path">Node group or pool that starts them; empty when nothing says.</param>
/// <param name="MaxPods">Of one node, host network included.</param>
/// <param name="OnHost">Pods on the host network of one node; they take no address.</param>
/// <param name="Pods">With addresses of their own, on all of them, now.</param>
public sealed record NodeSet(string Path, string Zone, int Count, InstanceLimits Limits, int MaxPods, int OnHost, int Pods)
{
    /// <summary>Pods with addresses that one node takes by its max-pods.</summary>
    public int Slots => Math.Max(0, MaxPods - OnHost);

    /// <summary>Auto Mode started them: aws-node's settings are none of theirs.</summary>
    public bool IsAuto { get; init; }
}

/// <summary>A subnet as room for addresses.</summary>
/// <param name="Taken">Addresses in use now, whoever has them.</param>
/// <param name="Others">Those of them that no node of the question holds.</param>
/// <param name="Reserved">Kept for /28 prefixes.</param>
/// <param name="FreePrefixes">Whole free /28 blocks now.</param>
public sealed record SubnetRoom(
    string Name,
    string Zone,
    Cidr Cidr,
    long Taken,
    long Others,
    EquatableArray<Cidr> Reserved,
    long FreePrefixes
)
{
    public long Usable => (long)Cidr.UsableInSubnet;

    /// <summary>An empty subnet: the first and the last /28 hold addresses that AWS keeps.</summary>
    public static SubnetRoom Empty(string name, string zone, Cidr cidr, EquatableArray<Cidr> reserved = default) =>
        new(name, zone, cidr, 0, 0, reserved, (long)PrefixRoom.Free(cidr, reserved, []).CountFree(28));
}

/// <summary>Where /28 prefixes can be put.</summary>
internal static class PrefixRoom
{
    /// <summary>Addresses of the subnet that neither AWS nor anybody has. With reservations only those,
    /// because everything outside is open to single addresses.</summary>
    public static AddressSet Free(Cidr subnet, EquatableArray<Cidr> reserved, IEnumerable<Address> taken)
    {
        var kept = AddressSet.Of([.. Enumerable.Range(0, 4).Select(offset => subnet.First.Plus((uint)offset)), subnet.Last]);
        var room = reserved.IsEmpty ? AddressSet.Of(subnet) : AddressSet.Of(reserved);
        return room.Except(kept).Except(AddressSet.Of(taken));
    }
}

/// <summary>A quota of which nodes take so much each.</summary>
/// <param name="Others">What of it is used by anything else.</param>
public sealed record Headroom(long Most, long Others);

/// <summary>Everything that decides how many pods fit, whether read or supposed.</summary>
/// <param name="Settings">Of aws-node, as the network wants them.</param>
/// <param name="NodeRooms">Subnets of nodes' primary interfaces.</param>
/// <param name="Growth">Node groups and how many nodes each may have at most.</param>
/// <param name="Surge">Nodes that exist twice while nodes are replaced.</param>
/// <param name="Remarks">What is left out of the count, and why.</param>
public sealed record CapacityQuestion(
    EquatableArray<NodeSet> Nodes,
    EquatableArray<SubnetRoom> PodRooms,
    EquatableArray<SubnetRoom> NodeRooms,
    IpamdSettings Settings,
    Headroom Units,
    Headroom Interfaces,
    EquatableArray<(string Path, int Most)> Growth,
    int Surge,
    EquatableArray<string> Further,
    EquatableArray<string> Remarks
)
{
    public IpamdSettings AutoSettings { get; init; } = IpamdSettings.OfAutoMode(takesSingles: false);

    /// <summary>Auto Mode alone: then other settings of aws-node change nothing.</summary>
    public bool IsAuto => !Nodes.IsEmpty && Nodes.All(set => set.IsAuto);

    public IpamdSettings SettingsOf(NodeSet set) => set.IsAuto ? AutoSettings : Settings;
}
