using Podspace.Simulation.State;

namespace Podspace.Tests.Twin;

/// <summary>The guide's world with one of everything that EC2 describes.</summary>
internal static class FurnishedWorld
{
    public static readonly DateTimeOffset Started = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public static void Furnish(AwsState aws)
    {
        aws.Subnets =
        [
            new()
            {
                SubnetId = "subnet-1",
                VpcId = "vpc-1",
                CidrBlock = "10.196.24.0/26",
                AvailabilityZone = "eu-west-1b",
                Tags = [new() { Key = "Name", Value = "nodes" }],
            },
        ];
        aws.RouteTables[0].Routes =
        [
            new() { DestinationCidrBlock = "0.0.0.0/0", NatGatewayId = "nat-1" },
            new() { DestinationCidrBlock = "10.0.0.0/8", TransitGatewayId = "tgw-1" },
        ];
        aws.InternetGateways = [new() { InternetGatewayId = "igw-1", VpcId = "vpc-1" }];
        aws.NatGateways =
        [
            new()
            {
                NatGatewayId = "nat-1",
                VpcId = "vpc-1",
                SubnetId = "subnet-1",
            },
        ];
        aws.VpnGateways = [new() { VpnGatewayId = "vgw-1", VpcId = "vpc-1" }];
        aws.TransitGatewayVpcAttachments =
        [
            new()
            {
                TransitGatewayAttachmentId = "tgw-attach-1",
                TransitGatewayId = "tgw-1",
                VpcId = "vpc-1",
                SubnetIds = ["subnet-1"],
            },
        ];
        aws.VpcPeeringConnections =
        [
            new()
            {
                VpcPeeringConnectionId = "pcx-1",
                RequesterVpcInfo = new() { VpcId = "vpc-1", CidrBlockSet = [new() { CidrBlock = "10.196.24.0/24" }] },
                AccepterVpcInfo = new() { VpcId = "vpc-9", CidrBlockSet = [new() { CidrBlock = "10.9.0.0/16" }] },
            },
        ];
        aws.VpcEndpoints =
        [
            new()
            {
                VpcEndpointId = "vpce-1",
                VpcId = "vpc-1",
                ServiceName = "com.amazonaws.eu-west-1.sts",
                SubnetIds = ["subnet-1"],
                Groups = [new() { GroupId = "sg-default" }],
            },
        ];
        aws.PrefixLists =
        [
            new()
            {
                PrefixListId = "pl-1",
                PrefixListName = "office",
                MaxEntries = 10,
                Entries = [new() { Cidr = "192.0.2.0/24" }],
            },
        ];
        aws.Instances =
        [
            new()
            {
                InstanceId = "i-1",
                InstanceType = "m5.large",
                LaunchTime = Started,
            },
        ];
        aws.NetworkInterfaces =
        [
            new()
            {
                NetworkInterfaceId = "eni-1",
                SubnetId = "subnet-1",
                Groups = ["sg-default"],
                PrivateIpAddresses = ["10.196.24.4", "10.196.24.5", "10.196.24.6"],
                Ipv4Prefixes = ["10.196.24.32/28"],
                Attachment = new()
                {
                    AttachmentId = "eni-attach-1",
                    InstanceId = "i-1",
                    DeviceIndex = 0,
                    AttachTime = Started,
                },
            },
        ];
    }
}
