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
            Groups = groups.Made is null ? [] : [groups.Made],
            Rules = rules,
            EniConfigs = ground.Cluster is not null && modes.Contains(PodMode.EniConfig) ? EniConfigs(subnets, groups) : [],
            Cni = ground.HasCniModes ? CniChoice.Of(ground, modes, prefixes) : null,
            NodeClasses = autoMode.Classes,
            NodePools = autoMode.Pools,
            AccessEntries = autoMode.Entries,
            SubnetRoles = modes.Contains(PodMode.SubnetDiscovery) ? DiscoveryChoice.Of(ground, subnets) : [],
        };
        DesignRules.Check(ground, network);
        return network;
    }

    private static EquatableArray<EniConfig> EniConfigs(List<PodSubnet> subnets, PodGroupChoice groups) =>
        subnets.Select(subnet => new EniConfig(subnet.Zone, subnet.Ref, groups.Pods)).OrderBy(config => config.Zone, StringComparer.Ordinal).ToEquatable();
}
