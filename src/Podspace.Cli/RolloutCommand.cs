using System.CommandLine;
using Podspace.Cli.Output;
using Podspace.Operations;

namespace Podspace.Cli;

/// <summary>Moves running nodes into the overlay and back.</summary>
internal static class RolloutCommand
{
    public static Command Make(Terminal terminal) =>
        new("rollout", "Replace running nodes, one of each zone first.")
        {
            Part(
                terminal,
                "start",
                "Throw the switch and replace every node that still gives pods addresses of its own subnet.",
                (rollout, cancel) => rollout.StartAsync(cancel)
            ),
            Part(
                terminal,
                "status",
                "Say of every node where its pods get their addresses.",
                (rollout, cancel) => rollout.StatusAsync(cancel)
            ),
            Part(
                terminal,
                "pause",
                "Let a rollout that goes on, here or elsewhere, stop where it is; nothing begins until resume or back.",
                (rollout, cancel) => rollout.PauseAsync(cancel)
            ),
            Part(
                terminal,
                "resume",
                "End the pause and go on with the rollout that it stopped, there or back; begins none.",
                (rollout, cancel) => rollout.ResumeAsync(cancel)
            ),
            Part(
                terminal,
                "back",
                "Turn the switch off and replace the nodes again, so that pods live in the node subnets.",
                (rollout, cancel) => rollout.BackAsync(cancel)
            ),
        };

    private static Command Part(
        Terminal terminal,
        string name,
        string description,
        Func<RolloutOperation, CancellationToken, Task<OperationResult>> run
    )
    {
        var (world, output) = (new WorldOptions(), new FormatOption());
        var yes = new Option<bool>("--yes", "-y") { Description = "Do not ask." };
        var command = new Command(name, description);
        var asks = name is not ("status" or "pause");
        if (asks)
        {
            command.Add(yes);
        }
        command.Add(output);
        world.AddTo(command);
        command.SetAction(
            (parsed, cancel) =>
            {
                var where = world.Of(parsed);
                var agreed = asks && parsed.GetValue(yes);
                return Sessions.EachAsync(
                    terminal,
                    where,
                    session => SaidAsync(terminal, session, session.Where, agreed, run, cancel),
                    cancel,
                    output.Of(parsed, where.IsQuiet)
                );
            }
        );
        return command;
    }

    internal static Task<int> StartAsync(Terminal terminal, Session session, Where where, CancellationToken cancel) =>
        RunAsync(terminal, session, where, true, (rollout, stop) => rollout.StartAsync(stop), cancel);

    internal static Task<int> BackAsync(Terminal terminal, Session session, Where where, CancellationToken cancel) =>
        RunAsync(terminal, session, where, true, (rollout, stop) => rollout.BackAsync(stop), cancel);

    internal static Task<int> PauseAsync(Terminal terminal, Session session, Where where, CancellationToken cancel) =>
        RunAsync(terminal, session, where, true, (rollout, stop) => rollout.PauseAsync(stop), cancel);

    internal static Task<int> ResumeAsync(Terminal terminal, Session session, Where where, CancellationToken cancel) =>
        RunAsync(terminal, session, where, true, (rollout, stop) => rollout.ResumeAsync(stop), cancel);

    private static async Task<int> RunAsync(
        Terminal terminal,
        Session session,
        Where where,
        bool yes,
        Func<RolloutOperation, CancellationToken, Task<OperationResult>> run,
        CancellationToken cancel
    ) => new Form("text", where.IsQuiet).Say(terminal, await SaidAsync(terminal, session, where, yes, run, cancel), session.Spec.Name);

    private static async Task<Said> SaidAsync(
        Terminal terminal,
        Session session,
        Where where,
        bool yes,
        Func<RolloutOperation, CancellationToken, Task<OperationResult>> run,
        CancellationToken cancel
    )
    {
        using var host = new OperationPrinter(terminal, session, new(yes, where.IsQuiet));
        var result = await run(new(session.For(host)), cancel);
        return ResultText.Said(result, session, terminal);
    }
}
