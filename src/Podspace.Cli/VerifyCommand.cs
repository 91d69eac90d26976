using System.CommandLine;
using Podspace.Operations;

namespace Podspace.Cli;

/// <summary>Proves that the overlay works, or says what is missing.</summary>
internal static class VerifyCommand
{
    public static Command Make(Terminal terminal)
    {
        var world = new WorldOptions();
        var command = new Command(
            "verify",
            "Prove that the overlay works: parts, settings, nodes, and every pod's address. "
                + "Exits with 2 if it does not, 1 if it could not look."
        );
        world.AddTo(command);
        command.SetAction(
            (parsed, cancel) => Sessions.EachAsync(terminal, world.Of(parsed), session => VerifyAsync(terminal, session, cancel), cancel)
        );
        return command;
    }

    internal static async Task<int> VerifyAsync(Terminal terminal, Session session, CancellationToken cancel)
    {
        var result = await VerifyOperation.RunAsync(session.For(null), cancel);
        if (result is OperationResult.NoPlan none)
        {
            terminal.Error.Write(Messages.Findings(none.Findings, session.Where));
            return ExitCode.Error;
        }
        var (parts, summary) = (OperationResult.Verified)result;
        foreach (var part in parts)
        {
            terminal.Output.WriteLine(session.Where.Pasteable($"{(part.IsRight ? "  ok " : "  NO ")} {part.What}: {part.Detail}"));
        }
        if (summary.Length > 0)
        {
            terminal.Output.WriteLine(summary);
        }
        var wrong = parts.Count(part => !part.IsRight);
        session.Standing =
            wrong == 0 ? new("works", "") : new($"{wrong} of {parts.Count} checks failed", $"podspace plan{session.Where.Again()}");
        return ExitCode.Of(result.Ending);
    }
}
