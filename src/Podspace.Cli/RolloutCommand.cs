using System.CommandLine;
using Podspace.Nodes;
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
        var world = new WorldOptions();
        var yes = new Option<bool>("--yes", "-y") { Description = "Do not ask." };
        var command = new Command(name, description);
        var asks = name is not ("status" or "pause");
        if (asks)
        {
            command.Add(yes);
        }
        world.AddTo(command);
        command.SetAction(
            (parsed, cancel) =>
                Sessions.EachAsync(
                    terminal,
                    world.Of(parsed),
                    session => RunAsync(terminal, session, session.Where, asks && parsed.GetValue(yes), run, cancel),
                    cancel
                )
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
    )
    {
        var host = new OperationPrinter(terminal, session, new(yes, where.IsQuiet));
        var result = await run(new(session.For(host)), cancel);
        if (result is OperationResult.RolloutStatus status)
        {
            Print(terminal, status, session.Where);
            return ExitCode.Of(result.Ending);
        }
        return Ended.Tell(terminal, session, result);
    }

    private static void Print(Terminal terminal, OperationResult.RolloutStatus status, Where where)
    {
        var width = status.Nodes.Select(node => node.Node.Name.Length).DefaultIfEmpty(0).Max();
        foreach (var (node, state, pods) in status.Nodes)
        {
            terminal.Output.WriteLine(
                $"{node.Name.PadRight(width)}  {node.Zone}  {Word(state), -12}  {pods, 3} "
                    + $"pods{(node.IsCordoned ? "  cordoned" : "")}{(node.IsReady ? "" : "  NotReady")}"
            );
        }
        if (status.IsWaiting)
        {
            terminal.Error.WriteLine($"Nodes are cordoned by a rollout. Unless it still runs, go on, or back:{ResultText.OnOrBack(where)}");
        }
    }

    private static string Word(NodeState state) =>
        state switch
        {
            NodeState.InOverlay => "overlay",
            NodeState.Outdated => "outdated",
            NodeState.InNodeSubnet => "node subnet",
            NodeState.Mixed => "mixed",
            NodeState.NoAddresses => "no addresses",
        };
}
