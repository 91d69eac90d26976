using Podspace.Applying;
using Podspace.Operations;
using Podspace.Planning;
using Podspace.Rendering;

namespace Podspace.Cli.Output;

/// <summary>What a person said that has to do with being told and asked.</summary>
/// <param name="Yes">Agrees to whatever is right.</param>
internal sealed record Telling(bool Yes, bool IsQuiet)
{
    /// <summary>The plan stands before their eyes already.</summary>
    public bool IsShown { get; init; }

    /// <summary>Told what came of each step; null: nobody is.</summary>
    public Action<StepReport>? OnStep { get; init; }
}

/// <summary>Prints what happens in an operation, and asks the person at the terminal.</summary>
internal sealed class OperationPrinter(Terminal terminal, Session session, Telling telling) : IOperationHost, IDisposable
{
    private const string Lock = "lock";

    private readonly LiveLine live = new(terminal);

    public void Hear(OperationEvent happened)
    {
        if (happened is OperationEvent.Stepped { Report: var report })
        {
            telling.OnStep?.Invoke(report);
        }
        if (!telling.IsQuiet)
        {
            Follow(happened);
        }
        if (Text(happened) is { Length: > 0 } text)
        {
            live.Write(terminal.Colours.Paint(text, terminal.IsErrorTerminal));
        }
    }

    public async Task<Approval> ApproveAsync(Question question, CancellationToken cancel)
    {
        var spec = question.Spec;
        live.Write(
            $"{QuestionText.Intended(question)} in account {PlanText.Account(question.Account, terminal.IsTerminal)}, {spec.Region}, "
                + $"{spec.Vpc}{(spec.Cluster is null ? "" : $", cluster {spec.Cluster}")}.\n"
        );
        if (telling.Yes)
        {
            return Approval.Whatever;
        }
        if (!terminal.CanAsk)
        {
            throw new UsageException("stdin is not a terminal, so nothing was changed. Add --yes.");
        }
        live.Write(QuestionText.About(question));
        terminal.Error.Write("Go ahead? [y/N] ");
        return await terminal.AnswerAsync(cancel) is "y" or "Y" or "yes" ? Approval.AsShown : Approval.Declined;
    }

    public void Dispose() => live.Dispose();

    /// <summary>What takes its time is said while it does.</summary>
    private void Follow(OperationEvent happened)
    {
        switch (happened)
        {
            case OperationEvent.Waiting { Wait: { IsOver: true } wait }:
                live.End(wait.For);
                return;
            case OperationEvent.Waiting { Wait: var wait }:
                live.Begin(wait.For, $"waiting for {wait.For}{(wait.State.Length == 0 ? "" : $": {FirstLine(wait.State)}")}");
                return;
            case OperationEvent.Locked it:
                live.Begin(Lock, $"waiting for {it.Holder.Name} to end, or its lock");
                return;
            case OperationEvent.Stepped { Report: { Result: StepResult.Started, Step: var step } }:
                live.Begin(step.Id, step.Change.Phrase);
                break;
            case OperationEvent.Stepped { Report.Step: var step }:
                live.End(step.Id);
                break;
        }
        live.End(Lock);
    }

    private static string FirstLine(string text) => text.Split('\n')[0];

    /// <summary>Whole lines; empty: nothing is said of it.</summary>
    private string Text(OperationEvent happened) =>
        happened switch
        {
            OperationEvent.Proposed it when !telling.IsQuiet && !telling.IsShown => session.Where.Pasteable(
                PlanText.Render(it.Plan, terminal.IsTerminal)
            ) + Patches.Text(session.PatchesOf(it.State, it.Plan)),
            OperationEvent.Locked it when !telling.IsQuiet => $"{it.Holder} Waiting.\n",
            OperationEvent.AddonUpdating => "An update of add-on vpc-cni is under way. Waiting for its end.\n",
            OperationEvent.RightsNotTried it when !telling.IsQuiet =>
                $"Rights were asked for first, but for these nobody can try: {string.Join(", ", it.Calls)}.\n",
            OperationEvent.Stepped it when !telling.IsQuiet || it.Report.Result == StepResult.Refused => Messages.Report(it.Report),
            OperationEvent.StepsLeft => "Not all of it was done. What was done stays; the same command goes on from there.\n",
            OperationEvent.Rolling it => $"  {it.Report.Text}\n",
            OperationEvent.NoWayBack it =>
                $"Should the first new node fail, the switch cannot be turned off from here. {it.Hold.Problem}\n",
            OperationEvent.PauseEnded it => it.WasPaused ? "The pause is over.\n" : "The rollout is not paused.\n",
            OperationEvent.NodesStayCordoned => "podspace: old nodes stay cordoned and take no new pods until it goes on, or back:"
                + $"{ResultText.OnOrBack(session.Where)}\n",
            OperationEvent.NotKnownAsOurs it => $"Nothing that is kept here says that Podspace ever made {it.Name}. "
                + "If Terraform, CloudFormation or a person did, destroy will delete theirs.\n",
            _ => "",
        };
}
