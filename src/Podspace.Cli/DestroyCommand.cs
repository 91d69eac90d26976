using System.CommandLine;
using Podspace.Operations;
using Podspace.Steps;

namespace Podspace.Cli;

/// <summary>Takes everything back that Podspace made, the switch first.</summary>
internal static class DestroyCommand
{
    private const string TakeBack =
        "Take back what Podspace made and put previous values in their place. "
        + "While pods live in it nothing is changed, and it ends with 2.";

    public static Command Make(Terminal terminal)
    {
        var world = new WorldOptions();
        var stage = StageOption.Make("Take back down to and with this stage: switch, admit or network. Left out: all of it.");
        var sweep = new Option<bool>("--sweep")
        {
            Description = "Also delete interfaces that nodes which are gone left behind in pod subnets.",
        };
        var yes = new Option<bool>("--yes", "-y") { Description = "Do not ask." };
        var command = new Command("destroy", TakeBack) { stage, sweep, yes };
        world.AddTo(command);
        command.SetAction(
            (parsed, cancel) =>
                Sessions.EachAsync(
                    terminal,
                    world.Of(parsed),
                    session =>
                        DestroyAsync(
                            terminal,
                            session,
                            session.Where,
                            parsed.GetValue(yes),
                            cancel,
                            parsed.GetValue(stage) ?? Stage.Network,
                            parsed.GetValue(sweep)
                        ),
                    cancel
                )
        );
        return command;
    }

    internal static async Task<int> DestroyAsync(
        Terminal terminal,
        Session session,
        Where where,
        bool yes,
        CancellationToken cancel,
        Stage from = Stage.Network,
        bool sweeps = false
    )
    {
        var host = new OperationPrinter(terminal, session, new(yes, where.IsQuiet));
        return Ended.Tell(terminal, session, await new DestroyOperation(session.For(host), new(from, sweeps)).RunAsync(cancel));
    }
}
