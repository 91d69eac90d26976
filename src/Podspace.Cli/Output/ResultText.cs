using Podspace.Applying;
using Podspace.Nodes;
using Podspace.Operations;
using Podspace.Steps;

namespace Podspace.Cli.Output;

/// <summary>A result in the words of a command line.</summary>
/// <param name="State">In a word or two, as the table of several overlays has it.</param>
/// <param name="Text">Whole lines; empty: the state says it.</param>
/// <param name="Next">The command to type next, with its options; or empty.</param>
internal sealed record ResultText(string State, string Text, string Next = "")
{
    /// <exception cref="UsageException">Nothing was changed, for a reason that is told as a mistake.</exception>
    public static ResultText Of(OperationResult result, Session session, int? width = null)
    {
        var where = session.Where;
        ResultText Going(string state, string next, string said)
        {
            var command = $"podspace {next}{where.Again()}";
            return new(state, $"{said}:\n  {command}\n", command);
        }
        return result switch
        {
            OperationResult.NoPlan it => new("error, see above", Messages.Obstacles(it.Findings, where)),
            OperationResult.NotDone it => OfReason(it.Reason, where),
            OperationResult.Declined => new("nothing was changed", "Nothing was changed.\n"),
            OperationResult.NotAllowed it => new("rights are missing", Denied(it.Report)),
            OperationResult.NotBegun it => new("refused, see above", Refused(it.Refusal, where)),
            OperationResult.Incomplete => new(
                "not all was done",
                "Not all of it was done. What was done stays; the same command goes on from there.\n"
            ),
            OperationResult.LockLeft it => Of(it.Work, session) is var work
                ? work with
                {
                    Text =
                        work.Text
                        + $"refused: the lock of overlay {session.Spec.Name} is still there ({it.Refusal}). "
                        + $"It keeps others out for {RunLock.Duration.TotalSeconds:0} s at most. To take it away, run "
                        + "the same command again.\n",
                }
                : work,
            OperationResult.NothingToDo => new("as the spec says", "Nothing to do: the network is as the spec says.\n"),
            OperationResult.Applied => Going("done", "verify", "Done. To prove it"),
            OperationResult.LeftToOthers { Steps: { Blocked.IsEmpty: true } steps } => Going(
                $"left to {steps.Others}",
                "verify",
                $"{Messages.Steps(steps.External.Count)} left to {steps.Others}: the patch says what to do there. "
                    + $"Nothing of ours waits for it. Once it is done, to prove it"
            ),
            OperationResult.LeftToOthers { Steps: var steps } => Going(
                $"waits for {steps.Others}",
                "apply",
                $"{Messages.Steps(steps.External.Count)} left to {steps.Others}: the patch says what to do there. "
                    + $"{Messages.Steps(steps.Blocked.Count)} of ours wait for that. Once it is done, go on with"
            ),
            OperationResult.SwitchLeft { Others: { } others } it => Going(
                "the switch is left to others",
                "rollout start",
                $"The switch is left to {others} ({Messages.Steps(it.Steps)}): "
                    + $"the patch says what to do there. Once it is thrown, replace the nodes"
            ),
            OperationResult.SwitchLeft it => Going(
                "the switch is left",
                "rollout start",
                $"The switch is left ({Messages.Steps(it.Steps)}). "
                    + "The next command throws it and replaces the nodes, one of each zone first"
            ),
            OperationResult.NodesLeft it => Going(
                "nodes are left to be replaced",
                "rollout start",
                $"{(it.Steps == 0 ? "The network is as the spec says" : "Done")}. "
                    + $"Nodes that are older than it are left to be replaced"
            ),
            OperationResult.OursAlready it => new($"{it.Name} is ours", $"{it.Name} is ours already.\n"),
            OperationResult.TakenOver it => Going($"{it.Name} is ours", "plan", $"{it.Name} is ours now. What follows from it"),
            OperationResult.Rolled { Goal: NodeState.InOverlay } => Going("all nodes are in the overlay", "verify", "To prove it"),
            OperationResult.Rolled => Going("all nodes are back", "destroy", "To take the rest back"),
            OperationResult.RolloutStopped it => new(
                "stopped, see above",
                (it.IsTold ? "" : where.Pasteable($"refused: {it.Refusal}\n"))
                    + "What was done stays; once that is mended, the same command goes on from there.\n"
            ),
            OperationResult.SwitchStays it => new("refused, see above", it.IsTold ? "" : where.Pasteable($"refused: {it.Refusal}\n")),
            OperationResult.SwitchedOff { Nodes: 0 } => Going("all nodes are back", "destroy", "The switch is off. To take the rest back"),
            OperationResult.SwitchedOff it => Going(
                "nodes are left to replace",
                "rollout status",
                $"The switch is off. Replacing {it.Nodes} nodes is left to {Owners.Whose(it.Owner)} ('spec.owners.nodes'): "
                    + "roll the node groups there. How far it is"
            ),
            OperationResult.Paused => Going(
                "paused",
                "rollout resume",
                "Paused for a week at most. A rollout that goes on now notices within ten seconds and stops. To go on"
            ),
            OperationResult.NoRollout => Going("no rollout is under way", "rollout start", "No rollout is under way. To begin one"),
            OperationResult.BothWays => new(
                "stopped between there and back",
                "Some nodes were on their way into the overlay and some on their way back. Nothing was changed. "
                    + $"To say which:{OnOrBack(where)}\n"
            ),
            OperationResult.RolloutStatus it => StatusText.Of(it, where, width),
            OperationResult.Verified it => Verified(it, where),
            _ => DestroyText.Of(result, session),
        };
    }

    /// <summary>As a command returns it.</summary>
    /// <param name="more">Whole lines behind it.</param>
    /// <exception cref="UsageException">Nothing was changed, for a reason that is told as a mistake.</exception>
    public static Said Said(OperationResult result, Session session, Terminal terminal, string more = "")
    {
        var text = Of(result, session, terminal.Width);
        return new(ExitCode.Of(result.Ending), text.State, text.Text + more)
        {
            Next = text.Next,
            IsProblem = result.Ending == Ending.Failed,
            Json = () => ResultJson.Of(result, text, session, terminal.IsTerminal),
        };
    }

    public static string OnOrBack(Where where) => $"\n  podspace rollout start{where.Again()}\n  podspace rollout back{where.Again()}";

    private static ResultText Verified(OperationResult.Verified result, Where where)
    {
        var lines = result.Parts.Select(part => where.Pasteable($"{(part.IsRight ? "  ok " : "  NO ")} {part.What}: {part.Detail}\n"));
        var text = string.Concat(lines) + (result.Summary.Length > 0 ? result.Summary + "\n" : "");
        var wrong = result.Parts.Count(part => !part.IsRight);
        return wrong == 0
            ? new("works", text)
            : new($"{wrong} of {result.Parts.Count} checks failed", text, $"podspace plan{where.Again()}");
    }

    private static ResultText OfReason(Reason reason, Where where) =>
        reason switch
        {
            Reason.PreviousValuesUnseen => new("blocked", $"{reason}\nNothing was changed.\n"),
            Reason.DisturbsRunningPods => new("would disturb running pods", where.Pasteable($"{reason}\n")),
            Reason.SwitchHeld => new("the switch is held", $"refused: {reason}\n"),
            Reason.FoundLater it => new("error, see above", $"{Messages.Obstacles(it.Findings, where)}{reason}\n"),
            Reason.SawLess or Reason.ChangedSinceShown or Reason.StalePlan => new("changed meanwhile", $"{reason}\n"),
            _ => throw new UsageException(where.Pasteable($"{reason}")),
        };

    private static string Denied(RehearsalReport report) =>
        string.Concat(report.Denied.Select(denied => $"not allowed: {denied}\n"))
        + (report.IsSignedOut ? "Nothing was changed.\n" : "Allow it, then run the same command again. Nothing was changed.\n");

    /// <summary>What kept a run from beginning.</summary>
    private static string Refused(Refusal refusal, Where where)
    {
        var mend = refusal is { Kind: RefusalKind.Denied, IsSignedOut: false }
            ? " Allow it, then run the same command again. Nothing was changed."
            : "";
        return where.Pasteable($"refused: {refusal}{mend}\n");
    }
}
