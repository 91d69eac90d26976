using System.Numerics;
using Podspace.Addressing;
using Podspace.Cni;

namespace Podspace.Capacity.LoadSimulation;

/// <summary>One subnet's addresses, given out as EC2 does: single ones and whole /28 blocks at places that nobody can foretell.</summary>
/// <remarks>Source: VPC User Guide, "Subnet CIDR reservations": single addresses skip what is reserved for prefixes. That prefixes
/// lie anywhere and not side by side: amazon-vpc-cni-k8s, docs/prefix-and-ip-target.md.</remarks>
internal sealed class AddressSpace
{
    private const int PerBlock = MaxPods.PerPrefix;
    private const ushort Full = ushort.MaxValue;

    private readonly ushort[] taken;
    private readonly Bag singles;
    private readonly Bag wholeReserved;
    private readonly Bag whole;
    private readonly bool[] isReserved;
    private readonly SeededRandom random;

    public AddressSpace(Cidr cidr, EquatableArray<Cidr> reserved, SeededRandom random)
    {
        (Cidr, this.random) = (cidr, random);
        var blocks = (int)Math.Max(1, cidr.Count / PerBlock);
        taken = new ushort[blocks];
        isReserved = new bool[blocks];
        for (var block = 0; block < blocks; block++)
        {
            isReserved[block] = reserved.Any(one => one.Contains(cidr.First.Plus((uint)(block * PerBlock))));
        }
        // The first four and the last are AWS's.
        taken[0] = 0b1111;
        taken[^1] |= 1 << 15;
        (singles, wholeReserved, whole) = (new(blocks), new(blocks), new(blocks));
        for (var block = 0; block < blocks; block++)
        {
            Sort(block);
        }
        Free = (long)cidr.UsableInSubnet;
    }

    public Cidr Cidr { get; }

    /// <summary>As EC2 counts them, reserved or not.</summary>
    public long Free { get; private set; }

    public int FreePrefixes => whole.Count + wholeReserved.Count;

    /// <summary>Null: none is free outside of reservations.</summary>
    public uint? TakeAddress()
    {
        if (singles.Count == 0)
        {
            return null;
        }
        var block = singles.At(random.Next(singles.Count));
        var nth = random.Next(PerBlock - BitOperations.PopCount(taken[block]));
        var bit = 0;
        while ((taken[block] & (1 << bit)) != 0 || nth-- > 0)
        {
            bit++;
        }
        taken[block] |= (ushort)(1 << bit);
        Free--;
        Sort(block);
        return Cidr.First.Number + (uint)((block * PerBlock) + bit);
    }

    /// <summary>The first address of a whole /28; from what is reserved while it lasts. Null:
    /// there is none, however many addresses are free.</summary>
    public uint? TakePrefix()
    {
        var bag = wholeReserved.Count > 0 ? wholeReserved : whole;
        if (bag.Count == 0)
        {
            return null;
        }
        var block = bag.At(random.Next(bag.Count));
        taken[block] = Full;
        Free -= PerBlock;
        Sort(block);
        return Cidr.First.Number + (uint)(block * PerBlock);
    }

    public void GiveAddress(uint address)
    {
        var offset = (int)(address - Cidr.First.Number);
        taken[offset / PerBlock] &= (ushort)~(1 << (offset % PerBlock));
        Free++;
        Sort(offset / PerBlock);
    }

    public void GivePrefix(uint first)
    {
        var block = (int)(first - Cidr.First.Number) / PerBlock;
        taken[block] = 0;
        Free += PerBlock;
        Sort(block);
    }

    private void Sort(int block)
    {
        singles.Set(block, !isReserved[block] && taken[block] != Full);
        wholeReserved.Set(block, isReserved[block] && taken[block] == 0);
        whole.Set(block, !isReserved[block] && taken[block] == 0);
    }

    /// <summary>Numbers of which one is drawn at random; in and out in no time.</summary>
    private sealed class Bag(int size)
    {
        private readonly int[] items = new int[size];
        private readonly int[] places = Enumerable.Repeat(-1, size).ToArray();

        public int Count { get; private set; }

        public int At(int place) => items[place];

        public void Set(int item, bool isIn)
        {
            var place = places[item];
            if (isIn == place >= 0)
            {
                return;
            }
            if (isIn)
            {
                (items[Count], places[item]) = (item, Count);
                Count++;
                return;
            }
            Count--;
            (items[place], places[items[Count]]) = (items[Count], place);
            places[item] = -1;
        }
    }
}
