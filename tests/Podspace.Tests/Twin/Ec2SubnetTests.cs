using CsCheck;
using Podspace.Addressing;
using Podspace.Simulation.Aws;

namespace Podspace.Tests.Twin;

/// <summary>Subnets, zones and reservations. Source of the rules: VPC User Guide, "Subnet
/// CIDR blocks", "Subnet CIDR reservations".</summary>
public sealed class Ec2SubnetTests
{
    [Theory]
    [InlineData("100.64.0.0/17", "done")]
    [InlineData("100.64.0.0/16", "done")]
    [InlineData("100.64.0.0/28", "done")]
    [InlineData("100.64.0.0/29", "InvalidSubnet.Range")]
    [InlineData("100.64.0.0/15", "InvalidSubnet.Range")]
    [InlineData("100.65.0.0/17", "InvalidSubnet.Range")]
    [InlineData("10.196.24.0/26", "done")]
    [InlineData("not a block", "InvalidParameterValue")]
    public void A_subnet_lies_inside_one_associated_block(string block, string answer)
    {
        var client = Ec2Client.OfGuide();
        client.Associate("100.64.0.0/16");
        Assert.Equal(answer, client.Try("CreateSubnet", "VpcId=vpc-1", $"CidrBlock={block}"));
    }

    [Fact]
    public void Subnets_do_not_overlap()
    {
        var client = Ec2Client.OfGuide();
        client.Subnet("10.196.24.0/26");
        Assert.Equal("InvalidSubnet.Conflict", client.Try("CreateSubnet", "VpcId=vpc-1", "CidrBlock=10.196.24.32/27"));
        Assert.Equal("InvalidSubnet.Conflict", client.Try("CreateSubnet", "VpcId=vpc-1", "CidrBlock=10.196.24.0/25"));
        Assert.Equal("done", client.Try("CreateSubnet", "VpcId=vpc-1", "CidrBlock=10.196.24.64/26"));
    }

    [Theory]
    [InlineData("AvailabilityZone=eu-west-1c", "eu-west-1c")]
    [InlineData("AvailabilityZoneId=euw1-az3", "eu-west-1c")]
    [InlineData("AvailabilityZone=eu-west-1z", "InvalidParameterValue")]
    public void A_zone_is_meant_by_its_name_or_its_id(string zone, string answer)
    {
        var (_, body) = Ec2Client.OfGuide().Send("CreateSubnet", "VpcId=vpc-1", "CidrBlock=10.196.24.0/26", zone);
        Assert.Equal(answer, (body.Descendants("availabilityZone").SingleOrDefault() ?? body.Descendants("Code").Single()).Value);
    }

    [Fact]
    public void A_subnet_is_pending_at_first_and_has_its_tags_from_the_start()
    {
        var client = Ec2Client.OfGuide();
        var answer = client.Ask(
            "CreateSubnet",
            "VpcId=vpc-1",
            "CidrBlock=10.196.24.0/26",
            "TagSpecification.1.ResourceType=subnet",
            "TagSpecification.1.Tag.1.Key=Name",
            "TagSpecification.1.Tag.1.Value=a&b <c>"
        );
        Assert.Equal(
            ("pending", "59", "a&b <c>"),
            (Value(answer, "state"), Value(answer, "availableIpAddressCount"), Value(answer, "value"))
        );
        client.Wait();
        Assert.Equal("available", Value(client.Ask("DescribeSubnets", "Filter.1.Name=tag:Name", "Filter.1.Value.1=a*"), "state"));
    }

    [Fact]
    public void The_quota_of_subnets_holds()
    {
        var client = Ec2Client.OfGuide(change: aws => aws.Quotas["L-407747CB"] = 1);
        client.Subnet("10.196.24.0/26");
        Assert.Equal("SubnetLimitExceeded", client.Try("CreateSubnet", "VpcId=vpc-1", "CidrBlock=10.196.24.64/26"));
    }

    [Fact]
    public void Addresses_and_prefixes_on_interfaces_are_not_free()
    {
        var client = Ec2Client.OfGuide();
        var subnet = client.Subnet("10.196.24.0/26");
        client.Aws.NetworkInterfaces.Add(
            new()
            {
                NetworkInterfaceId = "eni-1",
                SubnetId = subnet,
                PrivateIpAddresses = ["10.196.24.4", "10.196.24.5"],
                Ipv4Prefixes = ["10.196.24.16/28"],
            }
        );
        Assert.Equal("41", Value(client.Ask("DescribeSubnets"), "availableIpAddressCount"));
    }

    [Fact]
    public void A_subnet_that_holds_something_stays()
    {
        var client = Ec2Client.OfGuide();
        var subnet = client.Subnet("10.196.24.0/26");
        client.Aws.NetworkInterfaces.Add(new() { NetworkInterfaceId = "eni-1", SubnetId = subnet });
        Assert.Equal("DependencyViolation", client.Try("DeleteSubnet", $"SubnetId={subnet}"));
        client.Aws.NetworkInterfaces.Clear();
        client.Aws.NatGateways.Add(
            new()
            {
                NatGatewayId = "nat-1",
                VpcId = "vpc-1",
                SubnetId = subnet,
            }
        );
        Assert.Equal("DependencyViolation", client.Try("DeleteSubnet", $"SubnetId={subnet}"));
        client.Aws.NatGateways.Clear();
        client.Aws.VpcEndpoints.Add(new() { VpcEndpointId = "vpce-1", SubnetIds = [subnet] });
        Assert.Equal("DependencyViolation", client.Try("DeleteSubnet", $"SubnetId={subnet}"));
        client.Aws.VpcEndpoints.Clear();
        var reservation = Value(
            client.Ask("CreateSubnetCidrReservation", $"SubnetId={subnet}", "Cidr=10.196.24.16/28", "ReservationType=prefix"),
            "subnetCidrReservationId"
        );
        Assert.Equal("DependencyViolation", client.Try("DeleteSubnet", $"SubnetId={subnet}"));
        client.Ask("DeleteSubnetCidrReservation", $"SubnetCidrReservationId={reservation}");
        Assert.Equal("done", client.Try("DeleteSubnet", $"SubnetId={subnet}"));
        Assert.Equal("InvalidSubnetID.NotFound", client.Try("DeleteSubnet", $"SubnetId={subnet}"));
    }

    [Fact]
    public void A_deleted_subnet_takes_its_route_table_association_with_it()
    {
        var client = Ec2Client.OfGuide();
        var subnet = client.Subnet("10.196.24.0/26");
        var table = client.Table();
        client.Ask("AssociateRouteTable", $"RouteTableId={table}", $"SubnetId={subnet}");
        client.Ask("DeleteSubnet", $"SubnetId={subnet}");
        Assert.Equal("done", client.Try("DeleteRouteTable", $"RouteTableId={table}"));
    }

    [Theory]
    [InlineData("10.196.24.0/27", "prefix", "done")]
    [InlineData("10.196.24.0/26", "explicit", "done")]
    [InlineData("10.196.24.64/28", "prefix", "InvalidParameterValue")]
    [InlineData("10.196.24.56/29", "prefix", "InvalidParameterValue")]
    [InlineData("10.196.24.0/28", "other", "InvalidParameterValue")]
    public void A_reservation_lies_inside_its_subnet_and_over_no_other(string block, string type, string answer)
    {
        var client = Ec2Client.OfGuide();
        var subnet = client.Subnet("10.196.24.0/26");
        if (block != "10.196.24.0/26")
        {
            client.Ask("CreateSubnetCidrReservation", $"SubnetId={subnet}", "Cidr=10.196.24.48/28", "ReservationType=prefix");
        }
        Assert.Equal(answer, client.Try("CreateSubnetCidrReservation", $"SubnetId={subnet}", $"Cidr={block}", $"ReservationType={type}"));
    }

    [Fact]
    public void Public_addresses_are_a_subnets_attribute()
    {
        var client = Ec2Client.OfGuide();
        var subnet = client.Subnet("10.196.24.0/26");
        client.Ask("ModifySubnetAttribute", $"SubnetId={subnet}", "MapPublicIpOnLaunch.Value=true");
        Assert.Equal("true", Value(client.Ask("DescribeSubnets"), "mapPublicIpOnLaunch"));
    }

    private static readonly Gen<Cidr> Wanted =
        from address in Gen.UInt[0x6440_0000, 0x6443_FFFF]
        from length in Gen.Int[14, 30]
        select Cidr.Containing(new(address), length);

    [Fact]
    public void Whatever_is_asked_for_subnets_never_overlap_nor_leave_their_blocks() =>
        Wanted
            .List[1, 40]
            .Sample(
                wanted =>
                {
                    var client = Ec2Client.OfGuide();
                    client.Associate("100.64.0.0/16");
                    client.Associate("100.66.0.0/17");
                    foreach (var block in wanted)
                    {
                        client.Try("CreateSubnet", "VpcId=vpc-1", $"CidrBlock={block}");
                    }
                    var made = client.Aws.Subnets.ConvertAll(subnet => Cidr.Parse(subnet.CidrBlock));
                    Assert.All(made, one => Assert.Single(made, other => one.Overlaps(other)));
                    Assert.All(
                        made,
                        one => Assert.True(Cidr.Parse("100.64.0.0/16").Contains(one) || Cidr.Parse("100.66.0.0/17").Contains(one))
                    );
                },
                iter: 100
            );

    [Fact]
    public void Whatever_is_asked_for_a_VPCs_blocks_never_overlap() =>
        Wanted
            .List[1, 20]
            .Sample(
                wanted =>
                {
                    var client = Ec2Client.OfGuide(change: aws => aws.Quotas["L-83CA0A9D"] = 50);
                    foreach (var block in wanted)
                    {
                        client.Try("AssociateVpcCidrBlock", "VpcId=vpc-1", $"CidrBlock={block}");
                    }
                    var made = Ec2.Associations(client.Aws.Vpcs[0]).Select(association => Cidr.Parse(association.CidrBlock)).ToList();
                    Assert.All(made, one => Assert.Single(made, other => one.Overlaps(other)));
                    Assert.All(made, one => Assert.InRange(one.PrefixLength, 16, 28));
                },
                iter: 100
            );

    private static string Value(System.Xml.Linq.XElement answer, string name) => answer.Descendants(name).First().Value;
}
