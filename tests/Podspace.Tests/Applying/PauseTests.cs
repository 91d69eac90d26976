using Podspace.Cli;
using Podspace.Tests.Cli;

namespace Podspace.Tests.Applying;

[Trait("speed", "slow")]
public sealed class PauseTests
{
    [Fact]
    public async Task While_paused_nothing_begins_and_resume_goes_on()
    {
        using var run = new CommandRun();
        await run.HereAsync("apply --yes -q");

        var paused = await run.HereAsync("rollout pause");
        var start = await run.HereAsync("rollout start --yes");
        var apply = await run.HereAsync("apply --yes --stage switch");
        var resume = await run.HereAsync("rollout resume --yes");
        var verify = await run.HereAsync("verify");

        Assert.True(paused.Exit == ExitCode.Fine, paused.Error);
        Assert.EndsWith("\n  podspace rollout resume -f overlay.yaml --twin world.yaml\n", paused.Error, StringComparison.Ordinal);
        Assert.Equal((ExitCode.Error, ExitCode.Error), (start.Exit, apply.Exit));
        Assert.Contains("refused: Paused — overlay \"prod\" is paused by ", start.Error, StringComparison.Ordinal);
        Assert.EndsWith("\n  podspace rollout resume -f overlay.yaml --twin world.yaml\n", start.Error, StringComparison.Ordinal);
        Assert.True(resume.Exit == ExitCode.Fine, resume.Error);
        Assert.Contains("The pause is over.", resume.Error, StringComparison.Ordinal);
        Assert.True(verify.Exit == ExitCode.Fine, verify.Output + verify.Error);
    }

    [Fact]
    public async Task A_rollout_that_goes_on_stops_once_it_is_paused()
    {
        using var bench = new Bench(Guide.World());
        await bench.ApplyAsync(Guide.Spec, null);
        var replaced = 0;
        var isPaused = false;
        bench.World.Changed += () =>
        {
            replaced = bench.World.State.History.Count(entry => entry.Call == "TerminateInstances");
            if (replaced == 1 && !isPaused)
            {
                isPaused = true;
                Pause(bench);
                // Nodes here are up in no time; a run looks at its lock every ten seconds.
                bench.World.Clock.CreateTimer(_ => { }, null, TimeSpan.FromSeconds(11), Timeout.InfiniteTimeSpan);
            }
        };

        var exit = await bench.RollAsync(Guide.Spec);

        Assert.True(exit == ExitCode.Error, bench.Said);

        Assert.True(replaced == 1, bench.Said);
        Assert.Contains("is paused by somebody", bench.Said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Going_back_ends_a_pause()
    {
        using var run = new CommandRun();
        await run.HereAsync("apply --yes -q");
        await run.HereAsync("rollout pause");

        var back = await run.HereAsync("rollout back --yes");

        Assert.True(back.Exit == ExitCode.Fine, back.Error);
    }

    /// <summary>As <c>rollout pause</c> in another shell writes it.</summary>
    private static void Pause(Bench bench)
    {
        var lease = bench.World.Objects.Find("coordination.k8s.io/v1", "leases", "kube-system", "podspace-prod")!.DeepClone().AsObject();
        lease["spec"]!["holderIdentity"] = "paused by somebody";
        lease["spec"]!["leaseDurationSeconds"] = 604800;
        bench.World.Objects.Update("coordination.k8s.io/v1", "leases", lease, "podspace");
    }
}
