using Podspace.Cni;

namespace Podspace.Capacity;

/// <summary>How many pods a zone takes, and what holds back more.</summary>
/// <param name="Slots">By max-pods of its nodes.</param>
/// <param name="Fits">By addresses as well, spread evenly, if no node holds more than its pods need.</param>
/// <param name="Calm">While every node still has what its warm targets ask for; past it nodes compete and pods wait.</param>
/// <param name="Full">Addresses of pod subnets when every slot is taken, surge included.</param>
/// <param name="FullPrefixes">/28 blocks then.</param>
public sealed record ZoneCapacity(
    string Zone,
    int Nodes,
    int Pods,
    int Slots,
    int Fits,
    int Calm,
    long Usable,
    long Taken,
    long Full,
    long FullPrefixes,
    long WholePrefixes
);

/// <summary>One thing that ends growth if nodes grow as they are spread now.</summary>
/// <param name="Nodes">Of the whole cluster, when it bites; fewer than there are when it bites already.</param>
/// <param name="Pods">With addresses, on those nodes.</param>
public sealed record Limit(string What, string Detail, long Nodes, long Pods, string Fix);

/// <param name="UnitsNow">Network address units by address and prefix, and by pod; the same when every slot is taken.</param>
public sealed record CapacityAnswer(
    EquatableArray<ZoneCapacity> Zones,
    int Fits,
    EquatableArray<Limit> Limits,
    (long ByPrefix, long ByPod) UnitsNow,
    (long ByPrefix, long ByPod) UnitsFull,
    long InterfacesNow,
    long InterfacesFull,
    EquatableArray<string> Remarks
)
{
    public static CapacityAnswer To(CapacityQuestion question)
    {
        var uses = new NodeUses(question.Settings, question.AutoSettings);
        var zones = question
            .Nodes.GroupBy(set => set.Zone)
            .OrderBy(zone => zone.Key, StringComparer.Ordinal)
            .Select(zone =>
                Zone(question, uses, new NodeUses(Bare(question.Settings), Bare(question.AutoSettings), isBare: true), zone.Key, [.. zone])
            )
            .ToEquatable();
        var (now, full) = (Sum(set => Even(uses, set)), Sum(set => uses.Of(set, set.Slots)));
        return new(
            zones,
            zones.Sum(zone => zone.Fits),
            LimitList.Of(question, uses),
            (now.Units + question.Units.Others, now.ByPod + question.Units.Others),
            (full.Units + question.Units.Others, full.ByPod + question.Units.Others),
            now.Interfaces + question.Interfaces.Others,
            full.Interfaces + question.Interfaces.Others,
            [.. question.Remarks, .. Tight(question, uses)]
        );

        (long Units, long ByPod, long Interfaces) Sum(Func<NodeSet, NodeUse> use) =>
            (
                question.Nodes.Sum(set => (long)set.Count * use(set).Units),
                question.Nodes.Sum(set => (long)set.Count * use(set).UnitsByPod),
                question.Nodes.Sum(set => (long)set.Count * use(set).Interfaces)
            );
    }

    private static NodeUse Even(NodeUses uses, NodeSet set) => uses.Of(set, set.Count == 0 ? 0 : (set.Pods + set.Count - 1) / set.Count);

    /// <summary>No warm pool: a node holds what its pods need, as far as interfaces and prefixes come in pieces.</summary>
    private static IpamdSettings Bare(IpamdSettings settings) =>
        settings with
        {
            WarmEniTarget = 0,
            WarmPrefixTarget = 0,
            WarmIpTarget = settings.HasAddressTargets ? 1 : null,
            MinimumIpTarget = null,
        };

    private static ZoneCapacity Zone(CapacityQuestion question, NodeUses uses, NodeUses bare, string zone, List<NodeSet> sets)
    {
        var rooms = question.PodRooms.Where(room => room.Zone == zone).ToList();
        var slots = sets.Sum(set => set.Count * set.Slots);
        var held = sets.Sum(set => set.Count * uses.Of(set, set.Slots).Pods);
        var full = Need(uses, sets, slots, slots);
        var surge = sets.Count == 0 ? 0 : question.Surge * sets.Max(set => uses.Of(set, set.Slots).OfPodSubnet);
        var calm = Math.Min(held, Most(uses, rooms, sets, slots));
        return new(
            zone,
            sets.Sum(set => set.Count),
            sets.Sum(set => set.Pods),
            slots,
            Math.Max(calm, Math.Min(held, Most(bare, rooms, sets, slots))),
            calm,
            rooms.Sum(room => room.Usable),
            rooms.Sum(room => room.Taken),
            full.Addresses + rooms.Sum(room => room.Others) + surge,
            full.Prefixes,
            rooms.Sum(room => room.FreePrefixes)
        );
    }

    /// <summary>Need grows with pods, so the last number that fits is found by halving.</summary>
    private static int Most(NodeUses uses, List<SubnetRoom> rooms, List<NodeSet> sets, int slots)
    {
        var (usable, others, prefixes, singles) = (
            rooms.Sum(room => room.Usable),
            rooms.Sum(room => room.Others),
            rooms.Sum(Prefixes),
            rooms.Sum(Singles)
        );
        int least = 0,
            most = slots;
        while (least < most)
        {
            var middle = least + ((most - least + 1) / 2);
            var (addresses, blocks, alone) = Need(uses, sets, middle, slots);
            (least, most) =
                addresses + others <= usable && blocks <= prefixes && alone + others <= singles ? (middle, most) : (least, middle - 1);
        }
        return least;
    }

    /// <summary>/28 blocks that an empty subnet has for prefixes, less those that others hold.</summary>
    private static long Prefixes(SubnetRoom room) => (long)PrefixRoom.Free(room.Cidr, room.Reserved, []).CountFree(28);

    /// <summary>Single addresses skip what is reserved for prefixes. Source: VPC User Guide, "Subnet CIDR reservations".</summary>
    private static long Singles(SubnetRoom room) => room.Usable - room.Reserved.Sum(block => (long)block.Count);

    /// <summary>With pods spread evenly over the slots of the zone.</summary>
    private static (long Addresses, long Prefixes, long Singles) Need(NodeUses uses, List<NodeSet> sets, int pods, int slots)
    {
        var (addresses, prefixes, singles) = (0L, 0L, 0L);
        foreach (var set in sets)
        {
            var here = slots == 0 ? 0 : (int)((long)pods * set.Count * set.Slots / slots);
            var (each, more) = set.Count == 0 ? (0, 0) : (here / set.Count, here % set.Count);
            var (few, many) = (uses.Of(set, each), uses.Of(set, each + 1));
            addresses += ((long)(set.Count - more) * few.OfPodSubnet) + ((long)more * many.OfPodSubnet);
            prefixes += ((long)(set.Count - more) * few.Prefixes) + ((long)more * many.Prefixes);
            singles += ((long)(set.Count - more) * few.SinglesOfPodSubnet) + ((long)more * many.SinglesOfPodSubnet);
        }
        return (addresses, prefixes, singles);
    }

    private static IEnumerable<string> Tight(CapacityQuestion question, NodeUses uses)
    {
        foreach (var set in question.Nodes)
        {
            if (MaxPods.Uncapped(set.Limits, question.SettingsOf(set)) is null)
            {
                var others = question.SettingsOf(set).PodInterfaces ? "the node's own and the trunk" : "the node's own";
                yield return $"{set.Limits.Type} takes {set.Limits.Interfaces} network interface{(set.Limits.Interfaces == 1 ? "" : "s")}: "
                    + $"none is left for pods beside {others}. Such nodes run none.";
            }
            else if (set.MaxPods > MaxPods.Uncapped(set.Limits, question.SettingsOf(set)))
            {
                yield return $"{Name(set)} take {set.MaxPods} pods by max-pods and have addresses for "
                    + $"{MaxPods.Uncapped(set.Limits, question.SettingsOf(set))}: those beyond hang in ContainerCreating.";
            }
            var first = uses.Of(set, 0).OfPodSubnet;
            var room = question.PodRooms.Where(room => room.Zone == set.Zone).ToList();
            if (room.Count == 0)
            {
                yield return $"{set.Zone} has no pod subnet: its {set.Count} nodes run no pods.";
            }
            else if (first > room.Sum(one => one.Usable - one.Others))
            {
                yield return $"{string.Join(", ", room.Select(one => one.Cidr))} in {set.Zone} is smaller than "
                    + $"what one {set.Limits.Type} takes before its first pod ({first} addresses): "
                    + $"lower its warm targets, or use a larger subnet.";
            }
        }
    }

    private static string Name(NodeSet set) =>
        $"{set.Count} {set.Limits.Type} in {set.Zone}{(set.Path.Length > 0 ? $" ({set.Path})" : "")}";
}
