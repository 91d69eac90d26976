using Podspace.Applying;
using Podspace.Planning;
using Podspace.Spec;
using Podspace.Steps;

namespace Podspace.Operations;

/// <param name="UpTo">The last stage; null: as far as nobody has to move.</param>
/// <param name="MayDisturbRunningPods">Steps that disturb pods which run now are meant.</param>
/// <param name="Saved">The plan that was approved; null: whatever is right now.</param>
public sealed record ApplyOptions(Stage? UpTo = null, bool MayDisturbRunningPods = false, SavedPlan? Saved = null);

/// <summary>Makes the network as the spec says, by stage. Stopped anywhere, it goes on from there.</summary>
public sealed class ApplyOperation(Overlay overlay, ApplyOptions options)
{
    private readonly ChangeRun run = new(overlay);

    public async Task<OperationResult> RunAsync(CancellationToken cancel)
    {
        var (shown, stuck) = await overlay.PlanAtRestAsync(overlay.Looking(), cancel);
        if (stuck is not null)
        {
            return new OperationResult.NotDone(stuck);
        }
        if (shown.Plan is not { } plan || shown.HasErrors)
        {
            return new OperationResult.NoPlan(shown.Findings);
        }
        if (StaleFor(plan) is { } stale)
        {
            return new OperationResult.NotDone(stale);
        }
        var approved = options.Saved is { Stage: { } last } ? plan with { Steps = plan.UpTo(last) } : plan;
        overlay.Host.Hear(new OperationEvent.Proposed(shown, approved));
        var byOwner = StepsByOwner.Of(plan.UpTo(StageFor(shown)));
        if (byOwner.Ready.IsEmpty)
        {
            return await run.ClearLockAsync(Outcome(plan, byOwner), shown, cancel);
        }
        if (Obstacle(plan, byOwner.Ready) is { } obstacle)
        {
            return new OperationResult.NotDone(obstacle);
        }
        var question = new Question(new Intent.Apply(), plan.Account, overlay.Spec, byOwner.Ready);
        var (approval, kept) = await run.AskAsync(question, shown, cancel);
        return kept ?? await run.HoldingAsync(shown, waiter => ApplyAsync(shown, approval, waiter, cancel), cancel);
    }

    private async Task<OperationResult> ApplyAsync(PlannedState shown, Approval approval, Waiter waiter, CancellationToken cancel)
    {
        var (now, stuck) = await overlay.PlanAtRestAsync(waiter, cancel);
        if ((stuck ?? ChangeRun.ChangedSince(shown, now, approval) ?? StaleFor(now.Plan!)) is { } changed)
        {
            return new OperationResult.NotDone(changed);
        }
        var byOwner = StepsByOwner.Of(now.Plan!.UpTo(StageFor(now)));
        if (Obstacle(now.Plan, byOwner.Ready) is { } obstacle)
        {
            return new OperationResult.NotDone(obstacle);
        }
        var (isWhole, refusal) = await run.CarryOutAsync(byOwner.Ready, now, waiter, cancel);
        return isWhole ? Outcome(now.Plan, byOwner) : new OperationResult.Incomplete(refusal);
    }

    private Reason? StaleFor(Plan now) => options.Saved?.MovedTo(now) is { } moved ? new Reason.StalePlan(moved) : null;

    /// <summary>With nodes about, the switch is thrown only when it is asked for: old nodes turn mixed from then on.</summary>
    private Stage StageFor(PlannedState state) =>
        options.UpTo
        ?? (
            state.Inventory.Cluster is { Nodes.IsEmpty: false } && state.Plan!.Steps.Any(step => step.Change.ThrowsSwitch)
                ? Stage.Admit
                : Stage.Nodes
        );

    private Reason? Obstacle(Plan plan, EquatableArray<Step> steps)
    {
        if (plan.SwitchObstacle is { } obstacle && steps.Any(step => step.Change.ThrowsSwitch))
        {
            return new Reason.SwitchObstacle(obstacle, HasEarlierSteps: true);
        }
        return !options.MayDisturbRunningPods && steps.FirstOrDefault(step => step.Disruption == Disruption.RunningPods) is { } harsh
            ? new Reason.DisturbsRunningPods(harsh)
            : null;
    }

    /// <summary>What is left once all that was ready is done.</summary>
    private OperationResult Outcome(Plan plan, StepsByOwner byOwner)
    {
        if (!byOwner.External.IsEmpty)
        {
            return new OperationResult.LeftToOthers(byOwner);
        }
        var later = plan.Steps.Count - byOwner.Ready.Count;
        if (later > 0)
        {
            var whole = StepsByOwner.Of(plan.Steps);
            return new OperationResult.SwitchLeft(later, whole.External.IsEmpty ? null : whole.Others);
        }
        if (plan.LeavesOldNodes && overlay.Spec.Owners.Nodes == Owner.Podspace)
        {
            return new OperationResult.NodesLeft(byOwner.Ready.Count);
        }
        return byOwner.Ready.IsEmpty ? new OperationResult.NothingToDo() : new OperationResult.Applied(byOwner.Ready.Count);
    }
}
