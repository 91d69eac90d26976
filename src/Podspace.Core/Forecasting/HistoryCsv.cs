using System.Globalization;

namespace Podspace.Forecasting;

/// <summary>History as lines of <c>time,subnet,free,free_prefixes,free_reserved</c>; the
/// columns in any order, the last two may be missing.</summary>
public static class HistoryCsv
{
    private static readonly (string Column, Measure Measure)[] Measures =
    [
        ("free", Measure.FreeAddresses),
        ("free_prefixes", Measure.FreePrefixes),
        ("free_reserved", Measure.FreeReserved),
    ];

    /// <param name="problem">Why it cannot be read: the line and the mend; empty otherwise.</param>
    public static History? Read(string text, out string problem)
    {
        var lines = text.Split('\n')
            .Select((line, at) => (Text: line.Trim().TrimStart('\uFEFF'), Number: at + 1))
            .Where(line => line.Text.Length > 0 && line.Text[0] != '#')
            .ToList();
        problem = "";
        if (lines.Count == 0)
        {
            problem = "it is empty";
            return null;
        }
        var heads = lines[0].Text.Split(',', StringSplitOptions.TrimEntries);
        var (time, subnet) = (Array.IndexOf(heads, "time"), Array.IndexOf(heads, "subnet"));
        var measured = Measures.Select(one => (one.Measure, At: Array.IndexOf(heads, one.Column))).Where(one => one.At >= 0).ToList();
        if (time < 0 || subnet < 0 || measured.Count == 0)
        {
            problem = $"its first line \"{lines[0].Text}\" does not name the columns time, subnet and free (or free_prefixes)";
            return null;
        }
        var samples = new Dictionary<(string, Measure), List<Sample>>();
        var withoutZone = 0;
        foreach (var line in lines.Skip(1))
        {
            var cells = line.Text.Split(',', StringSplitOptions.TrimEntries);
            if (cells.Length != heads.Length)
            {
                problem = $"line {line.Number} has {cells.Length} cells, and the first line names {heads.Length} columns";
                return null;
            }
            if (Instant(cells[time], ref withoutZone) is not { } at)
            {
                problem =
                    $"line {line.Number}: \"{cells[time]}\" is no time such as 2026-11-22T14:00:00Z or Unix seconds such as 1795356000";
                return null;
            }
            foreach (var (measure, column) in measured.Where(one => cells[one.At].Length > 0))
            {
                if (!double.TryParse(cells[column], NumberStyles.Float, CultureInfo.InvariantCulture, out var value))
                {
                    problem = $"line {line.Number}: \"{cells[column]}\" is no number. Leave the cell empty where nothing was measured";
                    return null;
                }
                if (!samples.TryGetValue((cells[subnet], measure), out var list))
                {
                    samples[(cells[subnet], measure)] = list = [];
                }
                list.Add(new(at, value));
            }
        }
        return new(
            samples.Select(one => new MeasuredSeries(one.Key.Item1, one.Key.Item2, one.Value)).ToList(),
            withoutZone > 0
                ?
                [
                    $"{withoutZone:N0} times name no zone and are taken for UTC. "
                        + $"Where they are local, the hour that a change of clocks repeats counts once.",
                ]
                : []
        );
    }

    private static DateTimeOffset? Instant(string text, ref int withoutZone)
    {
        // Nine or more digits are seconds since 1970; 20261122 is a date that forgot its dashes, and refused.
        if (text.Length >= 9 && double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var seconds))
        {
            return FromUnix(seconds);
        }
        if (
            !DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at)
            || text.All(char.IsAsciiDigit)
        )
        {
            return null;
        }
        var hasZone =
            text.EndsWith('Z')
            || (text.Length > 6 && text.LastIndexOfAny(['+', '-']) > text.LastIndexOf(':') - 4 && text.LastIndexOfAny(['+', '-']) > 9);
        withoutZone += hasZone ? 0 : 1;
        return at;
    }

    /// <summary>Null: not within the years 1 to 9999.</summary>
    internal static DateTimeOffset? FromUnix(double seconds) =>
        seconds is >= 0 and < 253_402_300_800 ? DateTimeOffset.UnixEpoch.AddSeconds(Math.Floor(seconds)) : null;
}
