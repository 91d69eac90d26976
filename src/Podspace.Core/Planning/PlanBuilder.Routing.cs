using Podspace.Model;
using Podspace.Naming;
using Podspace.Observed;
using Podspace.Steps;

namespace Podspace.Planning;

internal sealed partial class PlanBuilder
{
    private void PlanRouting()
    {
        foreach (var table in desired.RouteTables)
        {
            Use("route table", table.Ref);
            if (table.Ref.IsMade)
            {
                PlanTable(table);
            }
        }
        foreach (var subnet in desired.Subnets)
        {
            if (
                !subnet.Ref.IsMade
                && inventory.Cloud.RouteTables.FirstOrDefault(one => one.Associations.Any(its => its.Subnet == subnet.Ref.Id)) is { } kept
            )
            {
                draft.Uses.Add($"route table {kept.Id}");
            }
            if (subnet.RouteTable is { } table && !IsAssociated(subnet, table))
            {
                draft.Add(
                    new Change.AssociateTable(table, subnet.Ref),
                    Stage.Network,
                    Drifted(
                        IsEstablished && SeenSubnet(subnet.Ref) is not null && SeenTable(table) is not null && subnet.Ref.IsMade,
                        "without it the main table would decide"
                    ),
                    SeenSubnet(subnet.Ref) is { } seen && usage.Subnet(seen.Id) ? Disruption.RunningPods : Disruption.None,
                    [CreateId("subnet", subnet.Ref), CreateId("route-table", table), .. RouteIds(table)]
                );
            }
        }
    }

    private void PlanTable(RouteTable table)
    {
        var seen = SeenTable(table.Ref);
        if (seen is null)
        {
            draft.Add(
                new Change.CreateRouteTable(table.Ref.Name, ResourceNames.TagsForTable(spec, table.Ref.Name)),
                Stage.Network,
                Drifted(
                    HasLostTables,
                    table.Routes.IsEmpty
                        ? "pod subnets need no way out of their own: the node's address leaves the VPC"
                        : "the pod subnets' way out"
                )
            );
        }
        var live = seen is null ? [] : seen.Routes.Where(route => route.Origin == "CreateRoute" && route.Via != "local").ToList();
        foreach (var route in table.Routes.Where(route => live.All(one => one.To != route.To || one.Via != route.Via)))
        {
            draft.Add(
                new Change.AddRoute(table.Ref, route),
                Stage.Network,
                WhyRoute(route, seen),
                RoutingDisturbs(seen),
                [CreateId("route-table", table.Ref), .. live.Where(one => one.To == route.To).Select(one => RemoveId(table.Ref, one))]
            );
        }
        foreach (var route in live.Where(one => one.To is not null && !table.Routes.Contains(new Route(one.To.Value, one.Via))))
        {
            draft.Add(
                new Change.RemoveRoute(table.Ref, new(route.To!.Value, route.Via)),
                Stage.Network,
                "the spec does not ask for it (any more)",
                RoutingDisturbs(seen)
            );
        }
    }

    private static string RemoveId(Ref table, SeenRoute route) => new Change.RemoveRoute(table, new(route.To!.Value, route.Via)).Id;

    private IEnumerable<string> RouteIds(Ref table) => draft.Ids(step => step.Change is Change.AddRoute add && add.Table == table);

    private Disruption RoutingDisturbs(SeenRouteTable? table) =>
        table is not null && table.Associations.Any(one => one.Subnet is { } subnet && usage.Subnet(subnet))
            ? Disruption.RunningPods
            : Disruption.None;

    private SeenRouteTable? SeenTable(Ref table) =>
        actual.Ids.RouteTable(table) is { } id ? inventory.Cloud.RouteTables.FirstOrDefault(one => one.Id == id) : null;

    private bool IsAssociated(PodSubnet subnet, Ref table) =>
        SeenSubnet(subnet.Ref) is { } seenSubnet
        && SeenTable(table) is { } seenTable
        && seenTable.Associations.Any(one => one.Subnet == seenSubnet.Id && one.State is "associated" or "associating");
}
