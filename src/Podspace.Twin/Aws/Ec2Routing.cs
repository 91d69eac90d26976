using Podspace.Simulation.State;

namespace Podspace.Twin.Aws;

/// <summary>Route tables and routes on the wire.</summary>
internal static class Ec2Routing
{
    private static readonly Listing<RouteTable> Tables = new("DescribeRouteTables", "routeTableSet", view => view.Aws.RouteTables, Write)
    {
        IdParameter = "RouteTableId",
        Id = table => table.RouteTableId,
        Missing = ("InvalidRouteTableID.NotFound", "routeTable ID"),
        Tags = table => table.Tags,
        Sees = (view, table) => view.Of.Sees(table),
        Owns = (view, table) => view.Of.OwnsVpc(table.VpcId),
        Filters = new()
        {
            ["vpc-id"] = (_, table) => [table.VpcId],
            ["route-table-id"] = (_, table) => [table.RouteTableId],
            ["association.route-table-association-id"] = (_, table) =>
                table.Associations.Select(association => association.RouteTableAssociationId),
            ["association.route-table-id"] = (_, table) => table.Associations.Count > 0 ? [table.RouteTableId] : [],
            ["association.subnet-id"] = (_, table) => table.Associations.Select(association => association.SubnetId),
            ["association.gateway-id"] = (_, table) => table.Associations.Select(association => association.GatewayId),
            ["association.main"] = (_, table) => table.Associations.Select(association => association.Main ? "true" : "false"),
            ["owner-id"] = (view, table) => [view.OwnerOfVpc(table.VpcId)],
            ["route.destination-cidr-block"] = (view, table) => view.World.Ec2.RoutesOf(table).Select(route => route.DestinationCidrBlock),
            ["route.destination-prefix-list-id"] = (_, table) => table.Routes.Select(route => route.DestinationPrefixListId),
            ["route.gateway-id"] = (view, table) => view.World.Ec2.RoutesOf(table).Select(route => route.GatewayId),
            ["route.nat-gateway-id"] = (_, table) => table.Routes.Select(route => route.NatGatewayId),
            ["route.transit-gateway-id"] = (_, table) => table.Routes.Select(route => route.TransitGatewayId),
            ["route.vpc-peering-connection-id"] = (_, table) => table.Routes.Select(route => route.VpcPeeringConnectionId),
            ["route.origin"] = (view, table) => view.World.Ec2.RoutesOf(table).Select(route => route.Origin),
            ["route.state"] = (view, table) => view.World.Ec2.RoutesOf(table).Select(route => route.State),
        },
    };

    public static IEnumerable<Ec2Operation> Operations =>
        [
            Tables.ToOperation(),
            Ec2Operation.Write(
                "CreateRouteTable",
                "VpcId* ClientToken TagSpecification DryRun",
                (call, answer) =>
                {
                    var table = call.Ec2.CreateRouteTable(call.Required("VpcId"), call.Text("ClientToken"), call.TagsFor("route-table"));
                    answer.In("routeTable", body => Write(body, call.View, table)).Text("clientToken", call.Text("ClientToken"));
                }
            ),
            Ec2Operation.Write(
                "DeleteRouteTable",
                "RouteTableId* DryRun",
                (call, answer) =>
                {
                    call.Ec2.DeleteRouteTable(call.Required("RouteTableId"));
                    answer.Text("return", true);
                }
            ),
            Ec2Operation.Write(
                "CreateRoute",
                "RouteTableId* DestinationCidrBlock DestinationPrefixListId GatewayId NatGatewayId "
                    + "TransitGatewayId VpcPeeringConnectionId NetworkInterfaceId VpcEndpointId DryRun",
                CreateRoute
            ),
            Ec2Operation.Write(
                "DeleteRoute",
                "RouteTableId* DestinationCidrBlock DestinationPrefixListId DryRun",
                (call, answer) =>
                {
                    call.Ec2.DeleteRoute(
                        call.Required("RouteTableId"),
                        call.Text("DestinationCidrBlock"),
                        call.Text("DestinationPrefixListId")
                    );
                    answer.Text("return", true);
                }
            ),
            Ec2Operation.Write(
                "AssociateRouteTable",
                "RouteTableId* SubnetId GatewayId DryRun",
                (call, answer) =>
                {
                    var association = call.Ec2.AssociateRouteTable(
                        call.Required("RouteTableId"),
                        call.Text("SubnetId"),
                        call.Text("GatewayId")
                    );
                    answer.Text("associationId", association.RouteTableAssociationId).In("associationState", Associated);
                }
            ),
            Ec2Operation.Write(
                "ReplaceRouteTableAssociation",
                "AssociationId* RouteTableId* DryRun",
                (call, answer) =>
                {
                    var association = call.Ec2.ReplaceRouteTableAssociation(call.Required("AssociationId"), call.Required("RouteTableId"));
                    answer.Text("newAssociationId", association.RouteTableAssociationId).In("associationState", Associated);
                }
            ),
            Ec2Operation.Write(
                "DisassociateRouteTable",
                "AssociationId* DryRun",
                (call, answer) =>
                {
                    call.Ec2.DisassociateRouteTable(call.Required("AssociationId"));
                    answer.Text("return", true);
                }
            ),
        ];

    private static void CreateRoute(Ec2Call call, Xml answer)
    {
        if (call.Text("GatewayId") is not null && call.Text("VpcEndpointId") is not null)
        {
            throw new Simulation.WorldRefusal("InvalidParameterCombination", "Specify either gatewayId or vpcEndpointId.");
        }
        call.Ec2.CreateRoute(
            call.Required("RouteTableId"),
            new()
            {
                DestinationCidrBlock = call.Text("DestinationCidrBlock"),
                DestinationPrefixListId = call.Text("DestinationPrefixListId"),
                GatewayId = call.Text("GatewayId") ?? call.Text("VpcEndpointId"),
                NatGatewayId = call.Text("NatGatewayId"),
                TransitGatewayId = call.Text("TransitGatewayId"),
                VpcPeeringConnectionId = call.Text("VpcPeeringConnectionId"),
                NetworkInterfaceId = call.Text("NetworkInterfaceId"),
            }
        );
        answer.Text("return", true);
    }

    private static void Associated(Xml body) => body.Text("state", "associated");

    private static void Write(Xml body, Ec2View view, RouteTable table) =>
        body.Text("routeTableId", table.RouteTableId)
            .Text("vpcId", table.VpcId)
            .Text("ownerId", view.OwnerOfVpc(table.VpcId))
            .Each("routeSet", view.World.Ec2.RoutesOf(table), Write)
            .Each(
                "associationSet",
                table.Associations,
                (item, association) =>
                    item.Text("routeTableAssociationId", association.RouteTableAssociationId)
                        .Text("routeTableId", table.RouteTableId)
                        .Text("subnetId", association.SubnetId)
                        .Text("gatewayId", association.GatewayId)
                        .Text("main", association.Main)
                        .In("associationState", Associated)
            )
            .Each(
                "propagatingVgwSet",
                table.Routes.Where(route => route.Origin == "EnableVgwRoutePropagation").Select(route => route.GatewayId).Distinct(),
                (item, gateway) => item.Text("gatewayId", gateway)
            )
            .Tags(view.Of.OwnsVpc(table.VpcId) ? table.Tags : []);

    private static void Write(Xml body, Route route) =>
        body.Text("destinationCidrBlock", route.DestinationCidrBlock)
            .Text("destinationPrefixListId", route.DestinationPrefixListId)
            .Text("gatewayId", route.GatewayId)
            .Text("natGatewayId", route.NatGatewayId)
            .Text("transitGatewayId", route.TransitGatewayId)
            .Text("vpcPeeringConnectionId", route.VpcPeeringConnectionId)
            .Text("networkInterfaceId", route.NetworkInterfaceId)
            .Text("state", route.State)
            .Text("origin", route.Origin);
}
