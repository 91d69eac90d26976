using System.Security.Cryptography;
using Podspace.Cli;
using Podspace.Simulation.WorldFile;

namespace Podspace.Tests.Applying;

/// <summary>Stopped at every single call, before and after its effect: the next run ends in the same state, nothing left over, nothing twice.</summary>
/// <remarks>
/// Every call of the guide's apply and destroy; of all else a share that suits every change, evenly over the calls. With PODSPACE_CUTS=all every call of everything, which takes hours.
/// </remarks>
[Trait("speed", "slow")]
public sealed class CutTests
{
    /// <summary>Calls of a job that are cut when not all are.</summary>
    private const int Share = 4;

    /// <summary>Every command that changes something, in every world that there is.</summary>
    public static TheoryData<string, string> Jobs => new(
        from estate in Worlds.All()
        from job in estate.Jobs
        where job.Name != "verify"
        select (estate.Name, job.Name));

    [Theory]
    [MemberData(nameof(Jobs))]
    public async Task A_command_cut_at_any_call_is_finished_by_the_same_command(string world, string command)
    {
        var estate = Worlds.All().Single(one => one.Name == world).Small();
        var job = estate.Jobs.Single(one => one.Name == command);
        using var start = estate.Open();
        foreach (var before in estate.Jobs.TakeWhile(one => one != job))
        {
            Assert.True(await start.RunAsync(estate.Spec, before) == ExitCode.Fine, $"{before}: {start.Said}");
        }
        job.Before?.Invoke(start.World);
        using var whole = start.Copy();
        var calls = await whole.CutAsync(estate.Spec, 0, false, job);
        Assert.True(calls > 20, $"only {calls} calls: {whole.Said}");
        // Between two writes nothing changes: what the same command made of exactly the same world need not be seen twice.
        var finished = new HashSet<string>();
        var step = IsWhole(world, command) ? 1 : Math.Max(1, calls / Share);
        var cuts = 0;
        for (var at = 1; at <= calls; at += step)
        {
            cuts += 2;
            foreach (var isAfterEffect in (bool[])[false, true])
            {
                using var cut = start.Copy();
                await cut.CutAsync(estate.Spec, at, isAfterEffect, job);
                if (!finished.Add(Convert.ToHexString(SHA256.HashData(WorldCopy.Of(cut.World.State)))))
                {
                    continue;
                }
                var exit = await cut.RunAsync(estate.Spec, job);
                Assert.True(exit == ExitCode.Fine, $"cut {(isAfterEffect ? "after" : "before")} call {at}: {cut.Said}");
                var left = WorldComparison.Differences(whole.World.State, cut.World.State);
                Assert.True(left.Count == 0, $"cut {(isAfterEffect ? "after" : "before")} call {at}: {string.Join("\n", left)}");
            }
        }
        TestContext.Current.TestOutputHelper?.WriteLine($"{world}, {command}: {cuts} cuts of {calls * 2}, {finished.Count} states of the world");
    }

    private static bool IsWhole(string world, string command) =>
        (world == "crowded-vpc" && (command is "apply" or "destroy")) || Environment.GetEnvironmentVariable("PODSPACE_CUTS") == "all";
}
