using System.Text.Json.Nodes;
using Podspace.Cni;
using Podspace.Simulation.Kubernetes;
using Podspace.Simulation.State;

namespace Podspace.Simulation.Nodes;

/// <summary>How a node of Auto Mode comes to its pods' addresses: what ipamd does under fixed
/// settings, which follow from the NodeClass.</summary>
/// <remarks>
/// /28 prefixes by default, single addresses where the class asks for them or the subnet has no
/// whole /28 left; in pod subnets on further interfaces alone.
/// A node that began one way stays with it: how the real agent mixes both is UNCONFIRMED. Source: EKS
/// User Guide, "Create a Node Class" and "Learn about VPC Networking".
/// </remarks>
internal static class AutoAgent
{
    public static bool IsAuto(JsonObject node) => node.Label(AutoClaims.ComputeTypeLabel) is "auto";

    public static bool HasPodSubnets(JsonObject nodeClass) => nodeClass.Items("spec", "podSubnetSelectorTerms").Any();

    public static bool TakesPrefixes(JsonObject nodeClass) => nodeClass.Text("spec", "advancedNetworking", "ipv4PrefixSize") is not "32";

    /// <summary>Null where the node's class is not there: then nobody manages its addresses.</summary>
    public static IpamdSettings? SettingsOf(World world, JsonObject node, IReadOnlyList<NetworkInterface> interfaces)
    {
        if (ClassOf(world, node) is not { } nodeClass || interfaces.Count == 0)
        {
            return null;
        }
        var primary = interfaces[0];
        var isApart =
            interfaces.Count > 1
                ? interfaces[1].SubnetId != primary.SubnetId
                : primary is { Ipv4Prefixes.Count: 0, PrivateIpAddresses.Count: 1 } && HasPodSubnets(nodeClass);
        var prefixes =
            Begun(interfaces.Skip(isApart ? 1 : 0))
            ?? (TakesPrefixes(nodeClass) && HasWholePrefix(world, isApart ? Place(world, node, nodeClass) : primary.SubnetId));
        return new()
        {
            CustomNetworking = isApart,
            PrefixDelegation = prefixes,
            WarmPrefixTarget = 1,
            WarmEniTarget = 0,
            SubnetDiscovery = false,
        };
    }

    /// <summary>The pod subnet of the node's zone with most free addresses, and the groups. Null: the class has none in
    /// that zone, and pods get no address (awsdocs/amazon-eks-user-guide #1088).</summary>
    public static (string Subnet, IReadOnlyList<string> Groups)? Placement(World world, NodeView view)
    {
        if (view.Interfaces.Skip(1).FirstOrDefault() is { } sibling)
        {
            return (sibling.SubnetId, sibling.Groups);
        }
        return ClassOf(world, view.Node) is { } nodeClass && Place(world, view.Node, nodeClass) is { } subnet
            ? (
                subnet,
                [
                    .. NodeClassStatus
                        .Groups(world, world.State.Aws.Clusters[0], nodeClass, "podSecurityGroupSelectorTerms")
                        .Select(group => group.GroupId),
                ]
            )
            : null;
    }

    private static JsonObject? ClassOf(World world, JsonObject node) =>
        world.State.Aws.Clusters.Count == 0
            ? null
            : world.Objects.Find(NodeClassStatus.Api, "nodeclasses", null, node.Label("eks.amazonaws.com/nodeclass") ?? "");

    private static string? Place(World world, JsonObject node, JsonObject nodeClass) =>
        NodeClassStatus
            .Subnets(world, world.State.Aws.Clusters[0], nodeClass, "podSubnetSelectorTerms")
            .Where(subnet => subnet.AvailabilityZone == node.Label(CniEnv.ZoneLabel))
            .MaxBy(world.Ec2.FreeAddresses)
            ?.SubnetId;

    /// <summary>Whether the node has prefixes or single addresses; null when it has neither yet.</summary>
    private static bool? Begun(IEnumerable<NetworkInterface> interfaces)
    {
        var all = interfaces.ToList();
        if (all.Exists(one => one.Ipv4Prefixes.Count > 0))
        {
            return true;
        }
        return all.Exists(one => one.PrivateIpAddresses.Count > 1) ? false : null;
    }

    private static bool HasWholePrefix(World world, string? subnet) => subnet is null || world.Compute.HasWholePrefix(subnet);
}
