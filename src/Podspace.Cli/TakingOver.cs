using Podspace.Planning;
using Podspace.Steps;

namespace Podspace.Cli;

/// <summary><c>apply --take-over NAME</c>: tags one thing that is only used, and changes nothing else.</summary>
internal static class TakingOver
{
    public static async Task<int> RunAsync(Terminal terminal, Session session, string name, bool yes, CancellationToken cancel)
    {
        if (!session.IsAlone)
        {
            throw new Mistake($"{name} can belong to one overlay, and there are several. Name one with -f.");
        }
        var shown = await session.LookAtRestAsync(new(session.Doors.Time), terminal.Error, cancel);
        if (StepOf(session, shown, name) is not { } step)
        {
            terminal.Error.WriteLine($"{name} is ours already.");
            return ExitCode.Fine;
        }
        if (TakeOver.IsFound(shown.Inventory, name))
        {
            terminal.Error.WriteLine(
                $"Nothing that is kept here says that Podspace ever made {name}. "
                + "If Terraform, CloudFormation or a person did, destroy will delete theirs.");
        }
        var changing = new Changing(terminal, session, session.Where.IsQuiet);
        var what = $"Taking over {name}, which destroy will delete from then on,";
        if (!await changing.IsAgreedAsync(what, shown.Plan!.Account, yes, cancel) || !await changing.MayAsync([step], shown, cancel))
        {
            return ExitCode.Error;
        }
        return await changing.HoldingAsync(shown, async patience =>
        {
            var now = await session.LookAtRestAsync(patience, terminal.Error, cancel);
            var (isWhole, _) = StepOf(session, now, name) is { } fresh ? await changing.CarryOutAsync([fresh], now, patience, cancel) : (true, null);
            if (isWhole)
            {
                session.Standing = new($"{name} is ours", $"podspace plan{session.Where.Again()}");
                terminal.Error.WriteLine($"{name} is ours now. What follows from it:\n  podspace plan{session.Where.Again()}");
            }
            return isWhole ? ExitCode.Fine : ExitCode.Error;
        }, cancel);
    }

    /// <returns>Null when it is ours already.</returns>
    /// <exception cref="Mistake">It cannot be taken over.</exception>
    private static Step? StepOf(Session session, Situation situation, string name)
    {
        if (situation.Plan is not { } plan || situation.Desired is not { } desired)
        {
            throw new Mistake($"there is no plan to take {name} over for. To see why:\n  podspace plan{session.Where.Again()}");
        }
        var (step, problem) = TakeOver.Of(session.Spec, desired, situation.Inventory, session.Terraform, plan, name);
        return problem.Length == 0 ? step : throw new Mistake($"{problem} Nothing was changed.");
    }
}
