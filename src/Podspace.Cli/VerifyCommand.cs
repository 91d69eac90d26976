using System.CommandLine;
using Podspace.Planning;

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
        var state = await session.PlanAsync(cancel);
        if (state.Plan is not { } plan || state.Desired is not { } desired)
        {
            Messages.Findings(terminal.Error, state.Findings, session.Where);
            return ExitCode.Error;
        }
        var checks = Verification.Of(session.Spec, desired, state.Inventory, plan);
        foreach (var check in checks)
        {
            terminal.Output.WriteLine(session.Where.Pasteable($"{(check.IsRight ? "  ok " : "  NO ")} {check.What}: {check.Detail}"));
        }
        if (plan.Summary.Length > 0)
        {
            terminal.Output.WriteLine(plan.Summary);
        }
        var wrong = checks.Count(check => !check.IsRight);
        session.Standing =
            wrong == 0 ? new("works", "") : new($"{wrong} of {checks.Count} checks failed", $"podspace plan{session.Where.Again()}");
        return wrong == 0 ? ExitCode.Fine : ExitCode.Something;
    }
}
