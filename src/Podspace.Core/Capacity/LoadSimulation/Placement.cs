namespace Podspace.Capacity.LoadSimulation;

/// <summary>The scheduler: the zone with fewest pods of the workload, there the node with most room. Source:
/// kube-scheduler's defaults, PodTopologySpread (soft) and LeastAllocated.</summary>
internal sealed class Placement(int zones, int mostRoom)
{
    private readonly List<SimNode>[][] byRoom = Enumerable
        .Range(0, zones)
        .Select(_ => Enumerable.Range(0, mostRoom + 1).Select(_ => new List<SimNode>()).ToArray())
        .ToArray();
    private readonly int[] highest = new int[zones];

    /// <summary>To be called whenever room, readiness or the cordon of a node have changed.</summary>
    public void Update(SimNode node)
    {
        var room = node is { IsReady: true, IsCordoned: false, IsGone: false } ? Math.Max(0, node.Room - node.PodCount) : -1;
        if (room == node.Bucket)
        {
            return;
        }
        if (node.Bucket >= 0)
        {
            var old = byRoom[node.Zone][node.Bucket];
            (old[node.Place], old[^1].Place) = (old[^1], node.Place);
            old.RemoveAt(old.Count - 1);
        }
        node.Bucket = room;
        if (room >= 0)
        {
            var now = byRoom[node.Zone][room];
            node.Place = now.Count;
            now.Add(node);
            highest[node.Zone] = Math.Max(highest[node.Zone], room);
        }
    }

    /// <summary>Null: no node has room.</summary>
    /// <param name="podsByZone">Of the workload.</param>
    public SimNode? Choose(ReadOnlySpan<int> podsByZone)
    {
        SimNode? best = null;
        for (var zone = 0; zone < byRoom.Length; zone++)
        {
            var rooms = byRoom[zone];
            while (highest[zone] > 0 && rooms[highest[zone]].Count == 0)
            {
                highest[zone]--;
            }
            if (highest[zone] > 0 && (best is null || podsByZone[zone] < podsByZone[best.Zone]))
            {
                best = rooms[highest[zone]][^1];
            }
        }
        return best;
    }
}
