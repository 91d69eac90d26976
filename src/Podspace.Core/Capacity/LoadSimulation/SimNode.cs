using Podspace.Cni;

namespace Podspace.Capacity.LoadSimulation;

/// <param name="settings">As the agent takes them on its type.</param>
internal sealed class SimNode(int id, LoadNodes group, int zone, int maxPods, int room, IpamdSettings settings)
{
    public IpamdSettings Settings => settings;

    public int Id => id;

    public LoadNodes Group => group;

    public int Zone => zone;

    public int MaxPods => maxPods;

    /// <summary>Its group's place among all.</summary>
    public int Fleet { get; init; }

    /// <summary>Pods that the scheduler may put on it.</summary>
    public int Room => room;

    /// <summary>Interfaces that give pods addresses. Without custom networking the first is the node's own.</summary>
    public List<SimInterface> Interfaces { get; } = [];

    /// <summary>Interfaces before <see cref="Interfaces"/>: the node's own under custom networking, which gives no addresses.</summary>
    private int Unseen => settings.CustomNetworking ? 1 : 0;

    /// <param name="index">As <see cref="Pool"/> numbers interfaces.</param>
    public SimInterface InterfaceAt(int index) => Interfaces[index - Unseen];

    /// <summary>With an address and without.</summary>
    public int PodCount { get; set; }

    /// <summary>In no order. Those with an address stand in the slots; only those without need a list.</summary>
    public IEnumerable<Unit> Pods => Interfaces.SelectMany(card => card.Pods).Concat(Thirsty.Where(pod => !pod.IsGone));

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

    /// <summary>Reports whether its agent would change nothing: nothing to take, nothing to give back.</summary>
    public bool IsSettled
    {
        get
        {
            var (total, taken, prefixes, free) = (0, 0, 0, 0);
            foreach (var card in Interfaces)
            {
                if (card.Taken == 0)
                {
                    return false;
                }
                total += card.Count;
                taken += card.Taken;
                prefixes += card.Blocks.Count;
                free += card.FreeBlocks;
            }
            return Ipamd.IsSettled(settings, new(total, taken, prefixes, free), maxPods, group.Limits.AddressesPerInterface - 1);
        }
    }

    public Pool Pool(int interfaceLimit)
    {
        var usesPrefixes = settings.PrefixDelegation;
        var parts = new PoolInterface[Interfaces.Count + Unseen];
        if (Unseen > 0)
        {
            parts[0] = new(true, 0, 0, []);
        }
        for (var i = 0; i < Interfaces.Count; i++)
        {
            var (card, isPrimary) = (Interfaces[i], i + Unseen == 0);
            parts[i + Unseen] = usesPrefixes ? new(isPrimary, 0, 0, [.. card.PodsOfBlock]) : new(isPrimary, card.Count, card.Taken, []);
        }
        return new([.. parts], maxPods, interfaceLimit, group.Limits.AddressesPerInterface - 1, !IsCordoned);
    }
}

/// <summary>A pod.</summary>
/// <param name="number">In the order in which pods are born.</param>
internal sealed class Unit(int workload, long born, int number)
{
    public int Number => number;

    public int Workload => workload;

    public long Born => born;

    public SimNode? Node { get; set; }

    /// <summary>Where its address is; null: it has none.</summary>
    public SimInterface? Interface { get; set; }

    /// <summary>Its address's index there.</summary>
    public int Place { get; set; }

    public bool IsGone { get; set; }

    /// <summary>The last thing it waited for.</summary>
    public WaitReason? Waits { get; set; }
}
