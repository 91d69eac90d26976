using Podspace.Model;

namespace Podspace.Nodes;

/// <summary>Which node is to be replaced next, judged anew before each, because every replacement changes what the budgets allow.</summary>
/// <param name="Nodes">Still to be replaced.</param>
/// <param name="Kept">Cordoned by a rollout that led the other way, and right as they are now.</param>
/// <param name="Unprotected">Pods that nobody would make anew: they stop the roll before it starts.</param>
internal sealed record RolloutPlan(EquatableArray<SeenNode> Nodes, EquatableArray<SeenNode> Kept, EquatableArray<SeenPod> Unprotected)
{
    /// <param name="goal">The state every node shall be in.</param>
    /// <param name="overlay">Its name: marks of its rollouts count.</param>
    public static RolloutPlan For(Inventory inventory, NodeStates states, NodeState goal, string overlay)
    {
        var nodes = inventory.Cluster!.Nodes.OrderBy(node => node.Name, StringComparer.Ordinal).ToList();
        var old = nodes
            .Where(node => (states.Concerns(node) && states.Of(node) != goal) || RolloutAnnotation.On(node, overlay)?.Goal == goal)
            .ToEquatable();
        var kept = nodes.Where(node => RolloutAnnotation.On(node, overlay) is not null && !old.Contains(node)).ToEquatable();
        var names = old.Select(node => node.Name).ToHashSet();
        var unprotected = inventory.Cluster.Pods.Where(pod =>
            pod.Node is { } node && names.Contains(node) && IsMovable(pod) && pod.Controller is null
        );
        return new(old, kept, unprotected.ToEquatable());
    }

    /// <summary>What one canary speaks for: nodes of Auto Mode get their pods' network from a
    /// NodeClass, and all others from aws-node.</summary>
    public readonly record struct CanaryGroup(string Zone, bool IsAuto)
    {
        public static CanaryGroup Of(SeenNode node) => new(node.Zone, node.IsAuto);
    }

    /// <summary>One of each zone and kind first, as its canary; among those the one whose pods all
    /// may go at once, then the one with the fewest.</summary>
    /// <remarks>Old nodes are cordoned, so before the first replacement evicted pods have nowhere to go: a node
    /// whose pods exceed what budgets allow would never get empty.</remarks>
    public (SeenNode Node, bool IsCanary) Next(ClusterInventory cluster, IReadOnlySet<CanaryGroup> done)
    {
        var isCanary = Nodes.Any(node => !done.Contains(CanaryGroup.Of(node)));
        var node = Nodes
            .Where(node => !isCanary || !done.Contains(CanaryGroup.Of(node)))
            .OrderBy(node => Excess(cluster, node))
            .ThenBy(node => MovableOn(cluster, node).Count)
            .First();
        return (node, isCanary);
    }

    /// <summary>Pods that have to leave before their node goes: not those that belong to the node, and not those that are done.</summary>
    public static bool IsMovable(SeenPod pod) =>
        pod is { IsMirror: false, Controller: not ("DaemonSet" or "Node"), Phase: not ("Succeeded" or "Failed") };

    public static IReadOnlyList<SeenPod> MovableOn(ClusterInventory cluster, SeenNode node) =>
        [.. cluster.Pods.Where(pod => pod.Node == node.Name && IsMovable(pod))];

    /// <summary>How many pods of the node budgets would hold back if all were evicted now.</summary>
    private static int Excess(ClusterInventory cluster, SeenNode node)
    {
        var pods = MovableOn(cluster, node);
        return cluster.Budgets.Sum(budget => Math.Max(0, pods.Count(budget.Covers) - budget.DisruptionsAllowed));
    }
}
