namespace Podspace.Addressing;

/// <summary>An immutable set of addresses, kept as disjoint, sorted, maximal ranges. Default is empty.</summary>
public readonly struct AddressSet : IEquatable<AddressSet>
{
    // Both ends inclusive, so that 255.255.255.255 can be in a set:
    //
    //   [a──────b]     [c──d]        a ≤ b,  b + 1 < c
    private readonly (Address First, Address Last)[]? ranges;

    private AddressSet((Address, Address)[] ranges) => this.ranges = ranges;

    public IReadOnlyList<(Address First, Address Last)> Ranges => ranges ?? [];

    public bool IsEmpty => Ranges.Count == 0;

    /// <summary>0 to 2³².</summary>
    public ulong Count => Ranges.Aggregate(0UL, (sum, range) => sum + range.Last.Number - range.First.Number + 1);

    public static AddressSet Of(params IEnumerable<Cidr> blocks) => new(Normal(blocks.Select(block => (block.First, block.Last))));

    public static AddressSet Of(params IEnumerable<Address> addresses) => new(Normal(addresses.Select(address => (address, address))));

    public AddressSet Union(AddressSet other) => new(Normal(Ranges.Concat(other.Ranges)));

    public AddressSet Except(AddressSet other)
    {
        var left = new List<(Address, Address)>();
        foreach (var range in Ranges)
        {
            ulong start = range.First.Number;
            foreach (var hole in other.Ranges)
            {
                if (hole.Last.Number < start)
                {
                    continue;
                }
                if (hole.First > range.Last)
                {
                    break;
                }
                if (hole.First.Number > start)
                {
                    left.Add((new((uint)start), new(hole.First.Number - 1)));
                }
                start = hole.Last.Number + 1UL;
            }
            if (start <= range.Last.Number)
            {
                left.Add((new((uint)start), range.Last));
            }
        }
        return new([.. left]);
    }

    public bool Contains(Address address) => Ranges.Any(range => range.First <= address && address <= range.Last);

    public bool Contains(Cidr block) => Ranges.Any(range => range.First <= block.First && block.Last <= range.Last);

    public bool Overlaps(Cidr block) => Ranges.Any(range => range.First <= block.Last && block.First <= range.Last);

    /// <summary>The lowest whole block of the given length (0 to 32) in the set, or null when none fits.</summary>
    public Cidr? FirstFree(int prefixLength)
    {
        var size = 1UL << (32 - prefixLength);
        foreach (var (first, last) in Ranges)
        {
            var start = (first.Number + size - 1) / size * size;
            if (start + size - 1 <= last.Number)
            {
                return Cidr.Containing(new((uint)start), prefixLength);
            }
        }
        return null;
    }

    /// <summary>How many aligned blocks of the given length (0 to 32) fit: what is left for /28 prefixes, say.</summary>
    public ulong CountFree(int prefixLength)
    {
        var size = 1UL << (32 - prefixLength);
        ulong count = 0;
        foreach (var (first, last) in Ranges)
        {
            var start = (first.Number + size - 1) / size;
            var end = (last.Number + 1UL) / size;
            count += end > start ? end - start : 0;
        }
        return count;
    }

    public bool Equals(AddressSet other) => Ranges.SequenceEqual(other.Ranges);

    public override bool Equals(object? obj) => obj is AddressSet other && Equals(other);

    public override int GetHashCode() => Ranges.Aggregate(0, HashCode.Combine);

    public static bool operator ==(AddressSet left, AddressSet right) => left.Equals(right);

    public static bool operator !=(AddressSet left, AddressSet right) => !left.Equals(right);

    public override string ToString() => string.Join(", ", Ranges.Select(range => $"{range.First}-{range.Last}"));

    private static (Address, Address)[] Normal(IEnumerable<(Address First, Address Last)> parts)
    {
        var merged = new List<(Address First, Address Last)>();
        foreach (var part in parts.OrderBy(part => part.First))
        {
            if (merged.Count > 0 && part.First.Number <= merged[^1].Last.Number + 1UL)
            {
                merged[^1] = (merged[^1].First, part.Last > merged[^1].Last ? part.Last : merged[^1].Last);
            }
            else
            {
                merged.Add(part);
            }
        }
        return [.. merged];
    }
}
