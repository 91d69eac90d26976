using Podspace.Addressing;

namespace Podspace.Reachability;

/// <summary>What becomes of a flow. A closed set: every walk ends in one of them.</summary>
public enum Verdict : byte
{
    /// <summary>It arrives, and the answer comes back: everything on the way was seen.</summary>
    Delivered,

    /// <summary>All that can be seen admits it. What the network beyond the VPC does, and whether
    /// it has a route back, cannot be seen from here.</summary>
    Leaves,

    /// <summary>Something on the way could not be read, and nothing that could be read forbids it.</summary>
    CannotTell,

    /// <summary>No interface of the VPC holds the address.</summary>
    NobodyThere,

    NoRoute,

    /// <summary>A route leads to what is gone, not attached, or carries no such destination.</summary>
    Blackhole,

    /// <summary>No rule of the sender's groups lets it out.</summary>
    GroupLetsNotOut,

    /// <summary>No rule of the receiver's groups lets it in.</summary>
    GroupLetsNotIn,

    AclLetsNotOut,

    AclLetsNotIn,

    /// <summary>The packet leaves by an interface that does not hold its source address; AWS drops it.</summary>
    SourceCheck,

    /// <summary>An Internet gateway gets a packet whose source has no public address.</summary>
    NoPublicAddress,

    /// <summary>An answer reaches a NAT gateway that has never seen the question.</summary>
    StrangerToNat,

    /// <summary>Gateways send it round and round.</summary>
    Loop,

    /// <summary>A node drops what it would have to forward and one of its own sockets waits for: TCP between
    /// it and a pod of its own that has a branch, in strict mode.</summary>
    LostOnNode,
}

/// <summary>Why a verdict is <see cref="Verdict.CannotTell"/>.</summary>
public enum Unread : byte
{
    Nothing,
    Interfaces,
    Subnets,
    RouteTables,
    Groups,
    NetworkAcls,
    PrefixList,
    NatInterface,
    ClusterIps,
    NodeSettings,

    /// <summary>Not a gap in reading: what an appliance on the way does is its own affair.</summary>
    Appliance,

    /// <summary>How many hops the instance's metadata answers to.</summary>
    HopLimit,

    /// <summary>Whether an instance's own interface has a public address.</summary>
    PublicAddress,

    /// <summary>Neither end is in the VPC.</summary>
    BothOutside,
}

/// <summary>The verdict on one flow, in one value.</summary>
/// <param name="IsOnTheWayBack">The question arrives; it is the answer that ends so.</param>
/// <param name="SeenAs">The source address that the other side sees, or would.</param>
public readonly record struct Outcome(Verdict Verdict, bool IsOnTheWayBack, Unread Unread, Address SeenAs)
{
    /// <summary>Reports whether something that was read forbids the flow.</summary>
    public bool IsBlocked => Verdict is not (Verdict.Delivered or Verdict.Leaves or Verdict.CannotTell);
}
