using System.CommandLine;
using Podspace.Findings;
using Podspace.Model;
using Podspace.Planning;
using Podspace.Rendering;
using Podspace.Steps;

namespace Podspace.Cli;

/// <summary>Takes everything back that Podspace made, the switch first.</summary>
internal static class DestroyCommand
{
    private const string TakeBack =
        "Take back what Podspace made and put previous values in their place. "
        + "While pods live in it nothing is changed, and it ends with 2.";

    public static Command Make(Terminal terminal)
    {
        var world = new WorldOptions();
        var stage = StageOption.Make("Take back down to and with this stage: switch, admit or network. Left out: all of it.");
        var sweep = new Option<bool>("--sweep")
        {
            Description = "Also delete interfaces that nodes which are gone left behind in pod subnets.",
        };
        var yes = new Option<bool>("--yes", "-y") { Description = "Do not ask." };
        var command = new Command("destroy", TakeBack) { stage, sweep, yes };
        world.AddTo(command);
        command.SetAction(
            (parsed, cancel) =>
                Sessions.EachAsync(
                    terminal,
                    world.Of(parsed),
                    session =>
                        DestroyAsync(
                            terminal,
                            session,
                            session.Where,
                            parsed.GetValue(yes),
                            cancel,
                            parsed.GetValue(stage) ?? Stage.Network,
                            parsed.GetValue(sweep)
                        ),
                    cancel
                )
        );
        return command;
    }

    internal static async Task<int> DestroyAsync(
        Terminal terminal,
        Session session,
        Where where,
        bool yes,
        CancellationToken cancel,
        Stage from = Stage.Network,
        bool sweeps = false
    )
    {
        var inventory = await session.ObserveAtRestAsync(new(session.Connections.Time), terminal.Error, cancel);
        session.RefuseOtherAccount(inventory);
        if (inventory.Cloud.Vpc is null)
        {
            throw new UsageException(
                (
                    $"{session.Spec.Vpc} is not there or cannot be read, so nothing can be taken "
                    + $"back. {string.Join(" ", inventory.Gaps.Select(gap => gap.Why))}"
                ).TrimEnd()
            );
        }
        Session.RefuseUnseen(inventory, Reading.Reservations, Reading.Interfaces, Reading.Pods);
        var plan = Planner.Destroy(session.Spec, inventory, from, sweeps, session.Terraform);
        if (IsLivedIn(terminal, session, inventory))
        {
            return ExitCode.Something;
        }
        var byOwner = StepsByOwner.Of(plan.Steps);
        var state = new PlannedState(inventory, null, plan, plan.Findings);
        if (plan.IsEmpty && !IsCarried(plan))
        {
            terminal.Error.WriteLine($"Nothing to take back: overlay {session.Spec.Name} has nothing of its own in {session.Spec.Vpc}.");
        }
        else if (!where.IsQuiet)
        {
            await terminal.Error.WriteAsync(
                where.Pasteable(PlanText.Render(plan, terminal.IsTerminal)) + Patches.Text(session.PatchesOf(state, plan))
            );
        }
        var run = new ChangeRun(terminal, session, where.IsQuiet);
        if (byOwner.Ready.IsEmpty)
        {
            return await run.ClearLockAsync(state, cancel) ? End(terminal, session, plan, byOwner) : ExitCode.Error;
        }
        if (
            !await run.IsAgreedAsync($"Taking back {byOwner.Ready.Count} things", plan.Account, yes, cancel)
            || !await run.MayAsync(byOwner.Ready, state, cancel)
        )
        {
            return ExitCode.Error;
        }
        return await run.HoldingAsync(
            state,
            async waiter =>
            {
                var now = await session.ObserveAtRestAsync(waiter, terminal.Error, cancel);
                Session.RefuseUnseen(now, Reading.Reservations, Reading.Interfaces, Reading.Pods);
                var fresh = Planner.Destroy(session.Spec, now, from, sweeps, session.Terraform);
                if (IsLivedIn(terminal, session, now))
                {
                    return ExitCode.Something;
                }
                if (!run.IsStillAgreed(plan, fresh, yes))
                {
                    return ExitCode.Error;
                }
                var mine = StepsByOwner.Of(fresh.Steps);
                var (isWhole, _) = await run.CarryOutAsync(mine.Ready, state with { Inventory = now }, waiter, cancel);
                return isWhole ? End(terminal, session, fresh, mine) : ExitCode.Error;
            },
            cancel
        );
    }

    /// <summary>Without the switch, nodes whose pods live in the overlay would give further ones addresses of both networks.</summary>
    private static bool IsLivedIn(Terminal terminal, Session session, Inventory inventory)
    {
        var residents = Residents.In(session.Spec, inventory);
        if (residents.Pods.IsEmpty || !HasSomething(session, inventory))
        {
            return false;
        }
        var (count, next) = (residents.Pods.Count, $"podspace rollout back{session.Where.Again()}");
        var (live, them) = count == 1 ? ("lives", "it") : ("live", "them");
        session.Standing = new("pods live in it", next);
        terminal.Error.WriteLine(
            $"{Residents.Count(count)} {live} in overlay {session.Spec.Name}, so nothing is taken back:\n{residents.ByNode()}"
        );
        terminal.Error.WriteLine($"Nothing was changed. To move {them} to the node subnets first:\n  {next}");
        return true;
    }

    /// <summary>Pods may live in subnets that others made and lead them to.</summary>
    private static bool HasSomething(Session session, Inventory inventory)
    {
        var whole = Planner.Destroy(session.Spec, inventory, terraform: session.Terraform);
        return !whole.IsEmpty || IsCarried(whole);
    }

    private static int End(Terminal terminal, Session session, Plan plan, StepsByOwner byOwner)
    {
        if (!byOwner.External.IsEmpty)
        {
            terminal.Error.WriteLine(
                $"{Messages.Steps(byOwner.External.Count)} left to {byOwner.Others}: the patch says what to take out there."
            );
        }
        if (!byOwner.Blocked.IsEmpty)
        {
            var next = $"podspace destroy{session.Where.Again()}";
            session.Standing = new($"waits for {byOwner.Others}", next);
            terminal.Error.WriteLine(
                $"{Messages.Steps(byOwner.Blocked.Count)} of ours wait for that. Once it is done, go on with:\n  {next}"
            );
            return ExitCode.Something;
        }
        var isCarried = IsCarried(plan);
        if (session.Where.IsQuiet)
        {
            // Ending with 2 without a word would say nothing; otherwise it stands in the plan.
            Messages.Findings(terminal.Error, plan.Findings.Where(IsOfCarried), session.Where);
        }
        session.Standing =
            !isCarried ? new("taken back", "")
            : plan.Findings.Any(finding => finding.Code == "PS2301")
                ? new("nodes still have interfaces in it", $"podspace rollout back{session.Where.Again()}")
            : plan.Findings.Any(finding => finding.Code == "PS2324") ? new("a block stays for subnets of others", "")
            : new("nodes left interfaces behind", $"podspace destroy --sweep{session.Where.Again()}");
        if (!session.Where.IsQuiet && !plan.IsEmpty)
        {
            terminal.Error.WriteLine(
                !isCarried ? "All of it is taken back."
                : session.Standing is { Next: { Length: > 0 } next, State: var state }
                    ? $"Not all of it is taken back: {state}. Next:\n  {next}"
                : $"Not all of it is taken back: {session.Standing!.State}."
            );
        }
        return isCarried ? ExitCode.Something : ExitCode.Fine;
    }

    private static bool IsCarried(Plan plan) => plan.Findings.Any(IsOfCarried);

    private static bool IsOfCarried(Finding finding) => finding.Code is "PS2301" or "PS2319" or "PS2324";
}
