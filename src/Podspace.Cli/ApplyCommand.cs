using System.CommandLine;
using Podspace.Applying;
using Podspace.Planning;

namespace Podspace.Cli;

/// <summary>Carries the plan out, by stage.</summary>
internal static class ApplyCommand
{
    public static Command Make(Terminal terminal)
    {
        var world = new WorldOptions();
        var stage = new Option<Stage?>("--stage") { Description = "Run up to and with this stage: network, admit or switch. Left out: on a cluster that has nodes, up to admit.", HelpName = "stage" };
        stage.AcceptOnlyFromAmong("network", "admit", "switch");
        var yes = new Option<bool>("--yes", "-y") { Description = "Do not ask." };
        var allow = new Option<string?>("--allow") { Description = "running-pods: also run steps that disturb pods that run now.", HelpName = "whom" };
        allow.AcceptOnlyFromAmong("running-pods");
        var command = new Command("apply", "Make the network as the spec says. Stopped anywhere, the same command goes on from there.") { stage, yes, allow };
        world.AddTo(command);
        command.SetAction((parsed, cancel) => RunAsync(
            terminal, world.Of(parsed), new(parsed.GetValue(stage), parsed.GetValue(yes), parsed.GetValue(allow) is not null), cancel));
        return command;
    }

    internal sealed record Wish(Stage? Stage, bool Yes, bool MayDisturbRunningPods);

    private static async Task<int> RunAsync(Terminal terminal, Where where, Wish wish, CancellationToken cancel)
    {
        var exit = ExitCode.Fine;
        await foreach (var session in Sessions.OpenAsync(terminal, where, cancel))
        {
            exit = ExitCode.Worst(exit, await ApplyAsync(terminal, session, where, wish, cancel));
        }
        return exit;
    }

    internal static async Task<int> ApplyAsync(Terminal terminal, Session session, Where where, Wish wish, CancellationToken cancel)
    {
        var shown = await LookAtRestAsync(session, cancel);
        if (shown.Plan is not { } plan || shown.HasErrors)
        {
            Say.Obstacles(terminal.Error, shown.Findings);
            terminal.Error.WriteLine("Nothing was changed.");
            return ExitCode.Error;
        }
        if (!where.IsQuiet)
        {
            await terminal.Error.WriteAsync(PlanText.Render(plan, terminal.IsTerminal));
        }
        var steps = plan.UpTo(StageFor(wish, shown));
        var changing = new Changing(terminal, session, where.IsQuiet);
        if (steps.IsEmpty)
        {
            await changing.ClearLockAsync(shown, cancel);
            Next(terminal, plan, steps, where);
            return ExitCode.Fine;
        }
        if (Forbidden(steps, wish) is { } forbidden)
        {
            return Refuse(terminal, forbidden, where);
        }
        if (!changing.IsAgreed(Count(steps.Count), plan.Account, wish.Yes) || !await changing.MayAsync(steps, shown, cancel))
        {
            return ExitCode.Error;
        }
        return await changing.HoldingAsync(shown, async patience =>
        {
            var now = await session.LookAsync(cancel);
            if (!changing.IsStillAgreed(plan, now.HasErrors ? null : now.Plan, wish.Yes))
            {
                return ExitCode.Error;
            }
            var fresh = now.Plan!.UpTo(StageFor(wish, now));
            if (Forbidden(fresh, wish) is { } late)
            {
                return Refuse(terminal, late, where);
            }
            var isDone = await changing.CarryOutAsync(fresh, now, patience, cancel);
            if (isDone)
            {
                Next(terminal, now.Plan, fresh, where);
            }
            return isDone ? ExitCode.Fine : ExitCode.Error;
        }, cancel);
    }

    /// <summary>While the add-on is being updated EKS shows values of which nobody knows how long they hold: the update ends first.</summary>
    private static async Task<Situation> LookAtRestAsync(Session session, CancellationToken cancel)
    {
        var situation = await session.LookAsync(cancel);
        if (situation.Inventory.Cloud.VpcCni is not { Status: "UPDATING" })
        {
            return situation;
        }
        var atRest = new CloudState.AddonAtRest(session.Spec.Cluster!, "vpc-cni");
        return await new Patience(session.Doors.Time).UntilAsync(session.Doors.Cloud, atRest, cancel) is { } refusal
            ? throw new Mistake($"{refusal}")
            : await session.LookAsync(cancel);
    }

    /// <summary>With nodes about, the switch is thrown only when it is asked for: old nodes turn mixed from then on.</summary>
    private static Stage StageFor(Wish wish, Situation situation) =>
        wish.Stage ?? (situation.Inventory.Cluster is { Nodes.IsEmpty: false } && situation.Plan!.Steps.Any(step => step.Change is Change.SetAddonValues { Document.Topic: "switch" })
            ? Stage.Admit
            : Stage.Nodes);

    private static Step? Forbidden(EquatableArray<Step> steps, Wish wish) =>
        wish.MayDisturbRunningPods ? null : steps.FirstOrDefault(step => step.Disruption == Disruption.RunningPods);

    private static string Count(int steps) => steps == 1 ? "1 step" : $"{steps} steps";

    private static int Refuse(Terminal terminal, Step step, Where where)
    {
        terminal.Error.WriteLine($"\"{PlanText.Describe(step.Change)}\" disturbs pods that run now, so nothing was changed. If that is meant:\n  podspace apply --allow running-pods{where.Again()}");
        return ExitCode.Error;
    }

    private static void Next(Terminal terminal, Plan plan, EquatableArray<Step> done, Where where)
    {
        if (plan.Steps.Count > done.Count)
        {
            terminal.Error.WriteLine($"The switch is left ({Count(plan.Steps.Count - done.Count)}). The next command throws it and replaces the nodes, one of each zone first:\n  podspace rollout start{where.Again()}");
        }
        else if (done.IsEmpty)
        {
            terminal.Error.WriteLine("Nothing to do: the network is as the spec says.");
        }
        else
        {
            terminal.Error.WriteLine($"Done. To prove it:\n  podspace verify{where.Again()}");
        }
    }
}
