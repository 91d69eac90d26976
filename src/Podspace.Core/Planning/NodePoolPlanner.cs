using System.Text.Json.Nodes;
using Podspace.Formats;
using Podspace.Model;
using Podspace.Nodes;
using Podspace.Steps;

namespace Podspace.Planning;

/// <summary>NodePools of Auto Mode, which are its switch: new nodes start there from then on.</summary>
internal sealed class NodePoolPlanner(PlanInput input, PlanDraft draft)
{
    public void Add()
    {
        foreach (var pool in input.Desired.NodePools)
        {
            Add(pool);
        }
    }

    private void Add(NodePool pool)
    {
        var cluster = input.Inventory.Cluster!;
        var seen = cluster.NodePools.FirstOrDefault(one => one.Name == pool.Name);
        var wanted = JsonNode.Parse(pool.Template)!;
        var spec = JsonNode.Parse(seen?.Spec ?? "{}")!;
        var isOpen = seen is { IsClosed: false } || wanted["limits"] is { } limits && JsonNode.DeepEquals(limits, spec["limits"]);
        if (seen is not null && isOpen && seen.Like == pool.Like && SortedJson.Holds(spec, wanted))
        {
            return;
        }
        var isReplaced =
            seen is not null
            && !SortedJson.Holds(spec["template"], wanted["template"])
            && cluster.NodeClaims.Any(claim => claim.NodePool == pool.Name);
        draft.Add(
            new Change.ApplyNodePool(pool, seen is null),
            Stage.Switch,
            isReplaced
                ? $"as {pool.Like} is, with pods in the pod subnets; Auto Mode replaces its nodes, as budgets allow"
                : $"new nodes as those of {pool.Like}, with pods in the pod subnets",
            isReplaced ? Disruption.RunningPods : Disruption.NewPods,
            change => Makes.PodNetwork(change) || change is Change.ApplyNodeClass or Change.CreateAccessEntry
        );
    }

    /// <summary>A pool that goes takes its nodes along, all at once. So while pods run on them it is closed instead: a
    /// limit of nothing lets no new node start and leaves those that run alone.</summary>
    /// <param name="keeps">None is deleted, also where nothing runs there any more.</param>
    /// <remarks>Source: karpenter.sh, "NodePools", spec.limits: it stops new nodes (that 0 does so too:
    /// DERIVED); "NodePools", deletion: nodes go with it.</remarks>
    public void Remove(bool isSwitchOnly, bool keeps = false)
    {
        foreach (var seen in input.Inventory.Cluster!.NodePools.Where(seen => IsUnwanted(input, seen)))
        {
            if (IsLeaving(input, seen) && !keeps)
            {
                draft.Add(
                    new Change.DeleteNodePool(seen.Name),
                    Stage.Switch,
                    "made by Podspace and no longer wanted",
                    Disruption.None,
                    change => change is Change.ApplyNodePool
                );
                continue;
            }
            if (!isSwitchOnly)
            {
                StillInUse.ReportPods(
                    input,
                    draft,
                    $"nodepool/{seen.Name}",
                    $"NodePool {seen.Name} still has {NodesOf(input, seen).Count()} nodes with {PodsOn(input, seen)} pods"
                );
            }
            if (!seen.IsClosed)
            {
                draft.Add(
                    new Change.DisableNodePool(Closed(seen)),
                    Stage.Switch,
                    "no new node starts there; those that run stay until their pods are moved",
                    Disruption.NewPods,
                    change => change is Change.ApplyNodePool
                );
            }
        }
    }

    /// <summary>Reports whether it can be deleted: ours, no longer wanted, and no pod runs on its nodes.</summary>
    public static bool IsLeaving(PlanInput input, SeenNodePool seen) => IsUnwanted(input, seen) && PodsOn(input, seen) == 0;

    private static bool IsUnwanted(PlanInput input, SeenNodePool seen) =>
        seen.Overlay == input.Spec.Name && input.Desired.NodePools.All(pool => pool.Name != seen.Name);

    private static int PodsOn(PlanInput input, SeenNodePool seen) =>
        NodesOf(input, seen).Sum(node => RolloutPlan.MovableOn(input.Inventory.Cluster!, node).Count(pod => pod.Phase == "Running"));

    private static IEnumerable<SeenNode> NodesOf(PlanInput input, SeenNodePool seen) =>
        input.Inventory.Cluster!.Nodes.Where(node => node.Label(SeenNode.PoolLabel) == seen.Name);

    private static NodePool Closed(SeenNodePool seen)
    {
        var spec = JsonNode.Parse(seen.Spec)!.AsObject();
        spec["limits"] = new JsonObject { ["cpu"] = "0" };
        return new(seen.Name, seen.NodeClass, seen.Like ?? "", SortedJson.Of(spec)!.ToJsonString());
    }
}
