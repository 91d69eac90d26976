using Podspace.Forecasting;

namespace Podspace.Tests.Forecasting;

/// <summary>Series on which nothing in the forecast was ever tuned. Written before
/// <see cref="HarderSeries"/> were tuned on, and looked at once, afterwards.</summary>
/// <remarks>Whoever tunes on these has to write new ones.</remarks>
internal static class HeldOutSeries
{
    public static IReadOnlyList<RecordedSeries> Filling(int seed) =>
        [
            HarderSeries.Make("growth on a month's waves", seed, day => 0.40 + (0.0035 * day) + (0.03 * Math.Sin(2 * Math.PI * day / 30))),
            HarderSeries.Make("a node group more every Monday", seed, day => 0.38 + (0.028 * (day / 7))),
            HarderSeries.Make("growth that slows down and still fills", seed, day => 0.30 + (0.052 * Math.Sqrt(day))),
            HarderSeries.Make(
                "growth, a great clean-up, and growth again",
                seed,
                day => day < 40 ? 0.55 + (0.002 * day) : 0.40 + (0.0042 * (day - 40))
            ),
            HarderSeries.Make("growth with a sale on the way", seed, day => 0.40 + (0.0036 * day) + (day is >= 45 and < 50 ? 0.12 : 0)),
            HarderSeries.Make("growth, and days that drift", seed, day => 0.40 + (0.004 * day), noise: 0.08),
            HarderSeries.Make("growth, and weekends like any day", seed, day => 0.40 + (0.004 * day), weekend: 0),
            HarderSeries.Make("three even months, then a product that sells", seed, day => 0.45 + (0.007 * Math.Max(0, day - 90))),
            HarderSeries.Make(
                "growth, measured on every third day",
                seed,
                day => 0.40 + (0.004 * day),
                spoil: (samples, _) => samples.Where(sample => (sample.At - RecordedSeries.Start).Days % 3 == 0)
            ),
            HarderSeries.Make("a fifth more every month", seed, day => 0.35 * Math.Pow(1.2, day / 30.0)),
            HarderSeries.Make(
                "two teams, one after the other",
                seed,
                day => 0.30 + (0.003 * Math.Min(day, 60)) + (0.0045 * Math.Max(0, day - 90))
            ),
            HarderSeries.Make("growth, and a probe that sticks", seed, day => 0.40 + (0.004 * day), spoil: Sticks),
        ];

    public static IReadOnlyList<RecordedSeries> Flat(int seed) =>
        [
            HarderSeries.Make("even, and weekends like any day", seed, _ => 0.60, weekend: 0),
            HarderSeries.Make("a clean-up", seed, day => day < 80 ? 0.80 : 0.50),
            HarderSeries.Make("a test cluster that is thrown away every month", seed, day => 0.40 + (0.006 * (day % 30))),
            HarderSeries.Make("growth that slows down to nothing", seed, day => 0.40 + (0.30 * (1 - Math.Exp(-day / 40.0)))),
            HarderSeries.Make("long weekends", seed, day => day % 30 < 3 ? 0.35 : 0.55),
            HarderSeries.Make("a fortnight of load tests", seed, day => day is >= 100 and < 114 ? 0.75 : 0.45),
            HarderSeries.Make("two black weeks", seed, day => day is (>= 60 and < 67) or (>= 130 and < 137) ? 0.80 : 0.50),
            HarderSeries.Make(
                "a quiet summer",
                seed,
                day => 0.60 - (0.0125 * Math.Clamp(day - 60, 0, 20)) + (0.0125 * Math.Clamp(day - 130, 0, 20))
            ),
            HarderSeries.Make("a migration away, a little every day", seed, day => 0.70 - (0.01 * Math.Clamp(day - 90, 0, 30))),
            HarderSeries.Make("a quarter left, and days that drift", seed, _ => 0.70, noise: 0.06),
            HarderSeries.Make(
                "even, measured on working days alone",
                seed,
                _ => 0.60,
                spoil: (samples, _) => samples.Where(sample => sample.At.DayOfWeek is not (DayOfWeek.Saturday or DayOfWeek.Sunday))
            ),
            HarderSeries.Make("even, and a probe that sticks", seed, _ => 0.60, spoil: Sticks),
            HarderSeries.Make("Mondays busier than the rest", seed, day => day % 7 == 0 ? 0.70 : 0.50),
            HarderSeries.Make(
                "up, up, down and up, two months each",
                seed,
                day =>
                    day < 60 ? 0.40
                    : day < 120 ? 0.55
                    : day < 180 ? 0.50
                    : 0.62
            ),
        ];

    /// <summary>For a day or two it says again and again what it said last.</summary>
    private static IEnumerable<Sample> Sticks(List<Sample> samples, Random chance)
    {
        var (until, held) = (0, 0.0);
        for (var at = 0; at < samples.Count; at++)
        {
            if (at >= until && chance.Next(300) == 0)
            {
                (until, held) = (at + chance.Next(24, 60), samples[at].Value);
            }
            yield return at < until ? samples[at] with { Value = held } : samples[at];
        }
    }
}
