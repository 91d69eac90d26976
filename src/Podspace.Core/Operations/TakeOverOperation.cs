using Podspace.Applying;
using Podspace.Planning;
using Podspace.Steps;

namespace Podspace.Operations;

/// <summary>Tags one thing that is only used, and changes nothing else.</summary>
/// <param name="name">A subnet's id, or a block.</param>
public sealed class TakeOverOperation(Overlay overlay, string name)
{
    private readonly ChangeRun run = new(overlay);

    public async Task<OperationResult> RunAsync(CancellationToken cancel)
    {
        var (shown, stuck) = await overlay.PlanAtRestAsync(overlay.Looking(), cancel);
        var (step, reason) = StepOf(shown, stuck);
        if (step is null)
        {
            return reason is null ? new OperationResult.OursAlready(name) : new OperationResult.NotDone(reason);
        }
        if (TakeOver.IsFound(shown.Inventory, name))
        {
            overlay.Host.Hear(new OperationEvent.NotKnownAsOurs(name));
        }
        var question = new Question(new Intent.TakeOver(name), shown.Plan!.Account, overlay.Spec, [step]);
        var (_, kept) = await run.AskAsync(question, shown, cancel);
        return kept ?? await run.HoldingAsync(shown, waiter => TakeAsync(waiter, cancel), cancel);
    }

    private async Task<OperationResult> TakeAsync(Waiter waiter, CancellationToken cancel)
    {
        var (now, stuck) = await overlay.PlanAtRestAsync(waiter, cancel);
        var (step, reason) = StepOf(now, stuck);
        if (reason is not null)
        {
            return new OperationResult.NotDone(reason);
        }
        var (isWhole, refusal) = step is null ? (true, null) : await run.CarryOutAsync([step], now, waiter, cancel);
        return isWhole ? new OperationResult.TakenOver(name) : new OperationResult.Incomplete(refusal);
    }

    /// <returns>Neither when it is ours already.</returns>
    private (Step? Step, Reason? Reason) StepOf(PlannedState state, Reason? stuck)
    {
        if (stuck is not null || state is not { Plan: { } plan, Desired: { } desired })
        {
            return (null, stuck ?? new Reason.NoPlanToTakeOver(name));
        }
        var (step, problem) = TakeOver.Of(overlay.Spec, desired, state.Inventory, overlay.Terraform, plan, name);
        return problem.Length == 0 ? (step, null) : (null, new Reason.NotToBeTakenOver(problem));
    }
}
