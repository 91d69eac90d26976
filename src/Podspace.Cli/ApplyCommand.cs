using System.CommandLine;
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
        command.SetAction((parsed, cancel) =>
        {
            var wish = new Wish(parsed.GetValue(stage), parsed.GetValue(yes), parsed.GetValue(allow) is not null);
            return Sessions.EachAsync(terminal, world.Of(parsed), session => ApplyAsync(terminal, session, session.Where, wish, cancel), cancel);
        });
        return command;
    }

    internal sealed record Wish(Stage? Stage, bool Yes, bool MayDisturbRunningPods);

    internal static async Task<int> ApplyAsync(Terminal terminal, Session session, Where where, Wish wish, CancellationToken cancel)
    {
        var shown = await session.LookAtRestAsync(new(session.Doors.Time), terminal.Error, cancel);
        if (shown.Plan is not { } plan || shown.HasErrors)
        {
            Say.Obstacles(terminal.Error, shown.Findings, where);
            terminal.Error.WriteLine("Nothing was changed.");
            return ExitCode.Error;
        }
        if (!where.IsQuiet)
        {
            await terminal.Error.WriteAsync(where.Pasteable(PlanText.Render(plan, terminal.IsTerminal)));
        }
        var steps = plan.UpTo(StageFor(wish, shown));
        var changing = new Changing(terminal, session, where.IsQuiet);
        if (steps.IsEmpty)
        {
            await changing.ClearLockAsync(shown, cancel);
            Next(terminal, session, plan, steps, where);
            return ExitCode.Fine;
        }
        if (Forbidden(steps, wish) is { } forbidden)
        {
            return Refuse(terminal, forbidden, where);
        }
        if (!changing.IsAgreed(Say.Steps(steps.Count), plan.Account, wish.Yes) || !await changing.MayAsync(steps, shown, cancel))
        {
            return ExitCode.Error;
        }
        return await changing.HoldingAsync(shown, async patience =>
        {
            var now = await session.LookAtRestAsync(patience, terminal.Error, cancel);
            if (!changing.IsStillAgreed(plan, now.HasErrors ? null : now.Plan, wish.Yes))
            {
                return ExitCode.Error;
            }
            var fresh = now.Plan!.UpTo(StageFor(wish, now));
            if (Forbidden(fresh, wish) is { } late)
            {
                return Refuse(terminal, late, where);
            }
            var (isWhole, _) = await changing.CarryOutAsync(fresh, now, patience, cancel);
            if (isWhole)
            {
                Next(terminal, session, now.Plan, fresh, where);
            }
            return isWhole ? ExitCode.Fine : ExitCode.Error;
        }, cancel);
    }

    /// <summary>With nodes about, the switch is thrown only when it is asked for: old nodes turn mixed from then on.</summary>
    private static Stage StageFor(Wish wish, Situation situation) =>
        wish.Stage ?? (situation.Inventory.Cluster is { Nodes.IsEmpty: false } && situation.Plan!.Steps.Any(step => step.Change is Change.SetAddonValues { Document.Topic: "switch" })
            ? Stage.Admit
            : Stage.Nodes);

    private static Step? Forbidden(EquatableArray<Step> steps, Wish wish) =>
        wish.MayDisturbRunningPods ? null : steps.FirstOrDefault(step => step.Disruption == Disruption.RunningPods);

    private static int Refuse(Terminal terminal, Step step, Where where)
    {
        terminal.Error.WriteLine($"\"{PlanText.Describe(step.Change)}\" disturbs pods that run now, so nothing was changed. If that is meant:\n  podspace apply --allow running-pods{where.Again()}");
        return ExitCode.Error;
    }

    private static void Next(Terminal terminal, Session session, Plan plan, EquatableArray<Step> done, Where where)
    {
        if (plan.Steps.Count > done.Count)
        {
            session.Standing = new("the switch is left", $"podspace rollout start{where.Again()}");
            terminal.Error.WriteLine($"The switch is left ({Say.Steps(plan.Steps.Count - done.Count)}). The next command throws it and replaces the nodes, one of each zone first:\n  podspace rollout start{where.Again()}");
        }
        else if (done.IsEmpty)
        {
            session.Standing = new("as the spec says", "");
            terminal.Error.WriteLine("Nothing to do: the network is as the spec says.");
        }
        else
        {
            session.Standing = new("done", $"podspace verify{where.Again()}");
            terminal.Error.WriteLine($"Done. To prove it:\n  podspace verify{where.Again()}");
        }
    }
}
