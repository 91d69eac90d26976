using Podspace.Naming;

namespace Podspace.Design;

/// <summary>Which zones get a pod subnet: the spec's; else every zone in which the cluster's nodes
/// can start, and those that have one of ours already.</summary>
internal static class ZoneChoice
{
    /// <summary>Sorted; empty when nothing says, and a finding tells so.</summary>
    public static IReadOnlyList<string> Of(DesignInput input)
    {
        if (!input.Spec.Zones.IsEmpty)
        {
            return input.Spec.Zones;
        }
        var zones = NodeZones(input);
        if (zones.Count == 0 && input.Cluster is { } cluster)
        {
            // No node yet: they will start beside the control plane's interfaces, as every guide has it.
            AddZonesOf(input, cluster.SubnetIds, zones);
        }
        zones.UnionWith(input.Spec.Subnets.Existing.Select(subnet => subnet.Zone));
        // Nodes of one zone may all be gone for a while, in the middle of a rollout say; their subnet stays.
        foreach (var subnet in input.Actual.Network.Subnets)
        {
            if (zones.Add(subnet.Zone))
            {
                input.Report.Note(
                    DesignCodes.ZoneKept,
                    subnet.Zone,
                    "spec.zones",
                    $"{subnet.Zone} is kept because {subnet.Ref} is there, although no node can start there now.",
                    "To give it up, list the other zones in 'spec.zones'."
                );
            }
        }
        if (zones.Count == 0)
        {
            input.Report.Error(
                DesignCodes.NoZones,
                input.Spec.Cluster ?? input.Spec.Name,
                "spec.zones",
                "Neither node groups nor nodes nor the cluster's subnets say in which zones pods will be.",
                "List the zones in 'spec.zones'."
            );
        }
        return [.. zones];
    }

    /// <summary>Where nodes stand or can start.</summary>
    public static SortedSet<string> NodeZones(DesignInput input)
    {
        var zones = new SortedSet<string>(StringComparer.Ordinal);
        if (input.HasCniModes)
        {
            zones.UnionWith(CniZones(input));
        }
        if (input.Modes.Contains(Spec.PodMode.AutoMode))
        {
            zones.UnionWith(AutoModeChoice.Zones(input));
        }
        return zones;
    }

    /// <summary>Where nodes that run aws-node stand or can start.</summary>
    public static SortedSet<string> CniZones(DesignInput input)
    {
        var zones = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var nodegroup in input.Cluster is null ? [] : input.Cloud.Nodegroups)
        {
            AddZonesOf(input, nodegroup.Subnets, zones);
        }
        zones.UnionWith(input.CniNodes.Select(node => node.Zone).Where(zone => zone.Length > 0));
        return zones;
    }

    private static void AddZonesOf(DesignInput input, EquatableArray<AwsId> subnets, SortedSet<string> zones)
    {
        foreach (var id in subnets)
        {
            if (input.Subnet(id) is { } subnet)
            {
                zones.Add(subnet.Zone);
            }
        }
    }
}
