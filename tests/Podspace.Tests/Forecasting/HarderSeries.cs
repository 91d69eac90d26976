using Podspace.Forecasting;

namespace Podspace.Tests.Forecasting;

/// <summary>Other shapes, sizes and noise than <see cref="RecordedSeries"/>: addresses go in nodes' portions, days differ from each
/// other by more than dice (a busy day has busy neighbours), and clocks know summer time.</summary>
/// <remarks>They were held out at first; what they showed was mended, so that now they are tuned on like the others.</remarks>
internal static class HarderSeries
{
    private const int Longest = 240;

    /// <summary>Summer time begins: the day's peak is an hour earlier in UTC from then on.</summary>
    private const int SummerTime = 27;

    private static readonly int[] Sizes = [1019, 2043, 4091, 16379];

    public static IReadOnlyList<RecordedSeries> Filling(int seed) =>
        [
            Make("a share more every week", seed, day => 0.35 + (0.0042 * day)),
            Make("growth that bends upwards", seed, day => 0.40 + (0.0008 * day) + (0.000018 * day * day)),
            Make("growth that bends and then runs on", seed, day => 0.30 + (0.25 / (1 + Math.Exp(-(day - 30) / 10.0))) + (0.0025 * day)),
            Make("growth by working days alone", seed, day => 0.42 + (0.0052 * (day - (2 * (day / 7)))), weekend: 0.45),
            Make("growth through two weeks of holidays", seed, day => (0.45 + (0.0035 * day)) * (day is >= 50 and < 64 ? 0.55 : 1)),
            Make(
                "growth with node groups that fill for five days and are packed anew",
                seed,
                day => 0.38 + (0.0036 * day) + (0.02 * (day % 5))
            ),
            Make(
                "three migrations in a month, then growth",
                seed,
                day => 0.30 + (0.0022 * day) + (0.07 * ((day >= 40 ? 1 : 0) + (day >= 52 ? 1 : 0) + (day >= 68 ? 1 : 0)))
            ),
            Make(
                "growth after a slow half year's start",
                seed,
                day => 0.45 + (0.001 * Math.Min(day, 75)) + (0.006 * Math.Max(0, day - 75))
            ),
            Make("growth with a batch on every tenth day", seed, day => 0.40 + (0.0038 * day) + (day % 10 == 0 ? 0.05 : 0)),
            Make(
                "growth, measured on working days alone",
                seed,
                day => 0.40 + (0.004 * day),
                spoil: (samples, _) => samples.Where(sample => sample.At.DayOfWeek is not (DayOfWeek.Saturday or DayOfWeek.Sunday))
            ),
            Make(
                "growth, measured four times a day",
                seed,
                day => 0.40 + (0.004 * day),
                spoil: (samples, _) => samples.Where(sample => sample.At.Hour % 6 == 2)
            ),
            Make(
                "growth, with a month that nobody measured",
                seed,
                day => 0.32 + (0.0038 * day),
                spoil: (samples, _) => samples.Where(sample => (sample.At - RecordedSeries.Start).Days is < 45 or >= 75)
            ),
            Make("growth, with an exporter that starts anew every few days", seed, day => 0.40 + (0.004 * day), spoil: Resets),
        ];

    public static IReadOnlyList<RecordedSeries> Flat(int seed) =>
        [
            Make("even", seed, _ => 0.55),
            Make("even, and a tenth is left", seed, _ => 0.80, noise: 0.02),
            Make("node groups that fill for two weeks and are packed anew", seed, day => 0.45 + (0.012 * (day % 14))),
            Make("node groups that fill for five days and are packed anew", seed, day => 0.50 + (0.03 * (day % 5))),
            Make("two weeks of growth, and no more", seed, day => 0.45 + (0.012 * Math.Clamp(day - 80, 0, 14))),
            Make(
                "back from the holidays",
                seed,
                day =>
                    day is >= 90 and < 111 ? 0.30
                    : day is >= 111 and < 118 ? 0.30 + (0.035 * (day - 111))
                    : 0.58
            ),
            Make("a project of six weeks", seed, day => day is >= 60 and < 102 ? 0.70 : 0.50),
            Make("one great sale", seed, day => day is >= 120 and < 125 ? 0.85 : 0.50),
            Make("a batch on every tenth day", seed, day => day % 10 == 0 ? 0.70 : 0.50),
            Make("a season: up for four months, and down again", seed, day => 0.50 + (0.15 * Math.Sin(2 * Math.PI * day / 240))),
            Make("days that drift", seed, _ => 0.50, noise: 0.10),
            Make("a subnet that got more room", seed, day => day < 100 ? 0.70 : 0.35),
            Make(
                "even, with a month that nobody measured",
                seed,
                _ => 0.55,
                spoil: (samples, _) => samples.Where(sample => (sample.At - RecordedSeries.Start).Days is < 45 or >= 75)
            ),
            Make("even, with an exporter that starts anew every few days", seed, _ => 0.55, spoil: Resets),
        ];

    internal static RecordedSeries Make(
        string name,
        int seed,
        Func<int, double> busiest,
        double weekend = 0.30,
        double noise = 0.04,
        Func<List<Sample>, Random, IEnumerable<Sample>>? spoil = null
    )
    {
        var chance = new Random((name.Length * 7919) ^ (seed * 104_729));
        var size = Sizes[chance.Next(Sizes.Length)];
        var portion = chance.Next(2) == 0 ? 15 : 16;
        var (samples, drift, empty) = (new List<Sample>(), 0.0, (int?)null);
        for (var day = 0; day < Longest && empty is null; day++)
        {
            // Half of what was off yesterday is off today.
            drift = (0.5 * drift) + (noise * ((2 * chance.NextDouble()) - 1));
            var peak = size * busiest(day) * (day % 7 >= 5 ? 1 - weekend : 1) * (1 + drift);
            for (var hour = 0; hour < 24; hour++)
            {
                var local = hour + (day >= SummerTime ? 1 : 0);
                var used = peak * (0.65 + (0.35 * (1 + Math.Cos(2 * Math.PI * (local - 15) / 24)) / 2));
                samples.Add(
                    new(RecordedSeries.Start.AddDays(day).AddHours(hour), Math.Max(0, size - (portion * Math.Ceiling(used / portion))))
                );
            }
            empty = samples.TakeLast(24).Any(sample => sample.Value == 0) ? day : null;
        }
        return new(name, spoil is null ? samples : [.. spoil(samples, chance)], empty) { Recorded = Longest };
    }

    /// <summary>For an hour it says 0, and for the next what it said last.</summary>
    private static IEnumerable<Sample> Resets(List<Sample> samples, Random chance)
    {
        var next = chance.Next(24, 120);
        for (var at = 0; at < samples.Count; at++)
        {
            if (at == next)
            {
                next = at + chance.Next(24, 120);
                yield return samples[at] with
                {
                    Value = 0,
                };
            }
            else
            {
                yield return samples[at];
            }
        }
    }
}
