using System.Globalization;

namespace Podspace.Forecasting;

/// <summary>A series without what happened once and is no growth: its jumps levelled, its episodes left out.</summary>
/// <param name="IsReturning">A jump to more room is a few weeks old at most: what climbs now may only climb back.</param>
internal sealed record Events(double[] Level, bool IsReturning)
{
    private const int Week = 7;

    // Longer than holidays, a sale or a project, an episode is how things are.
    private const int LongestEpisode = 63;
    private const int SureOfReturn = 3;
    private const int Settling = 14;
    private const int LongestReturn = 10;
    private const double ReturnedWithin = 0.25;

    // What is left must still tell growth from the week's rhythm.
    private const int LeastLeft = 28;

    public static Events Of(double[] values, DateOnly first, List<string> remarks)
    {
        var level = (double[])values.Clone();
        var steps = WithoutEpisodes(LevelShift.Find(values), values, level, first, remarks);
        // One jump is an event; several downwards are how this cluster grows.
        if (steps.Count(step => step.Size < 0) > 1)
        {
            steps = steps.FindAll(step => step.Size > 0);
        }
        foreach (var step in steps)
        {
            // The past is lifted onto the level of the present, so that the jump is no part of the trend.
            for (var day = 0; day < step.Day; day++)
            {
                level[day] += step.Size;
            }
            remarks.Add(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"A jump by {step.Size:+#,0;-#,0} on {first.AddDays(step.Day):yyyy-MM-dd} counts as an event and not as growth."
                )
            );
        }
        return new(level, steps.Exists(step => MayReturn(step, values)));
    }

    /// <summary>Holidays, a sale, a project: from a jump until the days are again as they were. Those days say nothing of growth.</summary>
    private static List<LevelShift> WithoutEpisodes(
        List<LevelShift> steps,
        double[] values,
        double[] level,
        DateOnly first,
        List<string> remarks
    )
    {
        var kept = new List<LevelShift>();
        var until = 0;
        foreach (var step in steps.Where(step => step.Day >= until))
        {
            if (
                Return(step, values) is not { } end
                || level.Where((value, day) => (day < step.Day || day >= end) && !double.IsNaN(value)).Count() < LeastLeft
            )
            {
                kept.Add(step);
                continue;
            }
            Array.Fill(level, double.NaN, step.Day, end - step.Day);
            // The jump back is part of it; it is found where the differences to the week before show it.
            until = end + 1;
            remarks.Add(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"From {first.AddDays(step.Day):yyyy-MM-dd} to {first.AddDays(end - 1):yyyy-MM-dd} "
                        + $"{(step.Size > 0 ? "less" : "more")} was used than before and after; these days count for no growth."
                )
            );
        }
        return kept;
    }

    // A return takes a week or so; what climbs for longer has to be believed.
    private static bool MayReturn(LevelShift step, double[] values) =>
        step.Size > 0
        && values.Length - step.Day <= LongestEpisode
        && Left(step, values, LongestEpisode).Count(day => day.Share < 1 - ReturnedWithin) <= LongestReturn;

    /// <summary>The first of a few days that are as such weekdays were before the jump; null: none, or it took
    /// too long for a return, or went on at once to the other side.</summary>
    private static int? Return(LevelShift step, double[] values)
    {
        var left = Left(step, values, LongestEpisode + Settling);
        var back = Run(left, share => share <= ReturnedWithin);
        if (
            back is not { } first
            || first - step.Day > LongestEpisode
            || left.Count(day => day.Day < first && day.Share < 1 - ReturnedWithin) > LongestReturn
        )
        {
            return null;
        }
        return Run(left, share => share < -ReturnedWithin) is { } beyond && beyond - first < Settling ? null : first;
    }

    /// <summary>How much of the jump is left on each day after it: 1 all, 0 when all is as before,
    /// negative on the other side. Unknown days are left out.</summary>
    private static List<(int Day, double Share)> Left(LevelShift step, double[] values, int days) =>
        [
            .. Enumerable
                .Range(step.Day + 1, Math.Max(0, Math.Min(values.Length - step.Day - 1, days)))
                .Select(day => (Day: day, Share: (values[day] - values[step.Day - Week + ((day - step.Day) % Week)]) / step.Size))
                .Where(day => !double.IsNaN(day.Share)),
        ];

    /// <summary>The first of so many days in a row.</summary>
    private static int? Run(List<(int Day, double Share)> days, Func<double, bool> holds)
    {
        var found = Enumerable
            .Range(0, Math.Max(0, days.Count - SureOfReturn + 1))
            .FirstOrDefault(at => days.Skip(at).Take(SureOfReturn).All(day => holds(day.Share)), -1);
        return found < 0 ? null : days[found].Day;
    }
}
