namespace Podspace.Capacity;

/// <summary>What ends growth, soonest first, if nodes grow in the proportion that they have now and every node is full.</summary>
internal static class LimitList
{
    public static EquatableArray<Limit> Of(CapacityQuestion question, NodeUses uses)
    {
        var nodes = question.Nodes.Sum(set => (long)set.Count);
        var slots = question.Nodes.Sum(set => (long)set.Count * uses.Of(set, set.Slots).Pods);
        if (nodes == 0)
        {
            return [];
        }
        var limits = new List<Limit>();
        foreach (var zone in question.Nodes.GroupBy(set => set.Zone))
        {
            AddPodRooms(zone.Key, [.. zone]);
            AddNodeRoom(zone.Key, zone.Sum(set => (long)set.Count));
        }
        AddUnits();
        Add(
            "network interfaces of the Region",
            $"{question.Interfaces.Most:N0} (L-DF5E4CA3)",
            question.Interfaces.Most - question.Interfaces.Others,
            Full(use => use.Interfaces),
            nodes,
            "Raise quota L-DF5E4CA3."
        );
        foreach (var (path, most) in question.Growth)
        {
            var here = question.Nodes.Where(set => set.Path == path).Sum(set => (long)set.Count);
            Add($"node group {path}", $"at most {most} nodes", most, here, here, "Raise its maximum.");
        }
        return limits.OrderBy(limit => limit.Nodes).ThenBy(limit => limit.What, StringComparer.Ordinal).ToEquatable();

        long Full(Func<NodeUse, int> part) => question.Nodes.Sum(set => (long)set.Count * part(uses.Of(set, set.Slots)));

        // need: of all nodes in scope when full; here: how many of the cluster's nodes those are.
        void Add(string what, string detail, long room, long need, long here, string mend)
        {
            if (need > 0 && here > 0)
            {
                var inScope = Math.Max(0, room) * here / need;
                var all = inScope * nodes / here;
                limits.Add(new(what, detail, all, slots * all / nodes, mend));
            }
        }

        void AddPodRooms(string zone, List<NodeSet> sets)
        {
            var rooms = question.PodRooms.Where(room => room.Zone == zone).ToList();
            var names = string.Join(", ", rooms.Select(room => room.Cidr));
            long Sum(Func<NodeUse, int> part) => sets.Sum(set => (long)set.Count * part(uses.Of(set, set.Slots)));
            var here = sets.Sum(set => (long)set.Count);
            var usable = rooms.Sum(room => room.Usable);
            Add(
                $"addresses of the pod subnet in {zone}",
                $"{names}: {usable:N0}",
                usable - rooms.Sum(room => room.Others),
                Sum(use => use.OfPodSubnet),
                here,
                "Add a subnet:\n  podspace grow"
            );
            var blocks = rooms.Sum(room => (long)PrefixRoom.Free(room.Cidr, room.Reserved, []).CountFree(28));
            Add(
                $"whole /28 blocks of the pod subnet in {zone}",
                $"{names}: {blocks:N0}{(rooms.Exists(room => room.Reserved.IsEmpty) ? ", if single addresses leave them whole" : "")}",
                blocks,
                Sum(use => use.Prefixes),
                here,
                "Add a subnet:\n  podspace grow"
            );
            if (rooms.Exists(room => !room.Reserved.IsEmpty))
            {
                var singles = usable - rooms.Sum(room => room.Reserved.Sum(block => (long)block.Count));
                Add(
                    $"single addresses of the pod subnet in {zone}",
                    $"{singles:N0} lie outside of what is reserved for prefixes",
                    singles - rooms.Sum(room => room.Others),
                    Sum(use => use.SinglesOfPodSubnet),
                    here,
                    "Add a subnet:\n  podspace grow"
                );
            }
        }

        void AddNodeRoom(string zone, long here)
        {
            var rooms = question.NodeRooms.Where(room => room.Zone == zone).ToList();
            if (rooms.Count > 0)
            {
                Add(
                    $"addresses of the node subnet in {zone}",
                    $"{string.Join(", ", rooms.Select(room => room.Cidr))}: {rooms.Sum(room => room.Usable - room.Others):N0} for nodes",
                    rooms.Sum(room => room.Usable - room.Others),
                    here,
                    here,
                    "Larger node types, or a further node subnet."
                );
            }
        }

        void AddUnits()
        {
            var room = question.Units.Most - question.Units.Others;
            var (units, byPod) = (Full(use => use.Units), Full(use => use.UnitsByPod));
            const string Mend = "Raise quota L-BB24F6E5 (at most 256,000), use prefixes, lower the warm targets.";
            Add(
                "network address units of the VPC",
                $"{question.Units.Most:N0} (L-BB24F6E5), one an address or prefix",
                room,
                units,
                nodes,
                Mend
            );
            if (byPod != units)
            {
                Add(
                    "network address units, if pods count",
                    $"{question.Units.Most:N0} (L-BB24F6E5), one a pod as well (UNCONFIRMED)",
                    room,
                    byPod,
                    nodes,
                    Mend
                );
            }
        }
    }
}
