using Podspace.Addressing;
using Podspace.Cni;
using Podspace.Naming;

namespace Podspace.Design;

/// <summary>Whether nodes take /28 prefixes, and what is reserved for them.</summary>
internal static class PrefixChoice
{
    /// <summary>A quarter of anything smaller would not hold one prefix.</summary>
    private const int SmallestReserved = 26;

    public static bool Of(DesignInput input, List<PlacedSubnet> subnets)
    {
        if (input.Spec.Cni.PrefixDelegation is { } asked)
        {
            return asked;
        }
        var isLive = CniEnv.IsTrue(input.Written(CniEnv.PrefixDelegation)) || CniEnv.IsTrue(input.Running(CniEnv.PrefixDelegation));
        if (subnets.Exists(subnet => !subnet.Ref.IsMade || !IsReserved(subnet)))
        {
            // Single addresses may have splintered them already.
            return isLive;
        }
        return isLive || subnets.Exists(subnet => subnet.Seen is not null) || Can(input);
    }

    /// <summary>Reports whether blocks are reserved in a made subnet: in new ones, and in those
    /// whose tag says that they were when it was made.</summary>
    public static bool IsReserved(PlacedSubnet subnet) =>
        subnet.Cidr.PrefixLength <= SmallestReserved && (subnet.Seen is not { } seen || seen.Tags.Contains(new(Tags.Prefixes, "true")));

    /// <summary>Three quarters of the subnet: single addresses are an interface's own, at least sixteen to one fewer.</summary>
    /// <param name="subnet">/26 or larger.</param>
    public static EquatableArray<Cidr> Reservations(Cidr subnet)
    {
        var quarters = subnet.Split(subnet.PrefixLength + 2).ToList();
        return [quarters[1], Cidr.Containing(quarters[2].First, subnet.PrefixLength + 1)];
    }

    private static bool Can(DesignInput input)
    {
        if (
            input.Cluster is null
            || CniVersion.Of(input.Inventory) is not { } version
            || version.CompareTo(CniVersion.Prefixes) < 0
            || input.Cloud.Nodegroups.Any(nodegroup => nodegroup.InstanceTypes.IsEmpty && nodegroup.DesiredSize == 0)
        )
        {
            return false;
        }
        var types = NodeTypes.Of(input);
        return types.Count > 0 && types.All(type => NodeTypes.Find(input, type) is { } known && NodeTypes.TakesPrefixes(known));
    }
}
