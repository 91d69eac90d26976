using System.Text.Json.Nodes;
using Podspace.Cli;

namespace Podspace.Tests.Cli;

public sealed class SimulateCommandTests : IDisposable
{
    private const string Load = """
        apiVersion: podspace.io/v1alpha1
        kind: Load
        seed: 7
        hours: 6
        subnets: [{zone: b, cidr: 100.64.0.0/24}, {zone: c, cidr: 100.64.1.0/24, reserved: [100.64.1.128/25]}]
        nodes: [{name: workers, type: m5.large, least: 2, most: 8, podsPerNode: 40, by: karpenter}]
        settings: {ENABLE_PREFIX_DELEGATION: "true", WARM_PREFIX_TARGET: "1"}
        workloads: [{name: web, pods: 120, low: 0.3, peak: 3, lifeMinutes: 600}, {name: jobs, perHour: 60, lifeMinutes: 4}]
        events: [{at: 1h, rollout: web}, {at: 2h, zoneOutage: b, for: 30m}, {at: 4h, nodeRoll: workers}]

        """;

    private readonly CommandRun run = new();

    public SimulateCommandTests() => run.Write("load.yaml", Load);

    [Fact]
    public async Task A_load_says_who_waited_and_is_drawn()
    {
        var (exit, output, error) = await run.RunAsync("simulate --load @load.yaml --plot @plot.svg");

        Assert.Equal((ExitCode.Fine, ""), (exit, error));
        Golden.Matches(output, "Cli/simulate.golden");
        Golden.Matches(run.Read("plot.svg"), "Rendering/load.golden.svg");
    }

    [Fact]
    public async Task The_same_seed_gives_the_same_result_and_another_one_another()
    {
        var (first, again, other) = (
            await run.RunAsync("simulate --load @load.yaml -o json"),
            await run.RunAsync("simulate --load @load.yaml -o json"),
            await run.RunAsync("simulate --load @load.yaml -o json --seed 8")
        );

        Assert.Equal(first, again);
        Assert.NotEqual(first.Output, other.Output);
        Assert.NotNull(JsonNode.Parse(first.Output));
    }

    [Fact]
    public async Task The_series_come_as_CSV_a_line_every_ten_minutes()
    {
        var (_, output, _) = await run.RunAsync("simulate --load @load.yaml -o csv");
        var lines = output.Split('\n', StringSplitOptions.RemoveEmptyEntries);

        Assert.Equal((6 * 6) + 2, lines.Length);
        Assert.All(lines, line => Assert.Equal(lines[0].Split(',').Length, line.Split(',').Length));
    }

    [Fact]
    public async Task What_the_load_lacks_is_the_clusters()
    {
        run.Write("load.yaml", "apiVersion: podspace.io/v1alpha1\nkind: Load\nhours: 2\nworkloads: [{name: web, pods: 40}]\n");
        var (exit, output, error) = await run.HereAsync("simulate --load @load.yaml");

        Assert.Equal((ExitCode.Fine, ""), (exit, error));
        Assert.Contains("100.64.0.0/18", output, StringComparison.Ordinal);
        Assert.Equal(ExitCode.Error, (await run.RunAsync("simulate --load @load.yaml")).Exit);
    }

    [Theory]
    [InlineData("kind: Load", "kind: Lode", "kind must be Load.")]
    [InlineData("seed: 7", "sead: 7", "sead is no key of a load")]
    [InlineData("hours: 6", "hours: soon", "hours: soon is no number from 1 to 8784")]
    [InlineData("100.64.0.0/24", "100.64.1.0/24", "100.64.1.0/24 and 100.64.1.0/24 overlap")]
    [InlineData("100.64.0.0/24", "100.64/24", "Did you mean 100.64.0.0/24?")]
    [InlineData("100.64.0.0/24", "100.64.0.0/29", "100.64.0.0/29 is no subnet")]
    [InlineData("type: m5.large", "type: m5.gigantic", "the limits of \"m5.gigantic\" are not known, and are not guessed")]
    [InlineData("by: karpenter", "by: magic", "\"magic\" is neither nodeGroup nor karpenter")]
    [InlineData("by: karpenter", "zones: [d]", "nodes names zone d, which has no subnet")]
    [InlineData("rollout: web", "rollout: wib", "there is no \"wib\" for Rollout to be about")]
    [InlineData("at: 1h", "at: noon", "\"noon\" is no time such as 90m or 6h")]
    [InlineData("rollout: web", "for: 3m", "an event is rollout, zoneOutage or nodeRoll")]
    [InlineData("low: 0.3", "low: 3", "low: 3 is no number from 0 to 1")]
    [InlineData("workloads: [", "workloads: 3 #", "workloads: 3 is no list")]
    [InlineData("apiVersion", "- apiVersion", "load.yaml(2,1): This is not YAML")]
    public async Task A_mistake_in_the_load_is_told_with_its_place(string right, string wrong, string words)
    {
        run.Write("load.yaml", Load.Replace(right, wrong, StringComparison.Ordinal));
        var (exit, output, error) = await run.RunAsync("simulate --load @load.yaml");

        Assert.Equal((ExitCode.Error, ""), (exit, output));
        Assert.Contains(words, error, StringComparison.Ordinal);
    }

    public void Dispose() => run.Dispose();
}
