using Podspace.Design.Rules;
using Podspace.Model;
using Podspace.Spec;

namespace Podspace.Design;

/// <summary>The network of pods: blocks, subnets, routing and groups are the same for every mode; each mode adds how its nodes find them.</summary>
internal static class PodNetworkDesign
{
    public static Network? From(Ground ground, EquatableArray<PodMode> modes)
    {
        ground.Modes = modes;
        var blocks = BlockChoice.Of(ground);
        var zones = ZoneChoice.Of(ground);
        if (blocks.Count == 0 || zones.Count == 0)
        {
            return null;
        }
        var places = SubnetChoice.Of(ground, blocks, zones);
        var prefixes = PrefixChoice.Of(ground, places);
        // Auto Mode's nodes take prefixes unless told not to, whatever the CNI does beside them.
        var subnets = SubnetChoice.With(ground, places, prefixes || (modes.Contains(PodMode.AutoMode) && ground.Spec.Cni.PrefixDelegation is not false));
        var tables = RouteTableChoice.Of(ground, subnets);
        var groups = GroupChoice.Of(ground, modes, zones);
        var autoMode = AutoModeChoice.Of(ground, subnets, groups);
        var rules = AdmissionRules.For(ground, groups, blocks, subnets);
        var network = new Network
        {
            Vpc = ground.Vpc.Id,
            Modes = modes,
            Blocks = blocks.Order().ToEquatable(),
            Subnets = subnets.ToEquatable(),
            RouteTables = tables.ToEquatable(),
            Shares = ShareChoice.Of(ground, subnets),
            Groups = groups.Made is null ? [] : [groups.Made],
            Rules = rules,
            EniConfigs = ground.Cluster is not null && modes.Contains(PodMode.EniConfig) ? EniConfigs(subnets, blocks, groups) : [],
            Cni = ground.HasCniModes ? CniChoice.Of(ground, modes, prefixes) : null,
            NodeClasses = autoMode.Classes,
            NodePools = autoMode.Pools,
            AccessEntries = autoMode.Entries,
            SubnetRoles = modes.Contains(PodMode.SubnetDiscovery) ? DiscoveryChoice.Of(ground, subnets) : [],
        };
        DesignRules.Check(ground, network);
        return network;
    }

    /// <summary>Nodes that say nothing find the subnet of their zone in the block that is listed last. A zone's other subnets have an ENIConfig of their own name, for nodes that ask for it by label or annotation.</summary>
    /// <remarks>An ENIConfig names one subnet (aws/containers-roadmap #1709), and is looked up at every new interface: so those that run grow there too, and lose nothing.</remarks>
    private static EquatableArray<EniConfig> EniConfigs(List<PodSubnet> subnets, List<Block> blocks, PodGroupChoice groups) =>
        subnets.GroupBy(subnet => subnet.Zone)
            .SelectMany(zone => zone.OrderByDescending(subnet => blocks.FindIndex(block => block.Cidr.Contains(subnet.Cidr))).ThenBy(subnet => subnet.Cidr)
                .Select((subnet, i) => new EniConfig(i == 0 ? zone.Key : $"{subnet.Ref}", subnet.Ref, groups.Pods)))
            .OrderBy(config => config.Zone, StringComparer.Ordinal).ToEquatable();
}
