namespace Podspace.Capacity.LoadSimulation;

/// <summary>One address that a node can give to a pod.</summary>
/// <param name="block">Index of its prefix on the interface; -1 for a single address.</param>
internal sealed class Slot(uint address, int block)
{
    public uint Address => address;

    public int Block { get; set; } = block;

    public bool IsTaken { get; set; }

    /// <summary>Not given again before; the end of its cooldown.</summary>
    public long FreeFrom { get; set; }
}

/// <summary>An interface of a node; the primary has no addresses for pods under custom networking.</summary>
internal sealed class Card(uint own, long born)
{
    public uint Own => own;

    public long Born => born;

    public List<Slot> Slots { get; } = [];

    /// <summary>First addresses of its prefixes.</summary>
    public List<uint> Blocks { get; } = [];

    public List<int> PodsOfBlock { get; } = [];

    public int Taken { get; set; }
}

internal sealed class Worker(int id, LoadNodes group, int zone, int maxPods, int room)
{
    public int Id => id;

    public LoadNodes Group => group;

    public int Zone => zone;

    public int MaxPods => maxPods;

    /// <summary>Pods that the scheduler may put on it.</summary>
    public int Room => room;

    public List<Card> Cards { get; } = [];

    public HashSet<Unit> Pods { get; } = [];

    public Queue<Unit> Thirsty { get; } = [];

    public bool IsReady { get; set; }

    public bool IsCordoned { get; set; }

    public bool IsGone { get; set; }

    public bool IsCheckPlanned { get; set; }

    public bool IsRetryPlanned { get; set; }

    public long BlockedUntil { get; set; }

    public WaitReason? Blocked { get; set; }

    public long LastShrink { get; set; } = long.MinValue / 2;

    public long EmptySince { get; set; }

    /// <summary>Place in the scheduler's buckets; -1: in none.</summary>
    public int Bucket { get; set; } = -1;

    public int Place { get; set; }

    public Pool Pool(int interfaceLimit, bool usesPrefixes)
    {
        var parts = new PoolInterface[Cards.Count + 1];
        parts[0] = new(true, 0, 0, []);
        for (var i = 0; i < Cards.Count; i++)
        {
            var card = Cards[i];
            parts[i + 1] = usesPrefixes ? new(false, 0, 0, [.. card.PodsOfBlock]) : new(false, card.Slots.Count, card.Taken, []);
        }
        return new([.. parts], maxPods, interfaceLimit, group.Limits.AddressesPerInterface - 1, !IsCordoned);
    }
}

/// <summary>A pod.</summary>
internal sealed class Unit(int workload, long born)
{
    public int Workload => workload;

    public long Born => born;

    public Worker? Node { get; set; }

    public Card? Card { get; set; }

    public Slot? Slot { get; set; }

    public bool IsGone { get; set; }

    /// <summary>The last thing it waited for.</summary>
    public WaitReason? Waits { get; set; }
}
