using Podspace.Cli;
using Podspace.Cli.Output;

namespace Podspace.Tests.Cli;

/// <summary>Options that stand in the environment.</summary>
public sealed class VariablesTests : IDisposable
{
    private readonly CommandRun run = new();

    public void Dispose() => run.Dispose();

    [Fact]
    public async Task What_one_types_forty_times_can_stand_in_the_environment()
    {
        var (exit, output, error) = await WithAsync(
            "plan",
            ("FILE", run.At("overlay.yaml")),
            ("TWIN", run.At("world.yaml")),
            ("OUTPUT", "json")
        );

        Assert.True(exit == ExitCode.Fine, error);
        Assert.StartsWith("{", output, StringComparison.Ordinal);
        Assert.Contains("\"kind\": \"Plan\"", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_typed_counts_before_it()
    {
        var (exit, output, _) = await WithAsync(
            "plan -f @overlay.yaml --twin @world.yaml -o markdown",
            ("FILE", "gone.yaml"),
            ("TWIN", "gone.yaml"),
            ("OUTPUT", "json")
        );

        Assert.Equal(ExitCode.Fine, exit);
        Assert.StartsWith("#", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_command_that_does_not_take_it_goes_on_without()
    {
        var (exit, output, _) = await WithAsync("version", ("FILE", "gone.yaml"), ("TWIN", "gone.yaml"), ("OUTPUT", "markdown"));

        Assert.Equal(ExitCode.Fine, exit);
        Assert.StartsWith("podspace ", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nothing_in_the_environment_says_yes()
    {
        var (exit, _, error) = await WithAsync("apply -f @overlay.yaml --twin @world.yaml", ("YES", "true"));

        Assert.Equal(ExitCode.Error, exit);
        Assert.EndsWith("podspace: stdin is not a terminal, so nothing was changed. Add --yes.\n", error, StringComparison.Ordinal);
    }

    [Fact]
    public void The_table_in_the_documentation_is_the_one_that_counts()
    {
        var page = File.ReadAllText(Path.Combine(Golden.Checkout(), "docs", "plan.md"));

        Assert.All(Variables.Table, row => Assert.Contains($"| `{row.Variable}` | `{row.Option}`", page, StringComparison.Ordinal));
    }

    private Task<(int Exit, string Output, string Error)> WithAsync(string line, params (string Name, string Value)[] variables) =>
        run.RunAsync(line, pipe => pipe with { Variable = name => variables.FirstOrDefault(one => $"PODSPACE_{one.Name}" == name).Value });
}
