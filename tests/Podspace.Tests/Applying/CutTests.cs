using Podspace.Cli;

namespace Podspace.Tests.Applying;

/// <summary>Stopped at every single call, before and after its effect: the next run ends in the
/// same state, nothing left over, nothing twice.</summary>
[Trait("speed", "slow")]
public sealed class CutTests
{
    private static string? Asked => Environment.GetEnvironmentVariable("PODSPACE_CUTS");

    /// <summary>Every command that changes something, after each way that leads to it, in every world that there is.</summary>
    /// <remarks>A rollout takes as long as ten of the others: just the two of the whole way, unless
    /// PODSPACE_CUTS says all, or names the one world to look at.</remarks>
    public static TheoryData<string, string> Swept =>
        Cases(
            (estate, jobs) =>
                !jobs[^1].Name.StartsWith("rollout", StringComparison.Ordinal) || IsUsual(estate, jobs) || Asked is { Length: > 0 }
        );

    /// <summary>The whole way's.</summary>
    public static TheoryData<string, string> Usual => Cases(IsUsual);

    private static bool IsUsual(Estate estate, IReadOnlyList<Job> jobs) => jobs.SequenceEqual(estate.Jobs.Take(jobs.Count));

    private static TheoryData<string, string> Cases(Func<Estate, IReadOnlyList<Job>, bool> isMeant) =>
        new(
            from estate in Worlds.All()
            where Asked is null or "" or "all" || Asked == estate.Name
            from way in Ways(estate)
            where isMeant(estate, way)
            select (estate.Name, string.Join(", ", way))
        );

    [Theory]
    [MemberData(nameof(Swept))]
    public async Task A_command_cut_at_any_call_is_finished_by_the_same_command(string world, string way)
    {
        var (estate, jobs) = Case(world, way);
        using var start = await BeforeAsync(estate, jobs);
        using var whole = start.Copy();
        using var moments = new Moments(whole.Wire, whole.World);
        var end = await whole.RunAsync(estate.Spec, jobs[^1], whole.Terminal, moments);
        Assert.True(end != ExitCode.Error, whole.Said);
        Assert.True(moments.Calls > 20, $"only {moments.Calls} calls: {whole.Said}");
        Settle(whole);
        foreach (var moment in moments.All)
        {
            using var cut = moment.Open();
            var exit = await cut.RunAsync(estate.Spec, jobs[^1]);
            Assert.True(exit == end, $"cut {moment.Place}: {cut.Said}");
            Settle(cut);
            var left = WorldComparison.Differences(whole.World.State, cut.World.State);
            Assert.True(left.Count == 0, $"cut {moment.Place}: {cut.Said}\n{string.Join("\n", left)}");
        }
        TestContext.Current.TestOutputHelper?.WriteLine(
            $"{world}: {way}: {moments.Calls * 2} cuts, which leave {moments.All.Count} states of the world"
        );
    }

    [Theory] // as a process goes: calls on their way have their effect or not, and nothing more is said
    [MemberData(nameof(Usual))]
    public async Task A_run_that_is_killed_changes_nothing_more_and_is_finished_by_the_same_command(string world, string way)
    {
        var (estate, jobs) = Case(world, way);
        using var start = await BeforeAsync(estate, jobs);
        using var whole = start.Copy();
        var calls = await whole.CutAsync(estate.Spec, 0, false, jobs[^1]);
        Settle(whole);
        foreach (var (at, isAfterEffect) in ((int, bool)[])[(calls / 2, false), (calls * 3 / 4, true)])
        {
            using var killed = start.Copy();
            await killed.CutAsync(estate.Spec, at, isAfterEffect, jobs[^1]);
            Assert.True(await killed.RunAsync(estate.Spec, jobs[^1]) != ExitCode.Error, $"call {at}: {killed.Said}");
            Settle(killed);
            var left = WorldComparison.Differences(whole.World.State, killed.World.State);
            Assert.True(left.Count == 0, $"call {at}: {string.Join("\n", left)}");
        }
    }

    /// <summary>The commands that lead to one, and that one, which is cut; the same way only once.</summary>
    private static IEnumerable<IReadOnlyList<Job>> Ways(Estate estate) =>
        from way in estate.Ways
        from length in Enumerable.Range(1, way.Count)
        let jobs = way.Take(length).ToList()
        where !jobs[^1].IsShort
        group jobs by string.Join(", ", jobs) into same
        select same.First();

    private static (Estate Estate, IReadOnlyList<Job> Jobs) Case(string world, string way)
    {
        var estate = Worlds.All().Single(one => one.Name == world);
        return (estate.Small(), Ways(estate).Single(jobs => string.Join(", ", jobs) == way));
    }

    private static async Task<Bench> BeforeAsync(Estate estate, IReadOnlyList<Job> jobs)
    {
        var bench = estate.Open();
        foreach (var before in jobs.SkipLast(1))
        {
            Assert.True(await bench.RunAsync(estate.Spec, before) != ExitCode.Error, $"{before}: {bench.Said}");
        }
        jobs[^1].Before?.Invoke(bench.World);
        return bench;
    }

    /// <summary>Long enough for what is under way to end: a subnet is "pending" for a second, and nodes take addresses in hand.</summary>
    private static void Settle(Bench bench) => bench.World.Advance(TimeSpan.FromMinutes(10));
}
