using Podspace.Formats;

namespace Podspace.Forecasting;

/// <summary>A chart a subnet: what was free in the worst hour of each day, and where the
/// trend leads. Day 0 is the last one known.</summary>
public static class ForecastPlot
{
    private const int LeastAhead = 30;

    public static string Render(Forecast forecast) =>
        Plot.Render(
            forecast
                .Subnets.Select(one =>
                    ($"{one.Subnet}: free {ForecastText.Of(one.Stock)}, least of each day", (IReadOnlyList<PlotLine>)Lines(one))
                )
                .ToList(),
            "d"
        );

    private static List<PlotLine> Lines(SubnetForecast one)
    {
        var start = one.Lows.Count - 1;
        var lines = new List<PlotLine>
        {
            new("seen", one.Lows.Select((low, day) => ((double)day - start, low)).Where(point => !double.IsNaN(point.low)).ToList()),
        };
        if (one.Path.Count > 0)
        {
            var ahead = Math.Min(
                one.Path.Count - 1,
                one.Outlook == Outlook.Fills ? Math.Max(LeastAhead, Ahead(one, one.Late ?? one.Day)) : LeastAhead * 2
            );
            lines.Add(new("trend", one.Path.Take(ahead + 1).Select((level, day) => ((double)day, level)).ToList()));
            lines.AddRange(Bounds(one));
        }
        return lines;
    }

    private static IEnumerable<PlotLine> Bounds(SubnetForecast one)
    {
        foreach (var (name, day) in ((string, DateOnly?)[])[("early", one.Early), ("late", one.Late)])
        {
            if (day is not null)
            {
                yield return new(name, [(0, one.Path[0]), (Ahead(one, day), 0)], IsBand: true);
            }
        }
    }

    private static int Ahead(SubnetForecast one, DateOnly? day) => day is { } known ? known.DayNumber - one.Today.DayNumber : 0;
}
