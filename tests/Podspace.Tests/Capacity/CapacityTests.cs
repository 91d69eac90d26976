using CsCheck;
using Podspace.Addressing;
using Podspace.Capacity;
using Podspace.Cni;
using Podspace.Model;
using Podspace.Tests.Design;

namespace Podspace.Tests.Capacity;

public sealed class CapacityTests
{
    private static readonly IpamdSettings Singles = new() { CustomNetworking = true, WarmPrefixTarget = 1 };
    private static readonly IpamdSettings Prefixes = Singles with { PrefixDelegation = true };

    // type, count, subnet, prefixes → pods that fit, addresses when full (with one node more while nodes are replaced)
    [Theory]
    [InlineData("m5.large", 10, "100.64.0.0/18", false, 180, 220)]
    [InlineData("m5.large", 10, "100.64.0.0/18", true, 1080, 1243)]
    [InlineData("m5.large", 10, "100.64.0.0/25", false, 92, 220)]
    [InlineData("t3.nano", 3, "100.64.0.0/28", false, 3, 8)]
    [InlineData("m5.large", 1, "100.64.0.0/28", false, 9, 40)]
    [InlineData("hpc6id.32xlarge", 4, "100.64.0.0/18", false, 0, 0)]
    public void A_zone_takes_as_many_pods_as_max_pods_and_its_subnet_allow(
        string type,
        int count,
        string subnet,
        bool prefixes,
        int fits,
        long full
    )
    {
        var zone = CapacityAnswer.To(Question(prefixes ? Prefixes : Singles, subnet, (count, type))).Zones[0];
        Assert.Equal((fits, full), (zone.Fits, zone.Full));
    }

    [Fact]
    public void What_fits_with_a_warm_pool_has_its_addresses_and_one_pod_more_would_not() =>
        Gen.Select(Gen.OneOf("t3.medium", "m5.large", "m5.4xlarge"), Gen.Int[1, 30], Gen.Int[20, 28], Gen.Bool)
            .Sample(
                (type, count, length, prefixes) =>
                {
                    var settings = prefixes ? Prefixes : Singles;
                    var question = Question(settings, $"100.64.0.0/{length}", (count, type));
                    var zone = CapacityAnswer.To(question).Zones[0];
                    Assert.InRange(zone.Calm, 0, zone.Fits);
                    Assert.InRange(zone.Fits, 0, zone.Slots);
                    Assert.True(Use(zone.Calm) <= zone.Usable || zone.Calm == 0);
                    Assert.True(
                        zone.Calm == zone.Slots
                            || Use(zone.Calm + 1) > zone.Usable
                            || UsePrefixes(zone.Calm + 1) > (long)PrefixRoom.Free(question.PodRooms[0].Cidr, [], []).CountFree(28)
                    );

                    long Use(int pods) => Spread(pods).Sum(node => (long)node.OfPodSubnet);
                    long UsePrefixes(int pods) => Spread(pods).Sum(node => (long)node.Prefixes);
                    IEnumerable<NodeUse> Spread(int pods) =>
                        Enumerable
                            .Range(0, count)
                            .Select(node =>
                                new NodeUses(settings, settings).Of(
                                    question.Nodes[0].Limits,
                                    question.Nodes[0].MaxPods,
                                    (pods / count) + (node < pods % count ? 1 : 0)
                                )
                            );
                },
                iter: 200
            );

    [Fact]
    public void The_limits_come_in_the_order_in_which_they_bite()
    {
        var question = Question(Singles, "100.64.0.0/22", (40, "m5.large")) with
        {
            NodeRooms = [SubnetRoom.Empty("subnet-nodes", "a", Cidr.Parse("10.0.0.0/26"))],
            Growth = [("workers", 45)],
        };
        var limits = CapacityAnswer.To(question with { Nodes = [question.Nodes[0] with { Path = "workers" }] }).Limits;
        Assert.Equal(
            [
                "node group workers",
                "addresses of the pod subnet in a",
                "addresses of the node subnet in a",
                "network interfaces of the Region",
                "network address units of the VPC",
            ],
            limits.Select(limit => limit.What)
        );
        Assert.Equal([45L, 50, 59, 1666, 2782], limits.Select(limit => limit.Nodes));
        Assert.Equal(50 * 18, limits[1].Pods);
    }

    [Fact]
    public void Units_are_counted_by_prefix_and_by_pod_because_nobody_knows_which_holds()
    {
        var answer = CapacityAnswer.To(Question(Prefixes, "100.64.0.0/18", (10, "m5.large")) with { Units = new(64_000, 100) });
        // Two interfaces: both addresses and one further interface; seven prefixes for 108 pods; 108 pods.
        Assert.Equal((100 + (10 * 10), 100 + (10 * 118)), answer.UnitsFull);
    }

    [Theory]
    [InlineData("m5.4xlarge", "100.64.0.0/27", "smaller than what one m5.4xlarge takes before its first pod (30 addresses)")]
    [InlineData("hpc6id.32xlarge", "100.64.0.0/18", "none is left for pods")]
    public void What_cannot_work_is_said(string type, string subnet, string words) =>
        Assert.Contains(
            CapacityAnswer.To(Question(Singles, subnet, (2, type))).Remarks,
            remark => remark.Contains(words, StringComparison.Ordinal)
        );

    [Fact]
    public void A_zone_without_a_pod_subnet_runs_no_pods()
    {
        var answer = CapacityAnswer.To(Question(Singles, "100.64.0.0/18", (2, "m5.large")) with { PodRooms = [] });
        Assert.Equal(0, answer.Fits);
        Assert.Contains(answer.Remarks, remark => remark.StartsWith("a has no pod subnet", StringComparison.Ordinal));
    }

    [Fact]
    public void Without_nodes_nothing_is_divided_by_zero()
    {
        var answer = CapacityAnswer.To(Question(Singles, "100.64.0.0/18"));
        Assert.Empty(answer.Limits);
        Assert.Equal(0, answer.Fits);
    }

    [Fact]
    public void Nodes_that_take_no_part_are_told_and_unknown_types_are_not_guessed()
    {
        var inventory = SmallVpc
            .Guide()
            .WithCluster(cluster =>
                cluster with
                {
                    Nodes =
                    [
                        .. cluster.Nodes,
                        Node("win", "m5.large", "kubernetes.io/os", "windows"),
                        Node("fargate-1", "", "eks.amazonaws.com/compute-type", "fargate"),
                        Node("odd", "m9z.huge", "x", "y"),
                    ],
                }
            );
        var spec = SmallVpc.Spec();
        var question = ObservedCapacity.Of(spec, SmallVpc.Design(spec, inventory), inventory, KnownTypes.From(inventory), null, [], out _);
        Assert.Equal(2, question.Nodes.Sum(set => set.Count));
        Assert.Equal(3, question.Remarks.Count);
        Assert.Contains(question.Remarks, remark => remark.Contains("m9z.huge", StringComparison.Ordinal));
    }

    [Fact]
    public void Fewer_nodes_hold_the_same_pods_with_prefixes()
    {
        var rows = Alternatives.For(
            648,
            [InstanceLimits.Find("m5.large")!],
            Singles,
            new Dictionary<string, decimal> { ["m5.large"] = 0.1m }
        );
        var (singles, prefixes) = (
            rows.Single(row => row.Settings == "WARM_ENI_TARGET=1"),
            rows.Single(row => row.Settings == "prefixes, WARM_PREFIX_TARGET=1")
        );
        Assert.Equal((36, 6), (singles.Nodes, prefixes.Nodes));
        Assert.Equal((36, 720), (singles.Routable, singles.RoutableWithout));
        Assert.Equal(0.1m * 730 * 6, prefixes.PerMonth);
    }

    [Fact]
    public void What_EC2_said_of_types_is_read_back_as_it_was_kept()
    {
        var kept = new InstanceTypeFile([.. InstanceLimits.All], new(2026, 9, 1, 8, 0, 0, TimeSpan.Zero));
        Assert.Equal(kept, InstanceTypeFile.Read(kept.Write(), out var problem));
        Assert.Empty(problem);
        Assert.Equal("EC2 on 2026-09-01", new KnownTypes([], kept).SourceOf("m5.large"));
    }

    [Fact]
    public void Only_the_default_network_card_counts()
    {
        var read = InstanceTypeFile.Read(
            """
            {"InstanceTypes":[{"InstanceType":"p5.48xlarge","Hypervisor":"nitro","BareMetal":false,"VCpuInfo":{"DefaultVCpus":192},
             "NetworkInfo":{"MaximumNetworkInterfaces":64,"Ipv4AddressesPerInterface":50,"DefaultNetworkCardIndex":0,
             "NetworkCards":[{"NetworkCardIndex":0,"MaximumNetworkInterfaces":2},{"NetworkCardIndex":1,"MaximumNetworkInterfaces":2}]}}]}
            """,
            out _
        );
        Assert.Equal(InstanceLimits.Find("p5.48xlarge"), read!.Types[0]);
    }

    private static SeenNode Node(string name, string type, string label, string value) =>
        new(name, "eu-west-1b", $"i-{name}", type, null, 29, true, false, SmallVpc.Now, [new(label, value)], []);

    private static CapacityQuestion Question(IpamdSettings settings, string subnet, params (int Count, string Type)[] nodes) =>
        new(
            nodes
                .Select(node => new NodeSet(
                    "",
                    "a",
                    node.Count,
                    InstanceLimits.Find(node.Type)!,
                    MaxPods.Advised(InstanceLimits.Find(node.Type)!, settings),
                    MaxPods.OnHostNetwork,
                    0
                ))
                .ToEquatable(),
            [SubnetRoom.Empty(subnet, "a", Cidr.Parse(subnet))],
            [],
            settings,
            new(64_000, 0),
            new(5_000, 0),
            [],
            1,
            [],
            []
        );
}
