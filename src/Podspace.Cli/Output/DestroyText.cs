using Podspace.Operations;
using Podspace.Planning;

namespace Podspace.Cli.Output;

/// <summary>What became of taking it back, in the words of a command line.</summary>
internal static class DestroyText
{
    public static ResultText Of(OperationResult result, Session session) =>
        result switch
        {
            OperationResult.LivedIn it => LivedIn(it.Residents, session),
            OperationResult.NothingToTakeBack it => new(
                "taken back",
                $"Nothing to take back: overlay {session.Spec.Name} has nothing of its own in {it.Vpc}.\n"
            ),
            OperationResult.TakenBack it => TakenBack(it, session),
            _ => throw new InvalidOperationException($"{result.GetType().Name} has no words."),
        };

    private static ResultText LivedIn(Residents residents, Session session)
    {
        var (count, next) = (residents.Pods.Count, $"podspace rollout back{session.Where.Again()}");
        var (live, them) = count == 1 ? ("lives", "it") : ("live", "them");
        return new(
            "pods live in it",
            $"{Residents.Count(count)} {live} in overlay {session.Spec.Name}, so nothing is taken back:\n{residents.ByNode()}\n"
                + $"Nothing was changed. To move {them} to the node subnets first:\n  {next}\n",
            next
        );
    }

    private static ResultText TakenBack(OperationResult.TakenBack result, Session session)
    {
        var (plan, steps) = (result.Plan, result.Steps);
        var others = steps.External.IsEmpty
            ? ""
            : $"{Messages.Steps(steps.External.Count)} left to {steps.Others}: the patch says what to take out there.\n";
        if (!steps.Blocked.IsEmpty)
        {
            var again = $"podspace destroy{session.Where.Again()}";
            return new(
                $"waits for {steps.Others}",
                $"{others}{Messages.Steps(steps.Blocked.Count)} of ours wait for that. Once it is done, go on with:\n  {again}\n",
                again
            );
        }
        var (state, next) = Left(plan, session.Where);
        // Ending with 2 without a word would say nothing; otherwise it stands in the plan.
        var why = session.Where.IsQuiet
            ? Messages.Findings(plan.Findings.Where(finding => plan.Kept.Any(part => part.IsTold(finding))), session.Where)
            : "";
        return new(state, others + why + (session.Where.IsQuiet || plan.IsEmpty ? "" : Whole(plan, state, next)), next);
    }

    private static string Whole(Plan plan, string state, string next)
    {
        if (plan.Kept.IsEmpty)
        {
            return "All of it is taken back.\n";
        }
        return next.Length == 0 ? $"Not all of it is taken back: {state}.\n" : $"Not all of it is taken back: {state}. Next:\n  {next}\n";
    }

    private static (string State, string Next) Left(Plan plan, Where where)
    {
        var whom = plan.Kept.Select(part => part.For).ToHashSet();
        if (whom.Count == 0)
        {
            return ("taken back", "");
        }
        if (whom.Contains(KeptFor.Nodes))
        {
            return ("nodes still have interfaces in it", $"podspace rollout back{where.Again()}");
        }
        return whom.Contains(KeptFor.SubnetsOfOthers)
            ? ("a block stays for subnets of others", "")
            : ("nodes left interfaces behind", $"podspace destroy --sweep{where.Again()}");
    }
}
