using System.Globalization;

namespace Podspace.Forecasting;

/// <summary>A day on which the level jumped for good: a migration, a subnet that got more room. One is an event and no growth; several downwards are how this cluster grows.</summary>
/// <param name="Size">Negative: less is free from then on.</param>
internal readonly record struct Step(int Day, double Size)
{
    private const int Days = 7;
    private const double Sharpness = 6;
    private const int LeastSure = 3;

    /// <summary>Lifts the past onto the level of the present, so that the jump is no part of the trend.</summary>
    public static double[] Level(double[] values, DateOnly first, List<string> remarks)
    {
        var steps = Find(values);
        if (steps.Count(step => step.Size < 0) > 1)
        {
            steps = steps.FindAll(step => step.Size > 0);
        }
        var level = (double[])values.Clone();
        foreach (var step in steps)
        {
            for (var day = 0; day < step.Day; day++)
            {
                level[day] += step.Size;
            }
            remarks.Add(string.Create(CultureInfo.InvariantCulture, $"A jump by {step.Size:+#,0;-#,0} on {first.AddDays(step.Day):yyyy-MM-dd} counts as an event and not as growth."));
        }
        return level;
    }

    // A jump shows for exactly a week in the differences to the week before, and growth does all the time.
    private static List<Step> Find(double[] values)
    {
        var steps = new List<Step>();
        var weekly = values.Select((value, day) => day < Days ? double.NaN : value - values[day - Days]).ToArray();
        var known = weekly.Where(value => !double.IsNaN(value)).ToArray();
        var usual = Median.Of([.. known]);
        var threshold = Sharpness * Math.Max(1, 1.48 * Median.Of([.. known.Select(value => Math.Abs(value - usual))]));
        for (var day = Days; day < weekly.Length; day++)
        {
            var week = weekly.Skip(day).Take(Days).Where(value => !double.IsNaN(value)).ToArray();
            var size = Median.Of([.. week]) - usual;
            var before = day == Days || double.IsNaN(weekly[day - 1]) ? usual : weekly[day - 1];
            var isSharp = Math.Abs(before - usual) < Math.Abs(size) / 3 && Math.Abs(weekly[day] - usual) > Math.Abs(size) * 0.6;
            if (week.Length >= LeastSure && isSharp && week.All(value => Math.Abs(value - usual) > threshold && Math.Sign(value - usual) == Math.Sign(size)))
            {
                steps.Add(new(day, size));
                day += Days;
            }
        }
        return steps;
    }
}
