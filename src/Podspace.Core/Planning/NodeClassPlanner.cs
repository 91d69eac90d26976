using Podspace.Model;
using Podspace.Naming;
using Podspace.Observed;
using Podspace.Steps;

namespace Podspace.Planning;

/// <summary>NodeClasses of Auto Mode, and the access entries of their roles. Neither changes anything by itself:
/// the pool is the switch.</summary>
internal sealed class NodeClassPlanner(PlanInput input, PlanDraft draft)
{
    public void AddAccessEntries()
    {
        foreach (var entry in input.Desired.AccessEntries.Where(entry => !input.Cloud.AccessEntries.Any(seen => Admits(seen, entry))))
        {
            draft.Add(
                new Change.CreateAccessEntry(entry, ResourceNames.TagsFor(input.Spec, new("nodes"), null)),
                Stage.Admit,
                "without it nodes of that role start and never join"
            );
        }
    }

    private static bool Admits(SeenAccessEntry seen, AccessEntry entry) =>
        seen.PrincipalArn == entry.PrincipalArn && seen.Policies.Contains(AccessEntry.Policy);

    public void Add()
    {
        foreach (var nodeClass in input.Desired.NodeClasses)
        {
            Add(nodeClass);
        }
    }

    private void Add(NodeClass nodeClass)
    {
        foreach (var group in nodeClass.PodGroups)
        {
            draft.Use("group", group);
        }
        var seen = input.Inventory.Cluster!.NodeClasses.FirstOrDefault(one => one.Name == nodeClass.Name);
        if (seen is not null && IsAsDesired(seen, nodeClass))
        {
            return;
        }
        // Auto Mode replaces the nodes of a class that has changed, at once and by itself. Source: karpenter.sh, "Disruption", Drift.
        var hasNodes = seen is not null && input.Inventory.Cluster.NodeClaims.Any(claim => claim.NodeClass == nodeClass.Name);
        draft.Add(
            new Change.ApplyNodeClass(nodeClass, seen is null),
            seen is null ? Stage.Admit : Stage.Switch,
            hasNodes
                ? "tells Auto Mode's nodes where pods live; it replaces those that run, as budgets allow"
                : "tells Auto Mode's nodes where pods live",
            Disturbs(isNew: seen is null, hasNodes),
            change => Makes.PodNetwork(change) || change is Change.CreateAccessEntry
        );
    }

    private static Disruption Disturbs(bool isNew, bool hasNodes)
    {
        if (hasNodes)
        {
            return Disruption.RunningPods;
        }
        return isNew ? Disruption.None : Disruption.NewPods;
    }

    private bool IsAsDesired(SeenNodeClass seen, NodeClass nodeClass) =>
        !seen.HasOtherTerms
        && seen.Overlay == input.Spec.Name
        && (
            !nodeClass.SelectsByTags
            || seen.PodSubnetTags == [new(Tags.Cluster, input.Spec.Cluster ?? ""), new(Tags.Overlay, input.Spec.Name)]
        )
        && input.Actual.Network.NodeClasses.FirstOrDefault(one => one.Name == nodeClass.Name) is { } found
        && WithoutTagged(found) with { Role = nodeClass.Role } == WithoutTagged(nodeClass);

    // Made subnets that are still to come are selected the moment they carry their tags.
    private static NodeClass WithoutTagged(NodeClass nodeClass) =>
        nodeClass.SelectsByTags
            ? nodeClass with
            {
                PodSubnets = nodeClass.PodSubnets.Where(subnet => !subnet.IsMade).ToEquatable(),
            }
            : nodeClass;

    public void Remove()
    {
        foreach (var seen in input.Actual.Network.NodeClasses.Where(seen => !IsWanted(seen) && !IsInUse(seen)))
        {
            draft.Add(
                new Change.DeleteNodeClass(seen.Name),
                Stage.Switch,
                "made by Podspace and no longer wanted",
                Disruption.None,
                change => change is Change.DeleteNodePool or Change.ApplyNodePool
            );
        }
    }

    public void RemoveAccessEntries()
    {
        var roles = input
            .Actual.Network.NodeClasses.Where(seen => !IsWanted(seen) && IsInUse(seen))
            .Concat(input.Desired.NodeClasses)
            .Select(one => one.Role)
            .ToHashSet();
        foreach (
            var entry in input.Actual.Network.AccessEntries.Where(entry =>
                !input.Desired.AccessEntries.Contains(entry) && !roles.Contains(entry.PrincipalArn.Split('/')[^1])
            )
        )
        {
            draft.Add(
                new Change.DeleteAccessEntry(entry.PrincipalArn),
                Stage.Switch,
                "made by Podspace and no longer wanted",
                Disruption.None,
                change => change is Change.DeleteNodeClass or Change.DeleteNodePool
            );
        }
    }

    private bool IsWanted(NodeClass seen) => input.Desired.NodeClasses.Any(wanted => wanted.Name == seen.Name);

    /// <summary>Reports whether a pool that stays, or a node of one, still names it.</summary>
    private bool IsInUse(NodeClass seen) =>
        input.Inventory.Cluster!.NodePools.Any(pool =>
            pool.NodeClass == seen.Name
            && input.Desired.NodePools.All(wanted => wanted.Name != pool.Name)
            && !NodePoolPlanner.IsLeaving(input, pool)
        )
        || input.Inventory.Cluster.NodeClaims.Any(claim =>
            claim.NodeClass == seen.Name
            && !input.Inventory.Cluster.NodePools.Any(pool => pool.Name == claim.NodePool && NodePoolPlanner.IsLeaving(input, pool))
        );
}
