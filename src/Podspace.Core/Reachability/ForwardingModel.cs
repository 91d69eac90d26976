using Podspace.Model;
using Podspace.Naming;

namespace Podspace.Reachability;

/// <summary>An inventory, compiled for walking: every id is a number, every question an array or a binary search. Immutable.</summary>
/// <remarks>Nothing in an inventory makes it fail: ids that lead nowhere become
/// <see cref="PrefixMap.None"/>, and what was not read is remembered as such.</remarks>
internal sealed class ForwardingModel
{
    public required Inventory Inventory { get; init; }

    /// <summary>The VPC's blocks: what AWS routes locally, and what the CNI never translates.</summary>
    public required PrefixMap Vpc { get; init; }

    public required NetworkInterface[] Interfaces { get; init; }

    /// <summary>From an address to the interface that holds it, by itself or in a prefix.</summary>
    public required PrefixMap ByAddress { get; init; }

    public required GroupSet[] GroupSets { get; init; }

    /// <summary>By the numbers that filters give.</summary>
    public required (SeenGroup Group, SeenRule Rule)[] Rules { get; init; }

    public required ForwardingSubnet[] Subnets { get; init; }

    public required PrefixMap BySubnet { get; init; }

    public required Table[] Tables { get; init; }

    public required Acl[] Acls { get; init; }

    public required ForwardingNat[] Nats { get; init; }

    public required Host[] Hosts { get; init; }

    public required ClusterIps ClusterIps { get; init; }

    public required NodePorts NodePorts { get; init; }

    /// <summary>The VPC's own DNS resolver: the third address of its primary block. Source: VPC User Guide, "DNS attributes".</summary>
    public required uint Resolver { get; init; }

    /// <summary>Reports whether an address that no interface holds is nobody's.</summary>
    public required bool SeesInterfaces { get; init; }

    public required bool SeesClusterIps { get; init; }

    public static ForwardingModel Of(Inventory inventory) => new ForwardingModelBuilder(inventory).Make();
}

/// <summary>What an interface is, as far as it changes what passes it.</summary>
internal enum NetworkInterfaceKind : byte
{
    /// <summary>Of a node or of any other machine; AWS checks the source of what it sends.</summary>
    Plain,

    /// <summary>A branch of a node's trunk: it belongs to one pod.</summary>
    Branch,

    /// <summary>Of a gateway: no groups, no source check.</summary>
    Gateway,
}

/// <param name="Primary">Its own address.</param>
internal readonly record struct NetworkInterface(int Seen, NetworkInterfaceKind Kind, int Subnet, int Groups, int Host, uint Primary);

/// <summary>One combination of groups that interfaces carry.</summary>
/// <param name="Numbers">Of the groups; a rule may refer to them.</param>
/// <param name="IsFree">Nothing is filtered.</param>
internal sealed record GroupSet(EquatableArray<AwsId> Ids, int[] Numbers, GroupFilter Ingress, GroupFilter Egress, bool IsFree);

/// <param name="Table">Negative: not known.</param>
/// <param name="Acl">Negative: not known.</param>
internal readonly record struct ForwardingSubnet(SeenSubnet Seen, uint First, uint Last, int Table, int Acl)
{
    public bool Contains(uint address) => First <= address && address <= Last;
}

internal sealed record Acl(SeenNetworkAcl Seen, AclFilter Ingress, AclFilter Egress);

/// <param name="Eni">Negative: its interface was not seen, so its address is not known.</param>
internal readonly record struct ForwardingNat(SeenNatGateway Seen, int Subnet, int Eni, bool IsAvailable, bool IsPublic);
