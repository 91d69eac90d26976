using System.Text.Json.Nodes;

namespace Podspace.ServerTests;

/// <summary>A client that nobody here wrote speaks to the twin.</summary>
public sealed class AwsCliTests
{
    [Fact]
    public async Task The_guide_is_done_by_hand()
    {
        await using var server = await GuideServer.StartAsync();
        var aws = new AwsCli(server.AwsUrl);
        await aws.AskAsync($"ec2 associate-vpc-cidr-block --vpc-id {GuideServer.Vpc} --cidr-block 100.64.0.0/16");
        await Until(async () =>
            (await aws.AskAsync("ec2 describe-vpcs"))["Vpcs"]![0]!["CidrBlockAssociationSet"]!
                .AsArray()
                .Any(association =>
                    Text(association, "CidrBlock") == "100.64.0.0/16" && Text(association!["CidrBlockState"], "State") == "associated"
                )
        );

        var table = Text(
            (
                await aws.AskAsync(
                    $"ec2 create-route-table --vpc-id {GuideServer.Vpc} --tag-specifications "
                        + $"ResourceType=route-table,Tags=[{{Key=Name,Value=cgnat-route-table}}]"
                )
            )["RouteTable"],
            "RouteTableId"
        );
        foreach (var (zone, block) in new[] { ("eu-west-1b", "100.64.0.0/17"), ("eu-west-1c", "100.64.128.0/17") })
        {
            var subnet = await aws.AskAsync(
                $"ec2 create-subnet --vpc-id {GuideServer.Vpc} --cidr-block {block} --availability-zone {zone} "
                    + $"--tag-specifications ResourceType=subnet,Tags=[{{Key=Name,Value=Internal/pods-{zone}}}]"
            );
            Assert.Equal(32763, (int)subnet["Subnet"]!["AvailableIpAddressCount"]!);
            await aws.AskAsync($"ec2 associate-route-table --route-table-id {table} --subnet-id {Text(subnet["Subnet"], "SubnetId")}");
        }

        var group = Text(
            await aws.AskAsync($"ec2 create-security-group --vpc-id {GuideServer.Vpc} --group-name cgnat-overlay-sg --description pods"),
            "GroupId"
        );
        foreach (var block in new[] { "10.196.24.0/24", "100.64.0.0/16" })
        {
            await aws.AskAsync($"ec2 authorize-security-group-ingress --group-id {group} --protocol -1 --cidr {block}");
        }
        // Step three of the guide's rules is there already: AWS makes it with the group.
        Assert.Contains(
            "(InvalidPermission.Duplicate)",
            await aws.RefusedAsync(
                $"ec2 authorize-security-group-egress --group-id {group} --ip-permissions IpProtocol=-1,IpRanges=[{{CidrIp=0.0.0.0/0}}]"
            ),
            StringComparison.Ordinal
        );

        var routes = (await aws.AskAsync($"ec2 describe-route-tables --route-table-ids {table}"))["RouteTables"]![0]!;
        Assert.Equal(
            ["10.196.24.0/24 local", "100.64.0.0/16 local"],
            routes["Routes"]!.AsArray().Select(route => $"{Text(route, "DestinationCidrBlock")} {Text(route, "GatewayId")}")
        );
        Assert.Equal(2, routes["Associations"]!.AsArray().Count);
        var rules = (await aws.AskAsync($"ec2 describe-security-group-rules --filters Name=group-id,Values={group}"))[
            "SecurityGroupRules"
        ]!.AsArray();
        Assert.Equal(
            ["False 10.196.24.0/24", "False 100.64.0.0/16", "True 0.0.0.0/0"],
            rules.Select(rule => $"{(bool)rule!["IsEgress"]!} {Text(rule, "CidrIpv4")}").Order(StringComparer.Ordinal)
        );
        Assert.Equal(
            ["Internal/pods-eu-west-1b", "Internal/pods-eu-west-1c"],
            (
                await aws.AskAsync(
                    $"ec2 describe-subnets --filters Name=vpc-id,Values={GuideServer.Vpc} "
                        + $"Name=cidr-block,Values=100.64.* --query Subnets[].Tags[].Value"
                )
            )
                .AsArray()
                .Select(name => (string)name!)
                .Order(StringComparer.Ordinal)
        );
    }

    [Theory]
    [InlineData(
        "associate-vpc-cidr-block --vpc-id vpc-09796d57be9cec2d2 --cidr-block 100.64.0.0/10",
        "(InvalidVpc.Range)",
        "AssociateVpcCidrBlock operation: The CIDR '100.64.0.0/10' is invalid"
    )]
    [InlineData(
        "associate-vpc-cidr-block --vpc-id vpc-09796d57be9cec2d2 --cidr-block 192.168.0.0/16",
        "(InvalidVpc.Range)",
        "Use a CIDR from the same private address range"
    )]
    [InlineData(
        "create-subnet --vpc-id vpc-09796d57be9cec2d2 --cidr-block 10.196.24.0/26",
        "(InvalidSubnet.Conflict)",
        "conflicts with another subnet"
    )]
    [InlineData(
        "create-subnet --vpc-id vpc-09796d57be9cec2d2 --cidr-block 100.64.0.0/17 --dry-run",
        "(DryRunOperation)",
        "Request would have succeeded"
    )]
    [InlineData("delete-subnet --subnet-id subnet-0c1c2f0f8f6f1e5b1", "(DependencyViolation)", "has dependencies and cannot be deleted")]
    [InlineData("describe-spot-price-history", "(InvalidAction)", "DescribeSpotPriceHistory")]
    public async Task A_refusal_is_printed_as_the_real_ones_are(string command, string code, string text)
    {
        await using var server = await GuideServer.StartAsync();
        var printed = await new AwsCli(server.AwsUrl).RefusedAsync($"ec2 {command}");
        Assert.Contains(code, printed, StringComparison.Ordinal);
        Assert.Contains(text, printed, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Everything_is_described()
    {
        await using var server = await GuideServer.StartAsync();
        var aws = new AwsCli(server.AwsUrl);
        foreach (
            var (command, count) in new (string, int)[]
            {
                ("describe-vpcs", 1),
                ("describe-subnets", 2),
                ("describe-route-tables", 2),
                ("describe-security-groups", 4),
                ("describe-security-group-rules --max-items 5", 5),
                ("describe-network-acls", 1),
                ("describe-vpc-endpoints", 1),
                ("describe-transit-gateway-vpc-attachments", 1),
                ("describe-vpc-peering-connections", 0),
                ("describe-availability-zones", 3),
                ("describe-instances --page-size 5", 6),
                ("describe-instance-types --instance-types m5.large", 1),
                ("describe-nat-gateways", 0),
                ("describe-managed-prefix-lists", 0),
            }
        )
        {
            var answer = await aws.AskAsync($"ec2 {command}");
            Assert.Equal((command, count), (command, answer.AsObject().First(field => field.Value is JsonArray).Value!.AsArray().Count));
        }
        Assert.Equal("111122223333", Text(await aws.AskAsync("sts get-caller-identity"), "Account"));
        Assert.Equal(server.KubeUrl, new Uri(Text((await aws.AskAsync("eks describe-cluster --name prod"))["cluster"], "endpoint")));
    }

    private static string Text(JsonNode? node, string name) => (string)node![name]!;

    private static async Task Until(Func<Task<bool>> reached)
    {
        var deadline = DateTime.UtcNow.AddSeconds(20);
        while (!await reached())
        {
            Assert.True(DateTime.UtcNow < deadline, "It has not come to pass in 20 seconds.");
        }
    }
}
