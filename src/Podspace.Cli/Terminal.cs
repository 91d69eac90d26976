using Podspace.Operations;

namespace Podspace.Cli;

/// <summary>Where a command reads and writes, so that tests run it as text.</summary>
/// <param name="IsTerminal">Reports whether a person sits there: only then is anything asked, and account ids are shown whole.</param>
public sealed record Terminal(TextWriter Output, TextWriter Error, TextReader Input, bool IsTerminal)
{
    public TextWriter Output { get; init; } = IsTerminal ? Output : new DiscreetWriter(Output);

    public TextWriter Error { get; init; } = IsTerminal ? Error : new DiscreetWriter(Error);

    /// <summary>For documents that programs read: nothing in them is shortened.</summary>
    public TextWriter Document { get; } = Output;

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

    public static Terminal Process() =>
        new(Console.Out, Console.Error, Console.In, !Console.IsInputRedirected && !Console.IsOutputRedirected);
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
