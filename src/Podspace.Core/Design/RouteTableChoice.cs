using Podspace.Model;
using Podspace.Naming;
using Podspace.Observed;
using Podspace.Spec;

namespace Podspace.Design;

/// <summary>Route tables of the subnets made: one when all zones route alike, else one a zone. A
/// subnet that is used keeps the table that it has.</summary>
internal static class RouteTableChoice
{
    public static bool IsPerZone(OverlaySpec spec) => spec.Routing.Routes.Any(route => route.Zone is not null);

    public static List<RouteTable> Of(DesignInput input, List<PodSubnet> subnets)
    {
        var made = subnets.FindAll(subnet => subnet.Ref.IsMade);
        if (made.Count == 0)
        {
            return [];
        }
        if (!IsPerZone(input.Spec))
        {
            return [Table(input, null)];
        }
        var tables = made.Select(subnet => subnet.Zone).Distinct().Select(zone => Table(input, zone)).ToList();
        tables.Sort((left, right) => left.Ref.CompareTo(right.Ref));
        return tables;
    }

    /// <summary>What the spec wants pods of a zone to have beside the VPC's local routes.</summary>
    public static IEnumerable<RouteSpec> RoutesOf(OverlaySpec spec, string? zone) =>
        spec.Routing.Routes.Where(route => route.Zone is null || route.Zone == zone);

    private static RouteTable Table(DesignInput input, string? zone) =>
        new(
            Ref.Made(ResourceNames.RouteTable(zone)),
            RoutesOf(input.Spec, zone).Select(route => new Route(route.To, route.Via)).Order().ToEquatable()
        );
}
