using Podspace.Cli;

namespace Podspace.Tests.Cli;

/// <summary>A question that nobody answers, left by Ctrl-C.</summary>
public sealed class QuestionTests : IDisposable
{
    private readonly CommandRun run = new();
    private readonly ManualResetEventSlim end = new();

    public void Dispose()
    {
        end.Set();
        run.Dispose();
    }

    [Theory]
    [InlineData("", "apply")]
    [InlineData("apply --yes", "rollout start")]
    [InlineData("apply --yes --stage network", "destroy")]
    public async Task Leaving_the_question_ends_at_once_with_130_and_nothing_changed(string first, string command)
    {
        Assert.Equal(0, first.Length == 0 ? 0 : (await run.HereAsync(first)).Exit);
        var before = run.Read("world.yaml");

        var (exit, said) = await LeaveAsync($"{command} -f @overlay.yaml --twin @world.yaml", "Go ahead? [y/N] ");

        Assert.Equal(130, exit);
        Assert.EndsWith("Go ahead? [y/N] \nNothing was changed.\n", said, StringComparison.Ordinal);
        Assert.Equal(before, run.Read("world.yaml"));
    }

    [Fact]
    public async Task A_question_shows_how_much_it_is_about_and_whom_it_disturbs()
    {
        await run.HereAsync("apply --yes -q");

        var (_, apply) = await LeaveAsync("apply --stage switch -f @overlay.yaml --twin @world.yaml", "Go ahead? [y/N] ");
        var (_, roll) = await LeaveAsync("rollout start -f @overlay.yaml --twin @world.yaml", "Go ahead? [y/N] ");

        Assert.Contains("  1 to update; 1 disturb new pods\nGo ahead? [y/N] ", apply, StringComparison.Ordinal);
        Assert.Matches(
            "\n  6 nodes in eu-west-1b, eu-west-1c are replaced one by one, the first of each zone as a canary; "
                + @"[1-9]\d* pods are evicted, within their disruption budgets\nGo ahead\? ",
            roll
        );
    }

    [Fact]
    public async Task No_answer_at_the_end_of_the_input_is_a_no()
    {
        using var said = new StringWriter();
        var args = new[] { "apply", "--stage", "network", "-f", run.At("overlay.yaml"), "--twin", run.At("world.yaml") };

        await CommandLine.RunAsync(args, new(said, said, TextReader.Null, true), TestContext.Current.CancellationToken);

        Assert.EndsWith("Go ahead? [y/N] Nothing was changed.\n", said.ToString(), StringComparison.Ordinal);
    }

    private async Task<(int Exit, string Said)> LeaveAsync(string line, string question)
    {
        using var leave = new CancellationTokenSource();
        using var screen = new Watched(question, leave);
        var args = line.Split(' ').Select(word => word.StartsWith('@') ? run.At(word[1..]) : word).ToArray();
        var exit = await CommandLine.RunAsync(args, new(TextWriter.Null, screen, new Silent(end), true), leave.Token);
        return (exit, screen.ToString());
    }

    /// <summary>A keyboard on which nobody types, as a console's is: the wait for it cannot be stopped.</summary>
    private sealed class Silent(ManualResetEventSlim end) : TextReader
    {
        public override string? ReadLine()
        {
            end.Wait();
            return null;
        }
    }

    /// <summary>Ctrl-C as soon as the question stands there.</summary>
    private sealed class Watched(string question, CancellationTokenSource leave) : StringWriter
    {
        public override void Write(string? value)
        {
            base.Write(value);
            if (value == question)
            {
                leave.Cancel();
            }
        }
    }
}
