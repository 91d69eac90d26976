using System.Text.Json.Nodes;
using Podspace.Findings;
using Podspace.Formats;
using Podspace.Model;
using Podspace.Naming;
using Podspace.Nodes;
using Podspace.Observed;
using Podspace.Steps;

namespace Podspace.Planning;

/// <summary>A class and an access entry change nothing by themselves; the pool is the switch: new nodes start there from then on.</summary>
internal sealed partial class PlanBuilder
{
    private void PlanAutoMode()
    {
        if (inventory.Cluster is not { } cluster)
        {
            return;
        }
        foreach (
            var entry in desired.AccessEntries.Where(entry =>
                !inventory.Cloud.AccessEntries.Any(seen =>
                    seen.PrincipalArn == entry.PrincipalArn && seen.Policies.Contains(AccessEntry.Policy)
                )
            )
        )
        {
            draft.Add(
                new Change.CreateAccessEntry(entry, ResourceNames.TagsFor(spec, new("nodes"), null)),
                Stage.Admit,
                "without it nodes of that role start and never join"
            );
        }
        foreach (var nodeClass in desired.NodeClasses)
        {
            PlanNodeClass(cluster, nodeClass);
        }
        foreach (var pool in desired.NodePools)
        {
            PlanNodePool(cluster, pool);
        }
        RemoveNodePools(isSwitchOnly: false);
        RemoveNodeClasses();
        TellOfOldAutoNodes(cluster);
    }

    private void PlanNodeClass(ClusterInventory cluster, NodeClass nodeClass)
    {
        foreach (var group in nodeClass.PodGroups)
        {
            Use("group", group);
        }
        var seen = cluster.NodeClasses.FirstOrDefault(one => one.Name == nodeClass.Name);
        if (seen is not null && IsAsDesired(seen, nodeClass))
        {
            return;
        }
        // Auto Mode replaces the nodes of a class that has changed, at once and by itself. Source: karpenter.sh, "Disruption", Drift.
        var hasNodes = seen is not null && cluster.NodeClaims.Any(claim => claim.NodeClass == nodeClass.Name);
        draft.Add(
            new Change.ApplyNodeClass(nodeClass, seen is null),
            seen is null ? Stage.Admit : Stage.Switch,
            hasNodes
                ? "tells Auto Mode's nodes where pods live; it replaces those that run, as budgets allow"
                : "tells Auto Mode's nodes where pods live",
            hasNodes ? Disruption.RunningPods
                : seen is null ? Disruption.None
                : Disruption.NewPods,
            [.. NetworkIds(), .. draft.Ids(step => step.Change is Change.CreateAccessEntry)]
        );
    }

    private bool IsAsDesired(SeenNodeClass seen, NodeClass nodeClass) =>
        !seen.HasOtherTerms
        && seen.Overlay == spec.Name
        && (!nodeClass.SelectsByTags || seen.PodSubnetTags == [new(Tags.Cluster, spec.Cluster ?? ""), new(Tags.Overlay, spec.Name)])
        && actual.Network.NodeClasses.FirstOrDefault(one => one.Name == nodeClass.Name) is { } found
        && WithoutTagged(found) with { Role = nodeClass.Role } == WithoutTagged(nodeClass);

    // Made subnets that are still to come are selected the moment they carry their tags.
    private static NodeClass WithoutTagged(NodeClass nodeClass) =>
        nodeClass.SelectsByTags
            ? nodeClass with
            {
                PodSubnets = nodeClass.PodSubnets.Where(subnet => !subnet.IsMade).ToEquatable(),
            }
            : nodeClass;

    private void PlanNodePool(ClusterInventory cluster, NodePool pool)
    {
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
            [.. NetworkIds(), .. draft.Ids(step => step.Change is Change.ApplyNodeClass or Change.CreateAccessEntry)]
        );
    }

    private IEnumerable<SeenNode> NodesOf(string pool) => inventory.Cluster!.Nodes.Where(node => node.Label(SeenNode.PoolLabel) == pool);

    /// <summary>A pool that goes takes its nodes along, all at once. So while pods run on them it is closed instead: a
    /// limit of nothing lets no new node start and leaves those that run alone.</summary>
    /// <remarks>Source: karpenter.sh, "NodePools", spec.limits: it stops new nodes (that 0 does so too:
    /// DERIVED); "NodePools", deletion: nodes go with it.</remarks>
    private void RemoveNodePools(bool isSwitchOnly, bool keeps = false)
    {
        foreach (
            var seen in inventory.Cluster!.NodePools.Where(seen =>
                seen.Overlay == spec.Name && desired.NodePools.All(pool => pool.Name != seen.Name)
            )
        )
        {
            var pods = NodesOf(seen.Name).Sum(node => RolloutPlan.MovableOn(inventory.Cluster, node).Count(pod => pod.Phase == "Running"));
            if (pods == 0 && !keeps)
            {
                draft.Add(
                    new Change.DeleteNodePool(seen.Name),
                    Stage.Switch,
                    "made by Podspace and no longer wanted",
                    Disruption.None,
                    draft.Ids(step => step.Change is Change.ApplyNodePool)
                );
                continue;
            }
            if (!isSwitchOnly)
            {
                draft.Findings.Add(
                    StillCarries(
                        $"nodepool/{seen.Name}",
                        $"NodePool {seen.Name} still has {NodesOf(seen.Name).Count()} nodes with {pods} pods"
                    )
                );
            }
            if (!seen.IsClosed)
            {
                draft.Add(
                    new Change.DisableNodePool(Closed(seen)),
                    Stage.Switch,
                    "no new node starts there; those that run stay until their pods are moved",
                    Disruption.NewPods,
                    draft.Ids(step => step.Change is Change.ApplyNodePool)
                );
            }
        }
    }

    private static NodePool Closed(SeenNodePool seen)
    {
        var spec = JsonNode.Parse(seen.Spec)!.AsObject();
        spec["limits"] = new JsonObject { ["cpu"] = "0" };
        return new(seen.Name, seen.NodeClass, seen.Like ?? "", SortedJson.Of(spec)!.ToJsonString());
    }

    private void RemoveNodeClasses()
    {
        var leaving = draft.Steps().Select(step => step.Change).OfType<Change.DeleteNodePool>().Select(change => change.Name).ToHashSet();
        var staying = inventory
            .Cluster!.NodePools.Where(pool => !leaving.Contains(pool.Name) && desired.NodePools.All(wanted => wanted.Name != pool.Name))
            .Select(pool => pool.NodeClass)
            .ToHashSet();
        var roles = new HashSet<string>(desired.NodeClasses.Select(one => one.Role));
        foreach (var seen in actual.Network.NodeClasses.Where(seen => desired.NodeClasses.All(wanted => wanted.Name != seen.Name)))
        {
            if (
                staying.Contains(seen.Name)
                || inventory.Cluster.NodeClaims.Any(claim => claim.NodeClass == seen.Name && !leaving.Contains(claim.NodePool))
            )
            {
                roles.Add(seen.Role);
                continue;
            }
            draft.Add(
                new Change.DeleteNodeClass(seen.Name),
                Stage.Switch,
                "made by Podspace and no longer wanted",
                Disruption.None,
                draft.Ids(step => step.Change is Change.DeleteNodePool or Change.ApplyNodePool)
            );
        }
        foreach (
            var entry in actual.Network.AccessEntries.Where(entry =>
                !desired.AccessEntries.Contains(entry) && !roles.Contains(entry.PrincipalArn.Split('/')[^1])
            )
        )
        {
            draft.Add(
                new Change.DeleteAccessEntry(entry.PrincipalArn),
                Stage.Switch,
                "made by Podspace and no longer wanted",
                Disruption.None,
                draft.Ids(step => step.Change is Change.DeleteNodeClass or Change.DeleteNodePool)
            );
        }
    }

    private void TellOfOldAutoNodes(ClusterInventory cluster)
    {
        if (desired.NodePools.IsEmpty)
        {
            return;
        }
        var old = cluster.Nodes.Count(node => node.IsAuto && States.Concerns(node) && States.Of(node) != NodeState.InOverlay);
        if (old > 0)
        {
            draft.Findings.Add(
                new(
                    "PS2322",
                    Severity.Warning,
                    "nodes",
                    null,
                    $"{old} nodes of Auto Mode give pods addresses of the node subnets, and Auto Mode leaves them be: "
                        + $"only nodes that start anew come from our pools.",
                    HowToReplace()
                )
            );
        }
    }
}
