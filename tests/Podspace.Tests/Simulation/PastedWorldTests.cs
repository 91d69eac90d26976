using Podspace.Simulation.State;
using Podspace.Simulation.WorldFile;

namespace Podspace.Tests.Simulation;

/// <summary>A world file that holds what the AWS CLI printed, as it stands.</summary>
public sealed class PastedWorldTests
{
    private const string Head = "apiVersion: podspace.io/v1alpha1\nkind: World\n";

    [Fact]
    public void What_the_AWS_CLI_prints_can_be_pasted()
    {
        var state = Read(
            Head
                + """
                aws: {
                  "AvailabilityZones": [
                    {
                      "State": "available",
                      "OptInStatus": "opt-in-not-required",
                      "Messages": [],
                      "RegionName": "eu-west-1",
                      "ZoneName": "eu-west-1a",
                      "ZoneId": "euw1-az1",
                      "ZoneType": "availability-zone"
                    }
                  ],
                  "Vpcs": [
                    {
                      "CidrBlock": "10.0.0.0/16",
                      "DhcpOptionsId": "dopt-1",
                      "State": "available",
                      "VpcId": "vpc-1",
                      "OwnerId": "111122223333",
                      "InstanceTenancy": "default",
                      "IsDefault": false
                    }
                  ],
                  "Subnets": [
                    {
                      "AvailabilityZone": "eu-west-1a",
                      "AvailabilityZoneId": "euw1-az1",
                      "AvailableIpAddressCount": 250,
                      "CidrBlock": "10.0.0.0/24",
                      "SubnetId": "subnet-1",
                      "VpcId": "vpc-1",
                      "SubnetArn": "arn:aws:ec2:x"
                    }
                  ],
                  "RouteTables": [
                    {
                      "Associations": [
                        {
                          "Main": true,
                          "RouteTableAssociationId": "rtbassoc-1",
                          "RouteTableId": "rtb-1",
                          "AssociationState": {"State": "associated"}
                        }
                      ],
                      "PropagatingVgws": [],
                      "RouteTableId": "rtb-1",
                      "Routes": [
                        {
                          "DestinationCidrBlock": "10.0.0.0/16",
                          "GatewayId": "local",
                          "Origin": "CreateRouteTable",
                          "State": "active"
                        }
                      ],
                      "VpcId": "vpc-1",
                      "OwnerId": "111122223333"
                    }
                  ],
                  "SecurityGroups": [
                    {
                      "Description": "d",
                      "GroupName": "g",
                      "OwnerId": "111122223333",
                      "GroupId": "sg-1",
                      "VpcId": "vpc-1",
                      "IpPermissions": [
                        {
                          "IpProtocol": "tcp",
                          "FromPort": 443,
                          "ToPort": 443,
                          "IpRanges": [{"CidrIp": "10.0.0.0/16", "Description": "all"}],
                          "UserIdGroupPairs": [{"GroupId": "sg-1", "UserId": "111122223333"}]
                        }
                      ],
                      "IpPermissionsEgress": [
                        {"IpProtocol": "-1", "IpRanges": [{"CidrIp": "0.0.0.0/0"}], "UserIdGroupPairs": []}
                      ]
                    }
                  ],
                  "InternetGateways": [
                    {
                      "Attachments": [{"State": "available", "VpcId": "vpc-1"}],
                      "InternetGatewayId": "igw-1",
                      "OwnerId": "111122223333",
                      "Tags": []
                    }
                  ],
                  "Instances": [
                    {
                      "InstanceId": "i-1",
                      "InstanceType": "m5.large",
                      "LaunchTime": "2026-08-01T00:00:00+00:00",
                      "State": {"Code": 16, "Name": "running"},
                      "SubnetId": "subnet-1",
                      "PrivateIpAddress": "10.0.0.9"
                    }
                  ],
                  "NetworkInterfaces": [
                    {
                      "Attachment": {
                        "AttachmentId": "eni-attach-1",
                        "DeviceIndex": 0,
                        "InstanceId": "i-1",
                        "Status": "attached",
                        "DeleteOnTermination": true
                      },
                      "Groups": [{"GroupId": "sg-1", "GroupName": "g"}],
                      "NetworkInterfaceId": "eni-1",
                      "SubnetId": "subnet-1",
                      "Status": "in-use",
                      "PrivateIpAddresses": [
                        {"Primary": false, "PrivateIpAddress": "10.0.0.10"},
                        {"Primary": true, "PrivateIpAddress": "10.0.0.9"}
                      ],
                      "Ipv4Prefixes": [{"Ipv4Prefix": "10.0.0.16/28"}]
                    }
                  ],
                  "InstanceTypes": [
                    {
                      "InstanceType": "m5.large",
                      "Hypervisor": "nitro",
                      "VCpuInfo": {"DefaultVCpus": 2, "DefaultCores": 1},
                      "NetworkInfo": {
                        "MaximumNetworkInterfaces": 3,
                        "Ipv4AddressesPerInterface": 10,
                        "EnaSupport": "required"
                      }
                    }
                  ]
                }
                kubernetes:
                  - apiVersion: v1
                    kind: List
                    items: [{apiVersion: v1, kind: Node, metadata: {name: a}}, {apiVersion: v1, kind: Node, metadata: {name: b}}]
                """
        );
        Assert.Empty(state.Aws.RouteTables[0].Routes);
        Assert.Equal("vpc-1", state.Aws.InternetGateways[0].VpcId);
        Assert.Equal("running", state.Aws.Instances[0].State);
        Assert.Equal(["10.0.0.9", "10.0.0.10"], state.Aws.NetworkInterfaces[0].PrivateIpAddresses);
        Assert.Equal(["sg-1", "10.0.0.16/28"], state.Aws.NetworkInterfaces[0].Groups.Concat(state.Aws.NetworkInterfaces[0].Ipv4Prefixes));
        Assert.Equal(
            (3, 10, 2),
            (
                state.Aws.InstanceTypes[0].MaximumNetworkInterfaces,
                state.Aws.InstanceTypes[0].Ipv4AddressesPerInterface,
                state.Aws.InstanceTypes[0].DefaultVCpus
            )
        );
        Assert.Equal(["a", "b"], state.Kubernetes.Select(item => item["metadata"]!["name"]!.ToString()));
        Assert.Equal(
            ["False tcp 443 10.0.0.0/16 ", "False tcp 443  sg-1", "True -1 -1 0.0.0.0/0 "],
            state.Aws.SecurityGroupRules.Select(rule =>
                $"{rule.IsEgress} {rule.IpProtocol} {rule.FromPort} {rule.CidrIpv4} {rule.ReferencedGroupInfo?.GroupId}"
            )
        );
    }

    private static WorldState Read(string text)
    {
        var read = WorldReader.Read(text, "w.yaml");
        Assert.True(read.Ok(out var state), string.Join('\n', read.Findings));
        return state;
    }
}
