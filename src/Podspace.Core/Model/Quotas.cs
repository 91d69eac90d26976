namespace Podspace.Model;

/// <summary>Limits in force. Defaults are AWS's own; source: VPC User Guide, "Amazon VPC quotas" (2023-06).</summary>
public sealed record Quotas
{
    /// <summary>L-83CA0A9D, the primary included; at most 50.</summary>
    public int BlocksPerVpc { get; init; } = 5;

    public int SubnetsPerVpc { get; init; } = 200;

    public int RouteTablesPerVpc { get; init; } = 200;

    /// <summary>L-93826ACB, propagated routes apart; at most 1,000. 50 until June 2025. Two sources, neither of them AWS's own.</summary>
    public int RoutesPerTable { get; init; } = 500;

    /// <summary>L-0EA8095F, ingress and egress each.</summary>
    public int RulesPerGroup { get; init; } = 60;

    /// <summary>L-2AFB9258; at most 16.</summary>
    public int GroupsPerInterface { get; init; } = 5;

    public int GroupsPerRegion { get; init; } = 2500;

    /// <summary>L-BB24F6E5; at most 256,000.</summary>
    public int NetworkAddressUnits { get; init; } = 64_000;

    /// <summary>L-DF5E4CA3.</summary>
    public int InterfacesPerRegion { get; init; } = 5_000;
}
