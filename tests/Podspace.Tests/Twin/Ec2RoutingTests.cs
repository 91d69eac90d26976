using Podspace.Simulation.State;

namespace Podspace.Tests.Twin;

/// <summary>Route tables and routes. Source of the rules: VPC User Guide, "Configure route tables".</summary>
public sealed class Ec2RoutingTests
{
    [Fact]
    public void The_same_token_makes_the_same_table()
    {
        var client = Ec2Client.OfGuide(change: aws => aws.Vpcs.Add(new() { VpcId = "vpc-2", CidrBlock = "10.9.0.0/16" }));
        var one = client.Ask("CreateRouteTable", "VpcId=vpc-1", "ClientToken=t");
        var two = client.Ask("CreateRouteTable", "VpcId=vpc-1", "ClientToken=t");
        Assert.Equal(one.Descendants("routeTableId").First().Value, two.Descendants("routeTableId").First().Value);
        Assert.Equal("IdempotentParameterMismatch", client.Try("CreateRouteTable", "VpcId=vpc-2", "ClientToken=t"));
        Assert.NotEqual(client.Table(), client.Table());
    }

    [Fact]
    public void A_table_in_use_or_main_stays()
    {
        var client = Ec2Client.OfGuide();
        var table = client.Table();
        var subnet = client.Subnet("10.196.24.0/26");
        var association = client.Ask("AssociateRouteTable", $"RouteTableId={table}", $"SubnetId={subnet}").Element("associationId")!.Value;
        Assert.Equal("DependencyViolation", client.Try("DeleteRouteTable", $"RouteTableId={table}"));
        Assert.Equal("DependencyViolation", client.Try("DeleteRouteTable", "RouteTableId=rtb-main"));
        Assert.Equal("InvalidParameterValue", client.Try("DisassociateRouteTable", "AssociationId=rtbassoc-main"));
        client.Ask("DisassociateRouteTable", $"AssociationId={association}");
        Assert.Equal("InvalidAssociationID.NotFound", client.Try("DisassociateRouteTable", $"AssociationId={association}"));
        Assert.Equal("done", client.Try("DeleteRouteTable", $"RouteTableId={table}"));
    }

    [Fact]
    public void A_subnet_has_one_table_and_moves_by_replacing_the_association()
    {
        var client = Ec2Client.OfGuide();
        var (one, two) = (client.Table(), client.Table());
        var subnet = client.Subnet("10.196.24.0/26");
        var association = client.Ask("AssociateRouteTable", $"RouteTableId={one}", $"SubnetId={subnet}").Element("associationId")!.Value;
        Assert.Equal("Resource.AlreadyAssociated", client.Try("AssociateRouteTable", $"RouteTableId={two}", $"SubnetId={subnet}"));
        var moved = client
            .Ask("ReplaceRouteTableAssociation", $"AssociationId={association}", $"RouteTableId={two}")
            .Element("newAssociationId")!
            .Value;
        Assert.NotEqual(association, moved);
        Assert.Equal(
            two,
            client
                .Ask("DescribeRouteTables", "Filter.1.Name=association.subnet-id", $"Filter.1.Value.1={subnet}")
                .Descendants("routeTableId")
                .First()
                .Value
        );
    }

    [Theory]
    [InlineData("0.0.0.0/0", "GatewayId=igw-1", "done")]
    [InlineData("0.0.0.0/0", "GatewayId=igw-9", "InvalidGatewayID.NotFound")]
    [InlineData("0.0.0.0/0", "GatewayId=igw-other", "InvalidParameterValue")]
    [InlineData("0.0.0.0/0", "NatGatewayId=nat-1", "done")]
    [InlineData("0.0.0.0/0", "NatGatewayId=nat-gone", "InvalidNatGatewayID.NotFound")]
    [InlineData("10.0.0.0/8", "TransitGatewayId=tgw-1", "done")]
    [InlineData("10.0.0.0/8", "TransitGatewayId=tgw-9", "InvalidTransitGatewayID.NotFound")]
    [InlineData("10.9.0.0/16", "VpcPeeringConnectionId=pcx-1", "done")]
    [InlineData("10.9.0.0/16", "VpcPeeringConnectionId=pcx-9", "InvalidVpcPeeringConnectionID.NotFound")]
    [InlineData("10.9.0.0/16", "VpcPeeringConnectionId=pcx-dead", "InvalidStateTransition")]
    [InlineData("10.196.24.0/24", "TransitGatewayId=tgw-1", "RouteAlreadyExists")]
    [InlineData("10.196.24.0/26", "TransitGatewayId=tgw-1", "InvalidParameterValue")]
    [InlineData("10.196.24.0/26", "NatGatewayId=nat-1", "done")]
    [InlineData("10.196.24.0/27", "NatGatewayId=nat-1", "InvalidParameterValue")]
    [InlineData("10.196.24.0/26", "VpcEndpointId=vpce-lb", "done")]
    [InlineData("0.0.0.0/0", "VpcEndpointId=vpce-if", "InvalidParameterValue")]
    public void A_route_leads_to_what_exists_at_the_tables_VPC(string destination, string target, string answer)
    {
        var client = Ec2Client.OfGuide(change: Neighbours);
        Assert.Equal(answer, client.Try("CreateRoute", "RouteTableId=rtb-main", $"DestinationCidrBlock={destination}", target));
    }

    [Fact]
    public void A_destination_has_one_route_and_a_route_one_target()
    {
        var client = Ec2Client.OfGuide(change: Neighbours);
        client.Ask("CreateRoute", "RouteTableId=rtb-main", "DestinationCidrBlock=10.0.0.0/8", "TransitGatewayId=tgw-1");
        Assert.Equal(
            "RouteAlreadyExists",
            client.Try("CreateRoute", "RouteTableId=rtb-main", "DestinationCidrBlock=10.0.0.9/8", "NatGatewayId=nat-1")
        );
        Assert.Equal("MissingParameter", client.Try("CreateRoute", "RouteTableId=rtb-main", "DestinationCidrBlock=11.0.0.0/8"));
        Assert.Equal(
            "InvalidParameterCombination",
            client.Try("CreateRoute", "RouteTableId=rtb-main", "DestinationCidrBlock=11.0.0.0/8", "NatGatewayId=nat-1", "GatewayId=igw-1")
        );
        client.Ask("DeleteRoute", "RouteTableId=rtb-main", "DestinationCidrBlock=10.0.0.0/8");
        Assert.Equal("InvalidRoute.NotFound", client.Try("DeleteRoute", "RouteTableId=rtb-main", "DestinationCidrBlock=10.0.0.0/8"));
        Assert.Equal("InvalidParameterValue", client.Try("DeleteRoute", "RouteTableId=rtb-main", "DestinationCidrBlock=10.196.24.0/24"));
    }

    [Fact]
    public void Local_routes_and_whole_prefix_lists_count_for_the_quota_of_routes()
    {
        var client = Ec2Client.OfGuide(change: aws =>
        {
            Neighbours(aws);
            aws.Quotas["L-93826ACB"] = 12;
            aws.PrefixLists.Add(new() { PrefixListId = "pl-1", MaxEntries = 10 });
        });
        client.Ask("CreateRoute", "RouteTableId=rtb-main", "DestinationPrefixListId=pl-1", "TransitGatewayId=tgw-1");
        client.Ask("CreateRoute", "RouteTableId=rtb-main", "DestinationCidrBlock=11.0.0.0/8", "TransitGatewayId=tgw-1");
        Assert.Equal(
            "RouteLimitExceeded",
            client.Try("CreateRoute", "RouteTableId=rtb-main", "DestinationCidrBlock=12.0.0.0/8", "TransitGatewayId=tgw-1")
        );
    }

    private static void Neighbours(AwsState aws)
    {
        aws.Subnets.Add(
            new()
            {
                SubnetId = "subnet-1",
                VpcId = "vpc-1",
                CidrBlock = "10.196.24.0/26",
                AvailabilityZone = "eu-west-1b",
            }
        );
        aws.InternetGateways =
        [
            new() { InternetGatewayId = "igw-1", VpcId = "vpc-1" },
            new() { InternetGatewayId = "igw-other", VpcId = "vpc-2" },
        ];
        aws.NatGateways =
        [
            new() { NatGatewayId = "nat-1", VpcId = "vpc-1" },
            new()
            {
                NatGatewayId = "nat-gone",
                VpcId = "vpc-1",
                State = "deleted",
            },
        ];
        aws.TransitGatewayVpcAttachments =
        [
            new()
            {
                TransitGatewayAttachmentId = "tgw-attach-1",
                TransitGatewayId = "tgw-1",
                VpcId = "vpc-1",
            },
        ];
        aws.VpcPeeringConnections = [Peering("pcx-1", "active"), Peering("pcx-dead", "rejected")];
        aws.VpcEndpoints =
        [
            new()
            {
                VpcEndpointId = "vpce-lb",
                VpcEndpointType = "GatewayLoadBalancer",
                VpcId = "vpc-1",
            },
            new() { VpcEndpointId = "vpce-if", VpcId = "vpc-1" },
        ];
    }

    private static VpcPeeringConnection Peering(string id, string status) =>
        new()
        {
            VpcPeeringConnectionId = id,
            RequesterVpcInfo = new() { VpcId = "vpc-1" },
            AccepterVpcInfo = new() { VpcId = "vpc-9" },
            Status = new() { Code = status },
        };
}
