using System.Text;
using Podspace.Spec;
using Podspace.Steps;

namespace Podspace.Planning;

/// <summary>A plan for people.</summary>
public static class PlanText
{
    /// <param name="showsAccount">True on a terminal; elsewhere only the last four digits are shown.</param>
    public static string Render(Plan plan, bool showsAccount)
    {
        var text = new StringBuilder();
        text.Append(plan.Overlay).Append(": ");
        text.Append(plan.Cluster is null ? "no cluster" : $"cluster {plan.Cluster}");
        text.AppendLine($", account {Account(plan.Account, showsAccount)}, {plan.Region}");
        foreach (var stage in plan.Steps.GroupBy(step => step.Stage))
        {
            text.AppendLine().AppendLine(stage.Key.ToString().ToLowerInvariant());
            foreach (var step in stage)
            {
                text.AppendLine(Line(step));
            }
        }
        Rest(text, plan);
        return text.ToString();
    }

    public static string Account(string account, bool shows) => shows || account.Length < 4 ? account : $"…{account[^4..]}";

    private static string Line(Step step)
    {
        var marks = new List<string>();
        if (step.Disruption != Disruption.None)
        {
            marks.Add(step.Disruption == Disruption.NewPods ? "disturbs new pods" : "DISTURBS RUNNING PODS");
        }
        if (step.Owner != Owner.Podspace)
        {
            marks.Add($"left to {Owners.Whose(step.Owner)}");
        }
        var mark = marks.Count == 0 ? "" : $"  [{string.Join("; ", marks)}]";
        return $"  {step.Change.Action.Symbol()} {step.Change.Phrase}{mark}\n      {step.Why}";
    }

    private static void Rest(StringBuilder text, Plan plan)
    {
        if (!plan.Uses.IsEmpty)
        {
            text.AppendLine();
        }
        foreach (var use in plan.Uses)
        {
            text.AppendLine($"  = uses {use}");
        }
        if (!plan.Findings.IsEmpty)
        {
            text.AppendLine();
        }
        foreach (var finding in plan.Findings.OrderByDescending(finding => finding.Severity))
        {
            text.AppendLine(finding.ToString());
        }
        text.AppendLine();
        if (plan.Summary.Length > 0)
        {
            text.AppendLine(plan.Summary);
        }
        var others = StepsByOwner.Of(plan.Steps);
        if (!others.External.IsEmpty)
        {
            text.AppendLine(
                $"{others.External.Count} of the steps are left to {others.Others} and never carried out "
                    + $"here{(others.Blocked.IsEmpty ? "" : $"; {others.Blocked.Count} of ours wait for them")}."
            );
        }
        text.AppendLine(
            plan switch
            {
                { IsEmpty: false } => Counts(plan),
                { LeavesOldNodes: true } => "The network is as the spec says; nodes are left to be replaced.",
                _ => "Nothing to do: the network is as the spec says.",
            }
        );
    }

    private static string Counts(Plan plan)
    {
        int Of(StepAction action) => plan.Steps.Count(step => step.Change.Action == action);
        return $"{Of(StepAction.Create)} to create, {Of(StepAction.Update)} to change, {Of(StepAction.Delete)} to delete.";
    }
}
