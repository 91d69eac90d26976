using Podspace.Addressing;
using Podspace.Simulation.State;

namespace Podspace.Simulation.Aws;

/// <summary>Routes. Source: VPC User Guide, "Configure route tables".</summary>
public sealed partial class Ec2
{
    /// <summary>As DescribeRouteTables shows them: a local route for every block that the VPC can use, then the table's own.</summary>
    public IEnumerable<Route> RoutesOf(RouteTable table)
    {
        var local = Aws.Vpcs.Find(vpc => vpc.VpcId == table.VpcId) is { } vpc ? UsableBlocks(vpc) : [];
        return local.Select(LocalRoute).Concat(StoredRoutes(table));
    }

    /// <param name="route">One destination and one target. A Gateway Load Balancer endpoint
    /// stands in GatewayId, as in DescribeRouteTables.</param>
    public void CreateRoute(string tableId, Route route)
    {
        var table = OwnRouteTable(tableId);
        var vpc = FindVpc(table.VpcId);
        CheckForm(route);
        CheckTarget(table, route);
        if (route.DestinationPrefixListId is { } list)
        {
            CheckNew(table, list, other => other.DestinationPrefixListId == list);
        }
        else
        {
            var to = ReadBlock(route.DestinationCidrBlock!, "destinationCidrBlock");
            route.DestinationCidrBlock = to.ToString();
            CheckNew(table, route.DestinationCidrBlock, other => Destination(other) == to);
            CheckMoreSpecific(vpc, to, route);
        }
        CheckRouteQuota(table, Weight(route));
        table.Routes.Add(route);
        Record("CreateRoute", $"{tableId} {route.DestinationCidrBlock ?? route.DestinationPrefixListId}");
    }

    public void DeleteRoute(string tableId, string? cidr, string? prefixListId)
    {
        var table = OwnRouteTable(tableId);
        var to = cidr is null ? (Cidr?)null : ReadBlock(cidr, "destinationCidrBlock");
        var route =
            RoutesOf(table).FirstOrDefault(route => to is null ? route.DestinationPrefixListId == prefixListId : Destination(route) == to)
            ?? throw new WorldRefusal(
                "InvalidRoute.NotFound",
                $"no route with destination-cidr-block {cidr ?? prefixListId} in route table {tableId}"
            );
        if (IsLocal(route))
        {
            throw new WorldRefusal("InvalidParameterValue", $"cannot remove local route {to} in route table {tableId}");
        }
        table.Routes.Remove(route);
        Record("DeleteRoute", $"{tableId} {cidr ?? prefixListId}");
    }

    /// <summary>A pasted describe answer holds local routes too; they are derived, so those are left out.</summary>
    private static IEnumerable<Route> StoredRoutes(RouteTable table) => table.Routes.Where(route => !IsLocal(route));

    private static bool IsLocal(Route route) => route.GatewayId == "local";

    private static Cidr? Destination(Route route) => route.DestinationCidrBlock is { } cidr ? Cidr.Parse(cidr) : null;

    private static Route LocalRoute(Cidr block) =>
        new()
        {
            DestinationCidrBlock = block.ToString(),
            GatewayId = "local",
            Origin = "CreateRouteTable",
        };

    private static void CheckForm(Route route)
    {
        if ((route.DestinationCidrBlock is null) == (route.DestinationPrefixListId is null))
        {
            throw new WorldRefusal(
                "InvalidParameterCombination",
                "Specify exactly one destination: destinationCidrBlock or destinationPrefixListId."
            );
        }
        string?[] targets =
        [
            route.GatewayId,
            route.NatGatewayId,
            route.TransitGatewayId,
            route.VpcPeeringConnectionId,
            route.NetworkInterfaceId,
        ];
        var count = targets.Count(target => target is not null);
        if (count != 1)
        {
            throw new WorldRefusal(
                count == 0 ? "MissingParameter" : "InvalidParameterCombination",
                "Specify exactly one target: gatewayId, natGatewayId, transitGatewayId, "
                    + "vpcPeeringConnectionId, networkInterfaceId or vpcEndpointId."
            );
        }
    }

    private void CheckNew(RouteTable table, string destination, Func<Route, bool> same)
    {
        if (RoutesOf(table).Any(same))
        {
            throw new WorldRefusal("RouteAlreadyExists", $"The route identified by {destination} already exists.");
        }
    }

    // Source: VPC User Guide, "Route table concepts": a route more specific than a local route takes the whole CIDR of a subnet of the VPC,
    // and only a NAT gateway, a network interface or a Gateway Load Balancer endpoint.
    private void CheckMoreSpecific(Vpc vpc, Cidr to, Route route)
    {
        if (!UsableBlocks(vpc).Any(block => block.Contains(to)))
        {
            return;
        }
        var isEndpoint = route.GatewayId?.StartsWith("vpce-", StringComparison.Ordinal) == true;
        var isWholeSubnet = Aws.Subnets.Exists(subnet => subnet.VpcId == vpc.VpcId && subnet.CidrBlock == to.ToString());
        if (!isWholeSubnet || (route.NatGatewayId is null && route.NetworkInterfaceId is null && !isEndpoint))
        {
            throw new WorldRefusal(
                "InvalidParameterValue",
                $"The destination CIDR block {to} is equal to or more specific than one of this VPC's CIDR blocks. "
                    + $"This route can target only an interface, a NAT gateway or a Gateway Load Balancer endpoint, "
                    + $"and its destination must be the whole CIDR of a subnet."
            );
        }
    }

    // Propagated routes have a quota of their own; a prefix list counts as many routes as it may hold.
    private void CheckRouteQuota(RouteTable table, int more)
    {
        var limit = Limit(Quota.RoutesPerTable);
        var count = RoutesOf(table).Where(route => route.Origin != "EnableVgwRoutePropagation").Sum(Weight);
        if (count + more > limit)
        {
            throw new WorldRefusal(
                "RouteLimitExceeded",
                $"The maximum number of routes of {table.RouteTableId} has been reached: {limit}."
            );
        }
    }

    private int Weight(Route route) =>
        route.DestinationPrefixListId is { } id ? Aws.PrefixLists.Find(list => list.PrefixListId == id)?.MaxEntries ?? 1 : 1;
}
