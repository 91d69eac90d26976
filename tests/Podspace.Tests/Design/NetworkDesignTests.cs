using Podspace.Addressing;
using Podspace.Design;
using Podspace.Model;
using Podspace.Naming;
using Podspace.Spec;

namespace Podspace.Tests.Design;

public sealed class NetworkDesignTests
{
    private static string Folder(string file) => Path.Combine(Golden.Checkout(), "tests/Podspace.Tests/Design", file);

    private static void Matches(OverlaySpec spec, Inventory inventory, string file)
    {
        var design = NetworkDesign.From(spec, inventory);
        Golden.Matches(
            $"{string.Join("\n", design.Findings)}\n\n{(design.Ok(out var network) ? NetworkText.Of(network) : "no network\n")}",
            Folder(file)
        );
        if (network is not null)
        {
            Assert.Empty(NetworkChecks.Check(network));
        }
    }

    [Fact]
    public void The_guide_in_ten_lines() => Matches(SmallVpc.Spec(), SmallVpc.Guide(), "guide.golden");

    [Fact]
    public void The_guide_with_a_group_of_the_pods_own() =>
        Matches(SmallVpc.Spec("  security: {pods: dedicated}\n  cni: {eniConfigs: objects}"), SmallVpc.Guide(), "dedicated.golden");

    [Fact]
    public void The_guide_done_by_hand_is_used_and_only_what_it_lacks_is_asked_for() =>
        Matches(SmallVpc.Spec(), ByHand(), "by-hand.golden");

    [Fact]
    public void Without_a_cluster_only_the_network_stage_is_designed()
    {
        var inventory = SmallVpc.Guide().With(cloud => cloud with { Cluster = null, Nodegroups = [], VpcCni = null }) with
        {
            Cluster = null,
        };
        Matches(SmallVpc.Spec("  zones: [eu-west-1b, eu-west-1c, eu-west-1a]"), inventory, "no-cluster.golden");
    }

    [Fact]
    public void Pods_with_their_own_addresses_get_routes_a_zone() =>
        Matches(
            SmallVpc.Spec(
                "  routing:\n    source: pod\n    routes:\n      - {to: 0.0.0.0/0, via: nat-0aa36b6cfca793d8b, zone: "
                    + "eu-west-1b}\n      - {to: 0.0.0.0/0, via: nat-0aa36b6cfca793d8c, zone: eu-west-1c}"
            ),
            SmallVpc.Guide().With(cloud => cloud with { NatGateways = [Nat("nat-0aa36b6cfca793d8b"), Nat("nat-0aa36b6cfca793d8c")] }),
            "pod-source.golden"
        );

    private static SeenNatGateway Nat(string id) => new(new(id), new("subnet-nodeb"), "available", "private");

    /// <summary>The guide's block, subnets, table, group and ENIConfigs, made with console, Terraform and kubectl.</summary>
    private static Inventory ByHand() =>
        SmallVpc
            .Guide()
            .WithBlock(
                "100.64.0.0/16",
                SmallVpc.Subnet("subnet-handb", "eu-west-1b", "100.64.0.0/17"),
                SmallVpc.Subnet("subnet-handc", "eu-west-1c", "100.64.128.0/17")
            )
            .With(cloud =>
                cloud with
                {
                    RouteTables =
                    [
                        .. cloud.RouteTables,
                        new(
                            new("rtb-hand"),
                            [],
                            [new("a-b", new("subnet-handb"), false, "associated"), new("a-c", new("subnet-handc"), false, "associated")],
                            []
                        ),
                    ],
                    Groups =
                    [
                        .. cloud.Groups,
                        new(
                            new("sg-hand"),
                            "cgnat-overlay-sg",
                            "by hand",
                            [
                                SmallVpc.Rule("r1", "-1", -1, -1, Cidr.Parse("10.196.24.0/24")),
                                SmallVpc.Rule("r2", "-1", -1, -1, Cidr.Parse("100.64.0.0/16")),
                                SmallVpc.Rule("r3", "-1", -1, -1, Cidr.Parse("0.0.0.0/0"), Direction.Egress),
                            ],
                            []
                        ),
                    ],
                }
            )
            .WithCluster(cluster =>
                cluster with
                {
                    EniConfigs =
                    [
                        new("eu-west-1b", "subnet-handb", ["sg-hand"], null, ["kubectl"]),
                        new("eu-west-1c", "subnet-handc", ["sg-hand"], null, ["kubectl"]),
                    ],
                    AwsNode = cluster.AwsNode! with
                    {
                        Env =
                        [
                            .. cluster.AwsNode!.Env,
                            new("AWS_VPC_K8S_CNI_CUSTOM_NETWORK_CFG", "true"),
                            new("ENI_CONFIG_LABEL_DEF", "topology.kubernetes.io/zone"),
                        ],
                    },
                }
            );

    [Fact]
    public void A_block_that_is_ours_is_kept_though_an_earlier_one_is_free_by_now()
    {
        var inventory = SmallVpc
            .Guide()
            .With(cloud =>
                cloud with
                {
                    Vpc = cloud.Vpc! with { Tags = [new(Tags.Block(Cidr.Parse("100.70.0.0/16")), "prod@2026-01-01T00:00:00Z")] },
                }
            );
        Assert.Equal([new Block(Cidr.Parse("100.70.0.0/16"), true)], SmallVpc.Design(SmallVpc.Spec(), inventory).Blocks);
    }

    [Theory]
    [InlineData("100.64.3.0/24", "100.65.0.0/16")]
    [InlineData("100.64.0.0/15", "100.66.0.0/16")]
    [InlineData("100.64.0.0/10", "100.64.0.0/16")]
    public void The_first_block_that_no_route_forbids_or_would_be_hidden_by_is_taken(string route, string expected) =>
        Assert.Equal(Cidr.Parse(expected), SmallVpc.Design(SmallVpc.Spec(), SmallVpc.Guide().WithRoute(route)).Blocks[0].Cidr);

    [Theory]
    [InlineData(1, 17)]
    [InlineData(2, 18)]
    [InlineData(3, 18)]
    [InlineData(4, 19)]
    [InlineData(6, 19)]
    public void Subnets_leave_room_for_one_more_zone_than_there_are(int zones, int length)
    {
        var inventory = SmallVpc.Guide("10.0.0.0/16", [.. "abcdef"[..zones].Select(letter => $"eu-west-1{letter}")]);
        Assert.All(SmallVpc.Design(SmallVpc.Spec(), inventory).Subnets, subnet => Assert.Equal(length, subnet.Cidr.PrefixLength));
    }

    [Fact]
    public void A_subnet_that_stands_elsewhere_is_not_taken_for_pods()
    {
        var inventory = SmallVpc
            .Guide()
            .WithBlock("100.64.0.0/16", SmallVpc.Subnet("subnet-db", "eu-west-1b", "100.64.0.0/18"))
            .With(cloud =>
                cloud with
                {
                    Interfaces =
                    [
                        .. cloud.Interfaces,
                        SmallVpc.Interface("eni-db", "subnet-db", "RDSNetworkInterface", null, SmallVpc.ClusterGroup),
                    ],
                }
            );
        var network = SmallVpc.Design(SmallVpc.Spec("  addresses: {blocks: [100.64.0.0/16]}"), inventory);
        Assert.Equal(["100.64.64.0/18", "100.64.128.0/18"], network.Subnets.Select(subnet => subnet.Cidr.ToString()));
        Assert.False(network.Blocks[0].IsMade);
    }

    [Fact]
    public void A_subnet_of_pods_alone_is_used_and_neither_tagged_nor_given_a_table()
    {
        var inventory = SmallVpc.Guide().WithBlock("100.64.0.0/16", SmallVpc.Subnet("subnet-free", "eu-west-1b", "100.64.0.0/18"));
        var subnet = SmallVpc.Design(SmallVpc.Spec(), inventory).Subnets.Single(subnet => subnet.Zone == "eu-west-1b");
        Assert.Equal((Ref.Used("subnet-free"), (Ref?)null), (subnet.Ref, subnet.RouteTable));
    }

    [Fact]
    public void Nodes_with_a_group_of_their_own_and_the_control_plane_both_admit_dedicated_pods()
    {
        var inventory = SmallVpc
            .Guide()
            .With(cloud =>
                cloud with
                {
                    Groups =
                    [
                        .. cloud.Groups,
                        new(new("sg-nodes"), "nodes", "", [SmallVpc.Rule("r", "-1", -1, -1, Ref.Used("sg-nodes"))], []),
                    ],
                    Interfaces = cloud
                        .Interfaces.Select(card => card.DeviceIndex == 0 ? card with { Groups = [new("sg-nodes")] } : card)
                        .ToEquatable(),
                }
            );
        var rules = SmallVpc
            .Design(SmallVpc.Spec("  security: {pods: dedicated}"), inventory)
            .Rules.Where(rule => !rule.Group.IsMade)
            .Select(rule => rule.ToString());
        Assert.Equal([$"{SmallVpc.ClusterGroup} ingress tcp/443 from pods", "sg-nodes ingress all from pods"], rules);
    }

    [Fact]
    public void A_rule_that_covers_pods_already_is_used_and_not_added()
    {
        var inventory = SmallVpc
            .Guide()
            .With(cloud =>
                cloud with
                {
                    Groups = [SmallVpc.ClusterGroupSeen(SmallVpc.Rule("r", "-1", -1, -1, Cidr.Parse("100.64.0.0/10")))],
                }
            );
        Assert.DoesNotContain(SmallVpc.Design(SmallVpc.Spec("  security: {pods: dedicated}"), inventory).Rules, rule => !rule.Group.IsMade);
    }

    [Fact]
    public void A_block_that_joins_later_gets_its_rule_in_the_pods_group()
    {
        var inventory = SmallVpc.Guide().WithBlock("10.200.0.0/16");
        Assert.Contains(
            SmallVpc.Design(SmallVpc.Spec("  security: {pods: dedicated}"), inventory).Rules,
            rule => rule.Group.IsMade && rule.Peer.Cidr == Cidr.Parse("10.200.0.0/16")
        );
    }

    [Fact]
    public void Prefix_delegation_waits_for_nodes_that_can()
    {
        Assert.Contains(SmallVpc.Design(SmallVpc.Spec(), SmallVpc.Guide()).Cni!.Env, setting => setting.Name == "ENABLE_PREFIX_DELEGATION");
        var xen = SmallVpc.Guide().With(cloud => cloud with { Nodegroups = [cloud.Nodegroups[0] with { InstanceTypes = ["t2.medium"] }] });
        var network = SmallVpc.Design(SmallVpc.Spec(), xen);
        Assert.DoesNotContain(network.Cni!.Env, setting => setting.Name == "ENABLE_PREFIX_DELEGATION");
        Assert.All(network.Subnets, subnet => Assert.Empty(subnet.Reserved));
    }

    [Fact]
    public void Destinations_that_see_pods_are_merged_with_those_that_are_there()
    {
        var inventory = SmallVpc
            .Guide()
            .With(cloud =>
                cloud with
                {
                    VpcCni = cloud.VpcCni! with { Values = "env:\n  AWS_VPC_K8S_CNI_EXCLUDE_SNAT_CIDRS: 192.168.0.0/16\n" },
                }
            );
        var network = SmallVpc.Design(
            SmallVpc.Spec("  routing: {keepPodAddressTo: [10.0.0.0/8], routes: [{to: 10.0.0.0/8, via: vgw-0aa36b6cfca793d8d}]}"),
            inventory.With(cloud => cloud with { VpnGateways = [new(new("vgw-0aa36b6cfca793d8d"), "attached")] })
        );
        Assert.Contains(new EnvSetting("AWS_VPC_K8S_CNI_EXCLUDE_SNAT_CIDRS", "192.168.0.0/16,10.0.0.0/8"), network.Cni!.Env);
    }

    [Fact]
    public void An_accepted_warning_becomes_a_note_until_its_day()
    {
        var inventory = SmallVpc
            .Guide()
            .With(cloud => cloud with { TransitGatewayAttachments = [new(new("tgw-attach-1"), "tgw-0aa36b6cfca793d8d", "available", [])] });
        var accepted = SmallVpc.Say(
            SmallVpc.Spec("  accept: [{finding: PS2107, on: tgw-0aa36b6cfca793d8d, reason: NET-4412, until: 2027-03-31}]"),
            inventory
        );
        Assert.Contains("note PS2107", accepted);
        Assert.Contains("Accepted until 2027-03-31: NET-4412.", accepted);
        var over = SmallVpc.Say(
            SmallVpc.Spec("  accept: [{finding: PS2107, on: tgw-0aa36b6cfca793d8d, reason: NET-4412, until: 2026-08-31}]"),
            inventory
        );
        Assert.Contains("warning PS2107", over);
        Assert.Contains("warning PS1012", over);
    }
}
