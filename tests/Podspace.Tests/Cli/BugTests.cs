using System.Text;
using Podspace.Cli;

namespace Podspace.Tests.Cli;

/// <summary>An exception that nobody foresaw: one line, no message of it, exit code 1.</summary>
public sealed class BugTests
{
    private const string Secret = "aws_secret_access_key=PLANTED";

    [Theory]
    [InlineData("version")]
    [InlineData("plan -f @overlay.yaml --twin @world.yaml")]
    [InlineData("doctor -f @overlay.yaml --twin @world.yaml")]
    [InlineData("capacity -f @overlay.yaml --twin @world.yaml")]
    [InlineData("render runbook -f @overlay.yaml --twin @world.yaml")]
    [InlineData("trace internet internet -f @overlay.yaml --twin @world.yaml")]
    [InlineData("completion bash")]
    [InlineData("--help")]
    public async Task A_command_that_breaks_says_where_and_shows_nothing_of_the_message(string line)
    {
        var (exit, said) = await BreakAsync(line);

        Assert.Equal(ExitCode.Error, exit);
        Assert.StartsWith("podspace: this is a bug in podspace: System.InvalidOperationException in ", said, StringComparison.Ordinal);
        Assert.DoesNotContain("PLANTED", said, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_to_be_reported_names_version_command_and_options_and_none_of_their_values()
    {
        var (_, said) = await BreakAsync("plan -f @overlay.yaml --twin @world.yaml -o json");

        var words = $"Please report that line, and this one: podspace {VersionCommand.Version}, podspace plan --file --twin --output\n";
        Assert.Contains(words, said, StringComparison.Ordinal);
        Assert.DoesNotContain(".yaml", said, StringComparison.Ordinal);
    }

    [Fact]
    public void A_trace_that_was_asked_for_names_types_and_methods_and_no_message()
    {
        var inner = Thrown(() => throw new FormatException(Secret));

        var told = Bug.Told(Thrown(() => throw new InvalidOperationException(Secret, inner)), "podspace plan", isTraced: true);

        Assert.Contains("System.InvalidOperationException\n  at Podspace.Tests.Cli.BugTests.", told, StringComparison.Ordinal);
        Assert.Contains("System.FormatException\n  at Podspace.Tests.Cli.BugTests.", told, StringComparison.Ordinal);
        Assert.DoesNotContain("PLANTED", told, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_screen_that_takes_no_word_still_ends_with_the_exit_code()
    {
        var exit = await CommandLine.RunAsync(
            ["version"],
            new(new Broken(), new Broken(), TextReader.Null, true),
            TestContext.Current.CancellationToken
        );

        Assert.Equal(ExitCode.Error, exit);
    }

    [Fact]
    public async Task An_exception_of_another_thread_is_told_the_same_way()
    {
        using var run = new CommandRun();
        // The program's own settings allow no hook.
        string[] arguments =
        [
            "exec",
            "--runtimeconfig",
            OwnProcess.Beside("Podspace.Tests.runtimeconfig.json"),
            OwnProcess.Program,
            "plan",
        ];

        var (exit, said) = await OwnProcess.RunAsync(
            Path.GetDirectoryName(run.At("overlay.yaml"))!,
            [$"DOTNET_STARTUP_HOOKS={OwnProcess.Beside("Podspace.Tests.dll")}"],
            [.. arguments, "--twin", "world.yaml"]
        );

        Assert.Equal(1, exit);
        Assert.StartsWith("podspace: this is a bug in podspace: System.InvalidOperationException in ", said, StringComparison.Ordinal);
        Assert.DoesNotContain("PLANTED", said, StringComparison.Ordinal);
    }

    private static Exception Thrown(Action action) => Record.Exception(action)!;

    private static async Task<(int Exit, string Said)> BreakAsync(string line)
    {
        using var run = new CommandRun();
        using var said = new StringWriter();
        var args = line.Split(' ').Select(word => word.StartsWith('@') ? run.At(word[1..]) : word).ToArray();
        var exit = await CommandLine.RunAsync(args, new(new Broken(), said, TextReader.Null, true), TestContext.Current.CancellationToken);
        return (exit, said.ToString());
    }

    /// <summary>A screen whose library quotes what it was given.</summary>
    private sealed class Broken : TextWriter
    {
        public override Encoding Encoding => Encoding.UTF8;

        public override void Write(char value) => throw new InvalidOperationException(Secret);
    }
}
