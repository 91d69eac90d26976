using System.Xml.Linq;
using Podspace.Simulation.State;

namespace Podspace.Tests.Twin;

/// <summary>What the owner of a VPC and an account with which it shares a subnet see and may do. Source:
/// VPC User Guide, "Share your VPC with other accounts".</summary>
public sealed class SharedVpcTests
{
    private const string Network = "222233334444";
    private const string Cluster = "111122223333";
    private const string Share = "arn:aws:ram:eu-west-1:222233334444:resource-share/1";

    private readonly Ec2Client owner;
    private readonly Ec2Client participant;

    public SharedVpcTests()
    {
        participant = Ec2Client.OfGuide(change: aws =>
        {
            aws.OtherAccounts = [new() { Account = Network, AvailabilityZones = [Zone("a", 1), Zone("b", 3), Zone("c", 2)] }];
            aws.Vpcs[0].OwnerId = Network;
            aws.Vpcs[0].Tags = [new() { Key = "team", Value = "network" }];
            aws.SecurityGroups[0].OwnerId = Network;
            aws.Subnets = [Subnet("subnet-shared", "10.196.24.0/26", "eu-west-1b"), Subnet("subnet-kept", "10.196.24.64/26", "eu-west-1c")];
            aws.RouteTables.Add(
                new()
                {
                    RouteTableId = "rtb-kept",
                    VpcId = "vpc-1",
                    Associations = [new() { RouteTableAssociationId = "rtbassoc-kept", SubnetId = "subnet-kept" }],
                }
            );
            aws.ResourceShares =
            [
                new()
                {
                    ResourceShareArn = Share,
                    Name = "nodes",
                    OwningAccountId = Network,
                },
            ];
            aws.ResourceShareAssociations = [Part("PRINCIPAL", Cluster), Part("RESOURCE", Arn("subnet-shared"))];
        });
        owner = participant.As(Network);
    }

    [Fact]
    public void A_participant_sees_the_VPC_and_what_is_shared_with_it_and_no_tag_of_its_owner_s()
    {
        Assert.Equal([Network], Texts(participant.Ask("DescribeVpcs"), "ownerId"));
        Assert.Empty(participant.Ask("DescribeVpcs").Descendants("tagSet"));
        Assert.Empty(Texts(participant.Ask("DescribeVpcs", "Filter.1.Name=tag:team", "Filter.1.Value.1=network"), "vpcId"));
        Assert.Equal(["subnet-shared"], Texts(participant.Ask("DescribeSubnets"), "subnetId"));
        Assert.Equal(["rtb-main"], Texts(participant.Ask("DescribeRouteTables"), "routeTableId").Distinct());
        Assert.Equal("InvalidSubnetID.NotFound", participant.Try("DescribeSubnets", "SubnetId.1=subnet-kept"));

        Assert.Equal(["network"], Texts(owner.Ask("DescribeVpcs"), "value"));
        Assert.Equal(["subnet-shared", "subnet-kept"], Texts(owner.Ask("DescribeSubnets"), "subnetId"));
    }

    [Fact]
    public void Zones_have_each_account_s_names_and_the_same_ids()
    {
        Assert.Equal(["eu-west-1b", "euw1-az2"], Zones(participant, "subnet-shared"));
        Assert.Equal(["eu-west-1c", "euw1-az2"], Zones(owner, "subnet-shared"));

        var made = Texts(
            owner.Ask("CreateSubnet", "VpcId=vpc-1", "CidrBlock=10.196.24.128/26", "AvailabilityZone=eu-west-1b"),
            "availabilityZoneId"
        );

        Assert.Equal(["euw1-az3"], made);
    }

    [Theory]
    [InlineData("AssociateVpcCidrBlock", "VpcId=vpc-1", "CidrBlock=100.64.0.0/16")]
    [InlineData("CreateSubnet", "VpcId=vpc-1", "CidrBlock=10.196.24.128/26")]
    [InlineData("DeleteSubnet", "SubnetId=subnet-shared")]
    [InlineData("CreateSubnetCidrReservation", "SubnetId=subnet-shared", "Cidr=10.196.24.16/28", "ReservationType=prefix")]
    [InlineData("CreateRouteTable", "VpcId=vpc-1")]
    [InlineData("DeleteRouteTable", "RouteTableId=rtb-main")]
    [InlineData("AssociateRouteTable", "RouteTableId=rtb-main", "SubnetId=subnet-shared")]
    [InlineData("CreateTags", "ResourceId.1=subnet-shared", "Tag.1.Key=a", "Tag.1.Value=b")]
    [InlineData("DeleteSecurityGroup", "GroupId=sg-default")]
    [InlineData(
        "AuthorizeSecurityGroupIngress",
        "GroupId=sg-default",
        "IpPermissions.1.IpProtocol=-1",
        "IpPermissions.1.IpRanges.1.CidrIp=10.0.0.0/8"
    )]
    public void A_participant_changes_nothing_of_its_owner_s(string action, params string[] parameters)
    {
        Assert.Equal("UnauthorizedOperation", participant.Try(action, parameters));
        Assert.NotEqual("UnauthorizedOperation", owner.Try(action, parameters));
    }

    [Fact]
    public void A_participant_s_group_is_its_own_and_the_owner_only_looks()
    {
        var group = participant.Group("pods");

        Assert.Contains(group, Texts(owner.Ask("DescribeSecurityGroups"), "groupId"));
        Assert.Equal("UnauthorizedOperation", owner.Try("DeleteSecurityGroup", $"GroupId={group}"));
        Assert.Equal("done", participant.Try("DeleteSecurityGroup", $"GroupId={group}"));
    }

    [Fact]
    public void An_interface_stands_in_a_shared_subnet_with_groups_of_its_own_account()
    {
        var (own, theirs) = (participant.Group("pods"), owner.Group("servers"));

        Assert.Equal("InvalidGroup.NotFound", Interface(participant, "subnet-shared", theirs));
        Assert.Equal("InvalidGroup.NotFound", participant.Try("CreateNetworkInterface", "SubnetId=subnet-shared"));
        Assert.Equal("InvalidSubnetID.NotFound", Interface(participant, "subnet-kept", own));
        Assert.Equal("done", Interface(participant, "subnet-shared", own));
        Assert.Equal([Cluster], Texts(owner.Ask("DescribeNetworkInterfaces"), "ownerId"));
        Assert.Equal(
            "UnauthorizedOperation",
            owner.Try("DeleteNetworkInterface", $"NetworkInterfaceId={participant.Aws.NetworkInterfaces[0].NetworkInterfaceId}")
        );
    }

    [Fact]
    public void A_subnet_can_be_used_from_when_it_is_shared_until_it_is_not_and_what_stands_there_stays()
    {
        var group = participant.Group("pods");
        Assert.Equal(
            "done",
            owner.TryRam("AssociateResourceShare", $$"""{"resourceShareArn":"{{Share}}","resourceArns":["{{Arn("subnet-kept")}}"]}""")
        );
        Assert.Equal("InvalidSubnetID.NotFound", Interface(participant, "subnet-kept", group));
        owner.Wait();
        Assert.Equal("done", Interface(participant, "subnet-kept", group));

        Assert.Equal(
            "done",
            owner.TryRam("DisassociateResourceShare", $$"""{"resourceShareArn":"{{Share}}","resourceArns":["{{Arn("subnet-kept")}}"]}""")
        );
        owner.Wait();

        Assert.Equal("InvalidSubnetID.NotFound", Interface(participant, "subnet-kept", group));
        Assert.Equal("DependencyViolation", owner.Try("DeleteSubnet", "SubnetId=subnet-kept"));
        Assert.Equal(
            "done",
            participant.Try(
                "AssignPrivateIpAddresses",
                $"NetworkInterfaceId={participant.Aws.NetworkInterfaces[0].NetworkInterfaceId}",
                "SecondaryPrivateIpAddressCount=1"
            )
        );
    }

    [Theory]
    [InlineData(
        """{"name":"x","resourceArns":["arn:aws:ec2:eu-west-1:222233334444:subnet/subnet-kept"],"principals":["999999999999"]}""",
        "InvalidParameterException"
    )]
    [InlineData(
        """{"name":"x","resourceArns":["arn:aws:ec2:eu-west-1:222233334444:subnet/subnet-gone"],"principals":["111122223333"]}""",
        "UnknownResourceException"
    )]
    [InlineData(
        """{"name":"x","resourceArns":["arn:aws:ec2:eu-west-1:222233334444:vpc/vpc-1"],"principals":["111122223333"]}""",
        "MalformedArnException"
    )]
    [InlineData("""{"resourceArns":[]}""", "InvalidParameterException")]
    [InlineData(
        """{"name":"x","resourceArns":["arn:aws:ec2:eu-west-1:222233334444:subnet/subnet-kept"],"principals":["111122223333"]}""",
        "done"
    )]
    public void Subnets_are_shared_by_their_owner_within_the_organization(string body, string answer)
    {
        Assert.Equal(answer, owner.TryRam("CreateResourceShare", body));
        Assert.NotEqual("done", participant.TryRam("CreateResourceShare", body));
    }

    [Fact]
    public void The_same_token_makes_the_same_share()
    {
        const string Body = """{"name":"x","clientToken":"t-1","principals":["111122223333"]}""";

        owner.TryRam("CreateResourceShare", Body);
        owner.TryRam("CreateResourceShare", Body);

        Assert.Equal(2, owner.Aws.ResourceShares.Count);
    }

    private static string Interface(Ec2Client client, string subnet, string group) =>
        client.Try(
            "CreateNetworkInterface",
            $"SubnetId={subnet}",
            $"SecurityGroupId.1={group}",
            $"ClientToken={subnet}-{client.Aws.NetworkInterfaces.Count}"
        );

    private static IEnumerable<string> Zones(Ec2Client client, string subnet)
    {
        var answer = client.Ask("DescribeSubnets", $"SubnetId.1={subnet}");
        return [.. Texts(answer, "availabilityZone"), .. Texts(answer, "availabilityZoneId")];
    }

    private static IEnumerable<string> Texts(XElement answer, string name) => answer.Descendants(name).Select(element => element.Value);

    private static AvailabilityZone Zone(string letter, int number) =>
        new() { ZoneName = $"eu-west-1{letter}", ZoneId = $"euw1-az{number}" };

    private static Subnet Subnet(string id, string block, string zone) =>
        new()
        {
            SubnetId = id,
            VpcId = "vpc-1",
            CidrBlock = block,
            AvailabilityZone = zone,
            OwnerId = Network,
        };

    private static string Arn(string subnet) => $"arn:aws:ec2:eu-west-1:{Network}:subnet/{subnet}";

    private static ResourceShareAssociation Part(string type, string entity) =>
        new()
        {
            ResourceShareArn = Share,
            AssociationType = type,
            AssociatedEntity = entity,
        };
}
