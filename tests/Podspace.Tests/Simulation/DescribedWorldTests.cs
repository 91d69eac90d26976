using System.Text;
using System.Text.Json.Nodes;
using Podspace.Simulation.State;
using Podspace.Simulation.WorldFile;
using Podspace.Spec;

namespace Podspace.Tests.Simulation;

/// <summary>Files as people mail them: parts missing, things named that nobody sent, keys of a newer AWS CLI.</summary>
public sealed class DescribedWorldTests
{
    private const string Vpcs = """
        {
          "Vpcs": [
            {
              "VpcId": "vpc-0a",
              "CidrBlock": "10.0.0.0/16",
              "OwnerId": "123456789012",
              "BrandNewKey": {"x": 1},
              "CidrBlockAssociationSet": [
                {
                  "AssociationId": "vpc-cidr-assoc-0a",
                  "CidrBlock": "10.0.0.0/16",
                  "CidrBlockState": {"State": "associated"}
                }
              ]
            }
          ]
        }
        """;
    private const string Subnets = """
        {
          "Subnets": [
            {
              "SubnetId": "subnet-0a",
              "VpcId": "vpc-0a",
              "CidrBlock": "10.0.0.0/24",
              "AvailabilityZone": "eu-west-1b",
              "AvailabilityZoneId": "euw1-az3",
              "AvailableIpAddressCount": 251
            },
            {"SubnetId": "subnet-0f", "VpcId": "vpc-0f", "CidrBlock": "10.9.0.0/24", "AvailabilityZone": "eu-west-1b"}
          ]
        }
        """;
    private const string Tables = """
        {
          "RouteTables": [
            {
              "RouteTableId": "rtb-0a",
              "VpcId": "vpc-0a",
              "Associations": [{"RouteTableAssociationId": "rtbassoc-0a", "Main": true, "RouteTableId": "rtb-0a"}],
              "Routes": [
                {"DestinationCidrBlock": "10.0.0.0/16", "GatewayId": "local", "State": "active"},
                {
                  "DestinationCidrBlock": "0.0.0.0/0",
                  "NatGatewayId": "nat-0a",
                  "Origin": "CreateRoute",
                  "State": "active"
                },
                {"DestinationIpv6CidrBlock": "::/0", "EgressOnlyInternetGatewayId": "eigw-0a", "State": "active"}
              ]
            }
          ]
        }
        """;
    private const string Groups = """
        {
          "SecurityGroups": [
            {
              "GroupId": "sg-0a",
              "GroupName": "default",
              "Description": "default",
              "VpcId": "vpc-0a",
              "IpPermissions": [
                {"IpProtocol": "-1", "UserIdGroupPairs": [{"GroupId": "sg-0a"}]},
                {"IpProtocol": "tcp", "FromPort": 443, "ToPort": 443, "UserIdGroupPairs": [{"GroupId": "sg-0gone"}]}
              ]
            }
          ]
        }
        """;

    [Fact]
    public void Files_are_known_by_what_is_in_them_and_not_by_their_names()
    {
        var (world, problem, _) = Read([("a.json", Groups), ("mail-2.json", Vpcs), ("x.json", Tables), ("y.json", Subnets)]);

        Assert.True(world is not null, problem);
        Assert.Equal("123456789012", world.Aws.Account);
        Assert.Equal("eu-west-1", world.Aws.Region);
        Assert.Equal(["euw1-az3"], world.Aws.AvailabilityZones.Select(zone => zone.ZoneId));
        Assert.Equal(["subnet-0a"], world.Aws.Subnets.Select(subnet => subnet.SubnetId));
    }

    [Fact]
    public void What_is_named_and_was_not_sent_stands_there_with_its_id_alone_or_is_left_out_and_both_are_said()
    {
        var (world, _, notes) = Read([("v", Vpcs), ("s", Subnets), ("t", Tables), ("g", Groups)]);

        Assert.Equal(["nat-0a"], world!.Aws.NatGateways.Select(gateway => gateway.NatGatewayId));
        Assert.Contains("nat-0a is named and was not seen: it stands there with its id alone", notes);
        Assert.Contains(notes, note => note.Contains("names sg-0gone, which was not seen", StringComparison.Ordinal));
        Assert.Equal(["sg-0a"], world.Aws.SecurityGroupRules.Select(rule => rule.ReferencedGroupInfo!.GroupId));
    }

    [Fact]
    public void What_was_not_sent_is_a_gap_with_the_command_that_prints_it()
    {
        var (world, _, notes) = Read([
            ("v", Vpcs),
            ("s", Subnets),
            ("t", Tables),
            ("g", Groups),
            ("p", """{"VpcPeeringConnections": []}"""),
        ]);

        Assert.Contains("TransitGatewayAttachments", world!.Metadata.Unseen);
        Assert.DoesNotContain("Peerings", world.Metadata.Unseen);
        Assert.Contains(notes, note => note.Contains("\n  aws ec2 describe-transit-gateway-vpc-attachments", StringComparison.Ordinal));
    }

    [Fact]
    public void Without_what_a_network_is_made_of_there_is_no_world()
    {
        var (world, problem, _) = Read([("v", Vpcs), ("t", Tables)]);

        Assert.Null(world);
        Assert.Equal(
            "nothing of Subnets, SecurityGroups is in the files, and without it there is no network to look at. "
                + "To print it:\n  aws ec2 describe-subnets --output json\n  aws ec2 describe-security-groups --output json",
            problem
        );
    }

    [Fact]
    public void Of_several_VPCs_one_has_to_be_named()
    {
        var two = Vpcs.Replace(
            "\"Vpcs\": [",
            """
            "Vpcs": [
                {
                  "VpcId": "vpc-0f",
                  "CidrBlock": "10.9.0.0/16",
                  "CidrBlockAssociationSet": [{"AssociationId": "vpc-cidr-assoc-0f", "CidrBlock": "10.9.0.0/16"}]
                },
            """,
            StringComparison.Ordinal
        );
        (string, string)[] files = [("v", two), ("s", Subnets), ("t", Tables), ("g", Groups)];

        Assert.Equal(
            "the files show several VPCs. Name one of them with --vpc:\n  vpc-0f 10.9.0.0/16\n  vpc-0a 10.0.0.0/16",
            Read(files).Problem
        );
        Assert.Equal(["vpc-0a"], Read(files, vpc: "vpc-0a").World!.Aws.Vpcs.Select(one => one.VpcId));
        Assert.StartsWith("vpc-0b is not in the files.", Read(files, vpc: "vpc-0b").Problem, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(
        "{",
        "f(1,2): This is not JSON: Expected depth to be zero at the end of the JSON payload. There is an open JSON object or array that "
            + "should be closed. It is left out. Print it with --output json, or kubectl get -o json"
    )]
    [InlineData("""{"Buckets": []}""", "f holds nothing that is known here (Buckets): left out")]
    [InlineData(
        """{"Entries": []}""",
        "f holds the entries of a prefix list and does not say of which: name the file after it, such as pl-0123456789abcdef0.json"
    )]
    public void A_file_that_does_not_belong_there_is_named(string text, string note)
    {
        var (world, _, notes) = Read([("v", Vpcs), ("s", Subnets), ("t", Tables), ("g", Groups), ("f", text)]);

        Assert.NotNull(world);
        Assert.Contains(note, notes);
    }

    [Fact]
    public void A_file_that_was_sent_twice_counts_once()
    {
        var (world, problem, _) = Read([("v", Vpcs), ("again", Vpcs), ("s", Subnets), ("t", Tables), ("g", Groups)]);

        Assert.True(world is not null, problem);
    }

    [Fact]
    public void Pods_on_nodes_that_were_not_sent_are_left_out_and_Secrets_are_never_taken()
    {
        var list = new JsonObject
        {
            ["apiVersion"] = "v1",
            ["kind"] = "List",
            ["items"] = new JsonArray(
                new JsonObject
                {
                    ["apiVersion"] = "v1",
                    ["kind"] = "Pod",
                    ["metadata"] = new JsonObject { ["name"] = "a", ["namespace"] = "x" },
                    ["spec"] = new JsonObject { ["nodeName"] = "gone" },
                },
                new JsonObject
                {
                    ["apiVersion"] = "v1",
                    ["kind"] = "Secret",
                    ["metadata"] = new JsonObject { ["name"] = "s", ["namespace"] = "x" },
                    ["data"] = new JsonObject { ["k"] = "djE=" },
                }
            ),
        };
        var (world, problem, notes) = Read([("v", Vpcs), ("s", Subnets), ("t", Tables), ("g", Groups)], [("k", list.ToJsonString())]);

        Assert.True(world is not null, problem);
        Assert.Empty(world.Kubernetes);
        Assert.Contains("1 pods stand on nodes that were not seen", notes);
    }

    [Fact]
    public void Of_launch_templates_those_of_the_clusters_groups_are_kept_and_of_their_user_data_only_max_pods()
    {
        const string Cluster = """
            {
              "cluster": {
                "name": "prod",
                "version": "1.33",
                "status": "ACTIVE",
                "resourcesVpcConfig": {
                  "vpcId": "vpc-0a",
                  "subnetIds": ["subnet-0a"],
                  "clusterSecurityGroupId": "sg-0a"
                }
              }
            }
            """;
        const string Scaling = """
            {
              "AutoScalingGroups": [
                {
                  "AutoScalingGroupName": "workers",
                  "MinSize": 0,
                  "MaxSize": 3,
                  "DesiredCapacity": 0,
                  "VPCZoneIdentifier": "subnet-0a",
                  "Tags": [{"Key": "kubernetes.io/cluster/prod", "Value": "owned"}],
                  "LaunchTemplate": {"LaunchTemplateId": "lt-0a", "Version": "2"}
                },
                {"AutoScalingGroupName": "others", "LaunchTemplate": {"LaunchTemplateId": "lt-0f"}}
              ]
            }
            """;
        var userData = Convert.ToBase64String(
            Encoding.UTF8.GetBytes(
                "#!/bin/bash\nexport TOKEN=hunter2\n/etc/eks/bootstrap.sh prod --use-max-pods false --kubelet-extra-args '--max-pods=29'\n"
            )
        );
        var templates =
            "{\"LaunchTemplateVersions\": ["
            + string.Join(
                ", ",
                new[] { "lt-0a", "lt-0f" }.Select(id =>
                    $"{{\"LaunchTemplateId\": \"{id}\", \"LaunchTemplateName\": \"{id}\", \"VersionNumber\": "
                    + $"2, \"CreatedBy\": \"arn:aws:iam::123456789012:user/a\", \"LaunchTemplateData\": "
                    + $"{{\"InstanceType\": \"m5.large\", \"UserData\": \"{userData}\"}}}}"
                )
            )
            + "]}";
        var (world, problem, _) = Read([
            ("v", Vpcs),
            ("s", Subnets),
            ("t", Tables),
            ("g", Groups),
            ("c", Cluster),
            ("a", Scaling),
            ("l", templates),
        ]);

        Assert.True(world is not null, problem);
        Assert.Equal(["workers"], world.Aws.AutoScalingGroups.Select(group => group.AutoScalingGroupName));
        var template = Assert.Single(world.Aws.LaunchTemplateVersions);
        var kept = Encoding.UTF8.GetString(Convert.FromBase64String(template.LaunchTemplateData!.UserData!));
        Assert.Equal("lt-0a", template.LaunchTemplateId);
        Assert.Contains("--max-pods=29", kept, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", kept, StringComparison.Ordinal);
    }

    private static (WorldState? World, string Problem, EquatableArray<string> Notes) Read(
        (string Name, string Text)[] aws,
        (string Name, string Text)[]? kube = null,
        string? vpc = null
    ) =>
        DescribedWorld.Read(
            aws.Select(file => new SourceText(file.Name, file.Text)),
            (kube ?? []).Select(file => new SourceText(file.Name, file.Text)),
            vpc,
            DateTimeOffset.UnixEpoch
        );
}
