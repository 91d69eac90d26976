using System.Text.Json.Nodes;
using Podspace.Capacity;
using Podspace.Cni;

namespace Podspace.ServerTests;

/// <summary>Every instance type that an EC2 of somebody else lists, as the AWS CLI prints it.</summary>
public sealed class InstanceTypeTests
{
    private static readonly (string Mode, IpamdSettings Settings)[] Modes =
    [
        ("the VPC's own addresses", new()),
        ("the VPC's own addresses, prefixes", new() { PrefixDelegation = true }),
        ("pod subnets", new() { CustomNetworking = true }),
        (
            "pod subnets, prefixes",
            new()
            {
                CustomNetworking = true,
                PrefixDelegation = true,
                WarmPrefixTarget = 1,
            }
        ),
        ("pod subnets, MAX_ENI 2", new() { CustomNetworking = true, MaxEni = 2 }),
        ("pod subnets, security groups for pods", new() { CustomNetworking = true, PodInterfaces = true }),
        (
            "pod subnets, prefixes, MAX_ENI 3, security groups for pods",
            new()
            {
                CustomNetworking = true,
                PrefixDelegation = true,
                WarmPrefixTarget = 1,
                MaxEni = 3,
                PodInterfaces = true,
            }
        ),
    ];

    [Fact]
    public async Task Max_pods_is_computed_for_every_type_in_every_mode_without_a_guess_or_an_error()
    {
        await using var moto = await Moto.StartAsync();
        var answer = await new AwsCli(moto.Url).AskAsync("ec2 describe-instance-types");
        var listed = answer["InstanceTypes"]!.AsArray().Select(type => type!).ToList();
        var read = InstanceTypeFile.Read(answer.ToJsonString(), out var problem)!;

        Assert.Equal("", problem);
        Assert.InRange(listed.Count, 400, 5000);
        var known = read.Types.ToDictionary(type => type.Type);
        var counted = 0;
        foreach (var type in listed)
        {
            var (name, interfaces, addresses) = (
                type["InstanceType"]!.ToString(),
                Interfaces(type),
                type["NetworkInfo"]!["Ipv4AddressesPerInterface"]?.GetValue<int>() ?? 0
            );
            if (interfaces < 1 || addresses < 1)
            {
                Assert.False(known.ContainsKey(name), name);
                continue;
            }
            Assert.All(Modes, mode => Check(type, known[name], interfaces, addresses, mode.Settings));
            CheckTold(type, known[name], interfaces, addresses);
            counted++;
        }
        // Types that EC2 tells no limits of are few: were all of them left out, nothing would have been shown.
        Assert.InRange(counted, listed.Count * 9 / 10, listed.Count);
    }

    /// <summary>By those who cannot be told: Auto Mode, and EKS for managed nodes without an AMI of their own.</summary>
    private static void CheckTold(JsonNode type, InstanceLimits limits, int interfaces, int addresses)
    {
        var per = (addresses - 1) * (IsNitro(type) ? 16 : 1);
        Assert.Equal(Math.Min(110, (interfaces - 1) * per), MaxPods.OfAutoMode(limits, podSubnets: true, prefixes: true));
        Assert.Equal(Math.Min(110, interfaces * per), MaxPods.OfAutoMode(limits, podSubnets: false, prefixes: true));
        Assert.Equal(Math.Min(110, (interfaces - 1) * (addresses - 1)), MaxPods.OfAutoMode(limits, podSubnets: true, prefixes: false));
        Assert.Equal(
            Math.Min(interfaces == 1 ? 2 : ((interfaces - 1) * (addresses - 1)) + 2, Cap(type)),
            MaxPods.OfManagedNode(limits, customNetworking: true, prefixes: false)
        );
    }

    private static bool IsNitro(JsonNode type) => type["Hypervisor"]?.ToString() == "nitro" || type["BareMetal"]!.GetValue<bool>();

    private static int Cap(JsonNode type) => type["VCpuInfo"]!["DefaultVCpus"]!.GetValue<int>() > 30 ? 250 : 110;

    [Fact]
    public async Task A_node_of_any_shape_holds_as_many_pods_as_it_is_told_to_take()
    {
        await using var moto = await Moto.StartAsync();
        var answer = await new AwsCli(moto.Url).AskAsync("ec2 describe-instance-types");
        var shapes = InstanceTypeFile
            .Read(answer.ToJsonString(), out _)!
            .Types.DistinctBy(type => (type.Interfaces, type.AddressesPerInterface, type.TakesPrefixes, MaxPods.Cap(type)))
            .ToList();

        Assert.InRange(shapes.Count, 20, 500);
        foreach (var shape in shapes)
        {
            foreach (var (mode, settings) in Modes)
            {
                var told = MaxPods.Advised(shape, settings);
                var node = BareNode.With(shape, told, settings, told - MaxPods.OnHostNetwork);
                Assert.True(
                    node.Pods == told - MaxPods.OnHostNetwork && node.IsWithinLimits,
                    $"{shape.Type}, {mode}: {node.Pods} of {told}, {node}"
                );
            }
        }
    }

    private static void Check(JsonNode type, InstanceLimits limits, int interfaces, int addresses, IpamdSettings settings)
    {
        var trunk = settings.PodInterfaces && limits.TakesTrunk ? 1 : 0;
        var forPods = Math.Min(interfaces, settings.MaxEni ?? interfaces) - trunk - (settings.CustomNetworking ? 1 : 0);
        int? fits = forPods < 1 ? null : (forPods * (addresses - 1) * (settings.PrefixDelegation && IsNitro(type) ? 16 : 1)) + 2;

        Assert.Equal(fits, MaxPods.Uncapped(limits, settings));
        Assert.Equal(Math.Min(fits ?? 2, Cap(type)), MaxPods.Advised(limits, settings));
        // A number below two, or a negative one, is no max-pods.
        Assert.All(
            MaxPodsForms.Of([limits], settings),
            form =>
                Assert.DoesNotMatch(@"(=|:) *(-\d|[01]\b)", form.Text.Replace("reservedENIs: \"1\"", "").Replace("reservedENIs: \"0\"", ""))
        );
    }

    /// <summary>Of the default network card: the CNI attaches to no other.</summary>
    private static int Interfaces(JsonNode type)
    {
        var network = type["NetworkInfo"]!;
        var card = network["NetworkCards"]
            ?.AsArray()
            .FirstOrDefault(one =>
                (one!["NetworkCardIndex"]?.GetValue<int>() ?? 0) == (network["DefaultNetworkCardIndex"]?.GetValue<int>() ?? 0)
            );
        return card?["MaximumNetworkInterfaces"]?.GetValue<int>() ?? network["MaximumNetworkInterfaces"]?.GetValue<int>() ?? 0;
    }
}
