using System.Globalization;
using System.Text.RegularExpressions;

namespace Podspace.Formats.Yaml;

internal enum ScalarKind
{
    Text,
    Null,
    Boolean,
    Number,

    /// <summary><c>.inf</c> and <c>.nan</c>, which JSON cannot hold.</summary>
    NotFinite,
}

/// <param name="Json">As JSON writes it; empty for text.</param>
internal readonly record struct ScalarValue(ScalarKind Kind, string Json)
{
    public static readonly ScalarValue OfText = new(ScalarKind.Text, "");

    public static readonly ScalarValue Null = new(ScalarKind.Null, "null");

    public static readonly ScalarValue True = new(ScalarKind.Boolean, "true");

    public static readonly ScalarValue False = new(ScalarKind.Boolean, "false");

    public static readonly ScalarValue NotFinite = new(ScalarKind.NotFinite, "");

    public static ScalarValue Number(string json) => new(ScalarKind.Number, json);
}

/// <summary>What a word without quotes is, as kubectl, the API server, Helm and nodeadm read it.</summary>
/// <remarks>They all read by sigs.k8s.io/yaml, which is go-yaml v2: YAML 1.1's booleans and octal numbers, and no sexagesimal ones;
/// a date is text. docs/decisions/0005-yaml.md has the table.</remarks>
internal static partial class ScalarSchema
{
    // Past it a double holds no longer every whole number.
    private const double MostExact = 9007199254740992;

    public static bool IsNull(string word) => word is "" or "~" or "null" or "Null" or "NULL";

    public static ScalarValue Read(string word)
    {
        if (word.Length == 0)
        {
            return ScalarValue.Null;
        }
        return word[0] switch
        {
            '.' or '+' or '-' or (>= '0' and <= '9') => NumberOf(word),
            '~' or 'n' or 'N' or 't' or 'T' or 'f' or 'F' or 'y' or 'Y' or 'o' or 'O' => Named(word),
            _ => ScalarValue.OfText,
        };
    }

    private static ScalarValue Named(string word) =>
        word switch
        {
            "~" or "null" or "Null" or "NULL" => ScalarValue.Null,
            "true" or "True" or "TRUE" or "yes" or "Yes" or "YES" or "on" or "On" or "ON" or "y" or "Y" => ScalarValue.True,
            "false" or "False" or "FALSE" or "no" or "No" or "NO" or "off" or "Off" or "OFF" or "n" or "N" => ScalarValue.False,
            _ => ScalarValue.OfText,
        };

    private static ScalarValue NumberOf(string word)
    {
        if (JsonNumber().IsMatch(word))
        {
            return ScalarValue.Number(word);
        }
        if (NotFinite().IsMatch(word))
        {
            return ScalarValue.NotFinite;
        }
        // go-yaml drops underscores wherever they stand, but for numbers that start with a point.
        var digits = word[0] == '.' ? word : word.Replace("_", "", StringComparison.Ordinal);
        if (Whole(digits) is { } whole)
        {
            return ScalarValue.Number(whole);
        }
        return Real().IsMatch(digits) && double.TryParse(digits, NumberStyles.Float, CultureInfo.InvariantCulture, out var real)
            ? RealOf(real)
            : ScalarValue.OfText;
    }

    private static ScalarValue RealOf(double real)
    {
        if (!double.IsFinite(real))
        {
            return ScalarValue.OfText;
        }
        return ScalarValue.Number(
            double.IsInteger(real) && Math.Abs(real) < MostExact
                ? ((long)real).ToString(CultureInfo.InvariantCulture)
                : real.ToString("R", CultureInfo.InvariantCulture)
        );
    }

    /// <summary>With a sign, and a prefix that names its base; null: it is no such number, or too great for 64 bits.</summary>
    private static string? Whole(string digits)
    {
        var isNegative = digits[0] == '-';
        var rest = digits.AsSpan(digits[0] is '-' or '+' ? 1 : 0);
        var (numberBase, prefix) = BaseOf(rest);
        if (rest.Length == prefix)
        {
            return null;
        }
        var sum = 0UL;
        foreach (var digit in rest[prefix..])
        {
            var value = char.IsAsciiHexDigit(digit) ? (uint)Convert.ToInt32(digit.ToString(), 16) : uint.MaxValue;
            if (value >= numberBase || sum > ((ulong)long.MaxValue - value) / numberBase)
            {
                return null;
            }
            sum = (sum * numberBase) + value;
        }
        return $"{(isNegative && sum > 0 ? "-" : "")}{sum}";
    }

    private static (uint Base, int Prefix) BaseOf(ReadOnlySpan<char> digits) =>
        digits switch
        {
            ['0', 'x' or 'X', ..] => (16, 2),
            ['0', 'o' or 'O', ..] => (8, 2),
            ['0', 'b' or 'B', ..] => (2, 2),
            ['0', _, ..] => (8, 1),
            _ => (10, 0),
        };

    // What JSON writes the same way keeps its digits: a double would round an account's id with more of them.
    [GeneratedRegex(@"^-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][-+]?[0-9]+)?\z")]
    private static partial Regex JsonNumber();

    [GeneratedRegex(@"^[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?\z")]
    private static partial Regex Real();

    [GeneratedRegex(@"^([-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN))\z")]
    private static partial Regex NotFinite();
}
