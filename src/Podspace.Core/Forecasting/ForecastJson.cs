using System.Text.Json.Nodes;
using Podspace.Formats;

namespace Podspace.Forecasting;

/// <summary>A forecast for programs.</summary>
public static class ForecastJson
{
    public static string Render(Forecast forecast) =>
        new JsonObject
        {
            ["apiVersion"] = "podspace.io/v1alpha1",
            ["kind"] = "Forecast",
            ["withinDays"] = forecast.Within,
            ["subnets"] = new JsonArray([.. forecast.Subnets.Select(one => Entry(one, forecast.Within))]),
            ["remarks"] = Words(forecast.Remarks),
        }.ToPage();

    private static JsonObject Entry(SubnetForecast one, int within) =>
        new()
        {
            ["subnet"] = one.Subnet,
            ["of"] = one.Stock == Stock.Addresses ? "addresses" : "prefixes",
            ["outlook"] = one.Outlook switch
            {
                Outlook.Full => "full",
                Outlook.Fills => "fills",
                Outlook.NotInSight => "notInSight",
                Outlook.NotEnoughHistory => "notEnoughHistory",
            },
            ["isWarning"] = one.IsWithin(within),
            ["free"] = one.Free,
            ["perDay"] = one.Path.Count == 0 ? null : Math.Round(one.PerDay, 3),
            ["fullOn"] = Date(one.Day),
            ["early"] = Date(one.Early),
            ["late"] = Date(one.Late),
            ["history"] = new JsonObject
            {
                ["from"] = Date(one.From),
                ["to"] = Date(one.Today),
                ["days"] = one.KnownDays,
            },
            ["remarks"] = Words(one.Remarks),
        };

    private static string? Date(DateOnly? day) => day is { } known ? ForecastText.Date(known) : null;

    private static JsonArray Words(IEnumerable<string> words) => new([.. words.Select(word => (JsonNode)word)]);
}
