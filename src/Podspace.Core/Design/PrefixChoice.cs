using Podspace.Addressing;
using Podspace.Cni;
using Podspace.Naming;

namespace Podspace.Design;

/// <summary>Whether nodes take /28 prefixes, and what is reserved for them.</summary>
internal static class PrefixChoice
{
    /// <summary>A quarter of anything smaller would not hold one prefix.</summary>
    private const int SmallestReserved = 26;

    public static bool Of(Ground ground, List<PlacedSubnet> subnets)
    {
        if (ground.Spec.Cni.PrefixDelegation is { } asked)
        {
            return asked;
        }
        var isLive = CniEnv.IsTrue(ground.Written(CniEnv.PrefixDelegation)) || CniEnv.IsTrue(ground.Running(CniEnv.PrefixDelegation));
        if (subnets.Exists(subnet => !subnet.Ref.IsMade || !IsReserved(subnet)))
        {
            // Single addresses may have splintered them already.
            return isLive;
        }
        return isLive || subnets.Exists(subnet => subnet.Seen is not null) || Can(ground);
    }

    /// <summary>Reports whether blocks are reserved in a made subnet: in new ones, and in those whose tag says that they were when it was made.</summary>
    public static bool IsReserved(PlacedSubnet subnet) => subnet.Cidr.PrefixLength <= SmallestReserved && (subnet.Seen is not { } seen || seen.Tags.Contains(new(Tags.Prefixes, "true")));

    /// <summary>Three quarters of the subnet: single addresses are an interface's own, at least sixteen to one fewer.</summary>
    /// <param name="subnet">/26 or larger.</param>
    public static EquatableArray<Cidr> Reservations(Cidr subnet)
    {
        var quarters = subnet.Split(subnet.PrefixLength + 2).ToList();
        return [quarters[1], Cidr.Containing(quarters[2].First, subnet.PrefixLength + 1)];
    }

    private static bool Can(Ground ground)
    {
        if (ground.Cluster is null || CniVersion.Of(ground.Inventory) is not { } version || version.CompareTo(CniVersion.Prefixes) < 0
            || ground.Cloud.Nodegroups.Any(nodegroup => nodegroup.InstanceTypes.IsEmpty && nodegroup.DesiredSize == 0))
        {
            return false;
        }
        var types = NodeTypes.Of(ground);
        return types.Count > 0 && types.All(type => NodeTypes.Find(ground, type) is { } known && NodeTypes.TakesPrefixes(known));
    }
}
