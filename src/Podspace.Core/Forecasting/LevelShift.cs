namespace Podspace.Forecasting;

/// <summary>A day from which on another level holds: a migration, a subnet that got more room, a sale that begins or ends.</summary>
/// <param name="Size">Negative: less is free from then on.</param>
internal readonly record struct LevelShift(int Day, double Size)
{
    private const int Days = 7;
    private const int LeastSure = 3;

    // In usual differences between a day and the one a week before: of the jump as a whole, and of each of its days.
    private const double Sharpness = 4;
    private const double LeastSharp = 2.5;

    // A jump shows for exactly a week in the differences to the week before, and growth does all the time.
    public static List<LevelShift> Find(double[] values)
    {
        var steps = new List<LevelShift>();
        var weekly = values.Select((value, day) => day < Days ? double.NaN : value - values[day - Days]).ToArray();
        var known = weekly.Where(value => !double.IsNaN(value)).ToArray();
        var usual = Median.Of([.. known]);
        var noise = Math.Max(1, 1.48 * Median.Of([.. known.Select(value => Math.Abs(value - usual))]));
        for (var day = Days; day < weekly.Length; day++)
        {
            if (double.IsNaN(weekly[day]))
            {
                continue;
            }
            var week = weekly
                .Skip(day)
                .Take(Days)
                .Where(value => !double.IsNaN(value))
                .Select(value => value - usual)
                .TakeWhile(value => Math.Abs(value) > LeastSharp * noise && Math.Sign(value) == Math.Sign(weekly[day] - usual))
                .ToArray();
            var size = Median.Of([.. week]);
            var before = day == Days || double.IsNaN(weekly[day - 1]) ? 0 : weekly[day - 1] - usual;
            var isSharp =
                Math.Abs(before) < Math.Abs(size) / 3
                && Math.Abs(weekly[day] - usual) > Math.Abs(size) * 0.6
                && Math.Abs(size) > Sharpness * noise;
            if (isSharp && week.Length >= LeastSure)
            {
                steps.Add(new(day, size));
                day += Days;
            }
        }
        return steps;
    }
}
