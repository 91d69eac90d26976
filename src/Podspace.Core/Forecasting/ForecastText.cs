using System.Globalization;
using System.Text;
using Podspace.Capacity;

namespace Podspace.Forecasting;

/// <summary>A forecast for people.</summary>
public static class ForecastText
{
    public static string Render(Forecast forecast)
    {
        var text = new StringBuilder();
        if (forecast.Subnets.IsEmpty)
        {
            text.AppendLine("The history holds no subnet.");
        }
        else
        {
            CapacityText.Table(
                text,
                ["subnet", "of", "free", "a day", "full on", "likely between", "from"],
                forecast.Subnets.Select(one =>
                    new[]
                    {
                        one.Subnet,
                        Of(one.Stock),
                        Number(one.Free),
                        one.Path.Count == 0 ? "" : Change(one.PerDay),
                        When(one),
                        Band(one),
                        $"{one.KnownDays} days to {Date(one.Today)}",
                    }
                ),
                "llrrlll"
            );
            Warning(text, forecast);
        }
        Remarks(text, forecast);
        return text.ToString();
    }

    internal static string Of(Stock stock) => stock == Stock.Addresses ? "addresses" : "/28 blocks";

    internal static string Date(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    private static void Warning(StringBuilder text, Forecast forecast)
    {
        if (forecast.Warned.FirstOrDefault() is not { } first)
        {
            return;
        }
        var others = forecast.Warned.Select(one => one.Subnet).Distinct().Count(name => name != first.Subnet);
        text.AppendLine()
            .AppendLine(
                CultureInfo.InvariantCulture,
                $"{first.Subnet} {Fate(first)}{(others == 0 ? "" : $", {others} more within {forecast.Within} days")}: "
                    + $"its zone's new pods then wait for an address. Add a subnet:"
            );
        text.AppendLine("  podspace grow");
    }

    private static string Fate(SubnetForecast one)
    {
        if (one.Outlook == Outlook.Full)
        {
            return "is full";
        }
        var last = one.Stock == Stock.Addresses ? "address" : "whole /28 block";
        var when = one.Day is { } day ? $"{day.DayNumber - one.Today.DayNumber} days after {Date(one.Today)}" : "soon";
        return $"has no {last} left {when}";
    }

    private static void Remarks(StringBuilder text, Forecast forecast)
    {
        var remarks = forecast
            .Remarks.Concat(forecast.Subnets.SelectMany(one => one.Remarks.Select(remark => $"{one.Subnet}, {Of(one.Stock)}: {remark}")))
            .ToList();
        if (remarks.Count == 0)
        {
            return;
        }
        text.AppendLine();
        remarks.ForEach(remark => text.AppendLine(remark));
    }

    private static string When(SubnetForecast one) =>
        one.Outlook switch
        {
            Outlook.Full => "full now",
            Outlook.Fills => $"{Date(one.Day!.Value)}, in {one.Day.Value.DayNumber - one.Today.DayNumber} days",
            Outlook.NotInSight => "not within a year",
            Outlook.NotEnoughHistory => $"not enough history: three whole weeks tell growth from the week's rhythm",
        };

    private static string Band(SubnetForecast one)
    {
        if (one.Outlook is Outlook.Full or Outlook.NotEnoughHistory || one.Early is not { } early)
        {
            return "";
        }
        return $"{Date(early)} and {(one.Late is { } late ? Date(late) : "more than a year")}";
    }

    private static string Change(double perDay) =>
        Math.Abs(perDay) switch
        {
            < 0.05 => "0",
            < 10 => perDay.ToString("+0.0;-0.0", CultureInfo.InvariantCulture),
            _ => perDay.ToString("+#,0;-#,0", CultureInfo.InvariantCulture),
        };

    private static string Number(double value) => value.ToString("N0", CultureInfo.InvariantCulture);
}
