using Podspace.Addressing;
using Podspace.Cni;
using Podspace.Design;
using Podspace.Design.Rules;
using Podspace.Model;
using Podspace.Naming;
using Podspace.Observed;

namespace Podspace.Tests.Design;

public sealed class RuleTests
{
    private const string Tgw = "tgw-0aa36b6cfca793d8d";

    [Theory] // VPC User Guide, "IPv4 CIDR block association restrictions", row by row
    [InlineData("10.2.0.0/16", "100.64.0.0/16", true)]
    [InlineData("10.2.0.0/16", "10.3.0.0/16", true)]
    [InlineData("10.2.0.0/16", "10.0.0.0/16", true)]
    [InlineData("10.2.0.0/16", "44.0.0.0/16", true)]
    [InlineData("10.2.0.0/16", "172.16.0.0/16", false)]
    [InlineData("10.2.0.0/16", "192.168.0.0/16", false)]
    [InlineData("10.2.0.0/16", "198.19.0.0/16", false)]
    [InlineData("10.1.0.0/16", "10.0.0.0/16", false)]
    [InlineData("172.16.0.0/16", "100.127.0.0/16", true)]
    [InlineData("172.16.0.0/16", "172.17.0.0/16", true)]
    [InlineData("172.16.0.0/16", "172.31.0.0/16", false)]
    [InlineData("172.16.0.0/16", "10.0.0.0/16", false)]
    [InlineData("192.168.0.0/16", "100.64.0.0/16", true)]
    [InlineData("192.168.0.0/16", "172.16.0.0/16", false)]
    [InlineData("192.168.0.0/16", "198.19.0.0/16", false)]
    [InlineData("198.19.0.0/16", "100.64.0.0/16", true)]
    [InlineData("198.19.0.0/16", "10.0.0.0/16", false)]
    [InlineData("100.64.0.0/16", "100.65.0.0/16", true)]
    [InlineData("100.64.0.0/16", "10.0.0.0/16", false)]
    [InlineData("100.64.0.0/16", "198.19.0.0/16", false)]
    [InlineData("44.0.0.0/16", "192.168.0.0/16", false)]
    [InlineData("10.2.0.0/16", "169.254.0.0/16", false)]
    public void The_restriction_table_allows_and_forbids(string existing, string block, bool allowed) =>
        Assert.Equal(allowed, RestrictionTable.Forbids([Cidr.Parse(existing)], Cidr.Parse(block)) is null);

    [Fact]
    public void A_private_vpc_that_has_a_pod_block_takes_more_of_its_own_family() =>
        Assert.Null(RestrictionTable.Forbids([Cidr.Parse("10.2.0.0/16"), Cidr.Parse("100.64.0.0/16")], Cidr.Parse("10.3.0.0/16")));

    private const string Fixed = "  addresses: {blocks: [100.64.0.0/16]}";

    public static TheoryData<string, string, string> Refusals =>
        new()
        {
            { "route", "PS1102", "route table rtb-main has a route to 100.64.3.0/24" },
            { "same-route", "PS1102", "has a route to 100.64.0.0/16" },
            { "own", "PS1103", "100.64.0.0/16 overlaps 100.64.128.0/17" },
            { "peer", "PS1104", "the peered vpc-other has 100.64.9.0/24" },
            { "pending", "PS1105", "waits to be accepted" },
            { "claimed", "PS1112", "belongs to overlay other" },
            { "blocks", "PS1107", "the quota is 5 (L-83CA0A9D" },
            { "routes", "PS1108", "and the quota is 500 (L-93826ACB, at most 1,000)" },
            { "subnets", "PS1208", "and the quota is 2" },
            { "tables", "PS1301", "and the quota is 1" },
            { "zone", "PS1201", "has no zone eu-west-1b" },
            { "closed", "PS1202", "Zone eu-west-1b is not-opted-in" },
            { "account", "PS1001", "" },
            { "vpc", "PS1005", "Cluster prod is in vpc-elsewhere" },
            { "ipv6", "PS1501", "gives pods IPv6 addresses" },
            { "gap", "PS1006", "ec2:DescribeRouteTables" },
            { "types", "PS1502", "hpc6id.32xlarge takes 1 network interface, and 2 are needed" },
            { "eniconfig", "PS1506", "ENIConfig eu-west-1b is there, is not ours" },
            { "automode", "PS1522", "names no node role of Auto Mode" },
            { "mixed", "PS1008", "mode: [eniConfig, autoMode]" },
            { "cni", "PS1009", "no Amazon VPC CNI" },
            { "shared", "PS1011", "only its owner" },
            { "nodezone", "PS1201", "Nodes can start in eu-west-1c" },
        };

    [Theory]
    [MemberData(nameof(Refusals))]
    public void What_AWS_or_the_cluster_would_refuse_is_refused_first(string world, string code, string words)
    {
        var spec = world switch
        {
            "account" => SmallVpc.Spec($"{Fixed}\n  account: \"999999999999\""),
            "eniconfig" => SmallVpc.Spec($"{Fixed}\n  cni: {{eniConfigs: addon}}"),
            "nodezone" => SmallVpc.Spec($"{Fixed}\n  zones: [eu-west-1b]"),
            _ => SmallVpc.Spec(Fixed),
        };
        var said = NetworkDesign.From(spec, World(world)).Findings;
        Assert.Contains(
            said,
            finding =>
                finding.Code == code
                && finding.Severity == Podspace.Findings.Severity.Error
                && finding.Problem.Contains(words, StringComparison.Ordinal) | finding.Fix.Contains(words, StringComparison.Ordinal)
        );
        Assert.All(said, finding => Assert.NotNull(finding.Place));
    }

    [Fact]
    public void A_route_table_of_62_routes_is_no_obstacle()
    {
        var crowded = Enumerable.Range(1, 60).Aggregate(SmallVpc.Guide(), (inventory, i) => inventory.WithRoute($"10.{i}.0.0/16"));

        Assert.DoesNotContain(NetworkDesign.From(SmallVpc.Spec(Fixed), crowded).Findings, finding => finding.Code == "PS1108");
    }

    private static Inventory World(string what)
    {
        var guide = SmallVpc.Guide();
        return what switch
        {
            "route" => guide.WithRoute("100.64.3.0/24"),
            "same-route" => guide.WithRoute("100.64.0.0/16"),
            "own" => guide.WithBlock("100.64.128.0/17"),
            "peer" => guide.With(cloud =>
                cloud with
                {
                    Peerings = [new(new("pcx-1"), "active", true, "vpc-other", [Cidr.Parse("100.64.9.0/24")])],
                }
            ),
            "pending" => guide.With(cloud => cloud with { Peerings = [new(new("pcx-1"), "pending-acceptance", true, "vpc-other", [])] }),
            "claimed" => guide.With(cloud =>
                cloud with
                {
                    Vpc = cloud.Vpc! with { Tags = [new(Tags.Block(Cidr.Parse("100.64.0.0/16")), "other@2026-01-01T00:00:00Z")] },
                }
            ),
            "blocks" => Enumerable.Range(1, 4).Aggregate(guide, (inventory, i) => inventory.WithBlock($"10.{i}.0.0/16")),
            "routes" => Enumerable.Range(0, 498).Aggregate(guide, (inventory, i) => inventory.WithRoute($"10.{i / 256}.{i % 256}.0/24")),
            "subnets" => guide.With(cloud => cloud with { Quotas = new() { SubnetsPerVpc = 2 } }),
            "tables" => guide.With(cloud => cloud with { Quotas = new() { RouteTablesPerVpc = 1 } }),
            "zone" => guide.With(cloud => cloud with { Zones = cloud.Zones.Where(zone => zone.Name != "eu-west-1b").ToEquatable() }),
            "closed" => guide.With(cloud =>
                cloud with
                {
                    Zones = cloud
                        .Zones.Select(zone => zone.Name == "eu-west-1b" ? zone with { State = "not-opted-in" } : zone)
                        .ToEquatable(),
                }
            ),
            "vpc" => guide.With(cloud => cloud with { Cluster = cloud.Cluster! with { Vpc = new("vpc-elsewhere") } }),
            "ipv6" => guide.With(cloud => cloud with { Cluster = cloud.Cluster! with { IpFamily = "ipv6" } }),
            "gap" => guide.With(cloud => cloud with { Gaps = [new(Reading.RouteTables, "UnauthorizedOperation")] }),
            "types" => guide.With(cloud => cloud with { Nodegroups = [cloud.Nodegroups[0] with { InstanceTypes = ["hpc6id.32xlarge"] }] }),
            "eniconfig" => guide.WithCluster(cluster =>
                cluster with
                {
                    EniConfigs = [new("eu-west-1b", "subnet-elsewhere", [], null, ["kubectl"])],
                }
            ),
            "automode" => guide
                .With(cloud => cloud with { VpcCni = null, Cluster = cloud.Cluster! with { IsAutoMode = true } })
                .WithCluster(cluster => cluster with { AwsNode = null }),
            "mixed" => guide.With(cloud => cloud with { Cluster = cloud.Cluster! with { IsAutoMode = true } }),
            "cni" => guide.With(cloud => cloud with { VpcCni = null }).WithCluster(cluster => cluster with { AwsNode = null }),
            "shared" => guide.With(cloud => cloud with { Vpc = cloud.Vpc! with { OwnerAccount = "222222222222" } }),
            _ => guide,
        };
    }

    [Fact]
    public void The_service_range_is_no_place_for_pods() =>
        Assert.Contains(
            "PS1106",
            SmallVpc.Say(
                SmallVpc.Spec(Fixed),
                SmallVpc.Guide().With(cloud => cloud with { Cluster = cloud.Cluster! with { ServiceCidr = Cidr.Parse("100.64.0.0/20") } })
            )
        );

    [Fact]
    public void A_transit_gateway_a_vpn_gateway_and_a_hidden_route_are_warned_of_before_the_association()
    {
        var inventory = SmallVpc
            .Guide()
            .WithRoute("100.64.0.0/10")
            .With(cloud =>
                cloud with
                {
                    TransitGatewayAttachments = [new(new("tgw-attach-1"), Tgw, "available", [])],
                    VpnGateways = [new(new("vgw-1"), "attached")],
                }
            );
        var said = SmallVpc.Say(SmallVpc.Spec(Fixed), inventory);
        Assert.Contains($"warning PS2107: {SmallVpc.Id} is attached to transit gateway {Tgw}", said);
        Assert.Contains("warning PS2108", said);
        Assert.Contains("warning PS1113", said);
        Assert.DoesNotContain("PS2107", SmallVpc.Say(SmallVpc.Spec(Fixed), inventory.WithBlock("100.64.0.0/16")));
    }

    [Fact]
    public void An_advisory_gap_warns_and_names_the_check_that_was_not_made()
    {
        var design = NetworkDesign.From(
            SmallVpc.Spec(),
            SmallVpc.Guide().With(cloud => cloud with { Gaps = [new(Reading.Peerings, "UnauthorizedOperation")] })
        );
        Assert.True(design.Ok(out _));
        Assert.Contains(
            design.Findings,
            finding =>
                finding.Code == "PS2001" && finding.Problem.Contains("that no peered VPC has the same block", StringComparison.Ordinal)
        );
    }

    [Fact]
    public void Every_reading_has_its_row_among_the_needs() =>
        Assert.All(Enum.GetValues<Reading>(), reading => Assert.Equal(reading, Needs.Of(reading).Reading));

    [Fact]
    public void A_used_subnet_is_held_against_what_pods_need()
    {
        var inventory = SmallVpc
            .Guide()
            .WithBlock(
                "100.64.0.0/16",
                SmallVpc.Subnet("subnet-0000000b", "eu-west-1b", "100.64.0.0/26", new SeenTag("kubernetes.io/role/internal-elb", "1"))
            )
            .With(cloud =>
                cloud with
                {
                    NetworkAcls =
                    [
                        new(
                            new("acl-1"),
                            false,
                            [new(100, Direction.Ingress, "-1", -1, -1, Cidr.Parse("0.0.0.0/0"), false)],
                            [new("subnet-0000000b")]
                        ),
                    ],
                }
            );
        var said = SmallVpc.Say(SmallVpc.Spec("  subnets: {existing: {eu-west-1b: subnet-0000000b}}"), inventory);
        Assert.All(new[] { "PS2201", "PS2202", "PS2203", "PS2204" }, code => Assert.Contains($"warning {code}", said));
    }

    [Fact]
    public void A_cluster_subnet_or_a_node_groups_subnet_among_pod_subnets_is_an_error()
    {
        var inventory = SmallVpc
            .Guide()
            .WithBlock("100.64.0.0/16", SmallVpc.Subnet("subnet-0000000b", "eu-west-1b", "100.64.0.0/18"))
            .With(cloud =>
                cloud with
                {
                    Cluster = cloud.Cluster! with { SubnetIds = [new("subnet-0000000b")] },
                    Nodegroups = [cloud.Nodegroups[0] with { Subnets = [.. cloud.Nodegroups[0].Subnets, new("subnet-0000000b")] }],
                }
            );
        var said = SmallVpc.Say(SmallVpc.Spec("  subnets: {existing: {eu-west-1b: subnet-0000000b}}"), inventory);
        Assert.Contains("error PS1209", said);
        Assert.Contains("error PS1210", said);
    }

    [Fact]
    public void A_server_that_admits_nodes_by_block_is_named_once_and_not_when_it_admits_pods_too()
    {
        Inventory With(params SeenRule[] rules) =>
            SmallVpc
                .Guide()
                .With(cloud =>
                    cloud with
                    {
                        Groups = [.. cloud.Groups, new(new("sg-sts"), "sts", "", rules.ToEquatable(), [])],
                        Interfaces =
                        [
                            .. cloud.Interfaces,
                            SmallVpc.Interface("eni-sts", "subnet-nodeb", "VPC Endpoint Interface vpce-1", null, "sg-sts"),
                        ],
                    }
                );
        var byBlock = SmallVpc.Rule("r1", "tcp", 443, 443, Cidr.Parse("10.196.24.0/24"));
        var said = SmallVpc.Say(SmallVpc.Spec(), With(byBlock));
        Assert.Contains("warning PS2313: sg-sts (sts) admits tcp/443 from 10.196.24.0/24", said);
        Assert.Contains("aws ec2 authorize-security-group-ingress --group-id sg-sts --protocol tcp --port 443 --cidr 100.64.0.0/16", said);
        Assert.DoesNotContain(
            "PS2313",
            SmallVpc.Say(SmallVpc.Spec(), With(byBlock, SmallVpc.Rule("r2", "tcp", 443, 443, Ref.Used(SmallVpc.ClusterGroup))))
        );
        Assert.DoesNotContain("PS2313", SmallVpc.Say(SmallVpc.Spec(), With(SmallVpc.Rule("r1", "tcp", 443, 443, Cidr.Parse("0.0.0.0/0")))));
        Assert.Contains(
            "admits tcp/5432 from sg-08573594d51163fc9",
            SmallVpc.Say(
                SmallVpc.Spec("  security: {pods: dedicated}"),
                With(SmallVpc.Rule("r1", "tcp", 5432, 5432, Ref.Used(SmallVpc.ClusterGroup)))
            )
        );
    }

    [Theory]
    [InlineData("v1.23.1-eksbuild.1", 1, 23, 1)]
    [InlineData("v1.8.0", 1, 8, 0)]
    public void Versions_of_the_CNI_are_read(string text, int major, int minor, int patch) =>
        Assert.Equal(new CniVersion(major, minor, patch), CniVersion.Parse(text));

    [Fact]
    public void What_is_no_version_is_none() =>
        Assert.All(new[] { "", "latest", "v1.2", "v1.2.x" }, text => Assert.Null(CniVersion.Parse(text)));
}
