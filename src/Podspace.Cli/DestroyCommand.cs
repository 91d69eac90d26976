using System.CommandLine;
using Podspace.Cli.Output;
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
        var (world, output) = (new WorldOptions(), new FormatOption());
        var stage = StageOption.Make("Take back down to and with this stage: switch, admit or network. Left out: all of it.");
        var sweep = new Option<bool>("--sweep")
        {
            Description = "Also delete interfaces that nodes which are gone left behind in pod subnets.",
        };
        var yes = new Option<bool>("--yes", "-y") { Description = "Do not ask." };
        var command = new Command("destroy", TakeBack) { stage, sweep, yes, output };
        world.AddTo(command);
        command.SetAction(
            (parsed, cancel) =>
            {
                var (where, agreed) = (world.Of(parsed), parsed.GetValue(yes));
                var options = new DestroyOptions(parsed.GetValue(stage) ?? Stage.Network, parsed.GetValue(sweep));
                return Sessions.EachAsync(
                    terminal,
                    where,
                    session => SaidAsync(terminal, session, session.Where, agreed, options, cancel),
                    cancel,
                    output.Of(parsed, where.IsQuiet)
                );
            }
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
    ) =>
        new Form("text", where.IsQuiet).Say(
            terminal,
            await SaidAsync(terminal, session, where, yes, new(from, sweeps), cancel),
            session.Spec.Name
        );

    private static async Task<Said> SaidAsync(
        Terminal terminal,
        Session session,
        Where where,
        bool yes,
        DestroyOptions options,
        CancellationToken cancel
    )
    {
        using var host = new OperationPrinter(terminal, session, new(yes, where.IsQuiet));
        return ResultText.Said(await new DestroyOperation(session.For(host), options).RunAsync(cancel), session, terminal);
    }
}
