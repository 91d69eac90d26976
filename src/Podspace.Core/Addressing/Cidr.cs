using System.Globalization;

namespace Podspace.Addressing;

/// <summary>An IPv4 block in canonical form: no address bits behind the prefix. Default is 0.0.0.0/0, all addresses.</summary>
/// <remarks>Cannot hold host bits: parsing refuses them, <see cref="Containing"/> clears them.</remarks>
public readonly record struct Cidr : IComparable<Cidr>
{
    private Cidr(Address first, int prefixLength)
    {
        First = first;
        PrefixLength = (byte)prefixLength;
    }

    /// <summary>Addresses AWS keeps in every subnet: the first four and the last. Source: VPC User Guide, "Subnet CIDR blocks".</summary>
    public const int ReservedPerSubnet = 5;

    public Address First { get; }

    /// <summary>0 to 32.</summary>
    public byte PrefixLength { get; }

    public Address Last => new(First.Number | ~Mask(PrefixLength));

    /// <summary>How many addresses the block holds: 1 to 2³², which is why this is not a <see cref="uint"/>.</summary>
    public ulong Count => 1UL << (32 - PrefixLength);

    /// <summary>Addresses that interfaces can get when the block is an AWS subnet; 0 for blocks too small to be one.</summary>
    public ulong UsableInSubnet => Count > ReservedPerSubnet ? Count - ReservedPerSubnet : 0;

    /// <summary>The block of the given length that holds the address; host bits are cleared.</summary>
    public static Cidr Containing(Address address, int prefixLength)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(prefixLength);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(prefixLength, 32);
        return new(new(address.Number & Mask(prefixLength)), prefixLength);
    }

    /// <summary>Reads a block as people and AWS write it. On failure <paramref name="problem"/> names the
    /// text, why it is refused and, where one is meant, the block.</summary>
    public static bool TryParse(string text, out Cidr cidr, out string problem)
    {
        cidr = default;
        problem = "";
        var slash = text.IndexOf('/', StringComparison.Ordinal);
        if (slash < 0)
        {
            problem = Address.TryParse(text, out _)
                ? $"\"{text}\" is an address, not a block. Did you mean {text}/32?"
                : $"\"{text}\" is not a CIDR block such as 100.64.0.0/16.";
            return false;
        }
        if (!Address.TryParse(text.AsSpan(0, slash), out var address))
        {
            problem = Unreadable(text, text[..slash].Split('.'), text[slash..]);
            return false;
        }
        var lengthText = text.AsSpan(slash + 1);
        if (
            lengthText.Length is 0 or > 2
            || (lengthText.Length == 2 && lengthText[0] == '0')
            || !int.TryParse(lengthText, NumberStyles.None, CultureInfo.InvariantCulture, out var length)
            || length > 32
        )
        {
            problem = $"\"{text}\" has no prefix length from 0 to 32 behind the slash.";
            return false;
        }
        cidr = Containing(address, length);
        if (cidr.First != address)
        {
            problem = $"\"{text}\" is an address inside a block, not a block. Did you mean {cidr}?";
            cidr = default;
            return false;
        }
        return true;
    }

    private static string Unreadable(string text, string[] numbers, string behind)
    {
        if (numbers.FirstOrDefault(number => number is ['0', _, ..]) is { } octal)
        {
            return $"\"{text}\" has the number {octal}, whose leading zero some tools drop and others take for octal. Write it without.";
        }
        var whole = string.Join('.', numbers.Concat(Enumerable.Repeat("0", Math.Max(0, 4 - numbers.Length))));
        return numbers.Length < 4 && Address.TryParse(whole, out _)
            ? $"\"{text}\" has {numbers.Length} of an address's four numbers. Did you mean {whole}{behind}?"
            : $"\"{text}\" does not start with four numbers from 0 to 255.";
    }

    /// <summary>For text that is known to be good: constants, and what AWS says.</summary>
    public static Cidr Parse(string text) => TryParse(text, out var cidr, out var problem) ? cidr : throw new FormatException(problem);

    public bool Contains(Address address) => (address.Number & Mask(PrefixLength)) == First.Number;

    /// <summary>Reports whether every address of the other block is in this one. A block contains itself.</summary>
    public bool Contains(Cidr other) => other.PrefixLength >= PrefixLength && Contains(other.First);

    public bool Overlaps(Cidr other) => Contains(other) || other.Contains(this);

    /// <summary>The blocks of the given length that fill this one, in order. The length is at least this block's own.</summary>
    public IEnumerable<Cidr> Split(int prefixLength)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(prefixLength, PrefixLength);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(prefixLength, 32);
        var size = 1UL << (32 - prefixLength);
        for (ulong next = First.Number; next <= Last.Number; next += size)
        {
            yield return new(new((uint)next), prefixLength);
        }
    }

    public int CompareTo(Cidr other) =>
        First.CompareTo(other.First) is var order and not 0 ? order : PrefixLength.CompareTo(other.PrefixLength);

    public static bool operator <(Cidr left, Cidr right) => left.CompareTo(right) < 0;

    public static bool operator >(Cidr left, Cidr right) => left.CompareTo(right) > 0;

    public static bool operator <=(Cidr left, Cidr right) => left.CompareTo(right) <= 0;

    public static bool operator >=(Cidr left, Cidr right) => left.CompareTo(right) >= 0;

    public override string ToString() => $"{First}/{PrefixLength}";

    // A shift by 32 is a shift by 0 in C#, so /0 is done in 64 bits.
    private static uint Mask(int prefixLength) => (uint)(0xFFFF_FFFF_0000_0000UL >> prefixLength);
}
