using Podspace.Design;
using Podspace.Model;
using Podspace.Observed;
using Podspace.Reachability;
using Podspace.Spec;

namespace Podspace.Planning;

/// <summary>What a plan does to packets.</summary>
public static class PlanFlows
{
    /// <summary>The world as it will be, for looking at alone.</summary>
    public static Inventory After(OverlaySpec spec, Network desired, Inventory inventory) =>
        PlannedInventory.Of(inventory, desired, ActualNetwork.From(inventory, spec.Name, spec.Cluster).Ids);

    /// <summary>The plan, with warnings about flows of the fixed set that it would break.</summary>
    public static Plan Warned(Plan plan, OverlaySpec spec, Network desired, Inventory inventory)
    {
        if (inventory.Cluster is null)
        {
            return plan;
        }
        var warnings = FlowFindings.OfPlan(EssentialFlows.Ask(inventory), After(spec, desired, inventory), plan.Findings);
        // What nothing needed so far may be about a flow.
        var findings = Acceptances.WithoutIdle(spec, plan.Findings).Concat(warnings);
        return plan with { Findings = Acceptances.Apply(spec, inventory.Cloud.ObservedAt, findings) };
    }
}
