using Podspace.Findings;
using Podspace.Model;
using Podspace.Rolling;

namespace Podspace.Capacity;

/// <summary>What starts nodes, and how many pods it tells them to take: pods beyond what has addresses hang in ContainerCreating, so the switch waits for the line to be changed.</summary>
/// <remarks>
/// User data is not read: the nodes that a path has started say what it tells them (status.capacity.pods). A managed node group without an AMI of its own is left out, because EKS counts anew
/// for each node that it starts, and its number beats every setting (EKS User Guide, "Choosing an instance type").
/// </remarks>
public static class LaunchPaths
{
    public const string Code = "PS2323";

    private const string KarpenterClassLabel = "karpenter.k8s.aws/ec2nodeclass";

    /// <param name="network">Wanted: what will fit once its settings hold.</param>
    public static IEnumerable<Finding> Findings(Network network, Inventory inventory, NodeStates states)
    {
        if (network.Cni is null || inventory.Cluster is not { } cluster)
        {
            yield break;
        }
        var nodes = cluster.Nodes.Where(node => !node.IsAuto && node.MaxPods > 0 && states.Concerns(node) && !IsToldByEks(inventory, node)).ToList();
        foreach (var path in nodes.GroupBy(PathOf).OrderBy(path => path.Key, StringComparer.Ordinal))
        {
            var wrong = path.Where(node => node.MaxPods > states.LimitOf(node)).GroupBy(node => (node.InstanceType, node.MaxPods)).MaxBy(same => same.Key.MaxPods);
            if (wrong is not null)
            {
                yield return new(
                    Code, Severity.Warning, path.Key, null,
                    $"{path.Key} starts {wrong.Key.InstanceType} with max-pods {wrong.Key.MaxPods}, as {wrong.First().Name} shows, and in this network such a node has addresses for {states.LimitOf(wrong.First())}: the switch waits, because pods beyond that would hang in ContainerCreating.",
                    $"{Line(network, inventory, [.. path])}\nThen start one node of it, so that its capacity shows the new number, and take away those with the old one.");
            }
        }
        foreach (var group in inventory.Cloud.Nodegroups.Where(group => group.AmiType == "CUSTOM" && group.MaxSize > 0 && !cluster.Nodes.Any(node => node.Label(NodegroupLabel) == group.Name)))
        {
            yield return new(
                Code, Severity.Note, group.Name, null,
                $"Node group {group.Name} has an AMI of its own and no node, so nobody knows which max-pods it tells the nodes that it starts.", "See that its user data sets what fits:\n  podspace capacity --max-pods");
        }
    }

    private const string NodegroupLabel = "eks.amazonaws.com/nodegroup";

    private static bool IsToldByEks(Inventory inventory, SeenNode node) =>
        inventory.Cloud.Nodegroups.Any(group => group.Name == node.Label(NodegroupLabel) && group.AmiType != "CUSTOM");

    private static string PathOf(SeenNode node) =>
        node.Label(NodegroupLabel) is { } group ? $"node group {group}"
        : node.Label(KarpenterClassLabel) is { } nodeClass ? $"EC2NodeClass {nodeClass}"
        : node.Label(SeenNode.PoolLabel) is { } pool ? $"NodePool {pool}"
        : "a self-managed group";

    /// <summary>What to write instead, in the words of whatever starts the nodes.</summary>
    private static string Line(Network network, Inventory inventory, IReadOnlyList<SeenNode> nodes)
    {
        var known = KnownTypes.From(inventory);
        var types = nodes.Select(node => known.Find(node.InstanceType)).OfType<InstanceLimits>().Distinct().ToList();
        var forms = MaxPodsForms.Of(types, ObservedCapacity.Settings(network, inventory, [], out _));
        string[] kinds = nodes[0].Label(SeenNode.PoolLabel) is null ? ["AL2023 (nodeadm)", "Bottlerocket", "Amazon Linux 2"] : ["Karpenter, one class", "Karpenter, all pools"];
        return "Write, whichever it is:" + string.Concat(forms.Where(form => kinds.Contains(form.Kind)).Select(form => $"\n  {form.Kind}, {form.Where}:\n    {form.Text.Replace("\n", "\n    ", StringComparison.Ordinal)}"));
    }
}
