namespace Podspace.Forecasting;

/// <summary>The least that was free on each day, UTC: a subnet is full when its worst hour is.</summary>
/// <remarks>An hour counts by the median of its samples, so that one wrong scrape is none.
/// A day without samples enough has no value.</remarks>
/// <param name="First">The day of index 0.</param>
/// <param name="Values">NaN: nothing known of the day. The last is known.</param>
internal sealed record DailyLows(DateOnly First, double[] Values, IReadOnlyList<string> Remarks)
{
    // An exporter that starts anew reports nothing free for an hour or so; a subnet that fills goes there step by step.
    private const int LongestBlip = 3;
    private const double BlipDepth = 0.2;

    // A clock that was wrong for a while puts a few samples years away from the rest.
    private const double StrayShare = 0.01;
    private static readonly TimeSpan StrayGap = TimeSpan.FromDays(45);

    public DateOnly Last => First.AddDays(Values.Length - 1);

    public int Known => Values.Count(value => !double.IsNaN(value));

    /// <summary>Null: not one sample that can be counted on.</summary>
    public static DailyLows? Of(IReadOnlyList<Sample> samples)
    {
        var remarks = new List<string>();
        var hours = Hours(samples, remarks);
        DropBlips(hours, remarks);
        if (hours.Count == 0)
        {
            return null;
        }
        var days = hours
            .GroupBy(hour => DateOnly.FromDateTime(hour.At.UtcDateTime))
            .Select(day => (Day: day.Key, Low: day.Min(hour => hour.Value), Hours: day.Count()))
            .ToList();
        var usual = days.Select(day => day.Hours).Order().ElementAt(days.Count / 2);
        // A day that was seen for less than half of the usual hours may have hidden its worst one.
        var whole = days.Where(day => day.Hours * 2 >= usual).OrderBy(day => day.Day).ToList();
        var values = new double[whole[^1].Day.DayNumber - whole[0].Day.DayNumber + 1];
        Array.Fill(values, double.NaN);
        foreach (var (day, low, _) in whole)
        {
            values[day.DayNumber - whole[0].Day.DayNumber] = low;
        }
        TellHoles(values, remarks);
        return new(whole[0].Day, values, remarks);
    }

    private static List<(DateTimeOffset At, double Value)> Hours(IReadOnlyList<Sample> samples, List<string> remarks)
    {
        var usable = samples.Where(sample => double.IsFinite(sample.Value) && sample.Value >= 0).ToList();
        if (usable.Count < samples.Count)
        {
            remarks.Add($"{samples.Count - usable.Count:N0} samples are no number of addresses (negative, NaN) and are left out.");
        }
        var isSorted = usable.Zip(usable.Skip(1)).All(pair => pair.First.At <= pair.Second.At);
        if (!isSorted)
        {
            remarks.Add("Samples do not stand in the order of time: a clock was set back, or files overlap. They are put in order.");
        }
        var sorted = WithoutStrays([.. usable.OrderBy(sample => sample.At)], remarks);
        return sorted
            .GroupBy(sample => new DateTimeOffset(sample.At.UtcTicks - (sample.At.UtcTicks % TimeSpan.TicksPerHour), TimeSpan.Zero))
            .Select(hour => (hour.Key, Median.Of([.. hour.Select(sample => sample.Value)])))
            .ToList();
    }

    private static List<Sample> WithoutStrays(List<Sample> sorted, List<string> remarks)
    {
        var runs = new List<List<Sample>>();
        foreach (var sample in sorted)
        {
            if (runs.Count == 0 || sample.At - runs[^1][^1].At > StrayGap)
            {
                runs.Add([]);
            }
            runs[^1].Add(sample);
        }
        var kept = runs.Where(run => run.Count >= sorted.Count * StrayShare).SelectMany(run => run).ToList();
        if (kept.Count < sorted.Count)
        {
            remarks.Add(
                $"{sorted.Count - kept.Count:N0} samples stand weeks away from all others, as a wrong clock puts them, and are left out."
            );
        }
        return kept;
    }

    private static void DropBlips(List<(DateTimeOffset At, double Value)> hours, List<string> remarks)
    {
        var depth = BlipDepth * Median.Of([.. hours.Select(hour => hour.Value)]);
        var blips = new HashSet<int>();
        for (var at = 1; at < hours.Count; at++)
        {
            var end = at;
            while (end < hours.Count && hours[end].Value == 0)
            {
                end++;
            }
            // Zeros at the very end may be either; the next hours tell.
            if (end > at && end - at <= LongestBlip && hours[at - 1].Value > depth && (end == hours.Count || hours[end].Value > depth))
            {
                blips.UnionWith(Enumerable.Range(at, end - at));
            }
            at = Math.Max(at, end - 1);
        }
        if (blips.Count > 0)
        {
            remarks.Add($"{blips.Count:N0} hours jump to 0 for at most three, as when an exporter starts anew, and are left out.");
            var kept = hours.Where((_, at) => !blips.Contains(at)).ToList();
            hours.Clear();
            hours.AddRange(kept);
        }
    }

    private static void TellHoles(double[] values, List<string> remarks)
    {
        var missing = values.Count(double.IsNaN);
        if (missing > 0)
        {
            remarks.Add($"{missing:N0} of {values.Length:N0} days have no samples, or too few.");
        }
    }
}

internal static class Median
{
    /// <summary>0 for nothing. Sorts what it is given.</summary>
    public static double Of(Span<double> values)
    {
        if (values.IsEmpty)
        {
            return 0;
        }
        values.Sort();
        return (values[(values.Length - 1) / 2] + values[values.Length / 2]) / 2;
    }
}
