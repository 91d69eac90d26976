using Podspace.Addressing;
using Podspace.Model;
using Podspace.Naming;
using Podspace.Spec;

namespace Podspace.Design.Rules;

/// <summary>Routes lead to what exists, and pods that leave with their own address have a way out.</summary>
internal static class RoutingRules
{
    private static readonly Cidr Everywhere = Cidr.Parse("0.0.0.0/0");

    public static void Check(DesignInput input, Network network)
    {
        CheckGateways(input);
        CheckDestinations(input, network);
        foreach (var subnet in network.Subnets)
        {
            var routes = Table(input, network, subnet, out var table);
            if (!subnet.Ref.IsMade)
            {
                CheckUsed(input, subnet, table, routes);
            }
            CheckWayOut(input, subnet, routes);
        }
    }

    private static void CheckGateways(DesignInput input)
    {
        for (var i = 0; i < input.Spec.Routing.Routes.Count; i++)
        {
            var via = input.Spec.Routing.Routes[i].Via;
            if (Exists(input.Cloud, input, via) is false)
            {
                input.Report.Error(
                    DesignCodes.GatewayUnknown,
                    via,
                    $"spec.routing.routes[{i}].via",
                    $"{via} is not there, or not attached to {input.Vpc.Id}: AWS refuses a route to it.",
                    "Attach it to the VPC first, or correct the id. A billed gateway is never created for you."
                );
            }
        }
    }

    // Null: that kind could not be read.
    private static bool? Exists(CloudInventory cloud, DesignInput input, string via) =>
        via[..via.IndexOf('-', StringComparison.Ordinal)] switch
        {
            "tgw" => input.Sees(Reading.TransitGatewayAttachments)
                ? cloud.TransitGatewayAttachments.Any(attachment =>
                    attachment.Gateway == via && attachment.State is "available" or "modifying"
                )
                : null,
            "pcx" => input.Sees(Reading.Peerings)
                ? cloud.Peerings.Any(peering => peering.Id.Text == via && peering.State is "active")
                : null,
            "vgw" => input.Sees(Reading.VpnGateways) ? cloud.VpnGateways.Any(gateway => gateway.Id.Text == via) : null,
            "nat" => input.Sees(Reading.NatGateways)
                ? cloud.NatGateways.Any(gateway => gateway.Id.Text == via && gateway.State is "available" or "pending")
                : null,
            _ => null,
        };

    private static void CheckDestinations(DesignInput input, Network network)
    {
        for (var i = 0; i < input.Spec.Routing.Routes.Count; i++)
        {
            var route = input.Spec.Routing.Routes[i];
            foreach (var block in input.LiveBlocks.Concat(network.Blocks.Select(block => block.Cidr)).Distinct())
            {
                // Source: VPC User Guide, "Route tables": more specific than local only for a whole
                // subnet's block, to a NAT gateway and its like.
                if (
                    block.Contains(route.To)
                    && !(
                        route.Via.StartsWith("nat-", StringComparison.Ordinal) && input.Cloud.Subnets.Any(subnet => subnet.Cidr == route.To)
                    )
                )
                {
                    input.Report.Error(
                        DesignCodes.RouteToItself,
                        route.To.ToString(),
                        $"spec.routing.routes[{i}].to",
                        $"{route.To} lies in {block}, the VPC's own: "
                            + $"its local route cannot be overridden, but for a whole subnet by a NAT gateway.",
                        "Take the route out."
                    );
                    break;
                }
            }
        }
    }

    private static void CheckUsed(DesignInput input, PodSubnet subnet, SeenRouteTable? table, EquatableArray<Route> routes)
    {
        var path = $"spec.subnets.existing.{subnet.Zone}";
        if (!input.Actual.Ids.SubnetAssociations.ContainsKey(subnet.Ref.Id))
        {
            input.Report.Warning(
                DesignCodes.MainTable,
                subnet.Ref.ToString(),
                path,
                $"{subnet.Ref} has no route table of its own and follows the VPC's main "
                    + $"table: whoever changes that one changes where pods reach.",
                $"Associate a table of its own:\n  aws ec2 associate-route-table --subnet-id {subnet.Ref} --route-table-id rtb-…"
            );
        }
        foreach (var wanted in RouteTableChoice.RoutesOf(input.Spec, subnet.Zone))
        {
            if (!routes.Any(route => route.To == wanted.To && route.Via == wanted.Via))
            {
                input.Report.Warning(
                    DesignCodes.RouteMissing,
                    subnet.Ref.ToString(),
                    path,
                    $"The route table of {subnet.Ref} ({table?.Id.Text ?? "unknown"}), "
                        + $"which is not ours, has no route to {wanted.To} via {wanted.Via}.",
                    $"Add it there:\n  aws ec2 create-route --route-table-id "
                        + $"{table?.Id.Text ?? "rtb-…"} --destination-cidr-block {wanted.To}"
                );
            }
        }
    }

    private static void CheckWayOut(DesignInput input, PodSubnet subnet, EquatableArray<Route> routes)
    {
        var routing = input.Spec.Routing;
        if (routing.Source == PacketSource.Pod)
        {
            if (!routes.Any(route => route.To == Everywhere))
            {
                input.Report.Warning(
                    DesignCodes.NoWayOut,
                    subnet.Ref.ToString(),
                    "spec.routing.source",
                    $"With source: pod, pods of {subnet.Zone} leave the VPC by their own "
                        + $"subnet's routes, and those have none to 0.0.0.0/0: no Internet, no public AWS endpoints.",
                    "Add a route via a NAT gateway or transit gateway to 'spec.routing.routes', unless pods shall not get out."
                );
            }
            return;
        }
        foreach (var kept in routing.KeepPodAddressTo)
        {
            if (!routes.Any(route => route.To.Contains(kept)) && !input.LiveBlocks.Any(block => block.Contains(kept)))
            {
                input.Report.Warning(
                    DesignCodes.NoWayOut,
                    kept.ToString(),
                    "spec.routing.keepPodAddressTo",
                    $"Packets to {kept} keep the pod's address and leave by the pod subnet of {subnet.Zone}, "
                        + $"which has no route there: they are dropped.",
                    $"Add a route to {kept} to 'spec.routing.routes'."
                );
            }
        }
    }

    private static EquatableArray<Route> Table(DesignInput input, Network network, PodSubnet subnet, out SeenRouteTable? table)
    {
        table = null;
        if (subnet.RouteTable is { IsMade: true } made)
        {
            return network.RouteTables.First(candidate => candidate.Ref == made).Routes;
        }
        var id = input.Actual.Ids.SubnetAssociations.TryGetValue(subnet.Ref.Id, out var association) ? association.Table : (AwsId?)null;
        table = input.Cloud.RouteTables.FirstOrDefault(candidate => id is null ? candidate.IsMain : candidate.Id == id);
        return (table?.Routes ?? [])
            .Where(route => route is { To: not null, Via: not "local" })
            .Select(route => new Route(route.To!.Value, route.Via))
            .ToEquatable();
    }
}
