using System.Text.Json.Nodes;
using Podspace.Cli;
using Podspace.Findings;

namespace Podspace.Tests.Cli;

public sealed class ExplainCommandTests
{
    [Fact]
    public async Task A_finding_is_explained_on_the_terminal()
    {
        using var run = new CommandRun();
        var (exit, output, error) = await run.RunAsync("explain PS1101");

        Assert.Equal((ExitCode.Fine, ""), (exit, error));
        Golden.Matches(output, "Cli/explain.golden");
    }

    [Theory]
    [InlineData("explain ps3101")]
    [InlineData("explain 3101")]
    public async Task A_code_is_understood_as_it_is_typed(string line)
    {
        using var run = new CommandRun();
        var (exit, output, _) = await run.RunAsync(line);

        Assert.Equal(ExitCode.Fine, exit);
        Assert.StartsWith("PS3101  A zone without an ENIConfig\nError or warning, stage admit.\n", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_code_that_is_not_there_leads_to_the_nearest()
    {
        using var run = new CommandRun();
        var (exit, output, error) = await run.RunAsync("explain PS1191");

        Assert.Equal((ExitCode.Error, ""), (exit, output));
        Assert.Contains(
            "there is no finding PS1191. The nearest are:\n  PS1111  The block is on its way out",
            error,
            StringComparison.Ordinal
        );
        Assert.Contains("\n  podspace explain\n", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_a_code_all_are_listed()
    {
        using var run = new CommandRun();
        var (exit, output, _) = await run.RunAsync("explain");

        Assert.Equal(ExitCode.Fine, exit);
        Assert.Equal(Catalogue.All.Count, output.Split('\n')[..^1].Length);
    }

    [Fact]
    public async Task Programs_get_several_at_once()
    {
        using var run = new CommandRun();
        var (exit, output, _) = await run.RunAsync("explain PS1101 PS3101 PS1101 -o json");

        Assert.Equal(ExitCode.Fine, exit);
        var findings = JsonNode.Parse(output)!["findings"]!.AsArray();
        Assert.Equal(["PS1101", "PS3101"], findings.Select(finding => (string)finding!["code"]!));
        Assert.All(findings, finding => Assert.DoesNotContain('`', (string)finding!["meaning"]!));
    }

    [Fact]
    public async Task No_page_is_wider_than_a_terminal()
    {
        using var run = new CommandRun();
        var (_, output, _) = await run.RunAsync($"explain {string.Join(' ', Catalogue.All.Select(page => page.Code))}");

        // A word that cannot be broken, such as a command, may stand out.
        Assert.All(output.Split('\n'), line => Assert.True(line.Length <= 80 || line.Trim().Split(' ').Length <= 2, line));
    }
}
