using Podspace.Cni;
using Podspace.Naming;
using Podspace.Simulation.State;

namespace Podspace.Simulation.Nodes;

/// <summary>Where ipamd looks for room for an interface, by the tags of subnets.</summary>
/// <remarks>
/// Source: amazon-vpc-cni-k8s v1.23.1, pkg/awsutils/awsutils.go; README.md, "CNI role tag". That what an excluded
/// interface holds free goes back when the agent starts, also under custom networking, is
/// read in the code and not confirmed; here it goes back at once.
/// </remarks>
internal sealed class SubnetDiscovery(World world)
{
    /// <summary>Of the node's zone, those with most free addresses first; the interface goes into the first that takes it.</summary>
    public IReadOnlyList<string> Candidates(string own, IpamdSettings settings)
    {
        var subnets = world.State.Aws.Subnets;
        var home = subnets.Find(subnet => subnet.SubnetId == own)!;
        if (!settings.SubnetDiscovery)
        {
            return [own];
        }
        return
        [
            .. subnets
                .Where(subnet =>
                    subnet.VpcId == home.VpcId
                    && subnet.AvailabilityZone == home.AvailabilityZone
                    && IsCandidate(subnet, subnet == home, settings)
                )
                .OrderByDescending(world.Ec2.FreeAddresses)
                .ThenBy(subnet => subnet.SubnetId, StringComparer.Ordinal)
                .Select(subnet => subnet.SubnetId),
        ];
    }

    /// <summary>Reports whether no pod may get an address of an interface in that subnet.</summary>
    public bool IsExcluded(string subnetId, IpamdSettings settings) =>
        settings is { SubnetDiscovery: true, KnowsExclusion: true }
        && world.State.Aws.Subnets.Find(subnet => subnet.SubnetId == subnetId) is { } found
        && (Role(found) == "0" || IsOthers(found, settings));

    private static bool IsCandidate(Subnet subnet, bool isHome, IpamdSettings settings)
    {
        if (settings.KnowsExclusion && IsOthers(subnet, settings))
        {
            return false;
        }
        // Before v1.22.1 nothing kept the CNI out of the node's own subnet.
        return isHome ? Role(subnet) != "0" || !settings.KnowsExclusion : Role(subnet) is { } role && role != "0";
    }

    /// <summary>Tagged for clusters, and not for this one.</summary>
    private static bool IsOthers(Subnet subnet, IpamdSettings settings) =>
        subnet.Tags.Exists(tag => tag.Key.StartsWith(Tags.CniClusterPrefix, StringComparison.Ordinal))
        && !subnet.Tags.Exists(tag => tag.Key == Tags.CniCluster(settings.ClusterName));

    private static string? Role(Subnet subnet) => subnet.Tags.Find(tag => tag.Key == Tags.CniRole)?.Value;
}
