namespace Podspace.Simulation.Aws;

/// <summary>A quota of the VPC service. Source of defaults: VPC User Guide, "Amazon VPC quotas".</summary>
/// <param name="Code">As Service Quotas names it; the key in a world's <c>Quotas</c>.</param>
public sealed record Quota(string Code, int Default)
{
    /// <summary>The primary block counts too.</summary>
    public static readonly Quota BlocksPerVpc = new("L-83CA0A9D", 5);

    /// <summary>Since June 2025; 50 before. Adjustable to 1,000. Two sources, neither of them AWS's own page.</summary>
    public static readonly Quota RoutesPerTable = new("L-93826ACB", 500);

    /// <summary>In each direction, IPv4 and IPv6 counted apart.</summary>
    public static readonly Quota RulesPerGroup = new("L-0EA8095F", 60);

    public static readonly Quota GroupsPerInterface = new("L-2AFB9258", 5);

    public static readonly Quota InterfacesPerRegion = new("L-DF5E4CA3", 5000);

    public static readonly Quota SubnetsPerVpc = new("L-407747CB", 200);

    public static readonly Quota TablesPerVpc = new("L-589F43AA", 200);

    public static readonly Quota GroupsPerRegion = new("L-E79EC296", 2500);

    public static readonly Quota AddressUnitsPerVpc = new("L-BB24F6E5", 64_000);

    public static IReadOnlyList<Quota> All { get; } =
    [
        BlocksPerVpc,
        RoutesPerTable,
        RulesPerGroup,
        GroupsPerInterface,
        InterfacesPerRegion,
        SubnetsPerVpc,
        TablesPerVpc,
        GroupsPerRegion,
        AddressUnitsPerVpc,
    ];
}
