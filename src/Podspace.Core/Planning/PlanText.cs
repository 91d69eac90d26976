using System.Text;
using Podspace.Cni;
using Podspace.Naming;
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

    public static string Symbol(Change change) =>
        change.Action switch
        {
            "create" => "+",
            "update" => "~",
            _ => "-",
        };

    /// <summary>What the change is about, in one phrase.</summary>
    public static string Describe(Change change) =>
        change switch
        {
            Change.CreateSubnet it => $"subnet {it.Subnet.Ref} {it.Subnet.Cidr} in {it.Subnet.Zone}",
            Change.CreateShare it =>
                $"share {it.Share.Ref} \"{it.Share.ShareName}\": {string.Join(", ", it.Share.Subnets)} with account {it.Share.Account}",
            Change.AddToShare it => $"share {it.Share.Ref}: "
                + $"{string.Join(", ", it.Share.Subnets)}{(it.Share.Account.Length == 0 ? " too" : $" with account {it.Share.Account}")}",
            Change.CreateGroup it => $"group {it.Group.Ref} \"{it.Group.GroupName}\"",
            Change.ApplyEniConfig it =>
                $"eniconfig {it.EniConfig.Zone}: {it.EniConfig.Subnet} with {string.Join(", ", it.EniConfig.Groups)}",
            Change.SetAddonValues it => Values(it),
            Change.SetSubnetRole it => $"subnet role {it.Role.Subnet}: "
                + $"{Tags.CniRole}={(it.Role.IsOffered ? "1" : "0")}{(it.Role.IsClusterOnly ? ", for this cluster alone" : "")}"
                + $"{(it.Before is null ? "" : $" (was {it.Before})")}",
            Change.RestoreSubnetRole it =>
                $"subnet role {it.Role.Subnet}: {(it.Before is null ? $"without {Tags.CniRole}" : $"{Tags.CniRole}={it.Before} again")}",
            Change.SetAwsNode it => $"aws-node {it.Settings.Purpose.Text()}: "
                + $"{string.Join("; ", it.Settings.Changes.Select(one => one.Wanted is null ? $"without {one.Name}" : $"{one.Name}={one.Wanted}"))}",
            Change.ApplyNodeClass it => $"nodeclass {it.NodeClass.Name}: nodes in {string.Join(", ", it.NodeClass.NodeSubnets)}, pods in "
                + $"{string.Join(", ", it.NodeClass.PodSubnets)} with {string.Join(", ", it.NodeClass.PodGroups)}",
            Change.ApplyNodePool it => $"nodepool {it.Pool.Name} with {it.Pool.NodeClass}, like {it.Pool.Like}",
            Change.ClearRolloutMark it => $"rollout mark of node {it.Node}{(it.StaysCordoned ? "" : ", which takes pods again")}",
            Change.DisableNodePool it => $"nodepool {it.Pool.Name}: limits 0",
            _ => $"{change.Kind} {change.Name}",
        };

    private static string Values(Change.SetAddonValues change)
    {
        var document = change.Document;
        var parts = document.Env.Select(setting => $"{setting.Name}={setting.Value}").ToList();
        if (document is { EniConfigs: { } eniConfigs, BringsEniConfigs: true })
        {
            parts.AddRange(eniConfigs.Select(one => $"eniConfig {one.Zone}: {one.Subnet} with {string.Join(", ", one.Groups)}"));
        }
        return $"add-on vpc-cni {document.Purpose.Text()}{(parts.Count == 0 ? "" : ": ")}{string.Join("; ", parts)}";
    }

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
        return $"  {Symbol(step.Change)} {Describe(step.Change)}{mark}\n      {step.Why}";
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
            !plan.IsEmpty ? Counts(plan)
            : plan.LeavesOldNodes ? "The network is as the spec says; nodes are left to be replaced."
            : "Nothing to do: the network is as the spec says."
        );
    }

    private static string Counts(Plan plan)
    {
        int Of(string action) => plan.Steps.Count(step => step.Change.Action == action);
        return $"{Of("create")} to create, {Of("update")} to change, {Of("delete")} to delete.";
    }
}
