using Podspace.Cli;
using Podspace.Naming;
using Podspace.Simulation;
using Podspace.Spec;
using Podspace.Steps;
using Tag = Podspace.Simulation.State.Tag;

namespace Podspace.Tests.Applying;

/// <summary>Before there is a cluster no Lease can be had: a tag of the VPC lets one run through at a time.</summary>
[Trait("speed", "slow")]
public sealed class VpcLockTests
{
    private static readonly OverlaySpec Spec = Guide.Spec with { Cluster = null };

    [Fact]
    public async Task There_and_back_leaves_no_tag_behind()
    {
        var before = Guide.World();
        using var bench = new Bench(Guide.World());
        var seen = new HashSet<string>();
        bench.World.Changed += () => seen.UnionWith(Locks(bench.World).Select(tag => tag.Value.Split('@')[0]));

        Assert.True(await bench.ApplyAsync(Spec) == ExitCode.Fine, bench.Said);
        Assert.Empty(Locks(bench.World));
        Assert.True(await bench.DestroyAsync(Spec) == ExitCode.Fine, bench.Said);

        Assert.Equal(["test"], seen);
        Assert.Empty(WorldComparison.Differences(before.State, bench.World.State));
    }

    [Fact]
    public async Task A_holder_that_goes_on_is_respected_and_named()
    {
        using var bench = new Bench(Guide.World());
        Hold(bench.World, "bob@build-7/4711");
        using var words = new StringWriter();

        var exit = await bench.ApplyAsAsync(
            "ann",
            Spec,
            Stage.Network,
            words,
            wire => new Watch(wire, () => Hold(bench.World, "bob@build-7/4711"))
        );

        Assert.Equal(ExitCode.Error, exit);
        Assert.EndsWith(
            "refused: Held — bob@build-7/4711 is changing overlay \"prod\" right now and goes on "
                + "renewing its lock. Wait for it to end, then run this again.\n",
            words.ToString(),
            StringComparison.Ordinal
        );
        Assert.Single(Locks(bench.World), tag => tag.Value.StartsWith("bob@build-7/4711@", StringComparison.Ordinal));
        Assert.Single(bench.World.State.Aws.Vpcs[0].CidrBlockAssociationSet);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-8)]
    [InlineData(8)]
    public async Task One_that_was_killed_is_waited_out_by_our_own_clock_and_taken_over(int minutesApart)
    {
        using var bench = new Bench(Guide.World());
        var start = bench.World.State.Clock;
        Hold(bench.World, "bob@build-7/4711", TimeSpan.FromMinutes(minutesApart));

        Assert.True(await bench.ApplyAsync(Spec) == ExitCode.Fine, bench.Said);

        Assert.InRange((bench.World.State.History.First(entry => entry.Call == "CreateTags").At - start).TotalSeconds, 30, 35);
        Assert.Empty(Locks(bench.World));
    }

    [Fact]
    public async Task A_lock_that_was_left_at_the_very_end_goes_when_there_is_nothing_to_do()
    {
        using var bench = new Bench(Guide.World());
        await bench.ApplyAsync(Spec);
        Hold(bench.World, "bob@build-7/4711");

        Assert.True(await bench.ApplyAsync(Spec) == ExitCode.Fine, bench.Said);

        Assert.Empty(Locks(bench.World));
    }

    [Fact]
    public async Task One_that_was_left_before_the_cluster_was_there_is_waited_out_and_goes()
    {
        using var bench = new Bench(Guide.World());
        Hold(bench.World, "bob@build-7/4711");

        Assert.True(await bench.ApplyAsync(Guide.Spec) == ExitCode.Fine, bench.Said);

        Assert.Empty(Locks(bench.World));
    }

    [Fact]
    public async Task Of_two_applies_at_once_one_goes_first_and_the_other_finds_nothing_to_do()
    {
        using var bench = new Bench(new World(Guide.World().State, TimeProvider.System));
        using var words = new StringWriter();
        using var others = new StringWriter();

        var exits = await Task.WhenAll(
            Task.Run(() => bench.ApplyAsAsync("ann", Spec, Stage.Network, words)),
            Task.Run(() => bench.ApplyAsAsync("bob", Spec, Stage.Network, others))
        );

        Assert.True(exits is [ExitCode.Fine, ExitCode.Fine], words.ToString() + others);
        Assert.Equal(1, bench.Aws.Calls.Count(call => call.Operation == "AssociateVpcCidrBlock"));
        Assert.Empty(Locks(bench.World));
    }

    [Fact]
    public async Task A_run_that_stood_still_at_any_call_while_another_did_the_job_changes_nothing_more()
    {
        using var alone = new Bench(Guide.World());
        var calls = await alone.CutAsync(Spec, 0, false, Apply);
        var stopped = 0;
        for (var at = 1; at <= calls; at++)
        {
            using var bench = new Bench(Guide.World());
            using var words = new StringWriter();
            using var others = new StringWriter();
            var other = -1;

            var exit = await bench.ApplyAsAsync(
                "ann",
                Spec,
                Stage.Network,
                words,
                wire => new Standstill(wire, at, async () => other = await bench.ApplyAsAsync("bob", Spec, Stage.Network, others))
            );

            // Steps run side by side, and a run may need a look less than the one that was counted.
            Assert.True(other == ExitCode.Fine || (other == -1 && at > calls - 5), $"call {at}: {others}");
            stopped += exit == ExitCode.Error ? 1 : 0;
            // A tag on its way cannot be called back either: whoever comes next takes it over.
            Assert.True(await bench.ApplyAsync(Spec) == ExitCode.Fine, $"call {at}: {words}\n{bench.Said}");
            var left = WorldComparison.Differences(alone.World.State, bench.World.State);
            Assert.True(left.Count == 0, $"call {at}: {words}\n{string.Join('\n', left)}");
        }
        Assert.InRange(stopped, 1, calls);
    }

    [Fact]
    public async Task A_run_cut_off_at_any_call_is_finished_by_the_next_one_and_its_lock_goes()
    {
        using var whole = new Bench(Guide.World());
        var calls = await whole.CutAsync(Spec, 0, false, Apply);
        for (var at = 1; at <= calls; at++)
        {
            foreach (var isAfterEffect in (bool[])[false, true])
            {
                using var cut = new Bench(Guide.World());
                await cut.CutAsync(Spec, at, isAfterEffect, Apply);
                Assert.True(await cut.ApplyAsync(Spec) == ExitCode.Fine, $"call {at}: {cut.Said}");
                Assert.True(Locks(cut.World).Count == 0, $"call {at}: {cut.Said}");
                // The rule that AWS puts into every new group is used as it stands; cut before it got our tags, it never gets them.
                var left = WorldComparison
                    .Differences(whole.World.State, cut.World.State)
                    .Where(line => !line.Contains("\"IsEgress\":true", StringComparison.Ordinal))
                    .ToList();
                Assert.True(left.Count == 0, $"call {at}, {(isAfterEffect ? "after" : "before")}: {cut.Said}\n{string.Join('\n', left)}");
            }
        }
    }

    private static Task<int> Apply(Session session, Terminal terminal, CancellationToken cancel) =>
        ApplyCommand.ApplyAsync(terminal, session, new([], null, null, true), new(Stage.Network, true, true), cancel);

    private static List<Tag> Locks(World world) => world.State.Aws.Vpcs[0].Tags.FindAll(tag => tag.Key == Tags.Lock("prod"));

    /// <summary>Writes the tag as a run of this holder would, unless it did so in the last ten seconds.</summary>
    private static void Hold(World world, string holder, TimeSpan ahead = default)
    {
        var until = world.State.Clock + ahead + TimeSpan.FromSeconds(30);
        var tags = world.State.Aws.Vpcs[0].Tags;
        if (tags.Find(tag => tag.Key == Tags.Lock("prod")) is not { } tag)
        {
            tags.Add(tag = new() { Key = Tags.Lock("prod") });
        }
        else if (until - DateTimeOffset.Parse(tag.Value.Split('@')[^1], null) < TimeSpan.FromSeconds(10))
        {
            return;
        }
        tag.Value = Tags.LockValue(holder, until);
    }
}
