using Podspace.Planning;

namespace Podspace.Operations;

/// <summary>Proves that the overlay works, or says what is missing. Changes nothing.</summary>
public static class VerifyOperation
{
    public static async Task<OperationResult> RunAsync(Overlay overlay, CancellationToken cancel)
    {
        var state = await overlay.PlanAsync(cancel);
        return state is { Plan: { } plan, Desired: { } desired }
            ? new OperationResult.Verified(Verification.Of(overlay.Spec, desired, state.Inventory, plan), plan.Summary)
            : new OperationResult.NoPlan(state.Findings);
    }
}
