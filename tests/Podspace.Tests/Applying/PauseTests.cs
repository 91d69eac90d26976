using Podspace.Cli;
using Podspace.Simulation;
using Podspace.Tests.Cli;

namespace Podspace.Tests.Applying;

[Trait("speed", "slow")]
public sealed class PauseTests
{
    [Fact]
    public async Task While_paused_nothing_begins_and_resume_begins_nothing_either()
    {
        using var run = new CommandRun();
        await run.HereAsync("apply --yes -q");

        var paused = await run.HereAsync("rollout pause");
        var start = await run.HereAsync("rollout start --yes");
        var apply = await run.HereAsync("apply --yes --stage switch");
        var resume = await run.HereAsync("rollout resume");
        var after = run.Read("world.yaml");
        var again = await run.HereAsync("rollout resume");

        Assert.True(paused.Exit == ExitCode.Fine, paused.Error);
        Assert.EndsWith("\n  podspace rollout resume -f overlay.yaml --twin world.yaml\n", paused.Output, StringComparison.Ordinal);
        Assert.Equal((ExitCode.Error, ExitCode.Error), (start.Exit, apply.Exit));
        Assert.Contains("refused: Paused — overlay \"prod\" is paused by ", start.Error, StringComparison.Ordinal);
        Assert.EndsWith("\n  podspace rollout resume -f overlay.yaml --twin world.yaml\n", start.Error, StringComparison.Ordinal);
        Assert.True(resume.Exit == ExitCode.Fine, resume.Error);
        Assert.Equal("The pause is over.\n", resume.Error);
        Assert.Equal("No rollout is under way. To begin one:\n  podspace rollout start -f overlay.yaml --twin world.yaml\n", resume.Output);
        Assert.Equal(
            (
                ExitCode.Fine,
                "The rollout is not paused.\nNo rollout is under way. To begin one:\n "
                    + " podspace rollout start -f overlay.yaml --twin world.yaml\n"
            ),
            (again.Exit, again.Error + again.Output)
        );
        Assert.Equal(after, run.Read("world.yaml"));
        Assert.DoesNotContain("TerminateInstances", after, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_rollout_that_goes_on_stops_once_it_is_paused()
    {
        using var bench = new Bench(Guide.World());
        await bench.ApplyAsync(Guide.Spec, null);
        PauseAfterTheFirst(bench.World);

        var exit = await bench.RollAsync(Guide.Spec);

        Assert.True(exit == ExitCode.Error, bench.Said);

        Assert.True(Replaced(bench.World) == 1, bench.Said);
        Assert.Contains("is paused by somebody", bench.Said, StringComparison.Ordinal);

        Assert.True(await bench.RunAsync(Guide.Spec, Resume) == ExitCode.Fine, bench.Said);
        Assert.True(await bench.VerifyAsync(Guide.Spec) == ExitCode.Fine, bench.Said);
    }

    [Fact]
    public async Task A_way_back_that_was_paused_goes_on_back()
    {
        using var bench = new Bench(Guide.World());
        await bench.ApplyAsync(Guide.Spec, null);
        await bench.RollAsync(Guide.Spec);
        PauseAfterTheFirst(bench.World);
        Assert.Equal(ExitCode.Error, await bench.BackAsync(Guide.Spec));

        Assert.True(await bench.RunAsync(Guide.Spec, Resume) == ExitCode.Fine, bench.Said);

        Assert.True(await bench.DestroyAsync(Guide.Spec) == ExitCode.Fine, bench.Said);
    }

    [Fact]
    public async Task A_rollout_that_was_cut_off_goes_on_though_nobody_paused_it()
    {
        using var bench = new Bench(Guide.World());
        await bench.ApplyAsync(Guide.Spec, null);
        await bench.CutBeforeAsync(Guide.Spec, "ec2 TerminateInstances", Job.All.Single(job => job.Name == "rollout start"));

        Assert.True(await bench.RunAsync(Guide.Spec, Resume) == ExitCode.Fine, bench.Said);

        Assert.Contains("The rollout is not paused.", bench.Said, StringComparison.Ordinal);
        Assert.True(await bench.VerifyAsync(Guide.Spec) == ExitCode.Fine, bench.Said);
    }

    [Fact]
    public async Task Between_there_and_back_resume_asks_which()
    {
        using var bench = new Bench(Guide.World());
        await bench.ApplyAsync(Guide.Spec, null);
        await bench.CutBeforeAsync(Guide.Spec, "kubernetes create pods/eviction", Job.All.Single(job => job.Name == "rollout start"));
        var node = bench.World.Objects.List("v1", "nodes").First().DeepClone().AsObject();
        node["metadata"]!["annotations"]!["podspace.io/rollout.prod"] = "to-node-subnet";
        bench.World.Do(() => bench.World.Objects.Update("v1", "nodes", node, "podspace"));

        Assert.Equal(ExitCode.Something, await bench.RunAsync(Guide.Spec, Resume));

        Assert.EndsWith("To say which:\n  podspace rollout start\n  podspace rollout back\n", bench.Said, StringComparison.Ordinal);
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

    private static Job Resume { get; } =
        new("rollout resume", (terminal, session, cancel) => RolloutCommand.ResumeAsync(terminal, session, Where.Unsaid, cancel));

    private static int Replaced(World world) => world.State.History.Count(entry => entry.Call == "TerminateInstances");

    /// <summary>Counted from now.</summary>
    internal static void PauseAfterTheFirst(World world)
    {
        var (before, isPaused) = (Replaced(world), false);
        world.Changed += () =>
        {
            if (Replaced(world) == before + 1 && !isPaused)
            {
                isPaused = true;
                Pause(world);
                // Nodes here are up in no time; a run looks at its lock every ten seconds.
                world.Clock.CreateTimer(_ => { }, null, TimeSpan.FromSeconds(11), Timeout.InfiniteTimeSpan);
            }
        };
    }

    /// <summary>As <c>rollout pause</c> in another shell writes it.</summary>
    private static void Pause(World world)
    {
        var lease = world.Objects.Find("coordination.k8s.io/v1", "leases", "kube-system", "podspace-prod")!.DeepClone().AsObject();
        lease["spec"]!["holderIdentity"] = "paused by somebody";
        lease["spec"]!["leaseDurationSeconds"] = 604800;
        world.Objects.Update("coordination.k8s.io/v1", "leases", lease, "podspace");
    }
}
