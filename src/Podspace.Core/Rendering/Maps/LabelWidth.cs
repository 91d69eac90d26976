using System.Globalization;
using System.Text;

namespace Podspace.Rendering.Maps;

/// <summary>How much room a label of a map takes. There is no font to ask, so it is reckoned from
/// above: a test measures in a browser that nothing is cut.</summary>
internal static class LabelWidth
{
    // In units of a drawing whose letters are 11 high; the widest sans-serif that browsers take here is DejaVu Sans.
    private const double Letter = 7.2,
        Capital = 9.8,
        Wide = 12;

    public static double Of(string text)
    {
        var width = 0.0;
        foreach (var rune in text.EnumerateRunes())
        {
            width += Of(rune);
        }
        return width;
    }

    private static double Of(Rune rune) =>
        rune.Value switch
        {
            > 0x2000 => Wide,
            'm' or 'w' or '@' or '%' or > 0x7F => Capital,
            _ => Rune.IsUpper(rune) ? Capital : Letter,
        };

    /// <summary>On one line, and as much of it as there is room for.</summary>
    public static string Fitted(string text, double room)
    {
        var line = MapText.Line(text);
        if (Of(line) <= room)
        {
            return line;
        }
        var elements = StringInfo.ParseCombiningCharacters(line);
        var kept = elements.Length - 1;
        while (kept > 0 && Of(line[..elements[kept]]) + Wide > room)
        {
            kept--;
        }
        return line[..elements[kept]] + "…";
    }

    /// <summary>In lines that each have room, broken between words.</summary>
    public static IEnumerable<string> Broken(string text, double room)
    {
        var line = "";
        foreach (var word in MapText.Line(text).Split(' '))
        {
            var longer = line.Length == 0 ? word : $"{line} {word}";
            if (Of(longer) <= room)
            {
                line = longer;
                continue;
            }
            if (line.Length > 0)
            {
                yield return line;
            }
            line = Fitted(word, room);
        }
        yield return line;
    }
}
