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
            throw new UsageException($"{name} can belong to one overlay, and there are several. Name one with -f.");
        }
        var shown = await session.LookAtRestAsync(new(session.Connections.Time), terminal.Error, cancel);
        if (StepOf(session, shown, name) is not { } step)
        {
            terminal.Error.WriteLine($"{name} is ours already.");
            return ExitCode.Fine;
        }
        if (TakeOver.IsFound(shown.Inventory, name))
        {
            terminal.Error.WriteLine(
                $"Nothing that is kept here says that Podspace ever made {name}. "
                    + "If Terraform, CloudFormation or a person did, destroy will delete theirs."
            );
        }
        var run = new ChangeRun(terminal, session, session.Where.IsQuiet);
        var what = $"Taking over {name}, which destroy will delete from then on,";
        if (!await run.IsAgreedAsync(what, shown.Plan!.Account, yes, cancel) || !await run.MayAsync([step], shown, cancel))
        {
            return ExitCode.Error;
        }
        return await run.HoldingAsync(
            shown,
            async waiter =>
            {
                var now = await session.LookAtRestAsync(waiter, terminal.Error, cancel);
                var (isWhole, _) = StepOf(session, now, name) is { } fresh
                    ? await run.CarryOutAsync([fresh], now, waiter, cancel)
                    : (true, null);
                if (isWhole)
                {
                    session.Standing = new($"{name} is ours", $"podspace plan{session.Where.Again()}");
                    terminal.Error.WriteLine($"{name} is ours now. What follows from it:\n  podspace plan{session.Where.Again()}");
                }
                return isWhole ? ExitCode.Fine : ExitCode.Error;
            },
            cancel
        );
    }

    /// <returns>Null when it is ours already.</returns>
    /// <exception cref="UsageException">It cannot be taken over.</exception>
    private static Step? StepOf(Session session, PlannedState state, string name)
    {
        if (state.Plan is not { } plan || state.Desired is not { } desired)
        {
            throw new UsageException($"there is no plan to take {name} over for. To see why:\n  podspace plan{session.Where.Again()}");
        }
        var (step, problem) = TakeOver.Of(session.Spec, desired, state.Inventory, session.Terraform, plan, name);
        return problem.Length == 0 ? step : throw new UsageException($"{problem} Nothing was changed.");
    }
}
