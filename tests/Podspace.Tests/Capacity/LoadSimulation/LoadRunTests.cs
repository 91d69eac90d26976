using CsCheck;
using Podspace.Addressing;
using Podspace.Capacity;
using Podspace.Capacity.LoadSimulation;
using Podspace.Cni;

namespace Podspace.Tests.Capacity.LoadSimulation;

public sealed class LoadRunTests
{
    private const string Prefixes = "ENABLE_PREFIX_DELEGATION=true",
        PrefixesByIp = "ENABLE_PREFIX_DELEGATION=true WARM_IP_TARGET=5 MINIMUM_IP_TARGET=10";
    private const string WarmIp = "WARM_IP_TARGET=2 MINIMUM_IP_TARGET=10",
        WarmEni = "WARM_ENI_TARGET=1",
        NoWarmEni = "WARM_ENI_TARGET=0";
    private const string Off = "AWS_VPC_K8S_CNI_CUSTOM_NETWORK_CFG=false";

    // One node with so many pods for two hours: addresses that it takes of the pod subnet.
    [Theory]
    [InlineData("t3.medium", 12, WarmEni, "0→6 1→12 10→12")]
    [InlineData("m5.large", 20, WarmEni, "0→10 1→20 10→20")]
    [InlineData("m5.large", 20, NoWarmEni, "0→10 1→10 10→20")]
    [InlineData("m5.large", 20, WarmIp, "0→12 1→12 10→14")]
    [InlineData("m5.large", 110, Prefixes, "0→17 1→33 10→33 20→49 40→65 80→97")]
    [InlineData("m5.large", 110, PrefixesByIp, "0→17 1→17 10→17 20→33 40→49 80→97")]
    [InlineData("m5.xlarge", 44, WarmEni, "0→15 1→30 10→30 20→45 40→45")]
    [InlineData("m5.xlarge", 44, WarmIp, "0→11 1→11 10→13 20→24 40→45")]
    [InlineData("m5.4xlarge", 205, WarmEni, "0→30 1→60 10→60 20→60 40→90 80→120")]
    [InlineData("m5.4xlarge", 205, WarmIp, "0→11 1→11 10→13 20→23 40→44 80→85")]
    public void At_rest_a_node_takes_what_the_agents_arithmetic_says(string type, int maxPods, string env, string expected)
    {
        foreach (var vector in expected.Split(' ').Select(vector => vector.Split('→')))
        {
            var pods = int.Parse(vector[0]);
            var result = LoadRun.Of(
                Profile(env, "100.64.0.0/20") with
                {
                    Hours = 2,
                    Nodes = [new("workers", InstanceLimits.Find(type)!, [], 1, 1, 1000, false, maxPods)],
                    Workloads = [new("web", pods)],
                }
            );
            Assert.Equal(pods, result.Samples[^1].Running);
            Assert.Equal(int.Parse(vector[1]), 4091 - result.Samples[^1].Free[0]);
        }
    }

    // The table of amazon-vpc-cni-k8s, docs/eni-and-ip-target.md: interfaces, and the addresses on them beside their own.
    [Theory]
    [InlineData("t3.small", WarmEni, "0→1+3 5→3+9 9→3+9")]
    [InlineData("t3.small", NoWarmEni, "0→1+3 3→2+6 5→2+6 9→3+9")]
    [InlineData("t3.small", "WARM_IP_TARGET=1", "0→1+1 5→2+6 9→3+9")]
    [InlineData("t3.small", "WARM_IP_TARGET=5", "0→2+5 5→3+9 9→3+9")]
    [InlineData("m5.4xlarge", "WARM_IP_TARGET=1 MINIMUM_IP_TARGET=1", "0→1+1 3→1+4 29→2+30")]
    [InlineData("m5.large", Prefixes, "0→1+16 10→1+32 40→1+64")]
    public void Without_custom_networking_the_node_s_own_interface_gives_addresses_too(string type, string env, string expected)
    {
        foreach (var vector in expected.Split(' ').Select(vector => vector.Split('→')))
        {
            var pods = int.Parse(vector[0]);
            var settings = WhatIf.Settings(WhatIf.Unread, [.. env.Split(' '), Off], out _);
            var result = LoadRun.Of(
                Profile(env, "10.0.0.0/20") with
                {
                    Hours = 2,
                    Nodes = [new("workers", InstanceLimits.Find(type)!, [], 1, 1, 1000, false)],
                    Workloads = [new("web", pods)],
                    Settings = settings,
                }
            );
            Assert.Equal(pods, result.Samples[^1].Running);
            Assert.Equal(vector[1].Split('+').Sum(int.Parse), 4091 - result.Samples[^1].Free[0]);
        }
    }

    [Fact]
    public void A_load_on_the_default_CNI_of_a_group_that_grows_is_run_to_its_end()
    {
        var profile = LoadFile.Read(
            """
            apiVersion: podspace.io/v1alpha1
            kind: Load
            seed: 1
            hours: 2
            subnets: [{zone: eu-west-1b, cidr: 10.0.0.0/24}]
            nodes: [{name: w, type: m5.large, least: 1, most: 3, podsPerNode: 20, by: karpenter}]
            settings: {AWS_VPC_K8S_CNI_CUSTOM_NETWORK_CFG: "false"}
            workloads:
              - {name: web, pods: 20, lifeMinutes: 6000}
            """,
            new([]),
            null,
            out var problems
        );

        Assert.Empty(problems);
        Assert.Equal(20, LoadRun.Of(profile!).Samples[^1].Running);
    }

    [Fact]
    public void A_node_for_whose_own_interface_there_is_no_address_takes_no_pods_until_there_is_one()
    {
        var result = LoadRun.Of(
            Profile(WarmEni, "10.0.0.0/28") with
            {
                Nodes = [new("workers", InstanceLimits.Find("t3.small")!, [], 5, 5, 1000, false)],
                Workloads = [new("web", 40)],
                Settings = WhatIf.Settings(WhatIf.Unread, [WarmEni, Off], out _),
            }
        );

        Assert.True(result.Samples[^1].Running is > 0 and < 11);
        Assert.Equal(40, result.Samples[^1].Running + result.Samples[^1].Waiting);
    }

    /// <summary>PODSPACE_LOAD_RUNS says how many; without it a share that suits every change is run.</summary>
    [Fact]
    public void No_address_is_given_twice_nor_outside_its_subnet_nor_in_cooldown() =>
        Anything.Sample(
            profile => LoadRun.Of(profile, new Referee(profile)),
            iter: int.TryParse(Environment.GetEnvironmentVariable("PODSPACE_LOAD_RUNS"), out var runs) ? runs : 60
        );

    [Fact]
    public void The_same_seed_gives_the_same_result_to_the_byte() =>
        Anything.Sample(profile => LoadText.Json(LoadRun.Of(profile)) == LoadText.Json(LoadRun.Of(profile)), iter: 10);

    [Fact]
    public void When_all_is_over_every_address_is_the_subnets_again()
    {
        var result = LoadRun.Of(
            Profile(WarmEni, "100.64.0.0/22") with
            {
                Hours = 8,
                Nodes = [new("pool", InstanceLimits.Find("m5.large")!, [], 0, 20, 1000, IsKarpenter: true)],
                Workloads = [new("night", 100, Low: 0, Peak: 0)],
            } with
            {
                Events = [],
            }
        );
        Assert.True(result.Samples.Max(sample => sample.Running) > 60);
        Assert.True(result.Samples[^1].Free[0] > result.Samples.Min(sample => sample.Free[0]));
    }

    [Fact]
    public void A_full_subnet_makes_pods_wait_and_says_so()
    {
        var result = LoadRun.Of(
            Profile(WarmEni, "100.64.0.0/26") with
            {
                Nodes = [new("workers", InstanceLimits.Find("m5.large")!, [], 6, 6, 1000, false)],
                Workloads = [new("web", 80)],
            }
        );
        Assert.Contains(result.Waits, group => group is { Reason: WaitReason.SubnetFull, StillWaiting: > 0 });
        Assert.True(result.FailedCalls > 0);
    }

    [Fact]
    public void Single_addresses_splinter_a_subnet_until_no_whole_block_is_left_although_addresses_are_free()
    {
        // t2 takes no prefixes, so its single addresses lie between the blocks that m5 wants.
        var profile = Profile(Prefixes, "100.64.0.0/24") with
        {
            Nodes =
            [
                new("old", InstanceLimits.Find("t2.medium")!, [], 8, 8, 1000, false),
                new("new", InstanceLimits.Find("m5.large")!, [], 0, 8, 1000, false),
            ],
            Workloads = [new("web", 160)],
        };
        var result = LoadRun.Of(profile);
        var last = result.Samples[^1];
        Assert.True(last.FreePrefixes[0] == 0 && last.Free[0] > 16, $"{last.Free[0]} free, {last.FreePrefixes[0]} whole");
        // A node that gets no prefix at all never becomes ready.
        Assert.Contains(
            result.Waits,
            group => group.Reason is WaitReason.NoWholePrefix or WaitReason.NodeStarting && group.StillWaiting > 0
        );
    }

    [Fact]
    public void A_reservation_keeps_blocks_whole()
    {
        var reserved = Profile(Prefixes, "100.64.0.0/24") with
        {
            Subnets = [new("a", Cidr.Parse("100.64.0.0/24"), [Cidr.Parse("100.64.0.128/25")])],
            Nodes = [new("old", InstanceLimits.Find("t2.medium")!, [], 6, 6, 1000, false)],
            Workloads = [new("web", 60)],
        };
        // Eight, but the last one holds the address that AWS keeps.
        Assert.Equal(7, LoadRun.Of(reserved).Samples[^1].FreePrefixes[0]);
    }

    [Fact]
    public void Max_pods_above_the_addresses_leaves_pods_hanging()
    {
        var result = LoadRun.Of(
            Profile(WarmEni, "100.64.0.0/20") with
            {
                Nodes = [new("workers", InstanceLimits.Find("m5.large")!, [], 1, 1, 1000, false, 29)],
                Workloads = [new("web", 27)],
            }
        );
        Assert.Contains(result.Waits, group => group is { Reason: WaitReason.NodeFull, StillWaiting: 9 });
    }

    [Fact]
    public void When_a_zone_is_lost_its_pods_come_back_elsewhere_and_the_zone_takes_part_again()
    {
        var result = LoadRun.Of(
            Profile(Prefixes, "100.64.0.0/20", "100.64.16.0/20") with
            {
                Hours = 6,
                Nodes = [new("workers", InstanceLimits.Find("m5.large")!, [], 2, 10, 50, true)],
                Workloads = [new("web", 100)],
                Events = [new(LoadEventKind.ZoneOutage, "b", 60, 60)],
            }
        );
        Assert.Equal(4091, result.Samples.Single(sample => sample.Minute == 70).Free[1]);
        Assert.All(result.Samples.Where(sample => sample.Minute >= 80), sample => Assert.Equal(100, sample.Running));
        Assert.Contains(result.Waits, group => group.Reason == WaitReason.NodeStarting);
    }

    [Fact]
    public void A_rollout_and_a_node_roll_replace_everything_and_lose_nobody()
    {
        var result = LoadRun.Of(
            Profile(Prefixes, "100.64.0.0/20") with
            {
                Hours = 6,
                Nodes = [new("workers", InstanceLimits.Find("m5.large")!, [], 4, 6, 50, false)],
                Workloads = [new("web", 100)],
                Events = [new(LoadEventKind.Rollout, "web", 30), new(LoadEventKind.NodeRoll, "workers", 120)],
            }
        );
        Assert.Equal(100, result.Samples[^1].Running);
        Assert.True(result.Started >= 300, $"{result.Started} pods started");
        Assert.Equal(8, result.Launched);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void No_load_and_a_load_with_no_place_at_all_are_loads_too(int pods)
    {
        var result = LoadRun.Of(
            Profile(WarmEni, "100.64.0.0/28") with
            {
                Nodes = [new("workers", InstanceLimits.Find("hpc6id.32xlarge")!, [], 1, 1, 10, false)],
                Workloads = [new("web", pods)],
            }
        );
        Assert.Equal(0, result.Samples[^1].Running);
        Assert.Equal(pods, result.Samples[^1].Waiting);
    }

    private static LoadProfile Profile(string env, params string[] subnets) =>
        new(
            7,
            1,
            subnets.Select((cidr, at) => new LoadSubnet($"{(char)('a' + at)}", Cidr.Parse(cidr))).ToEquatable(),
            [],
            [],
            [],
            WhatIf.Settings(new Dictionary<string, string> { ["AWS_VPC_K8S_CNI_CUSTOM_NETWORK_CFG"] = "true" }, env.Split(' '), out _)
        );

    private static Gen<LoadProfile> Anything { get; } =
        from seed in Gen.Int[0, 1_000_000]
        from env in Gen.OneOf(
            WarmEni,
            NoWarmEni,
            WarmIp,
            Prefixes,
            PrefixesByIp,
            "WARM_IP_TARGET=1 IP_COOLDOWN_PERIOD=0",
            "WARM_ENI_TARGET=0 IP_COOLDOWN_PERIOD=300",
            $"{WarmEni} {Off}",
            $"{WarmIp} {Off}",
            $"{Prefixes} {Off}",
            $"{WarmEni} {Off} ENABLE_SUBNET_DISCOVERY=false"
        )
        from lengths in Gen.Int[22, 28].Array[1, 3]
        from reserved in Gen.Bool
        from type in Gen.OneOf("t3.small", "t2.medium", "m5.large", "m5.xlarge")
        from karpenter in Gen.Bool
        from least in Gen.Int[0, 4]
        from pods in Gen.Int[0, 80]
        from life in Gen.Int[0, 20]
        from jobs in Gen.Int[0, 200]
        from happens in Gen.Int[0, 3]
        select new LoadProfile(
            (ulong)seed,
            2,
            lengths
                .Select((length, at) => Cidr.Parse($"100.64.{at * 8}.0/{length}"))
                .Select(
                    (cidr, at) =>
                        new LoadSubnet(
                            $"{(char)('a' + (at % 2))}",
                            cidr,
                            reserved && cidr.PrefixLength < 27 ? [cidr.Split(cidr.PrefixLength + 1).Last()] : []
                        )
                )
                .ToEquatable(),
            [new("workers", InstanceLimits.Find(type)!, [], least, 8, 60, karpenter)],
            [new("web", pods, 0.3, 1, life), new("jobs", 0, 1, 0, 3, jobs)],
            happens switch
            {
                0 => [],
                1 => [new(LoadEventKind.Rollout, "web", 20)],
                2 => [new(LoadEventKind.ZoneOutage, "a", 20, 15)],
                _ => [new(LoadEventKind.NodeRoll, "workers", 20), new(LoadEventKind.Rollout, "web", 25)],
            },
            WhatIf.Settings(new Dictionary<string, string> { ["AWS_VPC_K8S_CNI_CUSTOM_NETWORK_CFG"] = "true" }, env.Split(' '), out _)
        );

    /// <summary>Holds every address that changes hands against the rules.</summary>
    private sealed class Referee(LoadProfile profile) : IAddressWatch
    {
        private readonly Dictionary<uint, long> given = [];
        private readonly Dictionary<uint, long> back = [];

        public void Given(uint address, int subnet, long second)
        {
            var cidr = profile.Subnets[subnet].Cidr;
            var offset = address - cidr.First.Number;
            Assert.True(
                cidr.Contains(new Address(address)) && offset > 3 && address != cidr.Last.Number,
                $"{new Address(address)} is none of {cidr}'s to give"
            );
            Assert.True(given.TryAdd(address, second), $"{new Address(address)} was given twice");
            Assert.True(
                !back.TryGetValue(address, out var since) || second - since >= profile.Settings.CooldownSeconds,
                $"{new Address(address)} was given {second - since} s after it came back"
            );
        }

        public void TakenBack(uint address, int subnet, long second)
        {
            Assert.True(given.Remove(address), $"{new Address(address)} came back without having been given");
            back[address] = second;
        }

        // Cooldown is the agent's: what a terminated node leaves is EC2's to give at once.
        public void Forgotten(uint address) => back.Remove(address);
    }
}
