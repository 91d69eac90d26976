using System.CommandLine;
using Podspace.Applying;
using Podspace.Planning;
using Podspace.Rendering;
using Podspace.Spec;
using Podspace.Steps;

namespace Podspace.Cli;

/// <summary>Carries the plan out, by stage.</summary>
internal static class ApplyCommand
{
    public static Command Make(Terminal terminal)
    {
        var world = new WorldOptions();
        var saved = new Argument<string?>("plan")
        {
            Description = "A plan that plan --save wrote; refused when what it stands on has changed since. Left out: a plan is made now.",
            Arity = ArgumentArity.ZeroOrOne,
        };
        var stage = StageOption.Make(
            "Run up to and with this stage: network, admit or switch. Left out: on a cluster that has nodes, up to admit."
        );
        var yes = new Option<bool>("--yes", "-y") { Description = "Do not ask." };
        var allow = new Option<string?>("--allow")
        {
            Description = "running-pods: also run steps that disturb pods that run now.",
            HelpName = "whom",
        };
        allow.AcceptOnlyFromAmong("running-pods");
        var report = new Option<string?>("--report")
        {
            Description = "Write every step and every call with its request id to this file, as JSON.",
            HelpName = "file",
        };
        var takeOver = new Option<string?>("--take-over")
        {
            Description =
                "Only make ours what the plan uses: a subnet's id or a block. From then on it is planned for, and destroy deletes it.",
            HelpName = "name",
        };
        var command = new Command("apply", "Make the network as the spec says. Stopped anywhere, the same command goes on from there.")
        {
            saved,
            stage,
            yes,
            allow,
            report,
            takeOver,
        };
        world.AddTo(command);
        command.SetAction(
            (parsed, cancel) =>
            {
                var options = new ApplyOptions(parsed.GetValue(stage), parsed.GetValue(yes), parsed.GetValue(allow) is not null);
                var (where, audit) = (world.Of(parsed), parsed.GetValue(report) is { } path ? new RunReport(path) : null);
                if (parsed.GetValue(takeOver) is { } name)
                {
                    return Sessions.EachAsync(
                        terminal,
                        where,
                        session => TakingOver.RunAsync(terminal, session, name, options.Yes, cancel),
                        cancel
                    );
                }
                return parsed.GetValue(saved) is { } file
                    ? ApplySavedAsync(terminal, where, file, world.NamesSpecs(parsed), options, audit, cancel)
                    : Sessions.EachAsync(terminal, where, session => FollowAsync(terminal, session, options, audit, cancel), cancel);
            }
        );
        return command;
    }

    internal sealed record ApplyOptions(Stage? Stage, bool Yes, bool MayDisturbRunningPods)
    {
        /// <summary>The plan that was approved, and the file it is in; null: whatever is right now.</summary>
        public (SavedPlan Plan, string File)? Saved { get; init; }

        public Action<StepReport>? OnStep { get; init; }

        /// <summary>Whoever reads this has the plan before their eyes already.</summary>
        public bool IsShown { get; init; }
    }

    private static Task<int> ApplySavedAsync(
        Terminal terminal,
        Where where,
        string file,
        bool namesSpecs,
        ApplyOptions options,
        RunReport? audit,
        CancellationToken cancel
    )
    {
        if (namesSpecs)
        {
            throw new UsageException($"{file} holds its own spec: leave out -f, or leave out the plan.");
        }
        var (plan, problem) = SavedPlan.Read(
            Specs.Text(file, $"there is no saved plan {file}. To make one:\n  podspace plan --save {Where.Quoted(file)}")
        );
        if (plan is null)
        {
            throw new UsageException(
                $"{file} is no plan that can be carried out: {problem}. Plan again:\n  podspace plan "
                    + $"--save {Where.Quoted(file)}{(where with { Files = [] }).Again()}"
            );
        }
        if (options.Stage > plan.Stage)
        {
            throw new UsageException(
                $"{file} was saved with --stage {plan.Stage.ToString()!.ToLowerInvariant()}, "
                    + $"and what comes behind that was never shown to whom approved it."
            );
        }
        options = options with { Stage = options.Stage ?? plan.Stage, Saved = (plan, file) };
        return Sessions.EachAsync(
            terminal,
            where with
            {
                Files = [plan.Spec.File],
            },
            [plan.Spec],
            plan.Overlay,
            session => FollowAsync(terminal, session, options, audit, cancel),
            cancel
        );
    }

    private static Task<int> FollowAsync(
        Terminal terminal,
        Session session,
        ApplyOptions options,
        RunReport? audit,
        CancellationToken cancel
    ) =>
        audit is null
            ? ApplyAsync(terminal, session, session.Where, options, cancel)
            : audit.FollowAsync(session, note => ApplyAsync(terminal, session, session.Where, options with { OnStep = note }, cancel));

    internal static async Task<int> ApplyAsync(
        Terminal terminal,
        Session session,
        Where where,
        ApplyOptions options,
        CancellationToken cancel
    )
    {
        var shown = await session.LookAtRestAsync(new(session.Connections.Time), terminal.Error, cancel);
        if (shown.Plan is not { } plan || shown.HasErrors)
        {
            Messages.Obstacles(terminal.Error, shown.Findings, where);
            terminal.Error.WriteLine("Nothing was changed.");
            return ExitCode.Error;
        }
        if (HasMoved(terminal, options, plan, where))
        {
            return ExitCode.Error;
        }
        if (!where.IsQuiet && !options.IsShown)
        {
            var approved = options.Saved is { Plan.Stage: { } last } ? plan with { Steps = plan.UpTo(last) } : plan;
            await terminal.Error.WriteAsync(
                where.Pasteable(PlanText.Render(approved, terminal.IsTerminal)) + Patches.Text(session.PatchesOf(shown, approved))
            );
        }
        var byOwner = StepsByOwner.Of(plan.UpTo(StageFor(options, shown)));
        var steps = byOwner.Ready;
        var run = new ChangeRun(terminal, session, where.IsQuiet) { OnStep = options.OnStep };
        if (steps.IsEmpty)
        {
            var isClear = await run.ClearLockAsync(shown, cancel);
            return ExitCode.Worst(Next(terminal, session, plan, byOwner, where), isClear ? ExitCode.Fine : ExitCode.Error);
        }
        RefuseSwitch(plan, steps, where);
        if (Forbidden(steps, options) is { } forbidden)
        {
            return Refuse(terminal, forbidden, where);
        }
        if (
            !await run.IsAgreedAsync(Messages.Steps(steps.Count), plan.Account, options.Yes, cancel)
            || !await run.MayAsync(steps, shown, cancel)
        )
        {
            return ExitCode.Error;
        }
        return await run.HoldingAsync(
            shown,
            async waiter =>
            {
                var now = await session.LookAtRestAsync(waiter, terminal.Error, cancel);
                if (!run.IsStillAgreed(shown, now, options.Yes) || HasMoved(terminal, options, now.Plan!, where))
                {
                    return ExitCode.Error;
                }
                var fresh = StepsByOwner.Of(now.Plan!.UpTo(StageFor(options, now)));
                RefuseSwitch(now.Plan, fresh.Ready, where);
                if (Forbidden(fresh.Ready, options) is { } late)
                {
                    return Refuse(terminal, late, where);
                }
                var (isWhole, _) = await run.CarryOutAsync(fresh.Ready, now, waiter, cancel);
                return isWhole ? Next(terminal, session, now.Plan, fresh, where) : ExitCode.Error;
            },
            cancel
        );
    }

    private static bool HasMoved(Terminal terminal, ApplyOptions options, Plan now, Where where)
    {
        if (options.Saved is not { } saved || saved.Plan.MovedTo(now) is not { } moved)
        {
            return false;
        }
        terminal.Error.WriteLine(
            $"What {saved.File} stands on has changed since it was saved, so nothing was done: {moved}.\nPlan "
                + $"again, and have that approved:\n  podspace plan --save {Where.Quoted(saved.File)}{where.Again()}"
        );
        return true;
    }

    /// <summary>With nodes about, the switch is thrown only when it is asked for: old nodes turn mixed from then on.</summary>
    private static Stage StageFor(ApplyOptions options, PlannedState state) =>
        options.Stage
        ?? (
            state.Inventory.Cluster is { Nodes.IsEmpty: false } && state.Plan!.Steps.Any(step => step.Change.ThrowsSwitch)
                ? Stage.Admit
                : Stage.Nodes
        );

    /// <exception cref="UsageException">The switch is among the steps, and something is in its way.</exception>
    private static void RefuseSwitch(Plan plan, EquatableArray<Step> steps, Where where)
    {
        if (plan.SwitchObstacle is { } obstacle && steps.Any(step => step.Change.ThrowsSwitch))
        {
            throw new UsageException(
                where.Pasteable(
                    $"{obstacle}\nNothing was changed. Everything before the switch can be done meanwhile:\n  podspace apply --stage admit"
                )
            );
        }
    }

    private static Step? Forbidden(EquatableArray<Step> steps, ApplyOptions options) =>
        options.MayDisturbRunningPods ? null : steps.FirstOrDefault(step => step.Disruption == Disruption.RunningPods);

    private static int Refuse(Terminal terminal, Step step, Where where)
    {
        terminal.Error.WriteLine(
            $"\"{step.Change.Phrase}\" disturbs pods that run now, so nothing was changed. "
                + $"If that is meant:\n  podspace apply --allow running-pods{where.Again()}"
        );
        return ExitCode.Error;
    }

    /// <returns>0 when all that is left is somebody else's; 2 when steps of ours wait for it.</returns>
    private static int Next(Terminal terminal, Session session, Plan plan, StepsByOwner byOwner, Where where)
    {
        var later = plan.Steps.Count - byOwner.Ready.Count - byOwner.Blocked.Count - byOwner.External.Count;
        var switchIsTheirs = StepsByOwner.Of(plan.Steps) is { External.IsEmpty: false };
        var (state, next, said) = byOwner switch
        {
            { External.IsEmpty: false, Blocked.IsEmpty: true } => (
                $"left to {byOwner.Others}",
                "verify",
                $"{Messages.Steps(byOwner.External.Count)} left to {byOwner.Others}: the patch says what to do there. "
                    + $"Nothing of ours waits for it. Once it is done, to prove it"
            ),
            { External.IsEmpty: false } => (
                $"waits for {byOwner.Others}",
                "apply",
                $"{Messages.Steps(byOwner.External.Count)} left to {byOwner.Others}: the patch says what to do there. "
                    + $"{Messages.Steps(byOwner.Blocked.Count)} of ours wait for that. Once it is done, go on with"
            ),
            _ when later > 0 && switchIsTheirs => (
                "the switch is left to others",
                "rollout start",
                $"The switch is left to {StepsByOwner.Of(plan.Steps).Others} ({Messages.Steps(later)}): "
                    + $"the patch says what to do there. Once it is thrown, replace the nodes"
            ),
            _ when later > 0 => (
                "the switch is left",
                "rollout start",
                $"The switch is left ({Messages.Steps(later)}). The next command throws it and replaces the nodes, one of each zone first"
            ),
            _ when plan.LeavesOldNodes && session.Spec.Owners.Nodes == Owner.Podspace => (
                "nodes are left to be replaced",
                "rollout start",
                $"{(byOwner.Ready.IsEmpty ? "The network is as the spec says" : "Done")}. "
                    + $"Nodes that are older than it are left to be replaced"
            ),
            { Ready.IsEmpty: true } => ("as the spec says", "", "Nothing to do: the network is as the spec says."),
            _ => ("done", "verify", "Done. To prove it"),
        };
        var command = next.Length == 0 ? "" : $"podspace {next}{where.Again()}";
        session.Standing = new(state, command);
        terminal.Error.WriteLine(command.Length == 0 ? said : $"{said}:\n  {command}");
        return byOwner.Blocked.IsEmpty ? ExitCode.Fine : ExitCode.Something;
    }
}
