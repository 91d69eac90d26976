using Podspace.Cli;
using Podspace.Cli.Output;

namespace Podspace.Tests.Cli;

public sealed class LiveLineTests : IDisposable
{
    private readonly ManualTime time = new();
    private readonly StringWriter screen = new();

    public void Dispose() => screen.Dispose();

    [Fact]
    public void What_is_over_within_two_seconds_is_never_told()
    {
        using var line = new LiveLine(Seat(isTerminal: true));

        line.Begin("block", "waiting for the block");
        time.Pass(TimeSpan.FromSeconds(1.5));
        line.End("block");
        time.Pass(TimeSpan.FromMinutes(5));

        Assert.Empty(screen.ToString());
    }

    [Fact]
    public void On_a_terminal_one_line_is_rewritten_and_at_last_cleared()
    {
        using var line = new LiveLine(Seat(isTerminal: true));

        line.Begin("block", "waiting for the block");
        time.Pass(TimeSpan.FromSeconds(3));
        line.End("block");

        Assert.Equal("\rwaiting for the block (2 s)\e[K\rwaiting for the block (3 s)\e[K\r\e[K", screen.ToString());
    }

    [Fact]
    public void Whole_lines_are_written_over_it_and_it_comes_again_below()
    {
        using var line = new LiveLine(Seat(isTerminal: true));

        line.Begin("block", "waiting for the block");
        time.Pass(TimeSpan.FromSeconds(2));
        line.Write("  done     subnet\n");
        time.Pass(TimeSpan.FromSeconds(1));

        Assert.Equal("\rwaiting for the block (2 s)\e[K\r\e[K  done     subnet\n\rwaiting for the block (3 s)\e[K", screen.ToString());
    }

    [Fact]
    public void It_is_cut_with_a_sign_where_the_terminal_is_narrower()
    {
        using var line = new LiveLine(Seat(isTerminal: true) with { Width = 20 });

        line.Begin("block", "waiting for block 100.64.0.0/16");
        time.Pass(TimeSpan.FromSeconds(2));

        Assert.Equal("\rwaiting for block …\e[K", screen.ToString());
    }

    [Fact]
    public void Elsewhere_a_line_comes_each_half_minute_and_without_escape_codes()
    {
        using var line = new LiveLine(Seat(isTerminal: false));

        line.Begin("block", "waiting for the block");
        time.Pass(TimeSpan.FromSeconds(95));
        line.End("block");

        Assert.Equal(
            "waiting for the block (30 s)\nwaiting for the block (1 min 0 s)\nwaiting for the block (1 min 30 s)\n",
            screen.ToString()
        );
    }

    [Fact]
    public void Of_several_the_one_that_began_last_is_told_with_what_is_known_of_it_by_now()
    {
        using var line = new LiveLine(Seat(isTerminal: true));

        line.Begin("step", "subnet pods-eu-west-1b-0");
        line.Begin("wait", "waiting for subnet-0a: pending");
        line.Begin("wait", "waiting for subnet-0a: nearly");
        time.Pass(TimeSpan.FromSeconds(2));

        Assert.Equal("\rwaiting for subnet-0a: nearly (2 s)\e[K", screen.ToString());
    }

    private Terminal Seat(bool isTerminal) => new(TextWriter.Null, screen, TextReader.Null, isTerminal) { Time = time };
}
