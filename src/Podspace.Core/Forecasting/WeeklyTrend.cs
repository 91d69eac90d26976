namespace Podspace.Forecasting;

/// <summary>A straight line with the week's rhythm on it.</summary>
/// <param name="Slope">A day.</param>
/// <param name="Week">Level on the last day's date for each day of the week, by index modulo 7.</param>
/// <param name="Last">Index of the last day.</param>
internal sealed record WeeklyTrend(double Slope, double[] Week, int Last)
{
    private const int Days = 7;

    /// <summary>Pairs of equal weekdays in three whole weeks. Fewer say nothing of growth.</summary>
    public const int LeastPairs = 21;

    public double this[int day] => Week[day % Days] + (Slope * (day - Last));

    /// <summary>Seasonal Theil–Sen: the median of the slopes between equal weekdays. The week's rhythm
    /// cannot enter it, and neither can a quarter of wrong days.</summary>
    /// <remarks>Source: Hirsch, Slack and Smith, "Techniques of trend analysis for monthly water quality data", 1982.</remarks>
    /// <param name="values">NaN: nothing known.</param>
    /// <returns>Null with fewer than <see cref="LeastPairs"/> pairs.</returns>
    public static WeeklyTrend? Of(double[] values, int first)
    {
        var slopes = new List<double>();
        for (var early = first; early < values.Length; early++)
        {
            for (var late = early + Days; late < values.Length; late += Days)
            {
                if (!double.IsNaN(values[early]) && !double.IsNaN(values[late]))
                {
                    slopes.Add((values[late] - values[early]) / (late - early));
                }
            }
        }
        return slopes.Count < LeastPairs
            ? null
            : Along(values, first, Median.Of(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(slopes)));
    }

    private static WeeklyTrend Along(double[] values, int first, double slope)
    {
        var last = values.Length - 1;
        var week = new double[Days];
        var unknown = new List<int>();
        for (var weekday = 0; weekday < Days; weekday++)
        {
            var levels = new List<double>();
            for (var day = first; day <= last; day++)
            {
                if (day % Days == weekday && !double.IsNaN(values[day]))
                {
                    levels.Add(values[day] - (slope * (day - last)));
                }
            }
            week[weekday] = Median.Of([.. levels]);
            if (levels.Count == 0)
            {
                unknown.Add(weekday);
            }
        }
        var usual = Median.Of([.. week.Where((_, weekday) => !unknown.Contains(weekday))]);
        unknown.ForEach(weekday => week[weekday] = usual);
        return Anchored(values, new(slope, week, last), first);
    }

    // Growth that bends leaves the line beside the present: what counts is how much is free now.
    private static WeeklyTrend Anchored(double[] values, WeeklyTrend trend, int first)
    {
        var recent = Enumerable
            .Range(0, values.Length)
            .Skip(first)
            .Where(day => !double.IsNaN(values[day]))
            .TakeLast(Days)
            .Select(day => values[day] - trend[day])
            .ToArray();
        var off = Median.Of(recent);
        return trend with { Week = [.. trend.Week.Select(level => level + off)] };
    }

    /// <summary>What the line does not explain, known days only.</summary>
    public double[] Rest(double[] values, int first) =>
        [.. Enumerable.Range(first, values.Length - first).Where(day => !double.IsNaN(values[day])).Select(day => values[day] - this[day])];
}
