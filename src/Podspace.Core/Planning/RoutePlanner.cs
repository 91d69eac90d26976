using Podspace.Model;
using Podspace.Naming;
using Podspace.Observed;
using Podspace.Steps;

namespace Podspace.Planning;

/// <summary>Route tables, their routes, and which subnet uses which.</summary>
internal sealed class RoutePlanner(PlanInput input, PlanDraft draft)
{
    public void Add()
    {
        foreach (var table in input.Desired.RouteTables)
        {
            draft.Use("route table", table.Ref);
            if (table.Ref.IsMade)
            {
                PlanTable(table);
            }
        }
        foreach (var subnet in input.Desired.Subnets)
        {
            if (
                !subnet.Ref.IsMade
                && input.Cloud.RouteTables.FirstOrDefault(one => one.Associations.Any(its => its.Subnet == subnet.Ref.Id)) is { } kept
            )
            {
                draft.Use($"route table {kept.Id}");
            }
            if (subnet.RouteTable is { } table && !IsAssociated(subnet, table))
            {
                draft.Add(
                    new Change.AssociateTable(table, subnet.Ref),
                    Stage.Network,
                    Drift.Text(
                        input.IsEstablished
                            && input.SeenSubnet(subnet.Ref) is not null
                            && input.SeenTable(table) is not null
                            && subnet.Ref.IsMade,
                        "without it the main table would decide"
                    ),
                    input.SeenSubnet(subnet.Ref) is { } seen && input.Usage.Subnet(seen.Id) ? Disruption.RunningPods : Disruption.None,
                    change =>
                        Makes.Subnet(change, subnet.Ref)
                        || Makes.RouteTable(change, table)
                        || (change is Change.AddRoute added && added.Table == table)
                );
            }
        }
    }

    private void PlanTable(RouteTable table)
    {
        var seen = input.SeenTable(table.Ref);
        if (seen is null)
        {
            draft.Add(
                new Change.CreateRouteTable(table.Ref.Name, ResourceNames.TagsForTable(input.Spec, table.Ref.Name)),
                Stage.Network,
                Drift.Text(
                    input.HasLostTables,
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
                change =>
                    Makes.RouteTable(change, table.Ref)
                    || (change is Change.RemoveRoute removed && removed.Table == table.Ref && removed.Route.To == route.To)
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

    /// <summary>Not there, though a network that was whole once had it; or there, and leading
    /// elsewhere. Whether it is new in the spec nothing tells.</summary>
    private string WhyRoute(Route route, SeenRouteTable? table)
    {
        var elsewhere = table?.Routes.Where(one => one.To == route.To && one.Via != "local").Select(one => one.Via).FirstOrDefault();
        if (elsewhere is not null)
        {
            return $"leads to {elsewhere}, and the spec asks for {route.Via}";
        }
        return table is not null && input.IsEstablished ? "is not there (any more), and the spec asks for it" : "the spec asks for it";
    }

    private Disruption RoutingDisturbs(SeenRouteTable? table) =>
        table is not null && table.Associations.Any(one => one.Subnet is { } subnet && input.Usage.Subnet(subnet))
            ? Disruption.RunningPods
            : Disruption.None;

    private bool IsAssociated(PodSubnet subnet, Ref table) =>
        input.SeenSubnet(subnet.Ref) is { } seenSubnet
        && input.SeenTable(table) is { } seenTable
        && seenTable.Associations.Any(one => one.Subnet == seenSubnet.Id && one.State is "associated" or "associating");

    public void Remove()
    {
        foreach (
            var table in input.Actual.Network.RouteTables.Where(table =>
                table.Ref.IsMade && input.Desired.RouteTables.All(wanted => wanted.Ref != table.Ref)
            )
        )
        {
            var users = input.Actual.Network.Subnets.Where(subnet => subnet.RouteTable == table.Ref).ToList();
            if (
                users.Any(subnet => !subnet.Ref.IsMade || input.Usage.Subnet(input.Ids.Subnets[subnet.Ref.Name]))
                && !input.Desired.Subnets.Any(subnet => users.Any(user => user.Ref == subnet.Ref))
            )
            {
                continue;
            }
            draft.Remove(
                new Change.DeleteRouteTable(table.Ref.Name),
                change => Makes.Replacement(change) || change is Change.DeleteSubnet or Change.AssociateTable
            );
        }
        foreach (var spare in input.Ids.SpareTables)
        {
            draft.Add(
                new Change.DeleteDuplicateRouteTable(spare),
                Stage.Network,
                "made a second time by a call whose answer came too late; nothing uses it"
            );
        }
    }
}
