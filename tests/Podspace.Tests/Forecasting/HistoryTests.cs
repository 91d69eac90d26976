using Podspace.Forecasting;

namespace Podspace.Tests.Forecasting;

public sealed class HistoryTests
{
    [Fact]
    public void Columns_may_stand_in_any_order_and_cells_be_empty()
    {
        var history = HistoryCsv.Read(
            "# by hand\nsubnet,free_prefixes,time,free\nsubnet-0b,60,2026-11-01T10:00:00Z,990\n"
                + "subnet-0b,,1793534400,\nsubnet-0c,,2026-11-01T11:00:00+01:00,12\n",
            out var problem
        )!;

        Assert.Equal("", problem);
        Assert.Equal(
            [
                "subnet-0b FreePrefixes 2026-11-01T10 60",
                "subnet-0b FreeAddresses 2026-11-01T10 990",
                "subnet-0c FreeAddresses 2026-11-01T10 12",
            ],
            history
                .Series.SelectMany(series =>
                    series.Samples.Select(sample =>
                        $"{series.Subnet} {series.Measure} {sample.At.UtcDateTime:yyyy-MM-ddTHH} {sample.Value}"
                    )
                )
                .OrderDescending()
                .OrderBy(line => line[..9])
        );
        Assert.Empty(history.Remarks);
    }

    [Fact]
    public void Times_without_a_zone_are_taken_for_UTC_and_that_is_said()
    {
        var history = HistoryCsv.Read(
            "time,subnet,free\n2026-11-01 10:00,b,990\n2026-11-01T11:00:00-03:00,b,990\n2026-11-02,b,990\n",
            out _
        )!;

        Assert.Equal([10, 14, 0], history.Series[0].Samples.Select(sample => sample.At.UtcDateTime.Hour));
        Assert.StartsWith("2 times name no zone", Assert.Single(history.Remarks), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "it is empty")]
    [InlineData("a,b\n", "does not name the columns")]
    [InlineData("time,subnet,free\n2026-11-01,b\n", "line 2 has 2 cells")]
    [InlineData("time,subnet,free\n20261101,b,1\n", "\"20261101\" is no time")]
    [InlineData("time,subnet,free\nyesterday,b,1\n", "\"yesterday\" is no time")]
    [InlineData("time,subnet,free\n2026-11-01,b,many\n", "\"many\" is no number")]
    public void A_file_that_is_no_history_is_told_with_its_line(string text, string words)
    {
        Assert.Null(HistoryCsv.Read(text, out var problem));
        Assert.Contains(words, problem, StringComparison.Ordinal);
    }

    [Fact]
    public void A_saved_answer_of_Prometheus_tells_its_measures_by_their_names()
    {
        var history = PrometheusAnswer.Read(
            """
            {
              "status": "success",
              "data": {
                "resultType": "matrix",
                "result": [
                  {
                    "metric": {
                      "__name__": "podspace_subnet_free_addresses",
                      "subnet": "subnet-0b",
                      "job": "podspace"
                    },
                    "values": [[1793534400, "990"], [1793538000.5, "NaN"]]
                  },
                  {
                    "metric": {"__name__": "podspace_subnet_free_prefixes", "subnet": "subnet-0b"},
                    "values": [[1793534400, "60"]]
                  },
                  {"metric": {"subnet": "subnet-0c"}, "values": [[1793534400, "12"]]}
                ]
              }
            }
            """,
            PrometheusAnswer.DefaultLabel,
            null,
            out var problem
        )!;

        Assert.Equal("", problem);
        Assert.Equal(
            [("subnet-0b", Measure.FreeAddresses, 2), ("subnet-0b", Measure.FreePrefixes, 1), ("subnet-0c", Measure.FreeAddresses, 1)],
            history.Series.Select(series => (series.Subnet, series.Measure, series.Samples.Count))
        );
    }

    [Theory]
    [InlineData("{}", "no answer of a range query")]
    [InlineData("[]", "no answer of a range query")]
    [InlineData("{\"status\":\"success\",\"data\":{\"resultType\":\"vector\",\"result\":[]}}", "not /api/v1/query")]
    [InlineData(
        "{\"status\":\"error\",\"errorType\":\"bad_data\",\"error\":\"exceeded maximum resolution\"}",
        "bad_data: exceeded maximum resolution"
    )]
    [InlineData(
        "{\"status\":\"success\",\"data\":{\"resultType\":\"matrix\",\"result\":[{\"metric\":{\"zone\":\"b\"},\"values\":[]}]}}",
        "it has zone. Name the right one with --label"
    )]
    [InlineData(
        "{\"status\":\"success\",\"data\":{\"resultType\":\"matrix\",\"result\":[{\"metric\":{\"subnet\":\"b\"},\"values\":[[\"x\",1]]}]}}",
        "not the JSON of a range query"
    )]
    [InlineData("{", "not the JSON")]
    public void What_is_no_such_answer_is_told(string text, string words)
    {
        Assert.Null(PrometheusAnswer.Read(text, PrometheusAnswer.DefaultLabel, null, out var problem));
        Assert.Contains(words, problem, StringComparison.Ordinal);
    }
}
