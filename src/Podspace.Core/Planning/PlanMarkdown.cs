using System.Text;
using Podspace.Steps;

namespace Podspace.Planning;

/// <summary>A plan as a change ticket: what, why, whom it disturbs, how to check, and the way back.</summary>
public static class PlanMarkdown
{
    /// <param name="account">As it shall be shown.</param>
    /// <param name="options">What every command of the ticket carries: files and world.</param>
    public static string Render(Plan plan, string account, string options)
    {
        var text = new StringBuilder();
        text.AppendLine($"# Change: pod network of {(plan.Cluster is null ? $"overlay {plan.Overlay}" : $"cluster {plan.Cluster}")}")
            .AppendLine();
        text.AppendLine("| Overlay | Account | Region | Fingerprint |").AppendLine("|---|---|---|---|");
        text.AppendLine($"| {plan.Overlay} | {account} | {plan.Region} | `{plan.Fingerprint}` |").AppendLine();
        if (plan.IsEmpty)
        {
            text.AppendLine("Nothing to do: the network is as the spec says.");
            return text.ToString();
        }
        What(text, plan);
        Disturbed(text, plan);
        Findings(text, plan);
        Commands(text, "How to do it", Doing(plan), options);
        Commands(text, "How to check", [("Parts, settings, every node and every pod's address; 0 when all is well", "verify")], options);
        if (plan.Summary.Length > 0)
        {
            text.AppendLine($"Expected: {plan.Summary}").AppendLine();
        }
        WayBack(text, plan, options);
        return text.ToString();
    }

    private static void What(StringBuilder text, Plan plan)
    {
        text.AppendLine("## What and why").AppendLine();
        foreach (var stage in plan.Steps.GroupBy(step => step.Stage))
        {
            text.AppendLine($"### Stage {Lower(stage.Key)}").AppendLine();
            text.AppendLine("| | Change | Why | Disturbs | Done by |").AppendLine("|---|---|---|---|---|");
            foreach (var step in stage)
            {
                text.AppendLine(
                    $"| {step.Change.Action.Symbol()} | {Cell(step.Change.Phrase)} | "
                        + $"{Cell(step.Why)} | {Whom(step.Disruption)} | {Lower(step.Owner)} |"
                );
            }
            text.AppendLine();
        }
        foreach (var use in plan.Uses)
        {
            text.AppendLine($"- used as it is, not changed: {use}");
        }
        if (!plan.Uses.IsEmpty)
        {
            text.AppendLine();
        }
    }

    private static void Disturbed(StringBuilder text, Plan plan)
    {
        text.AppendLine("## Who is disturbed").AppendLine();
        var disturbing = plan.Steps.Where(step => step.Disruption != Disruption.None).ToList();
        text.AppendLine(
            disturbing.Count == 0
                ? "Nobody: no pod, running or new, notices these steps."
                : $"{plan.Steps.Count - disturbing.Count} of {plan.Steps.Count} steps disturb nobody. The others:"
        );
        foreach (var step in disturbing)
        {
            text.AppendLine($"- {Whom(step.Disruption)}: {Cell(step.Change.Phrase)}");
        }
        if (plan.Cluster is not null)
        {
            text.AppendLine()
                .AppendLine(
                    "Nodes that run keep their pods until `podspace rollout start` replaces them, "
                        + "one at a time, pod disruption budgets kept."
                );
        }
        text.AppendLine();
    }

    private static void Findings(StringBuilder text, Plan plan)
    {
        if (plan.Findings.IsEmpty)
        {
            return;
        }
        text.AppendLine("## To know").AppendLine();
        foreach (var finding in plan.Findings.OrderByDescending(finding => finding.Severity))
        {
            text.AppendLine($"- **{Lower(finding.Severity)} {finding.Code}** {Cell(finding.Problem)} {Cell(finding.Fix)}");
        }
        text.AppendLine();
    }

    private static IEnumerable<(string, string)> Doing(Plan plan)
    {
        var harsh = plan.Steps.Any(step => step.Disruption == Disruption.RunningPods) ? " --allow running-pods" : "";
        if (plan.Steps.Any(step => step.Stage < Stage.Switch))
        {
            yield return ("Network and rules", $"apply{harsh}");
        }
        if (plan.Cluster is not null)
        {
            yield return ("The switch, then the nodes, one of each zone first", "rollout start");
        }
    }

    private static void WayBack(StringBuilder text, Plan plan, string options)
    {
        Commands(
            text,
            "The way back",
            plan.Cluster is null
                ? [("Everything that Podspace made", "destroy")]
                : [("The switch off, and the nodes replaced again", "rollout back"), ("Then everything that Podspace made", "destroy")],
            options
        );
        var edits = ForeignEdit
            .Table.Where(edit =>
                plan.Steps.Any(step =>
                    step.Change.Foreign is var (name, on) && edit.Operation == name && edit.On.StartsWith(on, StringComparison.Ordinal)
                )
            )
            .ToList();
        if (edits.Count == 0)
        {
            return;
        }
        text.AppendLine("What is changed and is not Podspace's own:").AppendLine();
        text.AppendLine("| Call | On | Undone |").AppendLine("|---|---|---|");
        foreach (var edit in edits)
        {
            text.AppendLine($"| `{edit.Operation}` | {edit.On} | {edit.Undo} |");
        }
    }

    private static void Commands(StringBuilder text, string title, IEnumerable<(string What, string Command)> commands, string options)
    {
        text.AppendLine($"## {title}").AppendLine().AppendLine("```");
        foreach (var (what, command) in commands)
        {
            text.AppendLine($"# {what}").AppendLine($"podspace {command}{options}");
        }
        text.AppendLine("```").AppendLine();
    }

    private static string Whom(Disruption disruption) =>
        disruption switch
        {
            Disruption.None => "nobody",
            Disruption.NewPods => "new pods",
            Disruption.RunningPods => "**running pods**",
        };

    /// <summary>On one line, and without what would end a cell.</summary>
    private static string Cell(string text) =>
        string.Join(' ', text.Split('\n').Select(line => line.Trim())).Replace("|", "\\|", StringComparison.Ordinal);

    private static string Lower<T>(T value)
        where T : struct, Enum => value.ToString().ToLowerInvariant();
}
