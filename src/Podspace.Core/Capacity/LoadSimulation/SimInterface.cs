using Podspace.Cni;

namespace Podspace.Capacity.LoadSimulation;

/// <summary>One address that a node can give to a pod.</summary>
internal struct Slot
{
    public uint Address;

    /// <summary>Index of its prefix on the interface; -1 for a single address.</summary>
    public int Block;

    /// <summary>Who has it; null: nobody.</summary>
    public Unit? Pod;

    /// <summary>Not given again before; the end of its cooldown.</summary>
    public long FreeFrom;
}

/// <summary>An interface of a node that gives pods addresses: not the primary under custom networking.</summary>
/// <remarks>A simulated day looks for a free address some million times: so the slots lie side by side.</remarks>
/// <param name="subnet">Its place among the profile's.</param>
internal sealed class SimInterface(uint own, int subnet, long born)
{
    private const int GoneBlock = -2;

    private Slot[] slots = new Slot[MaxPods.PerPrefix];

    // Every slot before it has a pod.
    private int firstFree;

    public uint Own => own;

    public int Subnet => subnet;

    public long Born => born;

    public int Count { get; private set; }

    public int Taken { get; private set; }

    public ReadOnlySpan<Slot> Slots => slots.AsSpan(0, Count);

    public IEnumerable<Unit> Pods => slots.Take(Count).Select(slot => slot.Pod).OfType<Unit>();

    /// <summary>First addresses of its prefixes.</summary>
    public List<uint> Blocks { get; } = [];

    public List<int> PodsOfBlock { get; } = [];

    public int FreeBlocks { get; private set; }

    public void Add(uint address, int block = -1)
    {
        if (Count == slots.Length)
        {
            Array.Resize(ref slots, Count * 2);
        }
        slots[Count++] = new() { Address = address, Block = block };
    }

    public void AddBlock(uint first)
    {
        Blocks.Add(first);
        PodsOfBlock.Add(0);
        FreeBlocks++;
        for (var offset = 0u; offset < MaxPods.PerPrefix; offset++)
        {
            Add(first + offset, Blocks.Count - 1);
        }
    }

    /// <summary>The first that no pod has and that does not cool down; -1: none.</summary>
    public int FindFree(long now)
    {
        while (firstFree < Count && slots[firstFree].Pod is not null)
        {
            firstFree++;
        }
        for (var place = firstFree; place < Count; place++)
        {
            if (slots[place].Pod is null && slots[place].FreeFrom <= now)
            {
                return place;
            }
        }
        return -1;
    }

    public uint Give(int place, Unit pod)
    {
        ref var slot = ref slots[place];
        slot.Pod = pod;
        (pod.Interface, pod.Place) = (this, place);
        Taken++;
        if (slot.Block >= 0)
        {
            FreeBlocks -= PodsOfBlock[slot.Block]++ == 0 ? 1 : 0;
        }
        return slot.Address;
    }

    public uint TakeBack(int place, long freeFrom)
    {
        ref var slot = ref slots[place];
        (slot.Pod, slot.FreeFrom) = (null, freeFrom);
        Taken--;
        firstFree = Math.Min(firstFree, place);
        if (slot.Block >= 0)
        {
            FreeBlocks += --PodsOfBlock[slot.Block] == 0 ? 1 : 0;
        }
        return slot.Address;
    }

    /// <summary>Reports whether a pod has one of its addresses or had it a moment ago.</summary>
    public bool IsInUse(long now)
    {
        foreach (ref readonly var slot in Slots)
        {
            if (slot.Pod is not null || slot.FreeFrom > now)
            {
                return true;
            }
        }
        return false;
    }

    /// <summary>Takes away so many single addresses that rest, the newest first.</summary>
    public List<uint> ReleaseAddresses(int count, long now)
    {
        var gone = new List<uint>(count);
        for (var place = Count - 1; place >= 0 && gone.Count < count; place--)
        {
            if (slots[place].Pod is null && slots[place].FreeFrom <= now)
            {
                gone.Add(slots[place].Address);
                slots[place].Block = GoneBlock;
            }
        }
        CloseUp();
        return gone;
    }

    /// <summary>Takes away so many whole prefixes that rest, the newest first.</summary>
    public List<uint> ReleaseBlocks(int count, long now)
    {
        var gone = new List<uint>(count);
        for (var block = Blocks.Count - 1; block >= 0 && gone.Count < count; block--)
        {
            if (PodsOfBlock[block] == 0 && !CoolsDown(block, now))
            {
                gone.Add(Blocks[block]);
                Blocks.RemoveAt(block);
                PodsOfBlock.RemoveAt(block);
                FreeBlocks--;
                foreach (ref var slot in slots.AsSpan(0, Count))
                {
                    if (slot.Block == block)
                    {
                        slot.Block = GoneBlock;
                    }
                    else if (slot.Block > block)
                    {
                        slot.Block--;
                    }
                }
            }
        }
        CloseUp();
        return gone;
    }

    private bool CoolsDown(int block, long now)
    {
        foreach (ref readonly var slot in Slots)
        {
            if (slot.Block == block && slot.FreeFrom > now)
            {
                return true;
            }
        }
        return false;
    }

    /// <summary>Over those that are gone; pods learn where they stand now.</summary>
    private void CloseUp()
    {
        var kept = 0;
        for (var place = 0; place < Count; place++)
        {
            if (slots[place].Block != GoneBlock)
            {
                slots[kept] = slots[place];
                if (slots[kept].Pod is { } pod)
                {
                    pod.Place = kept;
                }
                kept++;
            }
        }
        Array.Clear(slots, kept, Count - kept);
        (Count, firstFree) = (kept, 0);
    }
}
