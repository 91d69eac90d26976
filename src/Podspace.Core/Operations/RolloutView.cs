using Podspace.Model;
using Podspace.Nodes;
using Podspace.Observed;
using Podspace.Planning;
using Podspace.Spec;
using Podspace.Steps;

namespace Podspace.Operations;

/// <summary>What one look says of a rollout. Before the question, under the lock and at the switch it is asked anew.</summary>
/// <param name="Obstacle">What keeps it from beginning; null: nothing does.</param>
/// <param name="Switch">Steps that have new nodes start as they shall.</param>
internal sealed record RolloutView(PlannedState State, NodeState Goal, Reason? Obstacle, EquatableArray<Step> Switch, SwitchHold? NoWayBack)
{
    /// <summary>Into the overlay: a rollout throws the switch and no more; what belongs before it is for apply.</summary>
    public static RolloutView There(Overlay overlay, PlannedState state)
    {
        var steps = state.Plan!.UpTo(Stage.Switch);
        var obstacle =
            OthersNodes(overlay.Spec)
            ?? Unready(state.Plan)
            ?? NoCluster(state.Inventory)
            ?? Held(Planner.Conflict(overlay.Spec, state.Inventory, steps), isOn: true);
        return new(state, NodeState.InOverlay, obstacle, steps, obstacle is null ? HoldOfTheWayBack(overlay, state.Inventory) : null);
    }

    /// <summary>Back to the node subnets: needs no design.</summary>
    /// <param name="keepsPools">Our NodePools are closed and stay.</param>
    public static RolloutView Back(Overlay overlay, Inventory inventory, bool keepsPools = true)
    {
        var state = PlannedState.Seen(inventory);
        // Where the settings cannot be seen, the switch would be taken for off already.
        if ((Overlay.Unseen(inventory) ?? NoCluster(inventory)) is { } blind)
        {
            return new(state, NodeState.InNodeSubnet, blind, [], null);
        }
        var hold = HoldOfTheWayBack(overlay, inventory);
        var steps = Planner.SwitchOff(overlay.Spec, inventory, overlay.Terraform, keepsPools);
        return new(state, NodeState.InNodeSubnet, Held(hold, isOn: false), steps, hold);
    }

    public static NodeStates StatesOf(Overlay overlay, PlannedState state) =>
        state.Desired is { } desired
            ? new(state.Inventory, desired, ActualNetwork.From(state.Inventory, overlay.Spec.Name, overlay.Spec.Cluster).Ids)
            : Residents.StatesFound(overlay.Spec, state.Inventory);

    public RolloutPlan NodesOf(Overlay overlay) => RolloutPlan.For(State.Inventory, StatesOf(overlay, State), Goal, overlay.Spec.Name);

    public static Reason.NoCluster? NoCluster(Inventory inventory) => inventory.Cluster is null ? new() : null;

    private static SwitchHold? HoldOfTheWayBack(Overlay overlay, Inventory inventory) =>
        Planner.WayBack(overlay.Spec, inventory, overlay.Terraform).Hold;

    private static Reason? OthersNodes(OverlaySpec spec) =>
        spec.Owners.Nodes is not Owner.Podspace and var owner ? new Reason.NodesOfOthers(owner) : null;

    private static Reason? Held(SwitchHold? hold, bool isOn) => hold is null ? null : new Reason.SwitchHeld(hold, isOn);

    private static Reason? Unready(Plan plan)
    {
        var before = plan.UpTo(Stage.Switch);
        if (before.FirstOrDefault(step => step.Owner != Owner.Podspace && step.Change.Action != StepAction.Delete) is { } theirs)
        {
            return new Reason.LeftToOthersFirst(theirs);
        }
        if (plan.Steps.FirstOrDefault(step => step.Disruption == Disruption.RunningPods) is { } harsh)
        {
            return new Reason.DisturbsOthers(harsh);
        }
        if (plan.SwitchObstacle is { } obstacle && plan.Steps.Any(step => step.Change.ThrowsSwitch))
        {
            return new Reason.SwitchObstacle(obstacle, HasEarlierSteps: false);
        }
        return plan.UpTo(Stage.Admit).FirstOrDefault(step => step.Change.Action != StepAction.Delete) is { } open
            ? new Reason.UndoneFirst(open)
            : null;
    }
}
