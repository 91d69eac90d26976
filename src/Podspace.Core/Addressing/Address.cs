using System.Globalization;

namespace Podspace.Addressing;

/// <summary>One IPv4 address. Default is 0.0.0.0. Ordered by number, unlike <see cref="System.Net.IPAddress"/>.</summary>
public readonly record struct Address(uint Number) : IComparable<Address>
{
    public int CompareTo(Address other) => Number.CompareTo(other.Number);

    /// <summary>Reads four decimal octets without leading zeros, which other tools read as octal.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out Address address)
    {
        address = default;
        uint number = 0;
        var octets = 0;
        foreach (var range in text.Split('.'))
        {
            var octet = text[range];
            if (
                octets == 4
                || octet.Length is 0 or > 3
                || (octet.Length > 1 && octet[0] == '0')
                || !byte.TryParse(octet, NumberStyles.None, CultureInfo.InvariantCulture, out var value)
            )
            {
                return false;
            }
            number = (number << 8) | value;
            octets++;
        }
        address = new(number);
        return octets == 4;
    }

    public static Address Parse(string text) =>
        TryParse(text, out var address) ? address : throw new FormatException($"\"{text}\" is not an IPv4 address.");

    /// <summary>The address <paramref name="offset"/> further on; overflow past 255.255.255.255 is our bug.</summary>
    public Address Plus(uint offset) => new(checked(Number + offset));

    public static bool operator <(Address left, Address right) => left.Number < right.Number;

    public static bool operator >(Address left, Address right) => left.Number > right.Number;

    public static bool operator <=(Address left, Address right) => left.Number <= right.Number;

    public static bool operator >=(Address left, Address right) => left.Number >= right.Number;

    public override string ToString() => $"{Number >> 24}.{(Number >> 16) & 255}.{(Number >> 8) & 255}.{Number & 255}";
}
