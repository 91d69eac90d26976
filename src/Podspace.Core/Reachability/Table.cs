using Podspace.Model;

namespace Podspace.Reachability;

internal enum TargetKind : byte
{
    Local,
    Nat,
    InternetGateway,
    TransitGateway,
    VpnGateway,
    Peering,

    /// <summary>A gateway endpoint: S3 or DynamoDB.</summary>
    Endpoint,

    /// <summary>An interface, a load balancer for appliances, or a target of a kind that is not known here.</summary>
    Appliance,
}

/// <summary>Where a route leads.</summary>
/// <param name="Number">Of the NAT gateway; negative when it is not there.</param>
/// <param name="IsDead">AWS says blackhole, or what it leads to is gone or not attached.</param>
internal readonly record struct Target(SeenRoute Route, TargetKind Kind, int Number, bool IsDead);

/// <summary>One route table: longest prefix, then local before static before prefix list before propagated.</summary>
/// <param name="IsPartlyUnread">A route to a prefix list whose entries were not read: what takes another route might take that one.</param>
/// <remarks>Source: VPC User Guide, "Route priority".</remarks>
internal sealed record Table(SeenRouteTable Seen, PrefixMap Routes, Target[] Targets, bool IsPartlyUnread);
