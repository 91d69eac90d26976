using System.Text.Json.Nodes;
using Podspace.Cli;

namespace Podspace.Tests.Written010;

/// <summary>A spec that was written for 0.1.0 asks for the same today.</summary>
public sealed class WrittenSpecTests
{
    public static TheoryData<string> Meant => [.. Written.Names("meant", "*.json").Where(name => File.Exists(SpecFile(name)))];

    public static TheoryData<string> Applied => [.. Written.Names("meant", "*.world.yaml")];

    [Theory]
    [MemberData(nameof(Meant))]
    public async Task A_spec_plans_the_same_steps(string spec)
    {
        using var run = Written.Run(spec, Written.StartOf(spec));

        var (exit, output, error) = await run.HereAsync("plan -o json");

        Assert.True(exit == ExitCode.Fine, error);
        Assert.Equal(Steps(Written.Text($"meant/{spec}.json")), Steps(output));
    }

    [Theory]
    [MemberData(nameof(Meant))]
    public async Task A_spec_has_the_same_findings_at_the_same_places(string spec)
    {
        using var run = Written.Run(spec, Written.StartOf(spec));

        var output = (await run.HereAsync("plan -o json")).Output;

        Assert.Equal(Findings(Written.Text($"meant/{spec}.json")), Findings(output));
    }

    [Theory]
    [MemberData(nameof(Applied))]
    public async Task A_spec_makes_the_same_network(string spec)
    {
        using var run = Written.Run(spec, Written.StartOf(spec));

        var (exit, _, error) = await run.HereAsync("apply --yes");

        Assert.True(exit == ExitCode.Fine, error);
        Written.Agree(Written.Text($"meant/{spec}.world.yaml"), run.Read("world.yaml"));
    }

    [Theory] // 0.1.0 took these keys and kept to neither
    [InlineData("refused-window", "overlay.yaml(11,13): error PS0118: ", "'window'", "Leave the key out")]
    [InlineData("refused-two-at-a-time", "overlay.yaml(10,29): error PS0118: ", "'maxUnavailable' is 2", "Leave the key out")]
    public async Task A_setting_that_nothing_carries_out_is_refused_by_its_place_and_says_what_to_write(
        string spec,
        string place,
        string what,
        string instead
    )
    {
        using var run = Written.Run(spec, Written.StartOf(spec));

        var (exit, _, error) = await run.HereAsync("plan");

        Assert.Equal(ExitCode.Error, exit);
        Assert.StartsWith(place, error, StringComparison.Ordinal);
        Assert.Contains(what, error, StringComparison.Ordinal);
        Assert.Contains(instead, error, StringComparison.Ordinal);
    }

    private static string SpecFile(string name) => Path.Combine(Written.Folder, "specs", $"{name}.yaml");

    private static string Steps(string plan) =>
        string.Join(
            '\n',
            from step in JsonNode.Parse(plan)!["steps"]!.AsArray()
            let after = string.Join(", ", step["after"]!.AsArray().Select(id => $"{id}").Order(StringComparer.Ordinal))
            let line = $"{step["stage"]}: {step["id"]} by {step["owner"]}, disturbs {step["disruption"]}, after {after}"
            orderby line
            select line
        );

    private static string Findings(string plan) =>
        string.Join(
            '\n',
            from finding in JsonNode.Parse(plan)!["findings"]!.AsArray()
            let line = $"{finding["severity"]} {finding["code"]} {finding["object"]} {finding["place"]?["path"]}"
            orderby line
            select line
        );
}
