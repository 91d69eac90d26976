using Podspace.Model;
using Podspace.Naming;
using Podspace.Spec;

namespace Podspace.Design.Rules;

/// <summary>What Auto Mode's nodes need of the network, and what a NodeClass cannot say.</summary>
internal static class AutoModeRules
{
    public static void Check(DesignInput input, Network network)
    {
        if (network.NodeClasses is not [var nodeClass, ..] || input.Inventory.Cluster is not { } seen)
        {
            return;
        }
        CheckZones(input, network, nodeClass);
        CheckKeptAddresses(input, network);
        CheckNodesStayOut(input, network, seen);
        CheckOtherPools(input, network, seen);
    }

    // A node in a zone without a pod subnet starts, and its pods get no address. Source: awsdocs/amazon-eks-user-guide #1088.
    private static void CheckZones(DesignInput input, Network network, NodeClass nodeClass)
    {
        foreach (var zone in AutoModeChoice.Zones(input).Where(zone => network.Subnets.All(subnet => subnet.Zone != zone)))
        {
            input.Report.Warning(
                DesignCodes.AutoZoneLeftOut,
                zone,
                "spec.zones",
                $"Auto Mode starts nodes in {zone} too, which gets no pod subnet: nodes of {nodeClass.Name} will not start there.",
                $"Add {zone} to 'spec.zones'."
            );
        }
        if (nodeClass.NodeSubnets.IsEmpty)
        {
            input.Report.Error(
                DesignCodes.NoNodeSubnets,
                nodeClass.Name,
                "spec.zones",
                $"No subnet in which Auto Mode starts nodes lies in "
                    + $"{string.Join(", ", network.Subnets.Select(subnet => subnet.Zone))}, so nodes of {nodeClass.Name} could "
                    + $"start nowhere.",
                "Correct 'spec.zones'."
            );
        }
    }

    private static void CheckKeptAddresses(DesignInput input, Network network)
    {
        if (input.Spec.Routing is not { Source: PacketSource.Node, KeepPodAddressTo: { IsEmpty: false } kept })
        {
            return;
        }
        input.Report.Add(
            DesignCodes.CannotKeepAddress,
            network.Cni is null ? Findings.Severity.Error : Findings.Severity.Warning,
            string.Join(",", kept),
            "spec.routing.keepPodAddressTo",
            $"A NodeClass translates addresses for all destinations or for none (snatPolicy): "
                + $"pods of Auto Mode's nodes reach {string.Join(", ", kept)} with their node's address.",
            "Set 'source: pod', with routes for it, or take the blocks out."
        );
    }

    // Terms that select by tags may well select pod subnets: then nodes get pod addresses.
    private static void CheckNodesStayOut(DesignInput input, Network network, ClusterInventory seen)
    {
        var pods = network.Subnets.Select(subnet => input.Actual.Ids.Subnet(subnet.Ref)).OfType<AwsId>().Select(id => id.Text).ToHashSet();
        foreach (var other in seen.NodeClasses)
        {
            if (other.Subnets.FirstOrDefault(pods.Contains) is { } subnet)
            {
                input.Report.Error(
                    DesignCodes.NodesInPodSubnet,
                    subnet,
                    "spec.subnets.existing",
                    $"NodeClass {other.Name} starts nodes in {subnet}: nodes would get pod addresses, and leave the VPC with them.",
                    "Let its subnetSelectorTerms select routable subnets only."
                );
            }
        }
    }

    private static void CheckOtherPools(DesignInput input, Network network, ClusterInventory seen)
    {
        foreach (
            var pool in seen.NodePools.Where(pool =>
                pool.Overlay is null && !network.NodePools.Any(ours => ours.Like == pool.Name) && IsOfAutoMode(seen, pool)
            )
        )
        {
            input.Report.Warning(
                DesignCodes.OtherPools,
                pool.Name,
                "spec.autoMode.nodePools",
                $"None of our NodePools is like {pool.Name}: pods on "
                    + $"its nodes keep the addresses that its NodeClass {pool.NodeClass} gives them.",
                $"Add {{name: {input.Spec.Name}-{pool.Name}, like: {pool.Name}}}, or accept it."
            );
        }
    }

    private static bool IsOfAutoMode(ClusterInventory seen, SeenNodePool pool) =>
        seen.NodeClasses.FirstOrDefault(one => one.Name == pool.NodeClass) is { PodSubnets.IsEmpty: true };
}
