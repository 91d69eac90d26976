using System.Text.Json.Nodes;
using Podspace.Capacity;

namespace Podspace.ServerTests;

/// <summary>Every instance type that an EC2 of somebody else lists, as the AWS CLI prints it.</summary>
public sealed class InstanceTypeTests
{
    private static readonly (string Mode, IpamdSettings Settings)[] Modes =
    [
        ("the VPC's own addresses", new()),
        ("the VPC's own addresses, prefixes", new() { PrefixDelegation = true }),
        ("pod subnets", new() { CustomNetworking = true }),
        ("pod subnets, prefixes", new() { CustomNetworking = true, PrefixDelegation = true, WarmPrefixTarget = 1 }),
        ("pod subnets, MAX_ENI 2", new() { CustomNetworking = true, MaxEni = 2 }),
        ("pod subnets, security groups for pods", new() { CustomNetworking = true, PodInterfaces = true }),
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
        foreach (var type in listed)
        {
            var (name, interfaces, addresses) = (type["InstanceType"]!.ToString(), Interfaces(type), type["NetworkInfo"]!["Ipv4AddressesPerInterface"]?.GetValue<int>() ?? 0);
            if (interfaces < 1 || addresses < 1)
            {
                Assert.False(known.ContainsKey(name), name);
                continue;
            }
            Assert.All(Modes, mode => Check(type, known[name], interfaces, addresses, mode.Settings));
            Assert.InRange(MaxPods.OfAutoMode(known[name], podSubnets: true, prefixes: true), 0, 110);
            Assert.InRange(MaxPods.OfManagedNode(known[name], customNetworking: true, prefixes: false), 2, 250);
        }
    }

    [Fact]
    public async Task A_node_of_any_shape_holds_as_many_pods_as_it_is_told_to_take()
    {
        await using var moto = await Moto.StartAsync();
        var answer = await new AwsCli(moto.Url).AskAsync("ec2 describe-instance-types");
        var shapes = InstanceTypeFile.Read(answer.ToJsonString(), out _)!.Types.DistinctBy(type => (type.Interfaces, type.AddressesPerInterface, type.TakesPrefixes, MaxPods.Cap(type))).ToList();

        Assert.InRange(shapes.Count, 20, 500);
        foreach (var shape in shapes)
        {
            foreach (var (mode, settings) in Modes)
            {
                var told = MaxPods.Advised(shape, settings);
                var node = BareNode.With(shape, told, settings, told - MaxPods.OnHostNetwork);
                Assert.True(node.Pods == told - MaxPods.OnHostNetwork && node.IsWithinLimits, $"{shape.Type}, {mode}: {node.Pods} of {told}, {node}");
            }
        }
    }

    private static void Check(JsonNode type, InstanceLimits limits, int interfaces, int addresses, IpamdSettings settings)
    {
        var isNitro = type["Hypervisor"]?.ToString() == "nitro" || type["BareMetal"]!.GetValue<bool>();
        var trunk = settings.PodInterfaces && limits.TakesTrunk ? 1 : 0;
        var forPods = Math.Min(interfaces, settings.MaxEni ?? interfaces) - trunk - (settings.CustomNetworking ? 1 : 0);
        int? fits = forPods < 1 ? null : (forPods * (addresses - 1) * (settings.PrefixDelegation && isNitro ? 16 : 1)) + 2;

        Assert.Equal(fits, MaxPods.Uncapped(limits, settings));
        Assert.Equal(Math.Min(fits ?? 2, type["VCpuInfo"]!["DefaultVCpus"]!.GetValue<int>() > 30 ? 250 : 110), MaxPods.Advised(limits, settings));
        // A number below two, or a negative one, is no max-pods.
        Assert.All(MaxPodsForms.Of([limits], settings), form => Assert.DoesNotMatch(@"(=|:) *(-\d|[01]\b)", form.Text.Replace("reservedENIs: \"1\"", "").Replace("reservedENIs: \"0\"", "")));
    }

    /// <summary>Of the default network card: the CNI attaches to no other.</summary>
    private static int Interfaces(JsonNode type)
    {
        var network = type["NetworkInfo"]!;
        var card = network["NetworkCards"]?.AsArray().FirstOrDefault(one => (one!["NetworkCardIndex"]?.GetValue<int>() ?? 0) == (network["DefaultNetworkCardIndex"]?.GetValue<int>() ?? 0));
        return card?["MaximumNetworkInterfaces"]?.GetValue<int>() ?? network["MaximumNetworkInterfaces"]?.GetValue<int>() ?? 0;
    }
}
