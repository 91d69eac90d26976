using Podspace.Addressing;

namespace Podspace.Reachability;

/// <summary>From addresses to numbers by the longest block that holds them, as sorted starts of intervals.</summary>
internal sealed class PrefixMap
{
    // Blocks lie in or beside one another, never across, so they flatten into intervals with a stack:
    //
    //   10.0.0.0/8    ├──────────────────────┤ 1
    //   10.1.0.0/16        ├────┤ 2
    //                 1    2     1            none
    private readonly uint[] starts;
    private readonly int[] values;

    private PrefixMap(uint[] starts, int[] values) => (this.starts, this.values) = (starts, values);

    public const int None = -1;

    /// <param name="blocks">Of equal blocks the first counts.</param>
    public static PrefixMap Of(IEnumerable<(Cidr Block, int Value)> blocks)
    {
        var flat = new Flattening();
        var open = new Stack<(uint Last, int Value)>();
        foreach (var (block, value) in blocks.DistinctBy(one => one.Block).OrderBy(one => one.Block))
        {
            Close(flat, open, block.First.Number);
            open.Push((block.Last.Number, value));
            flat.Begin(block.First.Number, value);
        }
        Close(flat, open, null);
        return new([.. flat.Starts], [.. flat.Values]);
    }

    public int this[uint address]
    {
        get
        {
            var low = 0;
            var high = starts.Length - 1;
            while (low < high)
            {
                var middle = (low + high + 1) >>> 1;
                if (starts[middle] <= address)
                {
                    low = middle;
                }
                else
                {
                    high = middle - 1;
                }
            }
            return values[low];
        }
    }

    public bool Contains(uint address) => this[address] != None;

    /// <summary>Ends the blocks that lie before an address; all of them without one.</summary>
    private static void Close(Flattening flat, Stack<(uint Last, int Value)> open, uint? before)
    {
        while (open.TryPeek(out var top) && (before is null || top.Last < before))
        {
            open.Pop();
            if (top.Last != uint.MaxValue)
            {
                flat.Begin(top.Last + 1, open.TryPeek(out var around) ? around.Value : None);
            }
        }
    }

    private sealed class Flattening
    {
        public List<uint> Starts { get; } = [0];

        public List<int> Values { get; } = [None];

        public void Begin(uint start, int value)
        {
            if (Starts[^1] == start)
            {
                Values[^1] = value;
            }
            else
            {
                Starts.Add(start);
                Values.Add(value);
            }
        }
    }
}
