using Podspace.Design.Rules;
using Podspace.Model;
using Podspace.Spec;

namespace Podspace.Design;

/// <summary>The network of pods: blocks, subnets, routing and groups are the same for every
/// mode; each mode adds how its nodes find them.</summary>
internal static class PodNetworkDesign
{
    public static Network? From(DesignInput input, EquatableArray<PodMode> modes)
    {
        input.Modes = modes;
        var blocks = BlockChoice.Of(input);
        var zones = ZoneChoice.Of(input);
        if (blocks.Count == 0 || zones.Count == 0)
        {
            return null;
        }
        var places = SubnetChoice.Of(input, blocks, zones);
        var prefixes = PrefixChoice.Of(input, places);
        // Auto Mode's nodes take prefixes unless told not to, whatever the CNI does beside them.
        var subnets = SubnetChoice.With(
            input,
            places,
            prefixes || (modes.Contains(PodMode.AutoMode) && input.Spec.Cni.PrefixDelegation is not false)
        );
        var tables = RouteTableChoice.Of(input, subnets);
        var groups = GroupChoice.Of(input, modes, zones);
        var autoMode = AutoModeChoice.Of(input, subnets, groups);
        var rules = AdmissionRules.For(input, groups, blocks, subnets);
        var network = new Network
        {
            Vpc = input.Vpc.Id,
            Modes = modes,
            Blocks = blocks.Order().ToEquatable(),
            Subnets = subnets.ToEquatable(),
            RouteTables = tables.ToEquatable(),
            Shares = ShareChoice.Of(input, subnets),
            Groups = groups.Made is null ? [] : [groups.Made],
            Rules = rules,
            EniConfigs = input.Cluster is not null && modes.Contains(PodMode.EniConfig) ? EniConfigs(subnets, blocks, groups) : [],
            Cni = input.HasCniModes ? CniChoice.Of(input, modes, prefixes) : null,
            NodeClasses = autoMode.Classes,
            NodePools = autoMode.Pools,
            AccessEntries = autoMode.Entries,
            SubnetRoles = modes.Contains(PodMode.SubnetDiscovery) ? DiscoveryChoice.Of(input, subnets) : [],
        };
        DesignRules.Check(input, network);
        return network;
    }

    /// <summary>Nodes that say nothing find the subnet of their zone in the block that is listed last. A zone's other subnets have an
    /// ENIConfig of their own name, for nodes that ask for it by label or annotation.</summary>
    /// <remarks>An ENIConfig names one subnet (aws/containers-roadmap #1709), and is looked up at every new
    /// interface: so those that run grow there too, and lose nothing.</remarks>
    private static EquatableArray<EniConfig> EniConfigs(List<PodSubnet> subnets, List<Block> blocks, PodGroupChoice groups) =>
        subnets
            .GroupBy(subnet => subnet.Zone)
            .SelectMany(zone =>
                zone.OrderByDescending(subnet => blocks.FindIndex(block => block.Cidr.Contains(subnet.Cidr)))
                    .ThenBy(subnet => subnet.Cidr)
                    .Select((subnet, i) => new EniConfig(i == 0 ? zone.Key : $"{subnet.Ref}", subnet.Ref, groups.Pods))
            )
            .OrderBy(config => config.Zone, StringComparer.Ordinal)
            .ToEquatable();
}
