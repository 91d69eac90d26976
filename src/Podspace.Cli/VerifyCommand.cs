using System.CommandLine;
using Podspace.Cli.Output;
using Podspace.Operations;

namespace Podspace.Cli;

/// <summary>Proves that the overlay works, or says what is missing.</summary>
internal static class VerifyCommand
{
    public static Command Make(Terminal terminal)
    {
        var (world, output) = (new WorldOptions(), new FormatOption());
        var command = new Command(
            "verify",
            "Prove that the overlay works: parts, settings, nodes, and every pod's address. "
                + "Exits with 2 if it does not, 1 if it could not look."
        );
        command.Add(output);
        world.AddTo(command);
        command.SetAction(
            (parsed, cancel) =>
            {
                var where = world.Of(parsed);
                return Sessions.EachAsync(
                    terminal,
                    where,
                    session => SaidAsync(terminal, session, cancel),
                    cancel,
                    output.Of(parsed, where.IsQuiet)
                );
            }
        );
        return command;
    }

    internal static async Task<int> VerifyAsync(Terminal terminal, Session session, CancellationToken cancel) =>
        new Form("text", session.Where.IsQuiet).Say(terminal, await SaidAsync(terminal, session, cancel), session.Spec.Name);

    private static async Task<Said> SaidAsync(Terminal terminal, Session session, CancellationToken cancel) =>
        ResultText.Said(await session.LookAsync(overlay => VerifyOperation.RunAsync(overlay, cancel)), session, terminal);
}
