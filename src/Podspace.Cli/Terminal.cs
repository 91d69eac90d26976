using Podspace.Cli.Output;
using Podspace.Operations;

namespace Podspace.Cli;

/// <summary>Where a command reads and writes, so that tests run it as text.</summary>
/// <param name="Output">For results.</param>
/// <param name="Error">For progress, questions and what went wrong.</param>
/// <param name="IsTerminal">Reports whether a person reads the results: only then are account ids shown whole.</param>
public sealed record Terminal(TextWriter Output, TextWriter Error, TextReader Input, bool IsTerminal)
{
    public TextWriter Output { get; init; } = IsTerminal ? Output : new DiscreetWriter(Output);

    public TextWriter Error { get; init; } = IsTerminal ? Error : new DiscreetWriter(Error);

    /// <summary>For documents that programs read: nothing in them is shortened.</summary>
    public TextWriter Document { get; } = Output;

    /// <summary>Reports whether progress is read by a person as it comes.</summary>
    public bool IsErrorTerminal { get; init; } = IsTerminal;

    /// <summary>Reports whether somebody can be asked.</summary>
    public bool CanAsk { get; init; } = IsTerminal;

    /// <summary>In characters; null: nobody knows, and lines are as long as they are.</summary>
    public int? Width { get; init; }

    public Colours Colours { get; init; } = Colours.None;

    /// <summary>The clock of whoever sits here.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>The environment.</summary>
    public Func<string, string?> Variable { get; init; } = Environment.GetEnvironmentVariable;

    /// <summary>The answer to a question; null at the end of the input.</summary>
    /// <remarks>The console's own reading cannot be stopped, so it is left alone where it is.</remarks>
    /// <exception cref="Unanswered">The wait was ended.</exception>
    public async Task<string?> AnswerAsync(CancellationToken cancel)
    {
        try
        {
            return await Task.Run(Input.ReadLine, CancellationToken.None).WaitAsync(cancel);
        }
        catch (OperationCanceledException)
        {
            throw new Unanswered();
        }
    }

    public static Terminal Process()
    {
        var isSmart = Environment.GetEnvironmentVariable("TERM") is not "dumb";
        return new(Console.Out, Console.Error, Console.In, !Console.IsInputRedirected && !Console.IsOutputRedirected)
        {
            IsErrorTerminal = isSmart && !Console.IsErrorRedirected,
            CanAsk = !Console.IsInputRedirected && !Console.IsErrorRedirected,
            Width = WidthOf(),
        };
    }

    private static int? WidthOf()
    {
        try
        {
            return Console.IsOutputRedirected || Console.WindowWidth <= 0 ? null : Console.WindowWidth;
        }
        catch (IOException)
        {
            return null;
        }
    }
}

/// <summary>A person went away from a question, which comes before the first change.</summary>
public sealed class Unanswered() : Exception("The question was left.");

/// <summary>0 fine · 1 error · 2 there is something.</summary>
public static class ExitCode
{
    public const int Fine = 0;
    public const int Error = 1;
    public const int Something = 2;

    /// <summary>As shells have it for SIGINT: 128 and its number. Only where a question was left, so that nothing has begun.</summary>
    public const int Interrupted = 130;

    public static int Of(Ending ending) =>
        ending switch
        {
            Ending.Fine => Fine,
            Ending.Left => Something,
            _ => Error,
        };

    /// <summary>Of several specs: an error outweighs what was found in another.</summary>
    public static int Worst(int left, int right) => left == Error || right == Error ? Error : Math.Max(left, right);
}
