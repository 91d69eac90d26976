using Podspace.Cli;
using Podspace.Planning;

namespace Podspace.Tests.Applying;

/// <summary>Stopped at every single call, before and after its effect: the next run ends in the same state, nothing left over, nothing twice.</summary>
[Trait("speed", "slow")]
public sealed class CutTests
{
    [Fact]
    public Task Apply_cut_at_any_call_is_finished_by_the_next_apply() => EveryCutAsync(
        bench => Task.CompletedTask,
        (session, terminal, cancel) => ApplyCommand.ApplyAsync(terminal, session, new([], null, null, true), new(Stage.Switch, true, true), cancel),
        bench => bench.ApplyAsync(Guide.Spec, Stage.Switch));

    [Fact]
    public Task Destroy_cut_at_any_call_is_finished_by_the_next_destroy() => EveryCutAsync(
        bench => bench.ApplyAsync(Guide.Spec, Stage.Admit),
        (session, terminal, cancel) => DestroyCommand.DestroyAsync(terminal, session, new([], null, null, true), true, cancel),
        bench => bench.DestroyAsync(Guide.Spec));

    private static async Task EveryCutAsync(
        Func<Bench, Task> prepare, Func<Session, Terminal, CancellationToken, Task<int>> run, Func<Bench, Task<int>> finish)
    {
        using var start = new Bench(Guide.World());
        await prepare(start);
        using var whole = start.Copy();
        var calls = await whole.CutAsync(Guide.Spec, 0, false, run);
        Assert.True(calls > 20, $"only {calls} calls: {whole.Said}");
        for (var at = 1; at <= calls; at++)
        {
            foreach (var isAfterEffect in (bool[])[false, true])
            {
                using var cut = start.Copy();
                await cut.CutAsync(Guide.Spec, at, isAfterEffect, run);
                var exit = await finish(cut);
                Assert.True(exit == ExitCode.Fine, $"cut {(isAfterEffect ? "after" : "before")} call {at}: {cut.Said}");
                var left = WorldComparison.Differences(whole.World.State, cut.World.State);
                Assert.True(left.Count == 0, $"cut {(isAfterEffect ? "after" : "before")} call {at}: {string.Join("\n", left)}");
            }
        }
        TestContext.Current.TestOutputHelper?.WriteLine($"{calls * 2} cuts");
    }
}
