using Podspace.Operations;

namespace Podspace.Cli;

/// <summary>The end of a command that ran an operation.</summary>
internal static class Ended
{
    /// <param name="more">Whole lines behind it.</param>
    /// <returns>The exit code.</returns>
    /// <exception cref="UsageException">Nothing was changed, for a reason that is told as a mistake.</exception>
    public static int Tell(Terminal terminal, Session session, OperationResult result, string more = "")
    {
        var text = ResultText.Of(result, session);
        terminal.Error.Write(text.Text + more);
        if (result.Ending != Ending.Failed)
        {
            session.Standing = new(text.State, text.Next);
        }
        return ExitCode.Of(result.Ending);
    }
}
