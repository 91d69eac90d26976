using Podspace.Applying;
using Podspace.Model;
using Podspace.Planning;
using Podspace.Steps;

namespace Podspace.Operations;

/// <param name="From">The first stage that is undone; those before it stay.</param>
/// <param name="Sweeps">Also deletes interfaces that nodes left behind in pod subnets.</param>
public sealed record DestroyOptions(Stage From = Stage.Network, bool Sweeps = false);

/// <summary>Takes everything back that Podspace made, the switch first. While pods live in it nothing is changed.</summary>
public sealed class DestroyOperation(Overlay overlay, DestroyOptions options)
{
    private readonly ChangeRun run = new(overlay);

    public async Task<OperationResult> RunAsync(CancellationToken cancel)
    {
        var (inventory, stuck) = await overlay.ObserveAtRestAsync(overlay.Looking(), cancel);
        if ((stuck ?? Unreadable(inventory)) is { } reason)
        {
            return new OperationResult.NotDone(reason);
        }
        var plan = PlanFor(inventory);
        if (LivedIn(inventory) is { } livedIn)
        {
            return livedIn;
        }
        var byOwner = StepsByOwner.Of(plan.Steps);
        var state = new PlannedState(inventory, null, plan, plan.Findings);
        if (plan.IsEmpty && plan.Kept.IsEmpty)
        {
            return await run.ClearLockAsync(new OperationResult.NothingToTakeBack(overlay.Spec.Vpc), state, cancel);
        }
        overlay.Host.Hear(new OperationEvent.Proposed(state, plan));
        if (byOwner.Ready.IsEmpty)
        {
            return await run.ClearLockAsync(new OperationResult.TakenBack(plan, byOwner), state, cancel);
        }
        var question = new Question(new Intent.TakeBack(), plan.Account, overlay.Spec, byOwner.Ready);
        var (approval, kept) = await run.AskAsync(question, state, cancel);
        return kept ?? await run.HoldingAsync(state, waiter => DestroyAsync(state, approval, waiter, cancel), cancel);
    }

    private async Task<OperationResult> DestroyAsync(PlannedState shown, Approval approval, Waiter waiter, CancellationToken cancel)
    {
        var (now, stuck) = await overlay.ObserveAtRestAsync(waiter, cancel);
        if ((stuck ?? UnseenParts(now)) is { } reason)
        {
            return new OperationResult.NotDone(reason);
        }
        var plan = PlanFor(now);
        if (LivedIn(now) is { } livedIn)
        {
            return livedIn;
        }
        if (ChangeRun.ChangedSince(shown.Plan!, plan, approval) is { } changed)
        {
            return new OperationResult.NotDone(changed);
        }
        var byOwner = StepsByOwner.Of(plan.Steps);
        var (isWhole, refusal) = await run.CarryOutAsync(byOwner.Ready, shown with { Inventory = now }, waiter, cancel);
        return isWhole ? new OperationResult.TakenBack(plan, byOwner) : new OperationResult.Incomplete(refusal);
    }

    private Reason? Unreadable(Inventory inventory)
    {
        if (overlay.OtherAccount(inventory) is { } other)
        {
            return other;
        }
        return inventory.Cloud.Vpc is null ? new Reason.NoVpc(overlay.Spec.Vpc, inventory.Gaps.ToEquatable()) : UnseenParts(inventory);
    }

    private static Reason? UnseenParts(Inventory inventory) =>
        Overlay.Unseen(inventory, Reading.Reservations, Reading.Interfaces, Reading.Pods);

    private Plan PlanFor(Inventory inventory) => Planner.Destroy(overlay.Spec, inventory, options.From, options.Sweeps, overlay.Terraform);

    /// <summary>Without the switch, nodes whose pods live in the overlay would give further ones addresses of both networks.</summary>
    private OperationResult.LivedIn? LivedIn(Inventory inventory)
    {
        var residents = Residents.In(overlay.Spec, inventory);
        return residents.Pods.IsEmpty || !HasSomething(inventory) ? null : new(residents);
    }

    /// <summary>Pods may live in subnets that others made and lead them to.</summary>
    private bool HasSomething(Inventory inventory)
    {
        var whole = Planner.Destroy(overlay.Spec, inventory, terraform: overlay.Terraform);
        return !whole.IsEmpty || !whole.Kept.IsEmpty;
    }
}
