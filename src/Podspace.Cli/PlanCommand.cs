using System.CommandLine;
using Podspace.Planning;

namespace Podspace.Cli;

/// <summary>Shows what would be done, and changes nothing.</summary>
internal static class PlanCommand
{
    public static Command Make(Terminal terminal)
    {
        var world = new WorldOptions();
        var output = new Option<string>("--output", "-o") { Description = "text or json.", DefaultValueFactory = _ => "text", HelpName = "format" };
        output.AcceptOnlyFromAmong("text", "json");
        var detailed = new Option<bool>("--detailed-exitcode") { Description = "Exit with 2 when there is something to do." };
        var command = new Command("plan", "Show what has to change, why, and whom it disturbs. Changes nothing; read-only rights are enough.") { output, detailed };
        world.AddTo(command);
        command.SetAction((parsed, cancel) => Sessions.EachAsync(
            terminal, world.Of(parsed), session => PlanAsync(terminal, session, parsed.GetValue(output) == "json", parsed.GetValue(detailed), cancel), cancel));
        return command;
    }

    private static async Task<int> PlanAsync(Terminal terminal, Session session, bool isJson, bool isDetailed, CancellationToken cancel)
    {
        var situation = await session.LookAsync(cancel);
        if (situation.Plan is not { } plan)
        {
            Say.Obstacles(terminal.Error, situation.Findings, session.Where);
            return ExitCode.Error;
        }
        var account = PlanText.Account(plan.Account, terminal.IsTerminal);
        await terminal.Output.WriteAsync(isJson ? PlanJson.Render(plan, account) : session.Where.Pasteable(PlanText.Render(plan, terminal.IsTerminal)));
        if (situation.HasErrors)
        {
            return ExitCode.Error;
        }
        session.Standing = plan.IsEmpty ? new("as the spec says", "") : new($"{Say.Steps(plan.Steps.Count)} to do", $"podspace apply{session.Where.Again()}");
        return isDetailed && !plan.IsEmpty ? ExitCode.Something : ExitCode.Fine;
    }
}
