using Podspace.Simulation.State;

namespace Podspace.Tests.Twin;

/// <summary>AssociateVpcCidrBlock and its end. Source of the rules: VPC User Guide, "VPC CIDR blocks".</summary>
public sealed class Ec2BlockTests
{
    [Theory]
    [InlineData("10.196.24.0/24", "100.64.0.0/16", "done")]
    [InlineData("10.196.24.0/24", "100.64.0.0/10", "InvalidVpc.Range")]
    [InlineData("10.196.24.0/24", "100.64.0.0/15", "InvalidVpc.Range")]
    [InlineData("10.196.24.0/24", "100.64.0.0/28", "done")]
    [InlineData("10.196.24.0/24", "100.64.0.0/29", "InvalidVpc.Range")]
    [InlineData("10.196.24.0/24", "10.197.0.0/16", "done")]
    [InlineData("10.196.24.0/24", "10.196.0.0/16", "InvalidVpc.Range")]
    [InlineData("10.196.24.0/24", "10.0.0.0/16", "done")]
    [InlineData("10.196.24.0/24", "172.16.0.0/16", "InvalidVpc.Range")]
    [InlineData("10.196.24.0/24", "192.168.0.0/16", "InvalidVpc.Range")]
    [InlineData("10.196.24.0/24", "198.19.0.0/16", "InvalidVpc.Range")]
    [InlineData("10.196.24.0/24", "203.0.112.0/20", "done")]
    [InlineData("10.196.24.0/24", "169.254.0.0/16", "InvalidVpc.Range")]
    [InlineData("10.1.0.0/20", "10.0.64.0/24", "InvalidVpc.Range")]
    [InlineData("10.1.0.0/20", "10.1.64.0/24", "done")]
    [InlineData("172.20.0.0/16", "172.31.0.0/20", "InvalidVpc.Range")]
    [InlineData("172.20.0.0/16", "172.21.0.0/16", "done")]
    [InlineData("172.20.0.0/16", "10.0.0.0/16", "InvalidVpc.Range")]
    [InlineData("192.168.0.0/20", "192.168.128.0/20", "done")]
    [InlineData("192.168.0.0/20", "172.16.0.0/16", "InvalidVpc.Range")]
    [InlineData("198.19.0.0/20", "198.19.128.0/20", "done")]
    [InlineData("198.19.0.0/20", "10.0.0.0/16", "InvalidVpc.Range")]
    [InlineData("100.64.0.0/16", "100.65.0.0/16", "done")]
    [InlineData("100.64.0.0/16", "10.0.0.0/16", "InvalidVpc.Range")]
    [InlineData("100.64.0.0/16", "198.19.0.0/16", "InvalidVpc.Range")]
    public void A_block_joins_a_VPC_only_as_the_restriction_table_allows(string primary, string block, string answer) =>
        Assert.Equal(answer, Ec2Client.OfGuide(primary).Try("AssociateVpcCidrBlock", "VpcId=vpc-1", $"CidrBlock={block}"));

    [Fact]
    public void A_VPC_with_a_100_64_block_still_takes_more_of_its_own_range()
    {
        var client = Ec2Client.OfGuide();
        client.Associate("100.64.0.0/16");
        Assert.Equal("done", client.Try("AssociateVpcCidrBlock", "VpcId=vpc-1", "CidrBlock=10.197.0.0/16"));
        Assert.Equal("InvalidVpc.Range", client.Try("AssociateVpcCidrBlock", "VpcId=vpc-1", "CidrBlock=172.16.0.0/16"));
    }

    [Theory]
    [InlineData("VpcId=vpc-2", "CidrBlock=100.64.0.0/16", "InvalidVpcID.NotFound")]
    [InlineData("VpcId=subnet-2", "CidrBlock=100.64.0.0/16", "InvalidVpcID.Malformed")]
    [InlineData("VpcId=vpc-1", "CidrBlock=100.64/16", "InvalidParameterValue")]
    [InlineData("VpcId=vpc-1", "CidrBlock=0100.64.0.0/16", "InvalidParameterValue")]
    [InlineData("VpcId=vpc-1", "CidrBlock=100.64.0.0/33", "InvalidParameterValue")]
    [InlineData("VpcId=vpc-1", "Nothing=1", "UnknownParameter")]
    [InlineData("VpcId=vpc-1", "DryRun=true", "UnknownParameter")]
    public void What_cannot_be_meant_is_refused(string vpc, string block, string answer) =>
        Assert.Equal(answer, Ec2Client.OfGuide().Try("AssociateVpcCidrBlock", vpc, block));

    [Fact]
    public void Host_bits_are_cleared_without_a_word()
    {
        var answer = Ec2Client.OfGuide().Ask("AssociateVpcCidrBlock", "VpcId=vpc-1", "CidrBlock=100.68.0.18/18");
        Assert.Equal("100.68.0.0/18", answer.Descendants("cidrBlock").Single().Value);
    }

    [Theory]
    [InlineData("10.0.0.0/24", "10.0.0.0/24", "InvalidVpc.Range")]
    [InlineData("10.0.0.0/24", "10.0.0.0/23", "InvalidVpc.Range")]
    [InlineData("10.0.0.0/24", "10.0.0.0/25", "done")]
    [InlineData("100.64.0.0/10", "100.64.0.0/16", "done")]
    [InlineData("100.64.3.0/24", "100.64.0.0/16", "InvalidVpc.Range")]
    [InlineData("0.0.0.0/0", "100.64.0.0/16", "done")]
    public void A_block_must_be_smaller_than_every_route_that_leads_into_it(string destination, string block, string answer)
    {
        var client = Ec2Client.OfGuide(change: aws =>
            aws.RouteTables.Add(
                new()
                {
                    RouteTableId = "rtb-2",
                    VpcId = "vpc-1",
                    Routes = [new() { DestinationCidrBlock = destination, TransitGatewayId = "tgw-1" }],
                }
            )
        );
        Assert.Equal(answer, client.Try("AssociateVpcCidrBlock", "VpcId=vpc-1", $"CidrBlock={block}"));
    }

    [Theory]
    [InlineData("active", "vpc-1", "100.64.0.0/16", "InvalidVpc.Range")]
    [InlineData("active", "vpc-1", "100.65.0.0/16", "done")]
    [InlineData("deleted", "vpc-1", "100.64.0.0/16", "done")]
    [InlineData("pending-acceptance", "vpc-1", "100.65.0.0/16", "OperationNotPermitted")]
    [InlineData("pending-acceptance", "vpc-9", "100.64.0.0/16", "done")]
    public void A_peering_connection_keeps_blocks_away(string status, string requester, string block, string answer)
    {
        var client = Ec2Client.OfGuide(change: aws => aws.VpcPeeringConnections.Add(Peering(requester, status)));
        Assert.Equal(answer, client.Try("AssociateVpcCidrBlock", "VpcId=vpc-1", $"CidrBlock={block}"));
    }

    [Fact]
    public void Five_blocks_are_the_most_and_the_primary_counts()
    {
        var client = Ec2Client.OfGuide();
        for (var number = 64; number < 68; number++)
        {
            client.Associate($"100.{number}.0.0/16");
        }
        Assert.Equal("CidrLimitExceeded", client.Try("AssociateVpcCidrBlock", "VpcId=vpc-1", "CidrBlock=100.68.0.0/16"));
        client.Aws.Quotas["L-83CA0A9D"] = 6;
        Assert.Equal("done", client.Try("AssociateVpcCidrBlock", "VpcId=vpc-1", "CidrBlock=100.68.0.0/16"));
    }

    [Fact]
    public void A_full_route_table_leaves_no_room_for_the_local_route()
    {
        var client = WithRoutes(499);
        Assert.Equal("RouteLimitExceeded", client.Try("AssociateVpcCidrBlock", "VpcId=vpc-1", "CidrBlock=100.64.0.0/16"));
    }

    [Fact]
    public void A_route_table_of_more_than_fifty_routes_has_room_for_another()
    {
        var client = WithRoutes(62);
        Assert.Equal("done", client.Try("AssociateVpcCidrBlock", "VpcId=vpc-1", "CidrBlock=100.64.0.0/16"));
    }

    private static Ec2Client WithRoutes(int count) =>
        Ec2Client.OfGuide(change: aws =>
            aws.RouteTables[0].Routes = [
                .. Enumerable
                    .Range(0, count)
                    .Select(number => new Route
                    {
                        DestinationCidrBlock = $"11.{number / 256}.{number % 256}.0/24",
                        TransitGatewayId = "tgw-1",
                    }),
            ]
        );

    [Fact]
    public void A_block_passes_through_its_states_and_is_forgotten_in_the_end()
    {
        var client = Ec2Client.OfGuide();
        var id = client.Ask("AssociateVpcCidrBlock", "VpcId=vpc-1", "CidrBlock=100.64.0.0/16").Descendants("associationId").Single().Value;
        Assert.Equal(["associated", "associating"], States(client));
        Assert.Equal("InvalidSubnet.Range", client.Try("CreateSubnet", "VpcId=vpc-1", "CidrBlock=100.64.0.0/17"));
        client.Wait();
        Assert.Equal(["associated", "associated"], States(client));
        Assert.Equal("disassociating", client.Ask("DisassociateVpcCidrBlock", $"AssociationId={id}").Descendants("state").Single().Value);
        client.Wait(0.4);
        Assert.Equal(["associated", "disassociated"], States(client));
        client.Wait();
        Assert.Equal(["associated"], States(client));
    }

    [Fact]
    public void The_primary_block_and_one_that_holds_a_subnet_stay()
    {
        var client = Ec2Client.OfGuide();
        client.Associate("100.64.0.0/16");
        var ids = client.Ask("DescribeVpcs").Descendants("associationId").Select(id => id.Value).ToList();
        var subnet = client.Subnet("100.64.0.0/17");
        Assert.Equal("OperationNotPermitted", client.Try("DisassociateVpcCidrBlock", $"AssociationId={ids[0]}"));
        Assert.Equal("InvalidCidrBlock.InUse", client.Try("DisassociateVpcCidrBlock", $"AssociationId={ids[1]}"));
        client.Ask("DeleteSubnet", $"SubnetId={subnet}");
        Assert.Equal("done", client.Try("DisassociateVpcCidrBlock", $"AssociationId={ids[1]}"));
        Assert.Equal("InvalidVpcCidrBlockAssociationID.NotFound", client.Try("DisassociateVpcCidrBlock", "AssociationId=vpc-cidr-assoc-9"));
    }

    [Fact]
    public void A_new_block_brings_a_local_route_to_every_table()
    {
        var client = Ec2Client.OfGuide();
        client.Associate("100.64.0.0/16");
        Assert.Equal(
            ["10.196.24.0/24 local", "100.64.0.0/16 local"],
            client
                .Ask("DescribeRouteTables")
                .Descendants("routeSet")
                .SelectMany(routes => routes.Elements())
                .Select(route => $"{route.Element("destinationCidrBlock")!.Value} {route.Element("gatewayId")!.Value}")
        );
    }

    private static IEnumerable<string> States(Ec2Client client) =>
        client.Ask("DescribeVpcs").Descendants("cidrBlockState").Select(state => state.Element("state")!.Value);

    private static VpcPeeringConnection Peering(string requester, string status) =>
        new()
        {
            VpcPeeringConnectionId = "pcx-1",
            RequesterVpcInfo = Side(requester),
            AccepterVpcInfo = Side(requester == "vpc-1" ? "vpc-9" : "vpc-1"),
            Status = new() { Code = status },
        };

    private static PeeringVpc Side(string vpc) =>
        new() { VpcId = vpc, CidrBlockSet = [new() { CidrBlock = vpc == "vpc-1" ? "10.196.24.0/24" : "100.64.0.0/16" }] };
}
