using Podspace.Capacity.LoadSimulation;

namespace Podspace.Forecasting;

/// <summary>When a series reaches 0, as a likely day with a band.</summary>
/// <param name="Slope">A day.</param>
/// <param name="Path">Level on each day from the last known one on, as the trend has it.</param>
/// <param name="Days">Until it is empty; null: not within the horizon. Half of the futures drawn are earlier.</param>
/// <param name="Early">One in ten is earlier.</param>
/// <param name="Late">One in ten is later.</param>
internal sealed record Exhaustion(double Slope, double[] Path, int? Days, int? Early, int? Late)
{
    /// <summary>Further on every line is a guess.</summary>
    public const int Horizon = 365;

    // No cluster grows by the ruler: measured on the series of bench/README.md, where a band
    // of noise alone held the day in three cases of five.
    private const double Unsteady = 0.25;

    private const int Draws = 200;
    private const int Block = 7;

    // The growth of a year ago says little of the next month.
    private const int Longest = 84;
    private const int Shortest = 28;

    /// <returns>Null: too few days to tell growth from the week's rhythm.</returns>
    public static Exhaustion? Of(Events events)
    {
        var values = events.Level;
        var windows = Windows(events);
        if (windows.Count == 0)
        {
            return null;
        }
        // The seed is the history's length: the same history gives the same answer.
        var random = new SeededRandom((ulong)values.Length);
        var passed = new int[Draws];
        for (var draw = 0; draw < Draws; draw++)
        {
            passed[draw] = Future(values, windows[random.Next(windows.Count)], random);
        }
        Array.Sort(passed);
        var trend = windows[^1].Trend;
        var path = Enumerable.Range(0, Horizon + 1).Select(day => Math.Max(0, trend[values.Length - 1 + day])).ToArray();
        return new(trend.Slope, path, Within(passed[Draws / 2]), Within(passed[Draws / 10]), Within(passed[Draws - 1 - (Draws / 10)]));
    }

    private readonly record struct Window(int First, WeeklyTrend Trend, double[] Rest);

    private static int? Within(int days) => days > Horizon ? null : days;

    /// <summary>Stretches of the past to look at. Where growth is another than it was, only the last weeks count.</summary>
    private static List<Window> Windows(Events events)
    {
        var values = events.Level;
        var windows = new List<Window>();
        foreach (var length in (int[])[Shortest, 42, 56, Longest])
        {
            var first = Math.Max(0, values.Length - length);
            if ((windows.Count == 0 || windows[^1].First > first) && WeeklyTrend.Of(values, first) is { } trend)
            {
                windows.Add(new(first, trend, trend.Rest(values, first)));
            }
        }
        // A week of climbing back fills a quarter of four weeks, and that is as much as they can bear.
        if (events.IsReturning)
        {
            return windows.Count > 1 ? windows[1..] : windows;
        }
        return windows.Count > 1 && IsAnother(windows[0], windows[^1]) ? windows[..1] : windows;
    }

    // Three standard errors of a slope through so many days, doubled because neighbouring days are alike.
    private static bool IsAnother(Window recent, Window whole)
    {
        var noise = Math.Max(0.5, 1.48 * Median.Of([.. recent.Rest.Select(Math.Abs)]));
        var error = noise * Math.Sqrt(12 / Math.Pow(recent.Rest.Length, 3));
        return Math.Abs(recent.Trend.Slope - whole.Trend.Slope) > 6 * error;
    }

    /// <summary>One future: a past that might as well have been, the trend that it would have
    /// shown, and days on it that are off as days were.</summary>
    private static int Future(double[] values, Window window, SeededRandom random)
    {
        var past = (double[])values.Clone();
        var noise = new Noise(window.Rest, random);
        for (var day = window.First; day < past.Length; day++)
        {
            past[day] = double.IsNaN(past[day]) ? double.NaN : window.Trend[day] + noise.Next();
        }
        var trend = WeeklyTrend.Of(past, window.First)!;
        trend = trend with { Slope = trend.Slope * (1 - Unsteady + (2 * Unsteady * random.Next(1001) / 1000.0)) };
        for (var day = 1; day <= Horizon; day++)
        {
            if (trend[values.Length - 1 + day] + noise.Next() <= 0)
            {
                return day;
            }
        }
        return Horizon + 1;
    }

    /// <summary>What days were off the line, drawn a week at a time, because a busy day has busy neighbours.</summary>
    private sealed class Noise(double[] rest, SeededRandom random)
    {
        private int at;
        private int left;

        public double Next()
        {
            if (left == 0)
            {
                (at, left) = (random.Next(rest.Length), Block);
            }
            left--;
            at = (at + 1) % rest.Length;
            return rest[at];
        }
    }
}
