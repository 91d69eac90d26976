using Podspace.Cli;
using Podspace.Model;
using Podspace.Simulation;
using Podspace.Steps;

namespace Podspace.Tests.Applying;

/// <summary>A 2xx that holds no answer, as a proxy on the way gives it: it was not read, and what stands on it is not done.</summary>
public sealed class SpoiledAnswersTests
{
    private static readonly Where Where = new([], null, null, false);

    private static readonly Lazy<Estate> Small = new(() => Worlds.All().First(estate => estate.Name == "crowded-vpc").Small());

    private static readonly Lazy<World> Whole = new(() =>
    {
        using var bench = Small.Value.Open();
        bench.ApplyAsync(Small.Value.Spec).GetAwaiter().GetResult();
        return bench.World;
    });

    /// <summary>Calls of the whole job that only look, or only change something.</summary>
    private static readonly Lazy<IReadOnlyList<Asked>> Job = new(() =>
    {
        using var bench = Small.Value.Open();
        using var wire = new Spoiling(bench.Wire, Spoiling.Empty, _ => false);
        ApplyAsync(bench, wire).GetAwaiter().GetResult();
        return [.. wire.Calls.Where(call => !call.IsDryRun).DistinctBy(call => $"{call}")];
    });

    public static TheoryData<string> Forms => new(Spoiling.Forms);

    [Theory]
    [InlineData("kubernetes list nodes", "the answer to GET /api/v1/nodes was 200 with an empty body")]
    [InlineData("ec2 DescribeSubnets", "the answer to DescribeSubnets was 200 with an empty body")]
    [InlineData("eks DescribeCluster", "the answer to DescribeCluster was 200 with an empty body")]
    public async Task What_came_back_is_said_and_nothing_is_changed(string call, string words)
    {
        using var bench = Small.Value.Open();
        using var wire = new Spoiling(bench.Wire, Spoiling.Empty, asked => $"{asked}" == call);

        var (exit, said) = await ApplyAsync(bench, wire);

        Assert.Equal(ExitCode.Error, exit);
        Assert.Contains(words, said, StringComparison.Ordinal);
        Assert.Empty(wire.Changes);
    }

    [Theory]
    [MemberData(nameof(Forms))]
    public async Task No_running_node_is_overlooked(string form)
    {
        using var bench = Small.Value.Open();
        using var wire = new Spoiling(bench.Wire, form, asked => $"{asked}" is "kubernetes list nodes" or "kubernetes list pods");

        var (exit, said) = await ApplyAsync(bench, wire);

        Assert.True(exit == ExitCode.Error, said);
        Assert.Empty(wire.Changes);
    }

    [Theory]
    [MemberData(nameof(Forms))]
    [Trait("speed", "slow")]
    public async Task Whatever_read_it_is_apply_changes_nothing_or_does_all_of_it(string form)
    {
        Assert.True(IsSwitched(Whole.Value));
        var whole = await SeenAsync(Small.Value.Open(), "", form);
        foreach (var call in Job.Value.Where(call => !call.IsWrite).Select(call => $"{call}"))
        {
            using var bench = Small.Value.Open();
            using var wire = new Spoiling(bench.Wire, form, asked => $"{asked}" == call);

            var (exit, said) = await ApplyAsync(bench, wire);

            var seen = await SeenAsync(Small.Value.Open(), call, form);
            Assert.True(seen.Gaps.Any() || seen == whole, $"{call} came as {form}, and nothing says that it was not read.");
            var isHeld = seen.Gaps.Any() ? !wire.Changes.Any() : !IsSwitched(bench.World);
            Assert.True(
                exit == ExitCode.Error ? isHeld : WorldComparison.Differences(Whole.Value.State, bench.World.State).Count == 0,
                $"{call} came as {form}:\n{said}\n{string.Join('\n', wire.Changes)}"
            );
        }
    }

    [Theory]
    [MemberData(nameof(Forms))]
    [Trait("speed", "slow")]
    public async Task A_change_whose_answer_is_none_once_is_made_once(string form)
    {
        foreach (var call in Job.Value.Where(call => call.IsWrite).Select(call => $"{call}"))
        {
            using var bench = Small.Value.Open();
            var isDone = 0;
            using var wire = new Spoiling(
                bench.Wire,
                form,
                asked => $"{asked}" == call && !asked.IsDryRun && Interlocked.Exchange(ref isDone, 1) == 0
            );

            var (exit, said) = await ApplyAsync(bench, wire);

            Assert.True(exit == ExitCode.Fine, $"{call} came as {form}:\n{said}");
            Assert.Empty(WorldComparison.Differences(Whole.Value.State, bench.World.State));
        }
    }

    private static bool IsSwitched(World world) =>
        world
            .State.Aws.Addons.Single(addon => addon.AddonName == "vpc-cni")
            .ConfigurationValues?.Contains("AWS_VPC_K8S_CNI_CUSTOM_NETWORK_CFG\":\"true", StringComparison.Ordinal) == true;

    private static async Task<(int Exit, string Said)> ApplyAsync(Bench bench, HttpMessageHandler wire)
    {
        using var said = new StringWriter();
        await using var connections = Connections.ToTwin(bench.World, Small.Value.Spec, "test", wire);
        try
        {
            var terminal = new Terminal(said, said, TextReader.Null, false);
            var exit = await ApplyCommand.ApplyAsync(
                terminal,
                new(Small.Value.Spec, connections),
                Where,
                new(Stage.Nodes, true, true),
                default
            );
            return (exit, $"{said}");
        }
        catch (UsageException mistake)
        {
            return (ExitCode.Error, $"{said}{mistake.Message}");
        }
    }

    private static async Task<Inventory> SeenAsync(Bench bench, string call, string form)
    {
        using var wire = new Spoiling(bench.Wire, form, asked => $"{asked}" == call);
        await using var connections = Connections.ToTwin(bench.World, Small.Value.Spec, "test", wire);
        var seen = await new Session(Small.Value.Spec, connections).ObserveAsync(default);
        bench.Dispose();
        return seen with { Cloud = seen.Cloud with { ObservedAt = default } };
    }
}
