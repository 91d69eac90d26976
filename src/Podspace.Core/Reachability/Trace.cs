using Podspace.Addressing;
using Podspace.Model;

namespace Podspace.Reachability;

/// <summary>What happens at one place of a way. A closed set.</summary>
public enum HopKind
{
    KubeProxy,
    Host,
    SourceCheck,
    Group,
    NetworkAcl,
    Subnet,
    Route,
    Nat,
    Edge,
    Arrival,
    Amazon,
    Unread,
}

/// <summary>One place on the way, what happened there and why.</summary>
/// <param name="At">The thing that decided: an interface, a subnet, a route table.</param>
/// <param name="Why">In words.</param>
/// <param name="Rule">The rule, entry or route that decided; null where none does.</param>
/// <param name="IsOpen">False: the packet ends here.</param>
/// <param name="Source">As it is behind this place.</param>
/// <param name="IsAnswer">It is a packet of the way back.</param>
public sealed record Hop(HopKind Kind, string At, string Why, string? Rule, bool IsOpen, Address Source, Address Destination, bool IsAnswer)
{
    /// <summary>That is asked here: behind kube-proxy another than the flow's. 0 with ICMP.</summary>
    public int Port { get; init; }
}

/// <summary>One flow, what becomes of it, and by which places.</summary>
public sealed record Trace(Flow Flow, Outcome Outcome, EquatableArray<Hop> Hops)
{
    /// <summary>The place that ends it; null unless it is blocked.</summary>
    public Hop? Culprit => Outcome.IsBlocked ? Hops.LastOrDefault(hop => !hop.IsOpen) : null;
}
