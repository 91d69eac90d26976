using Podspace.Planning;

namespace Podspace.Operations;

/// <summary>Says what has to change, and what that does to packets. Changes nothing.</summary>
public static class PlanOperation
{
    public static async Task<OperationResult> RunAsync(Overlay overlay, CancellationToken cancel)
    {
        var state = await overlay.PlanAsync(cancel);
        return state is { Plan: { } plan, Desired: { } desired }
            ? new OperationResult.Planned(state, PlanFlows.Warned(plan, overlay.Spec, desired, state.Inventory))
            : new OperationResult.NoPlan(state.Findings);
    }
}
