using System.CommandLine;
using Podspace.Applying;
using Podspace.Model;
using Podspace.Nodes;
using Podspace.Observed;
using Podspace.Planning;
using Podspace.Spec;
using Podspace.Steps;

namespace Podspace.Cli;

/// <summary>Moves running nodes into the overlay and back.</summary>
internal static class RolloutCommand
{
    public static Command Make(Terminal terminal) =>
        new("rollout", "Replace running nodes, one of each zone first.")
        {
            Part(
                terminal,
                "start",
                "Throw the switch and replace every node that still gives pods addresses of its own subnet.",
                StartAsync
            ),
            Part(terminal, "status", "Say of every node where its pods get their addresses.", (at, _, cancel) => StatusAsync(at, cancel)),
            Part(
                terminal,
                "pause",
                "Let a rollout that goes on, here or elsewhere, stop where it is; nothing begins until resume or back.",
                (at, _, cancel) => PauseAsync(at, cancel)
            ),
            Part(terminal, "resume", "End the pause and go on with the rollout that it stopped, there or back; begins none.", ResumeAsync),
            Part(terminal, "back", "Turn the switch off and replace the nodes again, so that pods live in the node subnets.", BackAsync),
        };

    private sealed record At(Terminal Terminal, Session Session, Where Where);

    private static Command Part(Terminal terminal, string name, string description, Func<At, bool, CancellationToken, Task<int>> run)
    {
        var world = new WorldOptions();
        var yes = new Option<bool>("--yes", "-y") { Description = "Do not ask." };
        var command = new Command(name, description);
        if (name is not ("status" or "pause"))
        {
            command.Add(yes);
        }
        world.AddTo(command);
        command.SetAction(
            (parsed, cancel) =>
                Sessions.EachAsync(
                    terminal,
                    world.Of(parsed),
                    session =>
                        run(new(terminal, session, session.Where), name is not ("status" or "pause") && parsed.GetValue(yes), cancel),
                    cancel
                )
        );
        return command;
    }

    internal static Task<int> StartAsync(Terminal terminal, Session session, Where where, CancellationToken cancel) =>
        StartAsync(new(terminal, session, where), true, cancel);

    internal static Task<int> BackAsync(Terminal terminal, Session session, Where where, CancellationToken cancel) =>
        BackAsync(new(terminal, session, where), true, cancel);

    internal static Task<int> PauseAsync(Terminal terminal, Session session, Where where, CancellationToken cancel) =>
        PauseAsync(new(terminal, session, where), cancel);

    internal static Task<int> ResumeAsync(Terminal terminal, Session session, Where where, CancellationToken cancel) =>
        ResumeAsync(new(terminal, session, where), true, cancel);

    private static Task<int> StartAsync(At at, bool yes, CancellationToken cancel) => StartAsync(at, yes, false, cancel);

    /// <param name="resumes">Ends the pause once it was agreed to.</param>
    private static async Task<int> StartAsync(At at, bool yes, bool resumes, CancellationToken cancel)
    {
        var state = await at.Session.LookAtRestAsync(new(at.Session.Connections.Time), at.Terminal.Error, cancel);
        if (state.Plan is not { } plan || state.HasErrors)
        {
            Messages.Obstacles(at.Terminal.Error, state.Findings, at.Where);
            return ExitCode.Error;
        }
        RefuseOthersNodes(at);
        RefuseUnready(at, plan);
        RefuseWithoutCluster(state);
        if (IsHeldOff(at, state))
        {
            return ExitCode.Error;
        }
        TellOfNoWayBack(at, state.Inventory);
        var run = new ChangeRun(at.Terminal, at.Session, at.Where.IsQuiet);
        if (
            !await run.IsAgreedAsync("Replacing nodes", plan.Account, yes, cancel)
            || !await run.MayAsync(
                plan.UpTo(Stage.Switch),
                state,
                cancel,
                RolloutPlan.For(state.Inventory, StatesOf(at, state), NodeState.InOverlay, at.Session.Spec.Name).Nodes
            )
        )
        {
            return ExitCode.Error;
        }
        if (resumes && !await EndPauseAsync(at, cancel))
        {
            return ExitCode.Error;
        }
        return await run.HoldingAsync(
            state,
            async waiter =>
            {
                var now = await at.Session.LookAtRestAsync(waiter, at.Terminal.Error, cancel);
                if (!run.IsStillAgreed(state, now, yes))
                {
                    return ExitCode.Error;
                }
                RefuseUnready(at, now.Plan!);
                if (IsHeldOff(at, now))
                {
                    return ExitCode.Error;
                }
                return await RollAsync(
                    at,
                    run,
                    waiter,
                    now,
                    new(
                        seen => StatesOf(at, now with { Inventory = seen }),
                        NodeState.InOverlay,
                        stop => ThrowAsync(run, now, waiter, stop),
                        stop => SwitchOffAsync(at, run, waiter, keepsPools: false, stop)
                    ),
                    cancel
                );
            },
            cancel
        );
    }

    private static void RefuseOthersNodes(At at)
    {
        if (at.Session.Spec.Owners.Nodes is not Owner.Podspace and var owner)
        {
            throw new UsageException(
                $"replacing nodes is left to {Owners.Whose(owner)} ('spec.owners.nodes'), so none is touched here. "
                    + $"Roll the node groups there; how far it is:\n  podspace rollout status{at.Where.Again()}"
            );
        }
    }

    /// <summary>A rollout throws the switch and no more: what belongs before it, or would disturb others, is for <c>apply</c>.</summary>
    private static void RefuseUnready(At at, Plan plan)
    {
        if (
            plan.UpTo(Stage.Switch).FirstOrDefault(step => step.Owner != Owner.Podspace && step.Change.Action != StepAction.Delete) is
            { } theirs
        )
        {
            throw new UsageException(
                $"\"{theirs.Change.Phrase}\" is left to {Owners.Whose(theirs.Owner)}, "
                    + $"and nodes are replaced only once it is done. To see what to write there:\n  podspace plan{at.Where.Again()}"
            );
        }
        if (plan.Steps.FirstOrDefault(step => step.Disruption == Disruption.RunningPods) is { } harsh)
        {
            throw new UsageException(
                $"\"{harsh.Change.Phrase}\" disturbs pods that run now, and not only those that move. "
                    + $"If that is meant, do it first:\n  podspace apply --stage switch --allow running-pods{at.Where.Again()}"
            );
        }
        if (plan.SwitchObstacle is { } obstacle && plan.Steps.Any(step => step.Change.ThrowsSwitch))
        {
            throw new UsageException(at.Where.Pasteable($"{obstacle}"));
        }
        if (plan.UpTo(Stage.Admit).FirstOrDefault(step => step.Change.Action != StepAction.Delete) is { } open)
        {
            throw new UsageException(
                $"\"{open.Change.Phrase}\" has to be done before nodes are replaced. " + $"Do it first:\n  podspace apply{at.Where.Again()}"
            );
        }
    }

    /// <summary>Reports whether the switch cannot be thrown: told before the first node is cordoned.</summary>
    private static bool IsHeldOff(At at, PlannedState state) =>
        IsHeld(at, Planner.Conflict(at.Session.Spec, state.Inventory, state.Plan!.UpTo(Stage.Switch)), "on");

    private static bool IsHeldOn(At at, Inventory inventory) =>
        IsHeld(at, Planner.WayBack(at.Session.Spec, inventory, at.Session.Terraform).Hold, "off");

    private static bool IsHeld(At at, SwitchHold? hold, string way)
    {
        if (hold is not null)
        {
            at.Terminal.Error.WriteLine($"refused: the switch cannot be turned {way}, so no node was touched. {hold}");
        }
        return hold is not null;
    }

    private static void TellOfNoWayBack(At at, Inventory inventory)
    {
        if (Planner.WayBack(at.Session.Spec, inventory, at.Session.Terraform).Hold is { } hold)
        {
            at.Terminal.Error.WriteLine($"Should the first new node fail, the switch cannot be turned off from here. {hold.Problem}");
        }
    }

    private static async Task<int> BackAsync(At at, bool yes, CancellationToken cancel)
    {
        var inventory = await at.Session.ObserveAtRestAsync(new(at.Session.Connections.Time), at.Terminal.Error, cancel);
        var state = new PlannedState(inventory, null, null, []);
        at.Session.RefuseOtherAccount(inventory);
        Session.RefuseUnseen(inventory);
        RefuseWithoutCluster(state);
        if (IsHeldOn(at, inventory))
        {
            return ExitCode.Error;
        }
        var run = new ChangeRun(at.Terminal, at.Session, at.Where.IsQuiet);
        var nodes = IsOfOthers(at) ? [] : NodesToGoBack(at, inventory);
        var steps = Planner.SwitchOff(at.Session.Spec, inventory, at.Session.Terraform, keepsPools: true);
        var what = IsOfOthers(at) ? "Turning the switch off" : "Replacing nodes to go back";
        if (!await run.IsAgreedAsync(what, inventory.Cloud.Account, yes, cancel) || !await run.MayAsync(steps, state, cancel, nodes))
        {
            return ExitCode.Error;
        }
        // Who goes back does not go on: the pause has done its work.
        if (!await EndPauseAsync(at, cancel, isAsked: false))
        {
            return ExitCode.Error;
        }
        return await run.HoldingAsync(state, waiter => GoBackAsync(at, run, waiter, state, cancel), cancel);
    }

    private static async Task<int> GoBackAsync(At at, ChangeRun run, Waiter waiter, PlannedState state, CancellationToken cancel)
    {
        var now = await at.Session.ObserveAtRestAsync(waiter, at.Terminal.Error, cancel);
        Session.RefuseUnseen(now);
        if (IsHeldOn(at, now))
        {
            return ExitCode.Error;
        }
        if (IsOfOthers(at))
        {
            return await LeaveNodesAsync(at, run, waiter, cancel);
        }
        return await RollAsync(
            at,
            run,
            waiter,
            state,
            new(seen => Found(at, seen), NodeState.InNodeSubnet, stop => SwitchOffAsync(at, run, waiter, keepsPools: true, stop), null),
            cancel
        );
    }

    private static bool IsOfOthers(At at) => at.Session.Spec.Owners.Nodes != Owner.Podspace;

    private static EquatableArray<SeenNode> NodesToGoBack(At at, Inventory inventory) =>
        RolloutPlan.For(inventory, Found(at, inventory), NodeState.InNodeSubnet, at.Session.Spec.Name).Nodes;

    /// <summary>Where others replace the nodes: the switch is ours to turn off, and from then
    /// on new ones start in the node subnets.</summary>
    private static async Task<int> LeaveNodesAsync(At at, ChangeRun run, Waiter waiter, CancellationToken cancel)
    {
        if (await SwitchOffAsync(at, run, waiter, keepsPools: true, cancel) is { } refusal)
        {
            if (!run.HasTold(refusal))
            {
                at.Terminal.Error.WriteLine(at.Where.Pasteable($"refused: {refusal}"));
            }
            return ExitCode.Error;
        }
        var left = NodesToGoBack(at, await at.Session.ObserveAsync(cancel)).Count;
        var next = $"podspace {(left == 0 ? "destroy" : "rollout status")}{at.Where.Again()}";
        at.Session.Standing = new(left == 0 ? "all nodes are back" : "nodes are left to replace", next);
        at.Terminal.Error.WriteLine(
            left == 0
                ? $"The switch is off. To take the rest back:\n  {next}"
                : $"The switch is off. Replacing {left} nodes is left to "
                    + $"{Owners.Whose(at.Session.Spec.Owners.Nodes)} ('spec.owners.nodes'): "
                    + $"roll the node groups there. How far it is:\n  {next}"
        );
        return left == 0 ? ExitCode.Fine : ExitCode.Something;
    }

    private static async Task<Refusal?> ThrowAsync(ChangeRun run, PlannedState now, Waiter waiter, CancellationToken cancel)
    {
        var (isWhole, refusal) = await run.CarryOutAsync(now.Plan!.UpTo(Stage.Switch), now, waiter, cancel);
        return isWhole
            ? null
            : refusal
                ?? new(
                    RefusalKind.Final,
                    "LeftToOthers",
                    "some of it is left to others, and nodes are replaced only once all of it is done."
                );
    }

    private static async Task<int> RollAsync(
        At at,
        ChangeRun run,
        Waiter waiter,
        PlannedState situation,
        RolloutDirection direction,
        CancellationToken cancel
    )
    {
        var cluster = at.Session.Connections.ClusterOf(situation.Inventory.Cloud)!;
        // Ctrl-C leaves nodes cordoned, which nobody who stops it expects.
        using var told = cancel.Register(() =>
            at.Terminal.Error.WriteLine($"podspace: old nodes stay cordoned and take no new pods until it goes on, or back:{OnOrBack(at)}")
        );
        var rollout = new Rollout(at.Session.Connections.Cloud, cluster, waiter, at.Session.Spec.Name, at.Session.ObserveAsync);
        await foreach (var report in rollout.RollAsync(direction, cancel))
        {
            at.Terminal.Error.WriteLine($"  {report.Text}");
            if (report.Refusal is { } refusal)
            {
                if (!run.HasTold(refusal))
                {
                    at.Terminal.Error.WriteLine(at.Where.Pasteable($"refused: {refusal}"));
                }
                at.Terminal.Error.WriteLine("What was done stays; once that is mended, the same command goes on from there.");
                return ExitCode.Error;
            }
        }
        var (state, next) =
            direction.Goal == NodeState.InOverlay
                ? ("all nodes are in the overlay", "podspace verify")
                : ("all nodes are back", "podspace destroy");
        at.Session.Standing = new(state, next + at.Where.Again());
        at.Terminal.Error.WriteLine(
            $"{(direction.Goal == NodeState.InOverlay ? "To prove it" : "To take the rest back")}:\n  {next}{at.Where.Again()}"
        );
        return ExitCode.Fine;
    }

    private static string OnOrBack(At at) => $"\n  podspace rollout start{at.Where.Again()}\n  podspace rollout back{at.Where.Again()}";

    private static async Task<Refusal?> SwitchOffAsync(At at, ChangeRun run, Waiter waiter, bool keepsPools, CancellationToken cancel)
    {
        var inventory = await at.Session.ObserveAtRestAsync(waiter, at.Terminal.Error, cancel);
        // Where the settings cannot be seen, the switch would be taken for off already.
        Session.RefuseUnseen(inventory);
        if (Planner.WayBack(at.Session.Spec, inventory, at.Session.Terraform).Hold is { } hold)
        {
            return new(RefusalKind.Final, "LeftToOthers", $"{hold}");
        }
        var steps = StepsByOwner.Of(Planner.SwitchOff(at.Session.Spec, inventory, at.Session.Terraform, keepsPools)).Ready;
        return steps.IsEmpty ? null : (await run.CarryOutAsync(steps, new(inventory, null, null, []), waiter, cancel)).Refusal;
    }

    private static async Task<int> PauseAsync(At at, CancellationToken cancel)
    {
        if (await (await LockAsync(at, cancel)).PauseAsync(cancel) is { } refusal)
        {
            at.Terminal.Error.WriteLine($"refused: {refusal}");
            return ExitCode.Error;
        }
        at.Session.Standing = new("paused", $"podspace rollout resume{at.Where.Again()}");
        at.Terminal.Error.WriteLine(
            $"Paused for a week at most. A rollout that goes on now notices within ten "
                + $"seconds and stops. To go on:\n  podspace rollout resume{at.Where.Again()}"
        );
        return ExitCode.Fine;
    }

    private static async Task<int> ResumeAsync(At at, bool yes, CancellationToken cancel)
    {
        var inventory = await at.Session.ObserveAsync(cancel);
        RefuseWithoutCluster(new(inventory, null, null, []));
        Session.RefuseUnseen(inventory);
        return RolloutAnnotation.UnderWay(inventory, at.Session.Spec.Name) switch
        {
            [NodeState.InOverlay] => await StartAsync(at, yes, resumes: true, cancel),
            [NodeState.InNodeSubnet] => await BackAsync(at, yes, cancel),
            [] => await EndIdlePauseAsync(at, cancel),
            _ => BothWays(at),
        };
    }

    private static async Task<int> EndIdlePauseAsync(At at, CancellationToken cancel)
    {
        if (!await EndPauseAsync(at, cancel))
        {
            return ExitCode.Error;
        }
        var next = $"podspace rollout start{at.Where.Again()}";
        at.Session.Standing = new("no rollout is under way", next);
        at.Terminal.Error.WriteLine($"No rollout is under way. To begin one:\n  {next}");
        return ExitCode.Fine;
    }

    /// <summary>A run was cut off while it took over the nodes of one that led the other way.</summary>
    private static int BothWays(At at)
    {
        at.Session.Standing = new("stopped between there and back", "");
        at.Terminal.Error.WriteLine(
            $"Some nodes were on their way into the overlay and some on their way back. Nothing was changed. To say which:{OnOrBack(at)}"
        );
        return ExitCode.Something;
    }

    /// <param name="isAsked">Says so, too, where there was none.</param>
    /// <returns>False when there was a pause and it could not be ended.</returns>
    private static async Task<bool> EndPauseAsync(At at, CancellationToken cancel, bool isAsked = true)
    {
        var (wasPaused, refusal) = await (await LockAsync(at, cancel)).ResumeAsync(cancel);
        if (refusal is not null)
        {
            ChangeRun.RefuseBefore(at.Terminal, at.Where, refusal);
        }
        else if (wasPaused || isAsked)
        {
            at.Terminal.Error.WriteLine(wasPaused ? "The pause is over." : "The rollout is not paused.");
        }
        return refusal is null;
    }

    private static async Task<RunLock> LockAsync(At at, CancellationToken cancel)
    {
        var inventory = await at.Session.ObserveAsync(cancel);
        RefuseWithoutCluster(new(inventory, null, null, []));
        return RunLock.OnLease(
            at.Session.Connections.ClusterOf(inventory.Cloud)!,
            at.Session.Spec.Name,
            at.Session.Connections.Holder,
            at.Session.Connections.Time
        );
    }

    private static async Task<int> StatusAsync(At at, CancellationToken cancel)
    {
        var inventory = await at.Session.ObserveAsync(cancel);
        RefuseWithoutCluster(new(inventory, null, null, []));
        var states = Found(at, inventory);
        var waits = false;
        var width = inventory.Cluster!.Nodes.Select(node => node.Name.Length).DefaultIfEmpty(0).Max();
        foreach (var node in inventory.Cluster.Nodes)
        {
            var pods = inventory.Cluster.Pods.Count(pod => pod.Node == node.Name && !pod.HostNetwork);
            var state = states.Of(node) switch
            {
                NodeState.InOverlay => "overlay",
                NodeState.Outdated => "outdated",
                NodeState.InNodeSubnet => "node subnet",
                NodeState.Mixed => "mixed",
                NodeState.NoAddresses => "no addresses",
            };
            waits |= node.IsCordoned && RolloutAnnotation.On(node, at.Session.Spec.Name) is not null;
            at.Terminal.Output.WriteLine(
                $"{node.Name.PadRight(width)}  {node.Zone}  {state, -12}  {pods, 3} "
                    + $"pods{(node.IsCordoned ? "  cordoned" : "")}{(node.IsReady ? "" : "  NotReady")}"
            );
        }
        if (waits)
        {
            at.Terminal.Error.WriteLine($"Nodes are cordoned by a rollout. Unless it still runs, go on, or back:{OnOrBack(at)}");
        }
        return ExitCode.Fine;
    }

    private static NodeStates StatesOf(At at, PlannedState state) =>
        new(state.Inventory, state.Desired!, ActualOf(at, state.Inventory).Ids);

    private static Actual ActualOf(At at, Inventory inventory) =>
        ActualNetwork.From(inventory, at.Session.Spec.Name, at.Session.Spec.Cluster);

    private static NodeStates Found(At at, Inventory inventory) => Residents.StatesFound(at.Session.Spec, inventory);

    private static void RefuseWithoutCluster(PlannedState state)
    {
        if (state.Inventory.Cluster is null)
        {
            throw new UsageException("there is no cluster to roll: the spec names none, or it is not there yet.");
        }
    }
}
