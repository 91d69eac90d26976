using Podspace.Operations;
using Podspace.Steps;

namespace Podspace.Cli.Output;

/// <summary>What a question is about, before it is asked: how much, whom it disturbs, what blocks.</summary>
internal static class QuestionText
{
    public static string Intended(Question question) =>
        question.Intent switch
        {
            Intent.ReplaceNodes => "Replacing nodes",
            Intent.GoBack { IsSwitchAlone: true } => "Turning the switch off",
            Intent.GoBack => "Replacing nodes to go back",
            Intent.TakeBack => $"Taking back {question.Steps.Count} things",
            Intent.TakeOver it => $"Taking over {it.Name}, which destroy will delete from then on,",
            _ => Messages.Steps(question.Steps.Count),
        };

    /// <summary>Whole lines.</summary>
    public static string About(Question question) => string.Concat(Lines(question).Select(line => $"  {line}\n"));

    private static IEnumerable<string> Lines(Question question)
    {
        if (!question.Steps.IsEmpty)
        {
            yield return $"{Counts(question.Steps)}; {Disturbed(question.Steps)}";
        }
        if (!question.Nodes.IsEmpty)
        {
            var zones = question.Nodes.Select(node => node.Zone).Distinct().Order(StringComparer.Ordinal);
            yield return $"{question.Nodes.Count} nodes in {string.Join(", ", zones)} are replaced one by one, "
                + "the first of each zone as a canary; "
                + $"{question.Pods.Count} pods are evicted, within their disruption budgets";
        }
        if (!question.Unprotected.IsEmpty)
        {
            yield return $"blocked by pods that nobody would make anew: {Few(question.Unprotected.Select(pod => $"{pod}"))}";
        }
    }

    private static string Counts(EquatableArray<Step> steps) =>
        string.Join(
            ", ",
            steps
                .GroupBy(step => step.Change.Action)
                .OrderBy(action => action.Key)
                .Select(action => $"{action.Count()} to {action.Key.Text()}")
        );

    private static string Disturbed(EquatableArray<Step> steps)
    {
        var (running, fresh) = (Of(steps, Disruption.RunningPods), Of(steps, Disruption.NewPods));
        if (running + fresh == 0)
        {
            return "nobody is disturbed";
        }
        return string.Join(
            ", ",
            ((string[])[running == 0 ? "" : $"{running} DISTURB RUNNING PODS", fresh == 0 ? "" : $"{fresh} disturb new pods"]).Where(text =>
                text.Length > 0
            )
        );
    }

    private static int Of(EquatableArray<Step> steps, Disruption disruption) => steps.Count(step => step.Disruption == disruption);

    private static string Few(IEnumerable<string> names)
    {
        var all = names.ToList();
        return string.Join(", ", all.Take(5)) + (all.Count > 5 ? $" and {all.Count - 5} more" : "");
    }
}
