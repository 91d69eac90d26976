using System.CommandLine;
using System.Text.Json.Nodes;
using Podspace.Cli;
using Podspace.Cli.Output;

namespace Podspace.Tests.Cli;

/// <summary>What every command keeps to: results on standard output in the form that was asked for, all else on standard error.</summary>
[Trait("speed", "slow")]
public sealed class OutputTests
{
    private const string Escape = "\e";

    /// <summary>Leaf commands without <c>-o json</c>, each with the reason.</summary>
    private static readonly IReadOnlyDictionary<string, string> Documents = new Dictionary<string, string>
    {
        ["init"] = "its result is the spec that it writes, and -o names the file",
        ["snapshot"] = "its result is the world that it writes, and -o names the file",
        ["demo"] = "a story for people",
        ["completion"] = "prints a script for a shell",
        ["lab shell"] = "is another program's",
        ["render terraform"] = "prints what other programs read",
        ["render kubernetes"] = "prints what other programs read",
        ["render addon"] = "prints what other programs read",
        ["render map"] = "prints a picture",
        ["render runbook"] = "prints a page for people",
        ["render iam"] = "prints what other programs read",
        ["render rbac"] = "prints what other programs read",
        ["render schema"] = "prints what other programs read",
    };

    /// <summary>Not in every test run: they need root, serve until interrupted, or ask the Internet.</summary>
    private static readonly string[] Elsewhere = ["lab run", "lab down", "twin serve", "news"];

    /// <summary>Each with the state of the world that it needs.</summary>
    private static readonly (string Line, string Before)[] Commands =
    [
        ("plan", "new"),
        ("plan --impact", "new"),
        ("apply --yes", "new"),
        ("apply", "new"),
        ("verify", "new"),
        ("verify", "rolled"),
        ("doctor", "new"),
        ("trace pod/default/web-0 internet", "new"),
        ("capacity", "new"),
        ("capacity --advise", "new"),
        ("grow", "rolled"),
        ("rollout status", "rolled"),
        ("rollout start --yes", "applied"),
        ("rollout start --yes", "new"),
        ("rollout pause", "rolled"),
        ("rollout resume --yes", "rolled"),
        ("rollout back --yes", "rolled"),
        ("destroy --yes", "new"),
        ("destroy --yes", "applied"),
        ("destroy --yes", "rolled"),
        ("forecast --history @history.csv", "new"),
        ("simulate --load @load.yaml", "new"),
        ("explain PS1101", ""),
        ("explain", ""),
        ("version", ""),
    ];

    private static readonly Lazy<Task<IReadOnlyDictionary<string, string>>> Prepared = new(PrepareAsync);

    public static TheoryData<string, string> Lines => [.. Commands.Select(one => (one.Line, one.Before))];

    /// <summary>Without those that are about no overlay.</summary>
    public static TheoryData<string, string> LinesOfOverlays =>
        [.. Commands.Where(one => one.Before.Length > 0).Select(one => (one.Line, one.Before))];

    [Theory]
    [MemberData(nameof(Lines))]
    public async Task With_o_json_there_is_one_document_on_standard_output(string line, string before)
    {
        using var run = await AtAsync(before);

        var (exit, output, error) = await run.RunAsync(Where(line, before, "overlay.yaml") + " -o json");

        Assert.True(JsonNode.Parse(output) is JsonObject { Count: > 1 }, $"{exit}\n{output}\n{error}");
        AssertPlain(output, error);
    }

    [Theory]
    [MemberData(nameof(LinesOfOverlays))]
    public async Task Of_two_overlays_too(string line, string before)
    {
        using var run = await AtAsync(before);
        run.Write("second.yaml", SeveralSpecsTests.Second);

        var (exit, output, error) = await run.RunAsync(Where(line, before, "overlay.yaml") + " -f @second.yaml -o json");

        var list = JsonNode.Parse(output);
        Assert.True($"{list?["kind"]}" == "List", $"{exit}\n{output}\n{error}");
        Assert.Equal(2, list!["items"]!.AsArray().Count);
    }

    [Theory]
    [MemberData(nameof(Lines))]
    public async Task With_q_there_is_one_line_or_where_nothing_came_of_it_none(string line, string before)
    {
        using var run = await AtAsync(before);

        var (exit, output, error) = await run.RunAsync(Where(line, before, "overlay.yaml") + " -q");

        Assert.True(
            output.Count(sign => sign == '\n') == (exit == ExitCode.Error ? 0 : 1),
            $"exit {exit}, on standard output:\n{output}\non standard error:\n{error}"
        );
        AssertPlain(output, error);
    }

    [Fact]
    public async Task Apply_says_its_result_on_standard_output_and_how_it_goes_on_standard_error()
    {
        using var run = new CommandRun();

        var (_, output, error) = await run.HereAsync("apply --yes --stage network");

        Assert.StartsWith("The switch is left (2 steps). ", output, StringComparison.Ordinal);
        Assert.EndsWith("\n  podspace rollout start -f overlay.yaml --twin world.yaml\n", output, StringComparison.Ordinal);
        Assert.Contains("  done     ", error, StringComparison.Ordinal);
        Assert.DoesNotContain("The switch is left", error, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_command_that_says_something_says_it_as_JSON_too()
    {
        using var nowhere = new StringWriter();
        var leaves = Leaves(CommandLine.Root(new(nowhere, nowhere, TextReader.Null, false)), "").ToList();

        foreach (var (name, command) in leaves.Where(leaf => !Documents.ContainsKey(leaf.Name)))
        {
            Assert.True(command.Options.OfType<FormatOption>().Any(format => format.Formats.Contains("json")), $"{name} has no -o json");
            Assert.True(
                Elsewhere.Contains(name) || Commands.Any(one => one.Line.StartsWith(name, StringComparison.Ordinal)),
                $"{name} does not stand in the table above"
            );
        }
        Assert.Empty(Documents.Keys.Except(leaves.Select(leaf => leaf.Name)));
    }

    [Fact]
    public async Task Colour_comes_on_a_terminal_and_where_it_is_asked_for()
    {
        using var run = new CommandRun();
        Terminal At(Terminal pipe, string? noColour) =>
            new(pipe.Document, pipe.Document, TextReader.Null, true) { Variable = name => name == "NO_COLOR" ? noColour : null };

        Assert.DoesNotContain(Escape, (await run.HereAsync("plan")).Output, StringComparison.Ordinal);
        Assert.Contains(Escape, (await run.HereAsync("plan --color always")).Output, StringComparison.Ordinal);
        Assert.Contains(Escape, (await run.RunAsync(Here, pipe => At(pipe, null))).Output, StringComparison.Ordinal);
        Assert.DoesNotContain(Escape, (await run.RunAsync(Here, pipe => At(pipe, "1"))).Output, StringComparison.Ordinal);
        Assert.DoesNotContain(
            Escape,
            (await run.RunAsync($"{Here} --color never", pipe => At(pipe, null))).Output,
            StringComparison.Ordinal
        );
        Assert.DoesNotContain(Escape, (await run.HereAsync("plan -o json --color always")).Output, StringComparison.Ordinal);
    }

    private const string Here = "plan -f @overlay.yaml --twin @world.yaml";

    private static string Where(string line, string before, string file) =>
        before.Length == 0 ? line : $"{line} -f @{file} --twin @world.yaml";

    private static void AssertPlain(string output, string error) => Assert.DoesNotContain(Escape, output + error, StringComparison.Ordinal);

    private static IEnumerable<(string Name, Command Command)> Leaves(Command command, string path) =>
        command.Subcommands.Count == 0
            ? [(path, command)]
            : command.Subcommands.SelectMany(below => Leaves(below, $"{path} {below.Name}".Trim()));

    private static async Task<CommandRun> AtAsync(string state)
    {
        var run = new CommandRun();
        if (state.Length > 0)
        {
            run.Write("world.yaml", (await Prepared.Value)[state]);
        }
        run.Write("history.csv", History());
        run.Write("load.yaml", Load);
        return run;
    }

    private static async Task<IReadOnlyDictionary<string, string>> PrepareAsync()
    {
        using var run = new CommandRun();
        var worlds = new Dictionary<string, string> { ["new"] = run.Read("world.yaml") };
        await run.HereAsync("apply --yes -q");
        worlds["applied"] = run.Read("world.yaml");
        await run.HereAsync("rollout start --yes -q");
        worlds["rolled"] = run.Read("world.yaml");
        return worlds;
    }

    private static string History() =>
        "time,subnet,free,free_prefixes\n"
        + string.Concat(
            Enumerable
                .Range(0, 30)
                .SelectMany(day =>
                    ((string[])["b", "c"]).Select(zone => $"2026-10-{day + 1:00}T00:00:00Z,pods-eu-west-1{zone}-0,{3000 - day},\n")
                )
        );

    private const string Load = """
        apiVersion: podspace.io/v1alpha1
        kind: Load
        seed: 7
        hours: 1
        subnets: [{zone: eu-west-1b, cidr: 100.64.0.0/20}]
        nodes: [{name: workers, type: m5.large, least: 2, most: 4, podsPerNode: 20, by: nodeGroup}]
        workloads:
          - {name: web, pods: 20, lifeMinutes: 600}

        """;
}
