using Podspace.Cni;

namespace Podspace.Capacity;

/// <summary>The same pods with other settings or on another type.</summary>
/// <param name="MaxPods">Of one node; null: no pod fits.</param>
/// <param name="Nodes">By addresses alone; CPU and memory may ask for more.</param>
/// <param name="PodAddresses">Of pod subnets.</param>
/// <param name="Routable">Of node subnets, with the pod network: one a node.</param>
/// <param name="RoutableWithout">Were pods to take addresses of node subnets, as many nodes as that needs.</param>
/// <param name="PerMonth">Null: the price file does not name the type.</param>
public sealed record Alternative(
    string Type,
    string Settings,
    int? MaxPods,
    long Nodes,
    long PodAddresses,
    long Prefixes,
    long Units,
    long Routable,
    long RoutableWithout,
    decimal? PerMonth
);

/// <summary>What warm targets, prefixes and instance types would change.</summary>
public static class Alternatives
{
    private const int HoursPerMonth = 730;

    // Those that the CNI's own guides recommend. Source: EKS Best Practices, "Custom networking" and "Prefix mode".
    private static readonly (string Label, Func<IpamdSettings, IpamdSettings> Change)[] Choices =
    [
        ("as set", settings => settings),
        ("WARM_ENI_TARGET=1", settings => Singles(settings) with { WarmEniTarget = 1 }),
        ("WARM_IP_TARGET=2 MINIMUM_IP_TARGET=10", settings => Singles(settings) with { WarmIpTarget = 2, MinimumIpTarget = 10 }),
        ("prefixes, WARM_PREFIX_TARGET=1", settings => Singles(settings) with { PrefixDelegation = true, WarmPrefixTarget = 1 }),
        (
            "prefixes, WARM_IP_TARGET=5 MINIMUM_IP_TARGET=10",
            settings => Singles(settings) with { PrefixDelegation = true, WarmIpTarget = 5, MinimumIpTarget = 10 }
        ),
    ];

    /// <summary>What a NodeClass can say.</summary>
    private static readonly (string Label, Func<IpamdSettings, IpamdSettings> Change)[] AutoChoices =
    [
        ("as set", settings => settings),
        ("ipv4PrefixSize: Auto (prefixes)", _ => IpamdSettings.OfAutoMode(takesSingles: false)),
        ("ipv4PrefixSize: \"32\" (single addresses)", _ => IpamdSettings.OfAutoMode(takesSingles: true)),
    ];

    /// <param name="pods">With addresses of their own, to be placed.</param>
    /// <param name="prices">Of a type, an hour.</param>
    /// <param name="isAuto">Auto Mode's nodes: no pods on the host network are counted, and 110 is the most.</param>
    public static EquatableArray<Alternative> For(
        int pods,
        IEnumerable<InstanceLimits> types,
        IpamdSettings settings,
        IReadOnlyDictionary<string, decimal> prices,
        bool isAuto = false
    )
    {
        var rows = new List<Alternative>();
        foreach (var limits in types)
        {
            foreach (var (label, change) in isAuto ? AutoChoices : Choices)
            {
                var changed = change(settings);
                if (!changed.PrefixDelegation || limits.TakesPrefixes)
                {
                    rows.Add(Row(pods, limits, label, changed, prices, isAuto));
                }
            }
        }
        return rows.ToEquatable();
    }

    private static IpamdSettings Singles(IpamdSettings settings) =>
        settings with
        {
            PrefixDelegation = false,
            WarmIpTarget = null,
            MinimumIpTarget = null,
            WarmEniTarget = 1,
            WarmPrefixTarget = 1,
        };

    private static Alternative Row(
        int pods,
        InstanceLimits limits,
        string label,
        IpamdSettings settings,
        IReadOnlyDictionary<string, decimal> prices,
        bool isAuto
    )
    {
        var (nodes, use, maxPods) = Spread(pods, limits, settings, isAuto);
        var (nodesWithout, without, _) = Spread(pods, limits, settings with { CustomNetworking = false }, isAuto);
        decimal? price = prices.TryGetValue(limits.Type, out var hour) ? hour * HoursPerMonth * nodes : null;
        return new(
            limits.Type,
            label,
            maxPods,
            nodes,
            nodes * use.OfPodSubnet,
            nodes * use.Prefixes,
            nodes * use.Units,
            nodes,
            nodesWithout * (without.Pool + without.Interfaces),
            nodes == 0 ? null : price
        );
    }

    /// <summary>As few nodes as hold the pods, all equally full.</summary>
    private static (long Nodes, NodeUse Use, int? MaxPods) Spread(int pods, InstanceLimits limits, IpamdSettings settings, bool isAuto)
    {
        if (MaxPods.Uncapped(limits, settings) is null)
        {
            return (0, default, null);
        }
        var maxPods = isAuto
            ? MaxPods.OfAutoMode(limits, settings.CustomNetworking, settings.PrefixDelegation)
            : MaxPods.Advised(limits, settings);
        var slots = isAuto ? maxPods : maxPods - MaxPods.OnHostNetwork;
        if (slots < 1)
        {
            return (0, default, maxPods);
        }
        var nodes = Math.Max(1, (pods + slots - 1) / slots);
        return (nodes, new NodeUses(settings, settings).Of(limits, maxPods, (pods + nodes - 1) / nodes), maxPods);
    }
}
