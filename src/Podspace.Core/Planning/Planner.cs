using Podspace.Cni;
using Podspace.Findings;
using Podspace.Model;
using Podspace.Observed;
using Podspace.Spec;
using Podspace.Steps;

namespace Podspace.Planning;

/// <summary>Network (desired) × Inventory → Plan. Pure; the order of work and what must wait are decided here and nowhere else.</summary>
internal static class Planner
{
    /// <param name="findings">What parsing and design had to say; it goes into the plan.</param>
    /// <param name="terraform">What Terraform keeps; null: nothing is known of it.</param>
    public static Plan Plan(
        OverlaySpec spec,
        Network desired,
        Inventory inventory,
        EquatableArray<Finding> findings,
        TerraformState? terraform = null
    ) => PlanBuilder.Build(new(spec, desired, inventory, terraform), findings);

    /// <summary>The plan that takes everything made back and puts previous values in their place.</summary>
    /// <param name="from">The first stage that is undone; those before it stay.</param>
    /// <param name="sweeps">Also deletes interfaces that nodes left behind in pod subnets.</param>
    public static Plan Destroy(
        OverlaySpec spec,
        Inventory inventory,
        Stage from = Stage.Network,
        bool sweeps = false,
        TerraformState? terraform = null
    )
    {
        var whole = PlanBuilder.Build(new(spec, null, inventory, terraform, sweeps, from), []);
        if (from == Stage.Network)
        {
            return whole;
        }
        var steps =
            from == Stage.Admit ? whole.Steps.Where(step => IsOfAdmit(step.Change)).ToEquatable() : SwitchOff(spec, inventory, terraform);
        var ids = steps.Select(step => step.Id).ToHashSet();
        return whole with
        {
            Steps = steps.Select(step => step with { After = step.After.Where(ids.Contains).ToEquatable() }).ToEquatable(),
        };
    }

    /// <summary>Reports whether it undoes what stage admit or switch did.</summary>
    private static bool IsOfAdmit(Change change) => change.MadeIn is Stage.Admit or Stage.Switch;

    /// <summary>Reports whether new interfaces come from the pod subnets, whoever said so.</summary>
    public static bool IsSwitchedOn(Inventory inventory) => CniEnv.IsTrue(inventory.Cluster?.AwsNode?.Setting(CniEnv.CustomNetworking));

    /// <summary>The add-on's whole document as it shall be in the end; null where there is no managed add-on.</summary>
    public static AddonDocument? Document(OverlaySpec spec, Network desired, Inventory inventory) =>
        new AddonPlanner(new(spec, desired, inventory), new(_ => Owner.Podspace)).Document();

    /// <summary>Just the steps that turn the switch off, for <c>rollout back</c>; none when it is off.</summary>
    /// <param name="keepsPools">Our NodePools are closed and stay, also once nothing runs there: their nodes are
    /// replaced one by one, and a way back that was cut off ends as a whole one.</param>
    public static EquatableArray<Step> SwitchOff(
        OverlaySpec spec,
        Inventory inventory,
        TerraformState? terraform = null,
        bool keepsPools = false
    ) => new SwitchHolds(new(spec, null, inventory, terraform)).SwitchOff(keepsPools);

    /// <summary>The same, with who keeps it on where these steps would not turn it off.</summary>
    public static WayBack WayBack(OverlaySpec spec, Inventory inventory, TerraformState? terraform = null) =>
        new SwitchHolds(new(spec, null, inventory, terraform)).WayBack(keepsPools: true);

    /// <summary>Who keeps steps that write the add-on's values from reaching aws-node; null: nobody.</summary>
    public static SwitchHold? Conflict(OverlaySpec spec, Inventory inventory, EquatableArray<Step> steps) =>
        new SwitchHolds(new(spec, null, inventory)).Conflict(steps);
}
