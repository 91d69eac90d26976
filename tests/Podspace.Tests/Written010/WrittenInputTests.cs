using System.Text.Json.Nodes;
using Podspace.Cli;
using Podspace.Tests.Cli;

namespace Podspace.Tests.Written010;

/// <summary>Files that 0.1.0 read, and its memory of the news.</summary>
public sealed class WrittenInputTests
{
    public static TheoryData<string> Faults => [.. Written.Names("faults", "*.yaml")];

    public static TheoryData<string> Snapshots => [.. Written.Names("snapshots", "*.yaml")];

    [Theory]
    [InlineData("history.csv", "forecast-history")]
    [InlineData("prometheus.json", "forecast-prometheus")]
    public async Task Measurements_come_to_the_same_forecast(string history, string meant)
    {
        using var run = new CommandRun();
        run.Write(history, Written.Text($"histories/{history}"));

        var (exit, output, error) = await run.RunAsync($"forecast --history @{history} -o json");

        Assert.True(exit == ExitCode.Fine || exit == ExitCode.Something, error);
        AgreeAsJson(Written.Text($"meant/{meant}.json"), output);
    }

    [Fact]
    public async Task A_load_takes_the_same_course()
    {
        using var run = new CommandRun();
        run.Write("load.yaml", Written.Text("loads/day.yaml"));

        var (exit, output, error) = await run.RunAsync("simulate --load @load.yaml -o json");

        Assert.True(exit == ExitCode.Fine || exit == ExitCode.Something, error);
        AgreeAsJson(Written.Text("meant/simulate-day.json"), output);
    }

    [Theory]
    [MemberData(nameof(Faults))]
    public async Task A_faults_file_is_taken(string faults)
    {
        using var run = Written.Run("crowded-vpc", "starts/crowded-vpc");
        run.Write("faults.yaml", Written.Text($"faults/{faults}.yaml"));

        var (_, output, error) = await run.HereAsync("plan -o json --faults @faults.yaml");

        Assert.True(output.Length > 0, error);
        Assert.DoesNotContain("faults.yaml(", error, StringComparison.Ordinal);
    }

    [Theory] // on a copy the same plan comes out as on the original
    [MemberData(nameof(Snapshots))]
    public async Task A_copy_plans_as_its_original(string snapshot)
    {
        var (example, state) = snapshot == "auto-mode" ? ("auto-mode", "rolled") : ("crowded-vpc", "applied");
        using var copy = Written.Run(example, $"snapshots/{snapshot}");
        using var original = Written.Run(example, $"worlds/{example}/{state}");

        var (exit, output, error) = await copy.HereAsync("plan -o json");

        Assert.True(exit == ExitCode.Fine, error);
        var expected = JsonNode.Parse((await original.HereAsync("plan -o json")).Output)!["steps"];
        Assert.Equal($"{expected}", $"{JsonNode.Parse(output)!["steps"]}");
    }

    [Fact]
    public async Task News_that_were_shown_are_not_shown_again()
    {
        using var run = new CommandRun();
        run.Write("feed.xml", Written.Text("feeds/feed.xml"));
        run.Write(
            "news.json",
            Written.Text("feeds/news.json").Replace("\"feed.xml\"", $"\"{run.At("feed.xml")}\"", StringComparison.Ordinal)
        );

        var again = await run.RunAsync("news --feed @feed.xml --memory @news.json");
        var anew = await run.RunAsync("news --feed @feed.xml --memory @other.json");

        Assert.Equal((ExitCode.Fine, ExitCode.Something), (again.Exit, anew.Exit));
    }

    private static void AgreeAsJson(string expected, string actual) =>
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(expected), JsonNode.Parse(actual)), actual);
}
