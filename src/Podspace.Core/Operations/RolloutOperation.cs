using Podspace.Applying;
using Podspace.Model;
using Podspace.Nodes;
using Podspace.Planning;
using Podspace.Spec;
using Podspace.Steps;

namespace Podspace.Operations;

/// <summary>Moves running nodes into the overlay and back.</summary>
public sealed class RolloutOperation(Overlay overlay)
{
    private readonly ChangeRun run = new(overlay);

    private bool AreNodesOfOthers => overlay.Spec.Owners.Nodes != Owner.Podspace;

    /// <summary>Throws the switch and replaces every node that still gives pods addresses of its own subnet.</summary>
    public Task<OperationResult> StartAsync(CancellationToken cancel) => StartAsync(resumes: false, cancel);

    /// <param name="resumes">Ends the pause once it was agreed to.</param>
    private async Task<OperationResult> StartAsync(bool resumes, CancellationToken cancel)
    {
        var (state, stuck) = await overlay.PlanAtRestAsync(overlay.Looking(), cancel);
        if (stuck is not null)
        {
            return new OperationResult.NotDone(stuck);
        }
        if (state.HasErrors)
        {
            return new OperationResult.NoPlan(state.Findings);
        }
        var view = RolloutView.There(overlay, state);
        if (view.Obstacle is not null)
        {
            return new OperationResult.NotDone(view.Obstacle);
        }
        if (view.NoWayBack is { } hold)
        {
            overlay.Host.Hear(new OperationEvent.NoWayBack(hold));
        }
        var (approval, kept) = await run.AskAsync(Ask(view, new Intent.ReplaceNodes(), state.Plan!.Account), state, cancel);
        return kept
            ?? (resumes ? await EndPauseAsync(isAsked: true, cancel) : null)
            ?? await run.HoldingAsync(state, waiter => GoThereAsync(state, approval, waiter, cancel), cancel);
    }

    private async Task<OperationResult> GoThereAsync(PlannedState shown, Approval approval, Waiter waiter, CancellationToken cancel)
    {
        var (now, stuck) = await overlay.PlanAtRestAsync(waiter, cancel);
        if ((stuck ?? ChangeRun.ChangedSince(shown, now, approval)) is { } changed)
        {
            return new OperationResult.NotDone(changed);
        }
        var view = RolloutView.There(overlay, now);
        if (view.Obstacle is not null)
        {
            return new OperationResult.NotDone(view.Obstacle);
        }
        var direction = new RolloutDirection(
            seen => RolloutView.StatesOf(overlay, now with { Inventory = seen }),
            NodeState.InOverlay,
            stop => ThrowAsync(view, waiter, stop),
            stop => SwitchOffAsync(waiter, keepsPools: false, stop)
        );
        return await RollAsync(now.Inventory, direction, waiter, cancel);
    }

    /// <summary>Turns the switch off and replaces the nodes again, so that pods live in the node subnets.</summary>
    public async Task<OperationResult> BackAsync(CancellationToken cancel)
    {
        var (inventory, stuck) = await overlay.ObserveAtRestAsync(overlay.Looking(), cancel);
        if ((stuck ?? overlay.OtherAccount(inventory)) is { } reason)
        {
            return new OperationResult.NotDone(reason);
        }
        var view = RolloutView.Back(overlay, inventory);
        if (view.Obstacle is not null)
        {
            return new OperationResult.NotDone(view.Obstacle);
        }
        var question = Ask(view, new Intent.GoBack(AreNodesOfOthers), inventory.Cloud.Account);
        var (_, kept) = await run.AskAsync(question, view.State, cancel);
        // Who goes back does not go on: the pause has done its work.
        return kept
            ?? await EndPauseAsync(isAsked: false, cancel)
            ?? await run.HoldingAsync(view.State, waiter => GoBackAsync(waiter, cancel), cancel);
    }

    private async Task<OperationResult> GoBackAsync(Waiter waiter, CancellationToken cancel)
    {
        var (now, stuck) = await overlay.ObserveAtRestAsync(waiter, cancel);
        if ((stuck ?? RolloutView.Back(overlay, now).Obstacle) is { } reason)
        {
            return new OperationResult.NotDone(reason);
        }
        if (AreNodesOfOthers)
        {
            return await LeaveNodesAsync(waiter, cancel);
        }
        var direction = new RolloutDirection(
            seen => RolloutView.StatesOf(overlay, PlannedState.Seen(seen)),
            NodeState.InNodeSubnet,
            stop => SwitchOffAsync(waiter, keepsPools: true, stop),
            null
        );
        return await RollAsync(now, direction, waiter, cancel);
    }

    /// <summary>Where others replace the nodes: the switch is ours to turn off, and from then
    /// on new ones start in the node subnets.</summary>
    private async Task<OperationResult> LeaveNodesAsync(Waiter waiter, CancellationToken cancel)
    {
        if (await SwitchOffAsync(waiter, keepsPools: true, cancel) is { } refusal)
        {
            return new OperationResult.SwitchStays(refusal, run.HasTold(refusal));
        }
        var left = RolloutView.Back(overlay, await overlay.ObserveAsync(cancel)).NodesOf(overlay).Nodes.Count;
        return new OperationResult.SwitchedOff(left, overlay.Spec.Owners.Nodes);
    }

    /// <summary>Lets a rollout that goes on, here or elsewhere, stop where it is.</summary>
    public async Task<OperationResult> PauseAsync(CancellationToken cancel)
    {
        var inventory = await overlay.ObserveAsync(cancel);
        if (RolloutView.NoCluster(inventory) is { } reason)
        {
            return new OperationResult.NotDone(reason);
        }
        return await LockOf(inventory).PauseAsync(cancel) is { } refusal
            ? new OperationResult.NotBegun(refusal)
            : new OperationResult.Paused();
    }

    /// <summary>Ends the pause and goes on with the rollout that it stopped, there or back; begins none.</summary>
    public async Task<OperationResult> ResumeAsync(CancellationToken cancel)
    {
        var inventory = await overlay.ObserveAsync(cancel);
        if ((RolloutView.NoCluster(inventory) ?? Overlay.Unseen(inventory)) is { } reason)
        {
            return new OperationResult.NotDone(reason);
        }
        return RolloutAnnotation.UnderWay(inventory, overlay.Spec.Name) switch
        {
            [NodeState.InOverlay] => await StartAsync(resumes: true, cancel),
            [NodeState.InNodeSubnet] => await BackAsync(cancel),
            [] => await EndPauseAsync(isAsked: true, cancel) ?? new OperationResult.NoRollout(),
            _ => new OperationResult.BothWays(),
        };
    }

    /// <summary>Says of every node where its pods get their addresses.</summary>
    public async Task<OperationResult> StatusAsync(CancellationToken cancel)
    {
        var inventory = await overlay.ObserveAsync(cancel);
        if (inventory.Cluster is not { } cluster)
        {
            return new OperationResult.NotDone(new Reason.NoCluster());
        }
        var states = Residents.StatesFound(overlay.Spec, inventory);
        return new OperationResult.RolloutStatus(
            cluster
                .Nodes.Select(node => new NodeStatus(
                    node,
                    states.Of(node),
                    cluster.Pods.Count(pod => pod.Node == node.Name && !pod.HostNetwork)
                ))
                .ToEquatable(),
            cluster.Nodes.Any(node => node.IsCordoned && RolloutAnnotation.On(node, overlay.Spec.Name) is not null)
        );
    }

    private Question Ask(RolloutView view, Intent intent, string account)
    {
        var question = new Question(intent, account, overlay.Spec, view.Switch) { NoWayBack = view.NoWayBack };
        if (AreNodesOfOthers)
        {
            return question;
        }
        var plan = view.NodesOf(overlay);
        var cluster = view.State.Inventory.Cluster!;
        return question with
        {
            Nodes = plan.Nodes,
            Pods = plan.Nodes.SelectMany(node => RolloutPlan.MovableOn(cluster, node)).ToEquatable(),
            Unprotected = plan.Unprotected,
        };
    }

    private async Task<OperationResult> RollAsync(Inventory inventory, RolloutDirection direction, Waiter waiter, CancellationToken cancel)
    {
        // Ctrl-C leaves nodes cordoned, which nobody who stops it expects.
        using var told = cancel.Register(() => overlay.Host.Hear(new OperationEvent.NodesStayCordoned()));
        var cluster = overlay.Connections.ClusterOf(inventory.Cloud)!;
        var rollout = new Rollout(overlay.Connections.Cloud, cluster, waiter, overlay.Spec.Name, overlay.ObserveAsync);
        await foreach (var report in rollout.RollAsync(direction, cancel))
        {
            overlay.Host.Hear(new OperationEvent.Rolling(report));
            if (report is RolloutReport.Stopped { Refusal: var refusal })
            {
                return new OperationResult.RolloutStopped(refusal, run.HasTold(refusal));
            }
        }
        return new OperationResult.Rolled(direction.Goal);
    }

    private async Task<Refusal?> ThrowAsync(RolloutView view, Waiter waiter, CancellationToken cancel)
    {
        var (isWhole, refusal) = await CarryOutAsync(view.Switch, view.State, waiter, cancel);
        return isWhole
            ? null
            : refusal
                ?? new(
                    RefusalKind.Final,
                    "LeftToOthers",
                    "some of it is left to others, and nodes are replaced only once all of it is done."
                );
    }

    private async Task<Refusal?> SwitchOffAsync(Waiter waiter, bool keepsPools, CancellationToken cancel)
    {
        var (inventory, stuck) = await overlay.ObserveAtRestAsync(waiter, cancel);
        var view = RolloutView.Back(overlay, inventory, keepsPools);
        switch (stuck ?? view.Obstacle)
        {
            case null:
                var steps = StepsByOwner.Of(view.Switch).Ready;
                return steps.IsEmpty ? null : (await CarryOutAsync(steps, view.State, waiter, cancel)).Refusal;
            case Reason.SwitchHeld held:
                return new(RefusalKind.Final, "LeftToOthers", $"{held.Hold}");
            case var reason:
                return new(RefusalKind.Unavailable, "Unseen", reason.Text);
        }
    }

    private async Task<(bool IsWhole, Refusal? Refusal)> CarryOutAsync(
        EquatableArray<Step> steps,
        PlannedState state,
        Waiter waiter,
        CancellationToken cancel
    )
    {
        var done = await run.CarryOutAsync(steps, state, waiter, cancel);
        if (!done.IsWhole)
        {
            overlay.Host.Hear(new OperationEvent.StepsLeft());
        }
        return done;
    }

    /// <param name="isAsked">Says so, too, where there was none.</param>
    /// <returns>Null when there is none any more.</returns>
    private async Task<OperationResult?> EndPauseAsync(bool isAsked, CancellationToken cancel)
    {
        var inventory = await overlay.ObserveAsync(cancel);
        if (RolloutView.NoCluster(inventory) is { } reason)
        {
            return new OperationResult.NotDone(reason);
        }
        var (wasPaused, refusal) = await LockOf(inventory).ResumeAsync(cancel);
        if (refusal is not null)
        {
            return new OperationResult.NotBegun(refusal);
        }
        if (wasPaused || isAsked)
        {
            overlay.Host.Hear(new OperationEvent.PauseEnded(wasPaused));
        }
        return null;
    }

    private RunLock LockOf(Inventory inventory) =>
        RunLock.OnLease(
            overlay.Connections.ClusterOf(inventory.Cloud)!,
            overlay.Spec.Name,
            overlay.Connections.Holder,
            overlay.Connections.Time
        );
}
