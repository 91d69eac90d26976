using Podspace.Applying;
using Podspace.Model;
using Podspace.Naming;
using Podspace.Planning;
using Podspace.Spec;
using Podspace.Steps;

namespace Podspace.Operations;

/// <summary>What every operation does around a change: asks, looks for the rights, takes the lock, looks again, carries out.</summary>
internal sealed class ChangeRun(Overlay overlay)
{
    private Refusal? told;

    private IConnections Connections => overlay.Connections;

    /// <summary>Reports whether it was told with its step.</summary>
    public bool HasTold(Refusal refusal) => ReferenceEquals(refusal, told);

    /// <summary>Asks once, then looks for the rights before the first change, so that a missing one leaves nothing half done.</summary>
    /// <param name="state">From which the question was made.</param>
    /// <returns>What was said; and what kept the run from beginning, null when nothing did.</returns>
    public async Task<(Approval Approval, OperationResult? Kept)> AskAsync(Question question, PlannedState state, CancellationToken cancel)
    {
        var approval = await overlay.Host.ApproveAsync(question, cancel);
        return approval == Approval.Declined
            ? (approval, new OperationResult.Declined())
            : (approval, await MayAsync(question, state, cancel));
    }

    private async Task<OperationResult?> MayAsync(Question question, PlannedState state, CancellationToken cancel)
    {
        if (PreviousValuesUnseen(question.Steps, state.Inventory) is { } blocked)
        {
            return new OperationResult.NotDone(blocked);
        }
        var report = await Rehearsal.TryAsync(
            overlay.Spec,
            question.Steps,
            question.Nodes,
            state.Inventory,
            Connections.Cloud,
            Connections.ClusterOf(state.Inventory.Cloud),
            cancel
        );
        if (!report.Denied.IsEmpty)
        {
            return new OperationResult.NotAllowed(report);
        }
        if (!report.NotTried.IsEmpty)
        {
            overlay.Host.Hear(new OperationEvent.RightsNotTried(report.NotTried));
        }
        return null;
    }

    private static Reason.PreviousValuesUnseen? PreviousValuesUnseen(EquatableArray<Step> steps, Inventory inventory) =>
        steps.FirstOrDefault(step => step is { Owner: Owner.Podspace, Change: Change.SetAddonValues or Change.SetAwsNode }) is { } step
        && inventory.Gaps.FirstOrDefault(gap => gap.Reading == Reading.Record) is { } gap
            ? new(step, gap)
            : null;

    /// <summary>Runs <paramref name="work"/> while the lock is ours.</summary>
    public async Task<OperationResult> HoldingAsync(PlannedState before, Func<Waiter, Task<OperationResult>> work, CancellationToken cancel)
    {
        var held = LockFor(before);
        if ((await ClearVpcAsync(before, cancel) ?? await held.AcquireAsync(cancel)) is { } refusal)
        {
            return new OperationResult.NotBegun(refusal);
        }
        OperationResult result;
        try
        {
            result = await work(new(Connections.Time, held.RenewLockAsync, told: Wait));
        }
        catch
        {
            // Also when the run was cancelled: the lock would keep others out for half a minute more.
            await held.ReleaseAsync(CancellationToken.None);
            throw;
        }
        return Released(result, await held.ReleaseAsync(CancellationToken.None));
    }

    /// <summary>With nothing to do there is still the lock of a run that was killed at its very end.</summary>
    public async Task<OperationResult> ClearLockAsync(OperationResult result, PlannedState state, CancellationToken cancel) =>
        Released(result, await ClearVpcAsync(state, cancel) ?? await LockFor(state).ClearAsync(cancel));

    private static OperationResult Released(OperationResult result, Refusal? refusal) =>
        refusal is null ? result : new OperationResult.LockLeft(refusal, result);

    /// <summary>A run that began before there was a cluster holds the VPC, not the Lease: it is
    /// waited for, and its tag goes when it was killed.</summary>
    private async Task<Refusal?> ClearVpcAsync(PlannedState state, CancellationToken cancel)
    {
        var vpc = state.Inventory.Cloud.Vpc!;
        if (Connections.ClusterOf(state.Inventory.Cloud) is null || vpc.Tags.All(tag => tag.Key != Tags.Lock(overlay.Spec.Name)))
        {
            return null;
        }
        var vpcLock = RunLock.OnVpc(Connections.Cloud, vpc.Id, overlay.Spec.Name, Connections.Holder, Connections.Time);
        return await vpcLock.AcquireAsync(cancel) ?? await vpcLock.ReleaseAsync(CancellationToken.None);
    }

    private RunLock LockFor(PlannedState state)
    {
        var cloud = state.Inventory.Cloud;
        return Connections.ClusterOf(cloud) is { } cluster
            ? RunLock.OnLease(cluster, overlay.Spec.Name, Connections.Holder, Connections.Time, Locked)
            : RunLock.OnVpc(Connections.Cloud, cloud.Vpc!.Id, overlay.Spec.Name, Connections.Holder, Connections.Time, Locked);
    }

    private void Locked(LockHolder holder) => overlay.Host.Hear(new OperationEvent.Locked(holder));

    private void Wait(Wait wait) => overlay.Host.Hear(new OperationEvent.Waiting(wait));

    /// <returns>Whether every step was done, and the first refusal if one was refused.</returns>
    public async Task<(bool IsWhole, Refusal? Refusal)> CarryOutAsync(
        EquatableArray<Step> steps,
        PlannedState state,
        Waiter waiter,
        CancellationToken cancel
    )
    {
        var executor = new Executor(Connections.Cloud, Connections.ClusterOf(state.Inventory.Cloud), waiter);
        var (isWhole, refusal) = (true, (Refusal?)null);
        await foreach (var report in executor.ApplyAsync(overlay.Spec, steps, state.Inventory, cancel))
        {
            isWhole &= report.Result is StepResult.Started or StepResult.Done;
            refusal ??= report.Refusal;
            overlay.Host.Hear(new OperationEvent.Stepped(report));
        }
        told = refusal;
        return (isWhole, refusal);
    }

    /// <summary>Once the lock is ours: what keeps a plan made now from being carried out. It may have found
    /// no plan, or have seen less: then it says why, for nobody need have changed anything.</summary>
    public static Reason? ChangedSince(PlannedState shown, PlannedState now, Approval approval)
    {
        if (now.HasErrors)
        {
            return new Reason.FoundLater(now.Findings);
        }
        var isLess = shown.Plan!.Steps.Select(step => step.Id).Except(now.Plan!.Steps.Select(step => step.Id)).Any();
        if (isLess && now.Inventory.Gaps.FirstOrDefault(gap => shown.Inventory.Gaps.All(known => known.Reading != gap.Reading)) is { } lost)
        {
            return new Reason.SawLess(lost);
        }
        return ChangedSince(shown.Plan, now.Plan, approval);
    }

    /// <summary>One that a person agreed to must still stand on the same ground.</summary>
    public static Reason? ChangedSince(Plan shown, Plan now, Approval approval) =>
        approval == Approval.Whatever || now.Fingerprint == shown.Fingerprint ? null : new Reason.ChangedSinceShown();
}
