using Podspace.Forecasting;

namespace Podspace.Tests.Forecasting;

/// <summary>Free addresses of a subnet hour by hour, as clusters record them: a working day's peak,
/// quiet weekends, noise; and what goes wrong while recording.</summary>
/// <param name="Empty">The day, from the start, on which the worst hour first finds nothing free; null: never.</param>
internal sealed record RecordedSeries(string Name, IReadOnlyList<Sample> Samples, int? Empty)
{
    public static readonly DateTimeOffset Start = new(2026, 3, 2, 0, 0, 0, TimeSpan.Zero);

    private const int Size = 4091;
    private const int Longest = 260;

    /// <summary>Those of which it is known when they are full.</summary>
    public static IReadOnlyList<RecordedSeries> Filling(int seed) =>
        [
            Make("steady growth", seed, day => 1200 + (18 * day)),
            Make("slow growth", seed, day => 1500 + (10 * day)),
            Make("quick growth", seed, day => 600 + (40 * day)),
            Make("growth by a half every three months", seed, day => 1500 * Math.Pow(1.5, day / 90.0)),
            Make("growth that begins after two months", seed, day => 1600 + (25 * Math.Max(0, day - 60))),
            Make("growth that doubles its pace", seed, day => 1000 + (9 * day) + (14 * Math.Max(0, day - 70))),
            Make("a team moves in every two weeks", seed, day => 900 + (260 * (day / 14))),
            Make("one migration, then growth", seed, day => 800 + (15 * day) + (day >= 40 ? 700 : 0)),
            Make("growth with a heavy week's rhythm", seed, day => 1200 + (16 * day), rhythm: 0.5),
            Make("noisy growth", seed, day => 1200 + (18 * day), noise: 0.12),
            Make("growth recorded with holes", seed, day => 1200 + (18 * day), spoil: Holes),
            Make("growth recorded by an exporter that restarts", seed, day => 1200 + (18 * day), spoil: Restarts),
            Make("growth recorded by a clock that jumps", seed, day => 1200 + (18 * day), spoil: Jumps),
        ];

    /// <summary>Those that never fill.</summary>
    public static IReadOnlyList<RecordedSeries> Flat(int seed) =>
        [
            Make("flat", seed, _ => 2000),
            Make("flat and nearly full", seed, _ => 3100),
            Make("flat with a heavy week's rhythm", seed, _ => 2400, rhythm: 0.6),
            Make("flat and noisy", seed, _ => 2000, noise: 0.15),
            Make("one migration", seed, day => day >= 60 ? 2600 : 1800),
            Make("a batch at every month's end", seed, day => day % 30 >= 28 ? 2600 : 1800),
            Make("a holiday of two weeks", seed, day => day is >= 70 and < 84 ? 1100 : 2000),
            Make("a load that shrinks", seed, day => 3200 - (8 * day)),
            Make("growth so slow that it takes years", seed, day => 1500 + (0.4 * day)),
            Make("growth that ended", seed, day => 1200 + (20 * Math.Min(day, 60))),
            Make("nothing runs", seed, _ => 0, noise: 0),
            Make("flat, recorded by an exporter that restarts", seed, _ => 2000, spoil: Restarts),
            Make("flat, recorded with holes", seed, _ => 2000, spoil: Holes),
        ];

    /// <summary>For how long it was recorded.</summary>
    public int Days => Empty ?? Recorded;

    /// <summary>In days, had it never been full.</summary>
    public int Recorded { get; init; } = Longest;

    public static DateOnly Day(int day) => DateOnly.FromDateTime(Start.UtcDateTime).AddDays(day);

    /// <summary>What was known by the end of a day.</summary>
    public IReadOnlyList<Sample> Until(int day) => [.. Samples.Where(sample => sample.At < Start.AddDays(day + 1))];

    private static RecordedSeries Make(
        string name,
        int seed,
        Func<int, double> busiest,
        double rhythm = 0.25,
        double noise = 0.03,
        Func<List<Sample>, Random, IEnumerable<Sample>>? spoil = null
    )
    {
        var chance = new Random(HashCode(name) ^ seed);
        var samples = new List<Sample>();
        int? empty = null;
        for (var day = 0; day < Longest && empty is null; day++)
        {
            var peak = busiest(day) * (day % 7 >= 5 ? 1 - rhythm : 1) * (1 + (noise * ((2 * chance.NextDouble()) - 1)));
            for (var hour = 0; hour < 24; hour++)
            {
                var used = peak * (0.7 + (0.3 * (1 + Math.Cos(2 * Math.PI * (hour - 14) / 24)) / 2));
                samples.Add(new(Start.AddDays(day).AddHours(hour), Math.Max(0, Math.Round(Size - used))));
            }
            empty = peak >= Size ? day : null;
        }
        return new(name, spoil is null ? samples : [.. spoil(samples, chance)], empty);
    }

    private static IEnumerable<Sample> Holes(List<Sample> samples, Random chance)
    {
        // Every third week a day or two are missing, and once ten days.
        var gone = Enumerable
            .Range(0, Longest / 21)
            .SelectMany(week => Enumerable.Range((week * 21) + chance.Next(19), 1 + chance.Next(2)))
            .Concat(Enumerable.Range(30, 10))
            .ToHashSet();
        return samples.Where(sample => !gone.Contains((sample.At - Start).Days));
    }

    private static IEnumerable<Sample> Restarts(List<Sample> samples, Random chance)
    {
        var until = 0;
        for (var at = 0; at < samples.Count; at++)
        {
            until = chance.Next(150) == 0 ? at + 1 + chance.Next(2) : until;
            yield return at < until ? samples[at] with { Value = 0 } : samples[at];
        }
    }

    private static IEnumerable<Sample> Jumps(List<Sample> samples, Random chance)
    {
        for (var at = 0; at < samples.Count; at++)
        {
            yield return at == 200 ? samples[at] with { At = DateTimeOffset.UnixEpoch }
            : chance.Next(100) == 0 ? samples[at] with { At = samples[at].At.AddHours(-1) }
            : samples[at];
        }
    }

    // string.GetHashCode is another one in every process.
    private static int HashCode(string text) => text.Aggregate(17, (code, letter) => (code * 31) + letter);
}
