using Podspace.Cni;
using Podspace.Findings;
using Podspace.Model;
using Podspace.Nodes.Launching;

namespace Podspace.Nodes;

/// <summary>What starts nodes, and how many pods it tells them to take: pods beyond what has addresses hang in
/// ContainerCreating, so the switch waits for the line to be changed.</summary>
/// <remarks>Where it can be read what a path tells its nodes, that counts, with or without a node of its own;
/// else the nodes that it has started say it (status.capacity.pods).</remarks>
internal static class LaunchPaths
{
    public const string Code = "PS2323";

    /// <param name="network">Wanted: what will fit once its settings hold.</param>
    /// <param name="isThrown">The switch is: then nothing waits any more, and pods hang.</param>
    public static IEnumerable<Finding> Findings(Network network, Inventory inventory, NodeStates states, bool isThrown = false)
    {
        if (network.Cni is null || inventory.Cluster is not { } cluster)
        {
            return [];
        }
        var settings = PlannedSettings.Of(network, inventory);
        var paths = new LaunchPathList(inventory).All.ToList();
        var nodes = cluster
            .Nodes.Where(node => !node.IsAuto && node.MaxPods > 0 && states.Concerns(node) && !IsToldByEks(inventory, node))
            .ToLookup(node => LaunchPathList.NameOf(inventory, node));
        var read = paths.Where(path => path.Unread is null).Select(path => path.Name).ToHashSet();
        return paths
            .Where(path => path.Unread is null)
            .Select(path => OfWord(path, type => states.LimitOf(type, path.Subnets), settings, isThrown))
            .Concat(nodes.Where(path => !read.Contains(path.Key)).Select(path => OfNodes(network, inventory, states, path, isThrown)))
            .Concat(
                paths.Where(path => path.Unread is not null && !nodes.Contains(path.Name)).DistinctBy(path => path.Name).Select(OfNobody)
            )
            .OfType<Finding>()
            .OrderBy(finding => finding.Object, StringComparer.Ordinal);
    }

    /// <summary>Of paths that can be read, as the CNI is set now.</summary>
    public static IEnumerable<Finding> Live(Inventory inventory, IpamdSettings settings) =>
        new LaunchPathList(inventory)
            .All.Where(path => path.Unread is null)
            .Select(path => OfWord(path, type => MaxPods.Uncapped(type, settings) ?? MaxPods.OnHostNetwork, settings, isThrown: true))
            .OfType<Finding>();

    private static Finding? OfWord(LaunchPath path, Func<InstanceLimits, int?> limitOf, IpamdSettings settings, bool isThrown)
    {
        foreach (var type in path.Types)
        {
            if (path.PodsOn(type) is { } pods && limitOf(type) is { } limit && pods > limit)
            {
                return new(
                    Code,
                    Severity.Warning,
                    path.Name,
                    null,
                    $"{path.Name} starts {type.Type} with max-pods {pods}, as {Says(path)}, and in "
                        + $"this network such a node has addresses for {limit}: {Consequence(isThrown)}",
                    LaunchFix.Of(path, settings)
                );
            }
        }
        return null;
    }

    private static string Consequence(bool isThrown) =>
        isThrown
            ? "pods beyond that hang in ContainerCreating."
            : "the switch waits, because pods beyond that would hang in ContainerCreating.";

    private static string Says(LaunchPath path) =>
        path.Word switch
        {
            LaunchWord.ByTemplate { Template.Told: ToldPods.Usual } by =>
                $"{by.Source} says nothing of it and the AMI then counts every interface",
            LaunchWord.ByTemplate by => $"{by.Source} says",
            LaunchWord.ByNodeClass { NodeClass.MaxPods.Length: > 0 } => "its spec.kubelet.maxPods says",
            LaunchWord.ByNodeClass by => $"Karpenter keeps back {by.Karpenter?.ReservedInterfaces} interfaces (RESERVED_ENIS)",
            _ => "it says",
        };

    private static Finding? OfNodes(
        Network network,
        Inventory inventory,
        NodeStates states,
        IGrouping<string, SeenNode> path,
        bool isThrown
    )
    {
        var wrong = path.Where(node => node.MaxPods > states.LimitOf(node))
            .GroupBy(node => (node.InstanceType, node.MaxPods))
            .MaxBy(same => same.Key.MaxPods);
        return wrong is null
            ? null
            : new(
                Code,
                Severity.Warning,
                path.Key,
                null,
                $"{path.Key} starts {wrong.Key.InstanceType} with max-pods {wrong.Key.MaxPods}, as {wrong.First().Name} "
                    + $"shows, and in this network such a node has addresses for {states.LimitOf(wrong.First())}: "
                    + $"{Consequence(isThrown)}",
                $"{Lines(network, inventory, [.. path])}\nThen "
                    + $"start one node of it, so that its capacity shows the new number, and take away those with the old one."
            );
    }

    private static Finding OfNobody(LaunchPath path) =>
        new(
            Code,
            Severity.Note,
            path.Name,
            null,
            $"Nobody knows which max-pods {path.Name} tells the nodes that it starts: it has no node yet, and {path.Unread}.",
            "See that it tells them what fits:\n  podspace capacity --max-pods"
        );

    private static bool IsToldByEks(Inventory inventory, SeenNode node) =>
        inventory.Cloud.Nodegroups.Any(group => group.Name == node.Label("eks.amazonaws.com/nodegroup") && group.AmiType != "CUSTOM");

    /// <summary>What to write instead, in each form that it may have: it is not known which.</summary>
    private static string Lines(Network network, Inventory inventory, IReadOnlyList<SeenNode> nodes)
    {
        var known = KnownTypes.From(inventory);
        var types = nodes.Select(node => known.Find(node.InstanceType)).OfType<InstanceLimits>().Distinct().ToList();
        var forms = MaxPodsForms.Of(types, PlannedSettings.Of(network, inventory));
        string[] kinds = nodes[0].Label(SeenNode.PoolLabel) is null
            ? [MaxPodsForms.Nodeadm, MaxPodsForms.Bottlerocket, MaxPodsForms.AmazonLinux2]
            : [MaxPodsForms.KarpenterClass, MaxPodsForms.KarpenterAll];
        return "Write, whichever it is:"
            + string.Concat(
                forms
                    .Where(form => kinds.Contains(form.Kind))
                    .Select(form => $"\n  {form.Kind}, {form.Where}:\n    {form.Text.Replace("\n", "\n    ", StringComparison.Ordinal)}")
            );
    }
}
