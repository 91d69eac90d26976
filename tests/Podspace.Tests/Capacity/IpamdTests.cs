using CsCheck;
using Podspace.Capacity;
using Podspace.Cni;

namespace Podspace.Tests.Capacity;

public sealed class IpamdTests
{
    private const string WarmEni = "WARM_ENI_TARGET=1";
    private const string NoWarmEni = "WARM_ENI_TARGET=0";
    private const string WarmIp = "WARM_IP_TARGET=2 MINIMUM_IP_TARGET=10";
    private const string Prefixes = "ENABLE_PREFIX_DELEGATION=true WARM_PREFIX_TARGET=1";
    private const string PrefixesByIp = "ENABLE_PREFIX_DELEGATION=true WARM_PREFIX_TARGET=1 WARM_IP_TARGET=5 MINIMUM_IP_TARGET=10";

    // pods → interfaces with the primary / addresses for pods / prefixes / addresses of the pod subnet
    [Theory]
    [InlineData("t3.medium", 12, WarmEni, "0→2/5/0/6 1→3/10/0/12 10→3/10/0/12")]
    [InlineData("m5.large", 20, WarmEni, "0→2/9/0/10 1→3/18/0/20 10→3/18/0/20")]
    [InlineData("m5.large", 20, NoWarmEni, "0→2/9/0/10 1→2/9/0/10 10→3/18/0/20")]
    [InlineData("m5.large", 20, WarmIp, "0→3/10/0/12 1→3/10/0/12 10→3/12/0/14")]
    [InlineData("m5.large", 110, Prefixes, "0→2/16/1/17 1→2/32/2/33 10→2/32/2/33 20→2/48/3/49 40→2/64/4/65 80→2/96/6/97")]
    [InlineData("m5.large", 110, PrefixesByIp, "0→2/16/1/17 1→2/16/1/17 10→2/16/1/17 20→2/32/2/33 40→2/48/3/49 80→2/96/6/97")]
    [InlineData("m5.xlarge", 44, WarmEni, "0→2/14/0/15 1→3/28/0/30 10→3/28/0/30 20→4/42/0/45 40→4/42/0/45")]
    [InlineData("m5.xlarge", 44, WarmIp, "0→2/10/0/11 1→2/10/0/11 10→2/12/0/13 20→3/22/0/24 40→4/42/0/45")]
    [InlineData("m5.4xlarge", 205, WarmEni, "0→2/29/0/30 1→3/58/0/60 10→3/58/0/60 20→3/58/0/60 40→4/87/0/90 80→5/116/0/120")]
    [InlineData("m5.4xlarge", 205, WarmIp, "0→2/10/0/11 1→2/10/0/11 10→2/12/0/13 20→2/22/0/23 40→3/42/0/44 80→4/82/0/85")]
    public void A_node_under_custom_networking_takes_what_its_warm_targets_ask_for(string type, int maxPods, string env, string expected)
    {
        var vectors = expected
            .Split(' ')
            .Select(vector => vector.Split('→'))
            .ToDictionary(vector => int.Parse(vector[0]), vector => vector[1]);
        var node = new BareNode(InstanceLimits.Find(type)!, maxPods, Settings($"AWS_VPC_K8S_CNI_CUSTOM_NETWORK_CFG=true {env}"));
        var seen = new Dictionary<int, string>();
        for (var pods = 0; pods <= vectors.Keys.Max(); pods++)
        {
            if (pods > 0)
            {
                Assert.True(node.TakeAddress(), $"no address for pod {pods}");
            }
            node.Rest();
            seen[pods] = node.ToString();
        }
        Assert.Equal(vectors, seen.Where(entry => vectors.ContainsKey(entry.Key)).ToDictionary());
    }

    [Theory]
    [InlineData(WarmIp, 30, "2/10/0/11")]
    [InlineData(Prefixes, 60, "2/16/1/17")]
    [InlineData(PrefixesByIp, 60, "2/16/1/17")]
    [InlineData(WarmEni, 60, "2/29/0/30")]
    public void When_its_pods_are_gone_a_node_gives_back_what_it_took_for_them(string env, int pods, string rest)
    {
        var node = new BareNode(InstanceLimits.Find("m5.4xlarge")!, 205, Settings($"AWS_VPC_K8S_CNI_CUSTOM_NETWORK_CFG=true {env}"));
        for (var pod = 0; pod < pods; pod++)
        {
            node.Rest();
            node.TakeAddress();
        }
        for (var pod = 0; pod < pods; pod++)
        {
            node.FreeAddress(pod);
            node.Rest();
        }
        Assert.Equal(rest, node.ToString());
    }

    [Fact]
    public void Growing_and_shrinking_come_to_rest_and_leave_every_pod_its_address() =>
        Gen.Select(
                Gen.OneOf("t3.medium", "m5.large", "m5.xlarge", "m5.4xlarge"),
                Gen.Bool,
                Gen.Bool,
                Gen.Int[0, 3],
                Gen.Int[0, 20],
                Gen.Int[0, 20],
                Gen.Int[0, 3],
                Gen.Int[-6, 10].Array[1, 30]
            )
            .Sample(
                (type, custom, prefixes, warmEni, warmIp, minimum, warmPrefix, changes) =>
                {
                    var limits = InstanceLimits.Find(type)!;
                    var settings = new IpamdSettings
                    {
                        CustomNetworking = custom,
                        PrefixDelegation = prefixes,
                        WarmEniTarget = warmEni,
                        WarmPrefixTarget = warmPrefix,
                        WarmIpTarget = warmIp > 10 ? null : warmIp,
                        MinimumIpTarget = minimum > 10 ? null : minimum,
                    };
                    var node = new BareNode(limits, MaxPods.OfManagedNode(limits, custom, prefixes), settings);
                    foreach (var change in changes)
                    {
                        for (var pod = 0; pod < Math.Abs(change); pod++)
                        {
                            _ = change > 0 ? node.TakeAddress() : node.FreeAddress(pod * 7);
                            var before = node.Pods;
                            node.Rest();
                            Assert.True(node.Pods == before && node.IsWithinLimits, $"{before} pods, then {node.Pods} on {node}");
                        }
                    }
                }
            );

    [Theory]
    [InlineData("AWS_VPC_K8S_CNI_CUSTOM_NETWORK_CFG=1", true)]
    [InlineData("AWS_VPC_K8S_CNI_CUSTOM_NETWORK_CFG=True", true)]
    [InlineData("AWS_VPC_K8S_CNI_CUSTOM_NETWORK_CFG=yes", false)]
    [InlineData("AWS_VPC_K8S_CNI_CUSTOM_NETWORK_CFG=", false)]
    public void Switches_are_read_as_the_agent_reads_them(string env, bool on) => Assert.Equal(on, Settings(env).CustomNetworking);

    [Fact]
    public void A_full_subnet_ends_growth_when_subnet_discovery_is_off()
    {
        Pool pool = new([new(true, 0, 0, []), new(false, 4, 4, []), new(false, 0, 0, [])], 44, 4, 14);
        var on = new IpamdSettings { CustomNetworking = true };
        Assert.Equal(
            [new Growth.Fill(1, 10), new Growth.Fill(1, 1), new Growth.Fill(2, 14), new Growth.Fill(2, 1), new Growth.Attach(14)],
            Ipamd.Attempts(on, pool)
        );
        Assert.Equal([new Growth.Fill(1, 10), new Growth.Fill(1, 1)], Ipamd.Attempts(on with { SubnetDiscovery = false }, pool));
    }

    [Fact]
    public void A_cordoned_node_neither_grows_nor_gives_interfaces_back()
    {
        Pool hungry = new([new(true, 0, 0, [])], 20, 3, 9, IsSchedulable: false);
        Pool idle = new([new(true, 0, 0, []), new(false, 9, 0, []), new(false, 9, 0, [])], 20, 3, 9, IsSchedulable: false);
        Assert.Empty(Ipamd.Attempts(new(), hungry));
        Assert.Null(Ipamd.Removable(new(), idle));
        Assert.Equal(2, Ipamd.Removable(new(), idle with { IsSchedulable = true }));
    }

    private static IpamdSettings Settings(string env) =>
        IpamdSettings.From(env.Split(' ').Select(setting => setting.Split('=')).ToDictionary(setting => setting[0], setting => setting[1]));
}
