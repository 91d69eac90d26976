using System.Text;

namespace Podspace.Formats;

/// <summary>Columns of text, two spaces apart.</summary>
public static class TextTable
{
    private const string Cut = "…";
    private const int Gap = 2;
    private const int Narrowest = 6;

    /// <param name="width">Where it does not fit into so many characters, the widest columns are cut, with a sign, and at
    /// last the last column, which may hold a command to copy, goes onto a line of its own. Null: as wide as it is.</param>
    public static string Render(IReadOnlyList<string[]> rows, int? width = null)
    {
        var widths = rows[0].Select((_, column) => rows.Max(row => row[column].Length)).ToList();
        var last = widths.Count - 1;
        var isBelow = width is { } all && Shrunk(widths, all) > all && last > 0;
        var text = new StringBuilder();
        foreach (var row in rows)
        {
            var cells = row.Take(isBelow ? last : last + 1)
                .Select((cell, column) => column == last ? cell : Fitted(cell, widths[column]).PadRight(widths[column]));
            text.Append(string.Join("  ", cells).TrimEnd()).Append('\n');
            if (isBelow && row != rows[0] && row[last].Length > 0)
            {
                text.Append("    ").Append(row[last]).Append('\n');
            }
        }
        return text.ToString();
    }

    /// <summary>Takes from the widest but the last until it fits, or none has more to give.</summary>
    /// <returns>What it is wide then.</returns>
    private static int Shrunk(List<int> widths, int width)
    {
        int Total() => widths.Sum() + (Gap * (widths.Count - 1));
        while (Total() > width && widths.Count > 1)
        {
            var widest = Enumerable.Range(0, widths.Count - 1).MaxBy(column => widths[column]);
            if (widths[widest] <= Narrowest)
            {
                break;
            }
            widths[widest]--;
        }
        return Total();
    }

    private static string Fitted(string cell, int width) => cell.Length <= width ? cell : cell[..(width - 1)] + Cut;
}
