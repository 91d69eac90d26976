using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Podspace.Forecasting;

/// <summary>What Prometheus answers to <c>/api/v1/query_range</c>, fresh or saved. Source:
/// Prometheus docs, "HTTP API", range queries.</summary>
public static class PrometheusAnswer
{
    public const string DefaultLabel = "subnet";

    /// <summary>The names under which Podspace itself writes them.</summary>
    public static readonly IReadOnlyDictionary<Measure, string> Names = new Dictionary<Measure, string>
    {
        [Measure.FreeAddresses] = "podspace_subnet_free_addresses",
        [Measure.FreePrefixes] = "podspace_subnet_free_prefixes",
        [Measure.FreeReserved] = "podspace_subnet_free_reserved_addresses",
    };

    /// <param name="label">Names the subnet.</param>
    /// <param name="asked">What the query measured; null: what the series' own name says, and free addresses where it has none.</param>
    /// <param name="problem">Why it is no such answer; empty otherwise.</param>
    public static History? Read(string text, string label, Measure? asked, out string problem)
    {
        problem = "";
        try
        {
            var root = JsonNode.Parse(text) as JsonObject;
            if (root?["status"]?.GetValue<string>() == "error")
            {
                problem = $"Prometheus says {root["errorType"]?.GetValue<string>()}: {root["error"]?.GetValue<string>()}";
                return null;
            }
            if (root?["data"]?["result"] is not JsonArray results || root["data"]!["resultType"]?.GetValue<string>() != "matrix")
            {
                problem = "it is no answer of a range query (data.resultType \"matrix\"): ask /api/v1/query_range, not /api/v1/query";
                return null;
            }
            return Series(results.OfType<JsonObject>(), label, asked, out problem);
        }
        catch (Exception wrong) when (wrong is JsonException or InvalidOperationException or FormatException)
        {
            problem = $"it is not the JSON of a range query: {wrong.Message}";
            return null;
        }
    }

    private static History? Series(IEnumerable<JsonObject> results, string label, Measure? asked, out string problem)
    {
        problem = "";
        var series = new List<MeasuredSeries>();
        foreach (var result in results)
        {
            var labels = result["metric"] as JsonObject ?? [];
            if (labels[label]?.GetValue<string>() is not { } subnet)
            {
                problem =
                    $"a series has no label \"{label}\" that names its subnet; "
                    + $"it has {string.Join(", ", labels.Select(one => one.Key).Order(StringComparer.Ordinal))}. "
                    + $"Name the right one with --label";
                return null;
            }
            series.Add(
                new(subnet, asked ?? MeasureOf(labels["__name__"]?.GetValue<string>()), Samples(result["values"] as JsonArray ?? []))
            );
        }
        return History.Nothing.With(new(series, []));
    }

    private static Measure MeasureOf(string? name) =>
        Names.Where(one => one.Value == name).Select(one => (Measure?)one.Key).FirstOrDefault() ?? Measure.FreeAddresses;

    // A value may be NaN or +Inf; whoever cleans the series drops and counts those.
    private static List<Sample> Samples(JsonArray values) =>
        values
            .OfType<JsonArray>()
            .Select(pair => (At: HistoryCsv.FromUnix(pair[0]!.GetValue<double>()), Value: Number(pair[1]!.GetValue<string>())))
            .Where(pair => pair.At is not null)
            .Select(pair => new Sample(pair.At!.Value, pair.Value))
            .ToList();

    private static double Number(string text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number : double.NaN;
}
