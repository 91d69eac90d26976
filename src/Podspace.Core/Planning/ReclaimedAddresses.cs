using Podspace.Model;
using Podspace.Naming;

namespace Podspace.Planning;

/// <summary>How many routable addresses come back once every node is new: the number people came for.</summary>
public static class ReclaimedAddresses
{
    /// <summary>One line for the VPC's primary block, such as <c>10.196.24.0/24: 218 of 246 used → 24 after
    /// the roll (194 come back)</c>; empty without subnets in it.</summary>
    /// <param name="takesPart">Nodes that a rollout will replace; null: none will be.</param>
    public static string Summary(Inventory inventory, Func<SeenNode, bool>? takesPart)
    {
        if (inventory.Cloud.Vpc is not { } vpc)
        {
            return "";
        }
        var subnets = inventory.Cloud.Subnets.Where(subnet => vpc.Primary.Contains(subnet.Cidr)).ToList();
        if (subnets.Count == 0)
        {
            return "";
        }
        var usable = subnets.Sum(subnet => (long)subnet.Cidr.UsableInSubnet);
        var used = usable - subnets.Sum(subnet => (long)subnet.Free);
        if (takesPart is null || !inventory.Sees(Reading.Interfaces) || inventory.Cluster is null)
        {
            return $"{vpc.Primary}: {used} of {usable} used";
        }
        var back = ReturnedBy(inventory, takesPart, subnets.Select(subnet => subnet.Id).ToHashSet());
        return back == 0
            ? $"{vpc.Primary}: {used} of {usable} used, none of it by pods"
            : $"{vpc.Primary}: {used} of {usable} used → {used - back} after the roll ({back} come back)";
    }

    /// <summary>A node keeps its primary interface's own address; everything else that it holds in these subnets goes with it.</summary>
    private static long ReturnedBy(Inventory inventory, Func<SeenNode, bool> takesPart, HashSet<AwsId> subnets)
    {
        var nodes = inventory.Cluster!.Nodes.Where(takesPart).Select(node => node.InstanceId).ToHashSet();
        return inventory
            .Cloud.Interfaces.Where(one => one.Instance is { } instance && nodes.Contains(instance) && subnets.Contains(one.Subnet))
            .Sum(one => (long)one.Addresses.Count + (one.Prefixes.Count * 16L) - (one.DeviceIndex == 0 ? 1 : 0));
    }
}
