using Podspace.Nodes;
using Podspace.Steps;

namespace Podspace.Planning;

/// <summary>What Podspace keeps in the cluster for its own work, once nothing is left of the network.</summary>
internal sealed class CleanupPlanner(PlanInput input, PlanDraft draft)
{
    public void ClearRolloutMarks()
    {
        foreach (var node in input.Inventory.Cluster?.Nodes ?? [])
        {
            if (RolloutAnnotation.On(node, input.Spec.Name) is { } mark)
            {
                draft.Add(
                    new Change.ClearRolloutMark(node.Name, mark.WasCordoned),
                    Stage.Switch,
                    "a rollout that was cut off had cordoned it"
                );
            }
        }
    }

    public void DeletePreviousValues()
    {
        if (input.Inventory.Cluster?.Record is not null)
        {
            draft.Add(
                new Change.DeletePreviousValues(),
                Stage.Switch,
                "previous values are back in their place",
                Disruption.None,
                change => change is Change.SetAddonValues or Change.SetAwsNode or Change.RestoreSubnetRole or Change.DeleteEniConfig
            );
        }
    }
}
