using System.Globalization;
using Podspace.Lab;
using Podspace.Lab.Drawing;
using Podspace.Lab.Kernel;
using Podspace.Model;
using Podspace.Reachability;
using Podspace.Tests.Reachability;

namespace Podspace.Tests.Packets;

/// <summary>
/// The Linux kernel as judge: networks in network namespaces, real packets, and what the tracer said of them beforehand.
/// PODSPACE_LAB_NETWORKS says how many random networks, PODSPACE_LAB_SEED the first of them, PODSPACE_LAB_REPORT a
/// file for the figures; without them a share that suits every change is run.
/// </summary>
[Trait("speed", "slow")]
public sealed class KernelTests
{
    private const int Usual = 60;
    private const int FlowsOfEach = 24;

    public KernelTests() => Assert.SkipWhen(Requirements.Missing() is not null, Requirements.Missing() ?? "");

    [Fact]
    public void Tracer_and_kernel_agree_on_every_flow_of_random_networks()
    {
        var (first, networks) = (Number("PODSPACE_LAB_SEED", 1), Number("PODSPACE_LAB_NETWORKS", Usual));
        var tally = new Tally();
        for (var seed = first; seed < first + networks; seed++)
        {
            tally.Take($"seed {seed}", Judge(seed, tally));
        }
        tally.Report($"{networks} random networks from seed {first}");
        Assert.True(tally.Sent > 5 * networks && tally.Arrived > networks, tally.ToString());
        Assert.Empty(tally.Disagreements);
        if (networks >= Usual)
        {
            Assert.Empty(tally.Coverage.Unmet);
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void They_agree_on_what_is_easily_got_wrong(string name)
    {
        var (inventory, flows) = KernelCases.All[name];
        var tracer = Tracer.Of(inventory);
        using var lab = RunningLab.Build(Comparison.Draw(inventory, flows));
        Assert.All(flows, flow => Assert.True(lab.Network.CanSend(flow), $"{flow} cannot be sent"));
        var rows = Comparison.Of(lab, tracer, flows);
        Assert.All(
            rows,
            row =>
                Assert.True(
                    row is { IsAgreed: true, Predicted: not null },
                    $"{row.Trace.Flow}: the tracer says {row.Predicted} ({row.Trace.Outcome.Verdict}), the kernel {row.Seen}\n"
                        + $"{string.Join('\n', row.Trace.Hops)}"
                )
        );
    }

    public static TheoryData<string> Cases => [.. KernelCases.All.Keys];

    [Theory]
    [MemberData(nameof(Estates))]
    public async Task Tracer_and_kernel_agree_on_every_flow_of_the_example_worlds(string name)
    {
        var estate = Worlds.All().Single(one => one.Name == name);
        using var bench = estate.Open();
        // Where the cluster comes later, nobody sends before.
        foreach (var job in estate.Jobs)
        {
            job.Before?.Invoke(bench.World);
        }
        var tally = new Tally();
        tally.Take(name, Judge(NewNodes.In((await bench.LookAsync(estate.Spec)).Inventory)));
        tally.Take($"{name}, planned", Judge(NewNodes.In(await bench.PlannedAsync(estate.Spec))));
        tally.Report(name);
        Assert.True(tally.Sent > 300, tally.ToString());
        Assert.Empty(tally.Disagreements);
    }

    public static IEnumerable<TheoryDataRow<string>> Estates => Worlds.All().Select(estate => new TheoryDataRow<string>(estate.Name));

    [Fact]
    public void The_lab_leaves_the_machines_own_network_as_it_was()
    {
        var before = OwnNetwork();
        var inventory = TracedVpc.Inventory();
        using (RunningLab.Build(LabDrawing.Of(inventory, [])))
        {
            Assert.Equal(before, OwnNetwork());
        }
        Assert.Equal(before, OwnNetwork());
    }

    [Fact]
    public void A_tool_that_refuses_its_part_is_named_with_what_it_said()
    {
        var network = new LabNetwork([new("vpc") { Lines = ["link set nothing up"] }], [], []);

        var trouble = Assert.Throws<LabUnavailableException>(() => RunningLab.Build(network));
        Assert.Contains("link set nothing up", trouble.Message, StringComparison.Ordinal);
        Assert.Contains("vpc", trouble.Message, StringComparison.Ordinal);
    }

    private static string OwnNetwork() =>
        string.Join(' ', Directory.GetDirectories("/sys/class/net").Order(StringComparer.Ordinal)) + File.ReadAllText("/proc/net/route");

    /// <remarks>
    /// The tracer speaks of a flow by itself. Two that are sent at once may be each other's
    /// answers: source ports are tried one by one where network ACLs
    /// tell them apart, and a port may then be one that is asked as well. What differs is sent again in a network of its own.
    /// </remarks>
    private static EquatableArray<ProbeResult> Judge(int seed, Tally tally)
    {
        var random = new RandomLab(seed);
        var network = LabDrawing.Of(random.Inventory, RandomLab.Outsiders);
        using var lab = RunningLab.Build(network);
        var tracer = Tracer.Of(random.Inventory);
        var rows = Comparison
            .Of(lab, tracer, random.Flows(FlowsOfEach, network.CanSend))
            .Select(row => row.IsAgreed ? row : Alone(row.Trace.Flow))
            .ToEquatable();
        tally.Coverage.Take(random.Inventory, rows.Select(row => row.Trace));
        return rows;

        ProbeResult Alone(Flow flow)
        {
            tally.SentAgain++;
            using var own = RunningLab.Build(network);
            return Comparison.Of(own, tracer, [flow])[0];
        }
    }

    /// <summary>Everybody of a kind asks everybody of another, on the ports that matter.</summary>
    private static EquatableArray<ProbeResult> Judge(Inventory inventory)
    {
        var tracer = Tracer.Of(inventory);
        var fixedSet = EssentialFlows.Ask(tracer).Select(answer => answer.Trace.Flow).ToList();
        var network = Comparison.Draw(inventory, fixedSet);
        var ends = network
            .Namespaces.Where(one => !one.Addresses.IsEmpty)
            .GroupBy(one => Kind(inventory, one))
            .SelectMany(kind => kind.Take(2))
            .SelectMany(one => one.Addresses.Take(3))
            .ToList();
        var pairs =
            from source in ends
            from target in ends
            from flow in (Flow[])
                [
                    Flow.Tcp(source, target, 443),
                    Flow.Tcp(source, target, 5432),
                    Flow.Tcp(source, target, 8080),
                    Flow.Udp(source, target, 53),
                    new(source, target, Protocol.Icmp, 0),
                ]
            select flow;
        using var lab = RunningLab.Build(network);
        return Comparison.Of(
            lab,
            tracer,
            [
                .. fixedSet
                    .Concat(pairs)
                    .Distinct()
                    .Where(flow => network.CanSend(flow) && Comparison.Predict(tracer.Explain(flow)) is not null),
            ]
        );
    }

    private static object Kind(Inventory inventory, Netns netns)
    {
        var eni = inventory.Cloud.Interfaces.FirstOrDefault(eni =>
            eni.Addresses.Contains(netns.Addresses[0]) || eni.Prefixes.Any(prefix => prefix.Contains(netns.Addresses[0]))
        );
        return (netns.Name.Split('/')[0], eni?.Subnet, eni?.Groups);
    }

    private static int Number(string name, int otherwise) =>
        int.TryParse(Environment.GetEnvironmentVariable(name), CultureInfo.InvariantCulture, out var number) ? number : otherwise;

    private sealed class Tally
    {
        public Coverage Coverage { get; } = new();

        public int Sent { get; private set; }

        public int Arrived { get; private set; }

        public int SentAgain { get; set; }

        public List<string> Disagreements { get; } = [];

        public void Take(string network, EquatableArray<ProbeResult> rows)
        {
            Sent += rows.Count;
            Arrived += rows.Count(row => row.Seen.IsAnswered);
            var differing = rows.Where(row => !row.IsAgreed)
                .Select(row =>
                    $"{network}: {row.Trace.Flow}: the tracer says {row.Predicted} ({row.Trace.Outcome.Verdict}), "
                    + $"the kernel "
                    + $"{row.Seen}"
                    + $"{string.Concat(row.Trace.Hops.Select(hop => $"\n    {(hop.IsAnswer ? "back" : "there")} {hop.At}: {hop.Why}"))}"
                )
                .ToList();
            Disagreements.AddRange(differing);
            Write(string.Concat(differing.Select(one => $"  {one}\n")));
        }

        public void Report(string what) => Write($"{what}: {this}\n\n{Coverage}\n");

        private static void Write(string text)
        {
            if (text.Length > 0 && Environment.GetEnvironmentVariable("PODSPACE_LAB_REPORT") is { Length: > 0 } file)
            {
                File.AppendAllText(file, text);
            }
        }

        public override string ToString() =>
            $"{Sent} flows sent, {Arrived} arrived and were answered, {Disagreements.Count} on "
            + $"which tracer and kernel disagree ({SentAgain} sent again by themselves)";
    }
}
