using Amazon;
using Amazon.EC2;
using Amazon.EC2.Model;
using Amazon.Runtime;
using Podspace.Twin;
using static Podspace.Tests.Twin.FurnishedWorld;

namespace Podspace.Tests.Twin;

/// <summary>The SDK that the product uses reads every describe answer, and its refusals, over the handler in process.</summary>
public sealed class Ec2SdkTests : IDisposable
{
    private readonly Ec2Client world = Ec2Client.OfGuide(change: Furnish);
    private readonly HttpClient http;
    private readonly AmazonEC2Client sdk;

    public Ec2SdkTests()
    {
        AWSConfigs.InitializeCollections = true;
        http = new(new TwinHandler(world.Endpoint, new NoEndpoint()));
        sdk = new(
            new BasicAWSCredentials("TWIN", "twin"),
            new AmazonEC2Config
            {
                ServiceURL = "http://aws.twin",
                AuthenticationRegion = "eu-west-1",
                MaxErrorRetry = 0,
                HttpClientFactory = new Factory(http),
            }
        );
    }

    public void Dispose()
    {
        sdk.Dispose();
        http.Dispose();
    }

    [Fact]
    public async Task Vpcs()
    {
        world.Ask("AssociateVpcCidrBlock", "VpcId=vpc-1", "CidrBlock=100.64.0.0/16");
        var vpc = Assert.Single((await sdk.DescribeVpcsAsync()).Vpcs);
        Assert.Equal(("vpc-1", "10.196.24.0/24", "111122223333", "available"), (vpc.VpcId, vpc.CidrBlock, vpc.OwnerId, vpc.State.Value));
        Assert.Equal(
            ["10.196.24.0/24 associated", "100.64.0.0/16 associating"],
            vpc.CidrBlockAssociationSet.Select(association => $"{association.CidrBlock} {association.CidrBlockState.State}")
        );
        Assert.True(
            (await sdk.DescribeVpcAttributeAsync(new() { VpcId = "vpc-1", Attribute = VpcAttributeName.EnableDnsSupport })).EnableDnsSupport
        );
    }

    [Fact]
    public async Task Subnets_zones_and_reservations()
    {
        var subnet = Assert.Single(
            (await sdk.DescribeSubnetsAsync(new DescribeSubnetsRequest { Filters = [new("vpc-id", ["vpc-1"])] })).Subnets
        );
        Assert.Equal(
            ("subnet-1", "10.196.24.0/26", "eu-west-1b", "euw1-az2", 40),
            (subnet.SubnetId, subnet.CidrBlock, subnet.AvailabilityZone, subnet.AvailabilityZoneId, subnet.AvailableIpAddressCount)
        );
        Assert.Equal("nodes", Assert.Single(subnet.Tags).Value);
        var zones = (await sdk.DescribeAvailabilityZonesAsync()).AvailabilityZones;
        Assert.Equal(
            ["eu-west-1a euw1-az1", "eu-west-1b euw1-az2", "eu-west-1c euw1-az3"],
            zones.Select(zone => $"{zone.ZoneName} {zone.ZoneId}")
        );
        Assert.All(zones, zone => Assert.Equal(("available", "availability-zone"), (zone.State.Value, zone.ZoneType)));
        var made = (
            await sdk.CreateSubnetCidrReservationAsync(
                new()
                {
                    SubnetId = "subnet-1",
                    Cidr = "10.196.24.16/28",
                    ReservationType = SubnetCidrReservationType.Prefix,
                    Description = "prefixes",
                }
            )
        ).SubnetCidrReservation;
        var read = Assert.Single((await sdk.GetSubnetCidrReservationsAsync(new() { SubnetId = "subnet-1" })).SubnetIpv4CidrReservations);
        Assert.Equal(
            (made.SubnetCidrReservationId, "10.196.24.16/28", "prefix"),
            (read.SubnetCidrReservationId, read.Cidr, read.ReservationType.Value)
        );
    }

    [Fact]
    public async Task Route_tables()
    {
        var table = Assert.Single(
            (await sdk.DescribeRouteTablesAsync(new DescribeRouteTablesRequest { RouteTableIds = ["rtb-main"] })).RouteTables
        );
        Assert.Equal(
            ["10.196.24.0/24 local", "0.0.0.0/0 nat-1", "10.0.0.0/8 tgw-1"],
            table.Routes.Select(route => $"{route.DestinationCidrBlock} {route.GatewayId ?? route.NatGatewayId ?? route.TransitGatewayId}")
        );
        Assert.All(table.Routes, route => Assert.Equal("active", route.State.Value));
        Assert.True(Assert.Single(table.Associations).Main);
    }

    [Fact]
    public async Task Security_groups_and_rules()
    {
        var answer = await sdk.AuthorizeSecurityGroupIngressAsync(
            new()
            {
                GroupId = "sg-default",
                IpPermissions =
                [
                    new()
                    {
                        IpProtocol = "tcp",
                        FromPort = 443,
                        ToPort = 443,
                        UserIdGroupPairs = [new() { GroupId = "sg-default", Description = "self" }],
                    },
                    new() { IpProtocol = "-1", Ipv4Ranges = [new() { CidrIp = "100.64.0.0/16" }] },
                ],
                TagSpecifications = [new() { ResourceType = ResourceType.SecurityGroupRule, Tags = [new("podspace.io/name", "x")] }],
            }
        );
        Assert.True(answer.Return);
        Assert.Equal(
            ["tcp 443 sg-default", "-1 -1 100.64.0.0/16"],
            answer.SecurityGroupRules.Select(rule =>
                $"{rule.IpProtocol} {rule.FromPort} {rule.CidrIpv4 ?? rule.ReferencedGroupInfo.GroupId}"
            )
        );
        var rules = (await sdk.DescribeSecurityGroupRulesAsync(new() { Filters = [new("group-id", ["sg-default"])] })).SecurityGroupRules;
        Assert.Equal(answer.SecurityGroupRules.Select(rule => rule.SecurityGroupRuleId), rules.Select(rule => rule.SecurityGroupRuleId));
        Assert.All(rules, rule => Assert.False(rule.IsEgress));
        Assert.All(rules, rule => Assert.Equal("x", Assert.Single(rule.Tags).Value));
        var group = Assert.Single((await sdk.DescribeSecurityGroupsAsync()).SecurityGroups);
        Assert.Equal(["tcp", "-1"], group.IpPermissions.Select(permission => permission.IpProtocol));
        var revoked = await sdk.RevokeSecurityGroupIngressAsync(
            new() { GroupId = "sg-default", SecurityGroupRuleIds = [rules[0].SecurityGroupRuleId] }
        );
        Assert.Equal("sg-default", Assert.Single(revoked.RevokedSecurityGroupRules).ReferencedGroupId);
    }

    [Fact]
    public async Task Network_acls()
    {
        var acl = Assert.Single((await sdk.DescribeNetworkAclsAsync()).NetworkAcls);
        Assert.True(acl.IsDefault);
        Assert.Equal("subnet-1", Assert.Single(acl.Associations).SubnetId);
        Assert.Equal(
            ["100 True allow", "100 False allow", "32767 True deny", "32767 False deny"],
            acl.Entries.Select(entry => $"{entry.RuleNumber} {entry.Egress} {entry.RuleAction}")
        );
    }

    [Fact]
    public async Task Endpoints_and_peerings()
    {
        var endpoint = Assert.Single((await sdk.DescribeVpcEndpointsAsync(new() { Filters = [new("vpc-id", ["vpc-1"])] })).VpcEndpoints);
        Assert.Equal(
            ("vpce-1", "Interface", "sg-default", "subnet-1"),
            (endpoint.VpcEndpointId, endpoint.VpcEndpointType.Value, endpoint.Groups[0].GroupId, endpoint.SubnetIds[0])
        );
        var peering = Assert.Single(
            (
                await sdk.DescribeVpcPeeringConnectionsAsync(
                    new DescribeVpcPeeringConnectionsRequest { Filters = [new("requester-vpc-info.vpc-id", ["vpc-1"])] }
                )
            ).VpcPeeringConnections
        );
        Assert.Equal(("active", "10.9.0.0/16"), (peering.Status.Code.Value, Assert.Single(peering.AccepterVpcInfo.CidrBlockSet).Cidr));
    }

    [Fact]
    public async Task Gateways()
    {
        var transit = Assert.Single(
            (
                await sdk.DescribeTransitGatewayVpcAttachmentsAsync(
                    new DescribeTransitGatewayVpcAttachmentsRequest { Filters = [new("vpc-id", ["vpc-1"])] }
                )
            ).TransitGatewayVpcAttachments
        );
        Assert.Equal(("tgw-1", "available", "subnet-1"), (transit.TransitGatewayId, transit.State.Value, Assert.Single(transit.SubnetIds)));
        var vpn = Assert.Single(
            (
                await sdk.DescribeVpnGatewaysAsync(new DescribeVpnGatewaysRequest { Filters = [new("attachment.vpc-id", ["vpc-1"])] })
            ).VpnGateways
        );
        Assert.Equal(("vgw-1", "vpc-1", "attached"), (vpn.VpnGatewayId, vpn.VpcAttachments[0].VpcId, vpn.VpcAttachments[0].State.Value));
        var nat = Assert.Single((await sdk.DescribeNatGatewaysAsync(new() { Filter = [new("vpc-id", ["vpc-1"])] })).NatGateways);
        Assert.Equal(("nat-1", "available", "public"), (nat.NatGatewayId, nat.State.Value, nat.ConnectivityType.Value));
        var internet = Assert.Single(
            (
                await sdk.DescribeInternetGatewaysAsync(
                    new DescribeInternetGatewaysRequest { Filters = [new("attachment.vpc-id", ["vpc-1"])] }
                )
            ).InternetGateways
        );
        Assert.Equal(("igw-1", "vpc-1"), (internet.InternetGatewayId, internet.Attachments[0].VpcId));
    }

    [Fact]
    public async Task Prefix_lists()
    {
        var list = Assert.Single((await sdk.DescribeManagedPrefixListsAsync(new())).PrefixLists);
        Assert.Equal(("pl-1", "office", 10), (list.PrefixListId, list.PrefixListName, list.MaxEntries));
        Assert.Equal(
            "192.0.2.0/24",
            Assert.Single((await sdk.GetManagedPrefixListEntriesAsync(new() { PrefixListId = "pl-1" })).Entries).Cidr
        );
    }

    [Fact]
    public async Task Instances_and_their_types()
    {
        var instance = Assert.Single(
            Assert
                .Single(
                    (await sdk.DescribeInstancesAsync(new DescribeInstancesRequest { Filters = [new("vpc-id", ["vpc-1"])] })).Reservations
                )
                .Instances
        );
        Assert.Equal(
            ("i-1", "running", "m5.large", "eu-west-1b", "subnet-1", "vpc-1", "10.196.24.4", "ip-10-196-24-4.eu-west-1.compute.internal"),
            (
                instance.InstanceId,
                instance.State.Name.Value,
                instance.InstanceType.Value,
                instance.Placement.AvailabilityZone,
                instance.SubnetId,
                instance.VpcId,
                instance.PrivateIpAddress,
                instance.PrivateDnsName
            )
        );
        Assert.Equal(Started.UtcDateTime, instance.LaunchTime!.Value.ToUniversalTime());
        Assert.Equal(3, Assert.Single(instance.NetworkInterfaces).PrivateIpAddresses.Count);
        var type = Assert.Single((await sdk.DescribeInstanceTypesAsync(new() { InstanceTypes = ["m5.large"] })).InstanceTypes);
        Assert.Equal(
            (3, 10, "nitro", false),
            (type.NetworkInfo.MaximumNetworkInterfaces, type.NetworkInfo.Ipv4AddressesPerInterface, type.Hypervisor.Value, type.BareMetal)
        );
    }

    [Fact]
    public async Task Network_interfaces_through_their_life()
    {
        var read = Assert.Single(
            (
                await sdk.DescribeNetworkInterfacesAsync(new DescribeNetworkInterfacesRequest { Filters = [new("vpc-id", ["vpc-1"])] })
            ).NetworkInterfaces
        );
        Assert.Equal(
            ("eni-1", "in-use", "i-1", 0, "eu-west-1b", "default"),
            (
                read.NetworkInterfaceId,
                read.Status.Value,
                read.Attachment.InstanceId,
                read.Attachment.DeviceIndex,
                read.AvailabilityZone,
                Assert.Single(read.Groups).GroupName
            )
        );
        Assert.Equal([true, false, false], read.PrivateIpAddresses.Select(address => address.Primary == true));
        Assert.Equal("10.196.24.32/28", Assert.Single(read.Ipv4Prefixes).Ipv4Prefix);
        var made = (
            await sdk.CreateNetworkInterfaceAsync(
                new()
                {
                    SubnetId = "subnet-1",
                    Groups = ["sg-default"],
                    Description = "second",
                    SecondaryPrivateIpAddressCount = 1,
                }
            )
        ).NetworkInterface;
        Assert.Equal(2, made.PrivateIpAddresses.Count);
        var assigned = await sdk.AssignPrivateIpAddressesAsync(
            new() { NetworkInterfaceId = made.NetworkInterfaceId, SecondaryPrivateIpAddressCount = 1 }
        );
        await sdk.UnassignPrivateIpAddressesAsync(
            new()
            {
                NetworkInterfaceId = made.NetworkInterfaceId,
                PrivateIpAddresses = [Assert.Single(assigned.AssignedPrivateIpAddresses).PrivateIpAddress],
            }
        );
        var attached = await sdk.AttachNetworkInterfaceAsync(
            new()
            {
                NetworkInterfaceId = made.NetworkInterfaceId,
                InstanceId = "i-1",
                DeviceIndex = 1,
            }
        );
        await sdk.DetachNetworkInterfaceAsync(new DetachNetworkInterfaceRequest { AttachmentId = attached.AttachmentId });
        await sdk.DeleteNetworkInterfaceAsync(new DeleteNetworkInterfaceRequest { NetworkInterfaceId = made.NetworkInterfaceId });
        Assert.Single(world.Aws.NetworkInterfaces);
    }

    [Fact]
    public async Task A_terminated_instance_takes_its_interface_with_it()
    {
        var change = Assert.Single(
            (await sdk.TerminateInstancesAsync(new TerminateInstancesRequest { InstanceIds = ["i-1"] })).TerminatingInstances
        );
        Assert.Equal(("running", "shutting-down"), (change.PreviousState.Name.Value, change.CurrentState.Name.Value));
        world.Wait(1);
        Assert.Empty(world.Aws.NetworkInterfaces);
    }

    [Fact]
    public async Task Refusals_carry_code_status_and_request_id()
    {
        var refused = await Assert.ThrowsAsync<AmazonEC2Exception>(() =>
            sdk.CreateSubnetAsync(new() { VpcId = "vpc-1", CidrBlock = "10.196.24.0/26" })
        );
        Assert.Equal(("InvalidSubnet.Conflict", System.Net.HttpStatusCode.BadRequest), (refused.ErrorCode, refused.StatusCode));
        Assert.NotNull(refused.RequestId);
        var rehearsed = await Assert.ThrowsAsync<AmazonEC2Exception>(() =>
            sdk.CreateSubnetAsync(
                new()
                {
                    VpcId = "vpc-1",
                    CidrBlock = "10.196.24.64/26",
                    DryRun = true,
                }
            )
        );
        Assert.Equal("DryRunOperation", rehearsed.ErrorCode);
    }

    private sealed class Factory(HttpClient http) : HttpClientFactory
    {
        public override HttpClient CreateHttpClient(IClientConfig clientConfig) => http;

        public override bool DisposeHttpClientsAfterUse(IClientConfig clientConfig) => false;
    }

    private sealed class NoEndpoint : IEndpoint
    {
        public Task<TwinResponse> HandleAsync(TwinRequest request, CancellationToken cancel) =>
            Task.FromResult(new TwinResponse(404, "text/plain", ReadOnlyMemory<byte>.Empty));
    }
}
