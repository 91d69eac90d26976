using Podspace.Design;
using Podspace.Model;
using Podspace.Naming;
using Podspace.Nodes;
using Podspace.Observed;
using Podspace.Spec;

namespace Podspace.Planning;

/// <summary>Pods that live in the overlay: their addresses lie in its subnets.</summary>
/// <remarks>One that is ending or done gives its address back by itself, and until then its interface keeps the subnet.</remarks>
public sealed record Residents(EquatableArray<SeenPod> Pods)
{
    private const int NodesShown = 8;

    private const int PodsShown = 3;

    public static Residents In(OverlaySpec spec, Inventory inventory)
    {
        var states = StatesFound(spec, inventory);
        return new((inventory.Cluster?.Pods ?? []).Where(pod => IsSettled(pod) && states.IsInOverlay(pod.Address!.Value)).ToEquatable());
    }

    /// <summary>Nodes held against all pod subnets that there are, made or used, whether the spec still makes a network or not.</summary>
    public static NodeStates StatesFound(OverlaySpec spec, Inventory inventory)
    {
        var actual = ActualNetwork.From(inventory, spec.Name, spec.Cluster);
        var used = NetworkDesign.From(spec, inventory).Value is { } design
            ? design.Subnets.Where(subnet => !subnet.Ref.IsMade)
            : Named(actual.Network).Where(name => !name.IsMade).Distinct().Select(name => new PodSubnet(name, "", default, null));
        return new(inventory, actual.Network with { Subnets = [.. actual.Network.Subnets, .. used] }, actual.Ids);
    }

    /// <summary>A few of each node's, with counts, indented.</summary>
    public string ByNode()
    {
        var nodes = Pods.GroupBy(pod => pod.Node ?? "no node").OrderBy(node => node.Key, StringComparer.Ordinal).ToList();
        var lines = nodes.Take(NodesShown).Select(node => $"  {node.Key}: {Few([.. node])}");
        var more = nodes.Skip(NodesShown).Sum(node => node.Count());
        return string.Join('\n', more == 0 ? lines : lines.Append($"  {nodes.Count - NodesShown} more nodes: {Count(more)}"));
    }

    public static string Count(int pods) => pods == 1 ? "1 pod" : $"{pods} pods";

    private static string Few(List<SeenPod> pods)
    {
        var named = string.Join(", ", pods.Select(pod => $"{pod}").Order(StringComparer.Ordinal).Take(PodsShown));
        return $"{Count(pods.Count)}, {named}{(pods.Count > PodsShown ? $" and {pods.Count - PodsShown} more" : "")}";
    }

    private static bool IsSettled(SeenPod pod) =>
        pod is { HostNetwork: false, Address: not null, IsTerminating: false, Phase: not ("Succeeded" or "Failed") };

    /// <summary>Subnets that what stands in the cluster leads pods to.</summary>
    private static IEnumerable<Ref> Named(Network found) =>
        [
            .. found.EniConfigs.Select(eniConfig => eniConfig.Subnet),
            .. found.NodeClasses.SelectMany(nodeClass => nodeClass.PodSubnets),
            .. found.SubnetRoles.Where(role => role.IsOffered).Select(role => role.Subnet),
        ];
}
