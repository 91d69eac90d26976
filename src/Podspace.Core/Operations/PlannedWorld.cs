using Podspace.Applying;
using Podspace.Findings;
using Podspace.Model;
using Podspace.Planning;

namespace Podspace.Operations;

/// <summary>The world as it will be once a spec is applied, nodes not yet replaced.</summary>
public static class PlannedWorld
{
    /// <summary>What the executor makes of a copy of the world; before the real one, of a world made from what is seen of it.</summary>
    /// <returns>The inventory, or why there is none.</returns>
    public static Task<(Inventory? Inventory, Reason? Reason)> ObserveAsync(
        Overlay overlay,
        IWorldCopies copies,
        CancellationToken cancel
    ) =>
        copies.CopyOf(overlay.Connections, overlay.Spec) is { } copy
            ? ApplyAsync(overlay, copy, cancel)
            : OfSeenAsync(overlay, copies, cancel);

    /// <summary>As before the real world. Where something was not seen, what was seen with the
    /// planned network laid over it: a gap shall stay a gap.</summary>
    internal static async Task<(Inventory? Inventory, Reason? Reason)> OfSeenAsync(
        Overlay overlay,
        IWorldCopies copies,
        CancellationToken cancel
    )
    {
        var state = await overlay.PlanAsync(cancel);
        if (state is not { HasErrors: false, Desired: { } desired })
        {
            return (null, NoPlan(state));
        }
        if (state.Inventory.Gaps.Any())
        {
            return (PlanFlows.After(overlay.Spec, desired, state.Inventory), null);
        }
        var (objects, _) = overlay.Connections.ClusterOf(state.Inventory.Cloud) is { } cluster
            ? await cluster.CopyAsync(overlay.Spec.Name, cancel)
            : ([], []);
        return await ApplyAsync(overlay, copies.MadeOf(state.Inventory, objects, overlay.Spec), cancel);
    }

    private static async Task<(Inventory? Inventory, Reason? Reason)> ApplyAsync(
        Overlay overlay,
        IConnections copy,
        CancellationToken cancel
    )
    {
        await using var closing = copy;
        var tried = new Overlay(overlay.Spec, copy);
        var state = await tried.PlanAsync(cancel);
        if (state is not { HasErrors: false, Plan: { } plan })
        {
            return (null, NoPlan(state));
        }
        var executor = new Executor(copy.Cloud, copy.ClusterOf(state.Inventory.Cloud), new(copy.Time));
        await foreach (var report in executor.ApplyAsync(overlay.Spec, plan.Steps, state.Inventory, cancel))
        {
            if (report.Result == StepResult.Refused)
            {
                return (null, new Reason.RefusedOnCopy(report));
            }
        }
        return (await tried.ObserveAsync(cancel), null);
    }

    private static Reason.NoPlanToLookAt NoPlan(PlannedState state) =>
        new(state.Findings.Where(finding => finding.Severity == Severity.Error).ToEquatable());
}
