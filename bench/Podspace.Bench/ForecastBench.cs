using System.Globalization;
using Podspace.Forecasting;
using Podspace.Tests.Forecasting;

namespace Podspace.Bench;

/// <summary>Hits and false alarms: a forecast made on the evening of every day of every
/// recorded series, as a job that runs daily makes it.</summary>
internal static class ForecastBench
{
    private const int Seeds = 4;
    private const int FirstDay = 20;
    private const int Notice = 14;
    private const int FarAhead = 28;

    /// <summary>Other than any seed that tests use.</summary>
    private const int HarderSeed = 101;
    private const int HeldOutSeed = 201;

    public static IEnumerable<string> Run() =>
        [
            .. Rows("forecast", 1, RecordedSeries.Filling, RecordedSeries.Flat),
            .. Rows("forecast, harder series", HarderSeed, HarderSeries.Filling, HarderSeries.Flat),
            .. Rows("forecast, held-out series", HeldOutSeed, HeldOutSeries.Filling, HeldOutSeries.Flat),
        ];

    private static IEnumerable<string> Rows(
        string what,
        int seed,
        Func<int, IEnumerable<RecordedSeries>> fillingOf,
        Func<int, IEnumerable<RecordedSeries>> flatOf
    )
    {
        var filling = Enumerable.Range(seed, Seeds).SelectMany(fillingOf).ToList();
        var flat = Enumerable.Range(seed, Seeds).SelectMany(flatOf).ToList();
        if (filling.Find(series => series.Empty is null) is { } never)
        {
            throw new InvalidOperationException($"\"{never.Name}\" was to fill, and never does.");
        }
        if (flat.Find(series => series.Empty is not null) is { } full)
        {
            throw new InvalidOperationException($"\"{full.Name}\" was never to fill, and does.");
        }
        var leads = filling
            .AsParallel()
            .AsOrdered()
            .Select(series =>
                (series.Name, Lead: series.Empty!.Value - Warned(series, series.Empty.Value).DefaultIfEmpty(series.Empty.Value).First())
            )
            .ToList();
        var alarms = flat.AsParallel().AsOrdered().Select(series => (series.Name, Days: Warned(series, series.Days).Count())).ToList();
        var held = filling
            .AsParallel()
            .Count(series =>
                Of(series, series.Empty!.Value - FarAhead) is { Outlook: Outlook.Fills } one
                && Within(one, RecordedSeries.Day(series.Empty.Value))
            );
        foreach (
            var miss in leads
                .Where(one => one.Lead < Notice)
                .Select(one => $"missed: {one.Name}, warned {one.Lead} days before")
                .Concat(alarms.Where(one => one.Days > 0).Select(one => $"false alarm: {one.Name}, on {one.Days} days"))
        )
        {
            Console.Error.WriteLine(miss);
        }
        var sorted = leads.Select(one => one.Lead).Order().ToList();
        yield return Figures.Row(
            $"{what}: series that fill, warned {Notice} days before or earlier",
            $"{leads.Count(one => one.Lead >= Notice)} of {leads.Count}; "
                + $"first warning {sorted[0]} to {sorted[^1]} days before, half of them at {sorted[sorted.Count / 2]}",
            "",
            $"≥ {Notice} days before"
        );
        yield return Figures.Row(
            "… series that never fill, warned of on any day",
            $"{alarms.Count(one => one.Days > 0)} of {alarms.Count} ({alarms.Sum(one => one.Days)} "
                + $"of {flat.Sum(series => series.Days - FirstDay):N0} evenings)",
            "",
            "none"
        );
        yield return Figures.Row(
            $"… the day on which it was full, {FarAhead} days before within the band",
            string.Create(CultureInfo.InvariantCulture, $"{held * 100 / filling.Count} % of {filling.Count}"),
            "",
            ""
        );
    }

    private static IEnumerable<int> Warned(RecordedSeries series, int end) =>
        Enumerable.Range(FirstDay, Math.Max(0, end - FirstDay)).Where(day => Of(series, day).IsWithin(Forecast.UsualWithin));

    private static bool Within(SubnetForecast one, DateOnly day) => one.Early <= day && (one.Late is null || day <= one.Late);

    private static SubnetForecast Of(RecordedSeries series, int day) =>
        Forecast
            .From(new([new(series.Name, Measure.FreeAddresses, series.Until(day))], []), Forecast.UsualWithin, countsPrefixes: true)
            .Subnets[0];
}
