using System.Text;
using Podspace.Design;
using Podspace.Findings;
using Podspace.Model;
using Podspace.Reachability;

namespace Podspace.Planning;

/// <summary>One target of pods before and after: as whom it sees them, and whether it admits them.</summary>
/// <param name="Before">Null: no pod runs that could ask it.</param>
public sealed record ImpactRow(EssentialFlow Question, Trace? Before, Trace After)
{
    public bool IsWorse => After.Outcome.IsBlocked && Before is not { Outcome.IsBlocked: true };
}

/// <summary>What a plan changes for everybody whom pods talk to: databases, endpoints, load balancers, networks beyond the VPC.</summary>
public static class Impact
{
    public static EquatableArray<ImpactRow> Of(Inventory before, Inventory planned)
    {
        var was = EssentialFlows
            .Ask(before)
            .Where(answer =>
                answer.Question.From.Name == EssentialFlows.RunningPods || answer.Question.To.Name == EssentialFlows.RunningPods
            )
            .DistinctBy(answer => answer.Question.Key)
            .ToDictionary(answer => answer.Question.Key, answer => answer.Trace);
        return EssentialFlows
            .Ask(planned)
            .GroupBy(answer => answer.Question.Key)
            .Select(same => same.Last())
            .Select(answer => new ImpactRow(answer.Question, was.GetValueOrDefault(answer.Question.Key), answer.Trace))
            .ToEquatable();
    }

    /// <param name="findings">Of the plan: what networks beyond the VPC learn of the new block is told with it.</param>
    /// <param name="named">Kubernetes objects that name addresses, and not the pods' new ones.</param>
    /// <param name="unseen">Kinds of them that could not be read.</param>
    public static string Render(
        EquatableArray<ImpactRow> rows,
        Inventory planned,
        EquatableArray<Finding> findings,
        EquatableArray<NamedAddress> named,
        IReadOnlyList<string> unseen
    )
    {
        var text = new StringBuilder();
        text.AppendLine("who is asked, and as whom pods are seen there: today → on nodes that start after the switch");
        foreach (var row in rows)
        {
            var mark =
                row.IsWorse ? " NO "
                : row.After.Outcome.IsBlocked ? "  – "
                : row.After.Outcome.Verdict == Verdict.CannotTell ? "  ? "
                : " ok ";
            text.AppendLine(
                $"{mark} {row.Question.From.Name} → {row.Question.To.Name} {row.Question.Service}: {Told(row.Before)} → {Told(row.After)}"
            );
        }
        foreach (var finding in findings.Where(finding => finding.Code is DesignCodes.TransitGateway or DesignCodes.VpnGateway))
        {
            text.AppendLine($"  !  {finding.Problem}");
        }
        if (planned.Cloud.TransitGatewayAttachments.IsEmpty && planned.Cloud.VpnGateways.IsEmpty)
        {
            text.AppendLine("      no transit or VPN gateway would learn of the new block");
        }
        text.AppendLine(
            named.IsEmpty
                ? "no Kubernetes object that was read names addresses of today and not those that pods will have"
                : "Kubernetes objects that name addresses of today, and not those that pods will have:"
        );
        foreach (var one in named)
        {
            text.AppendLine($"  !  {one.Object}, {one.Place}: {one.Says}: {one.Means}");
        }
        foreach (var kind in unseen)
        {
            text.AppendLine($"  ?  not looked at: {kind}");
        }
        return text.ToString();
    }

    private static string Told(Trace? trace) =>
        trace is null ? "nobody asks"
        : trace.Outcome.IsBlocked ? $"{trace.Outcome.SeenAs}, and {VerdictText.Short(trace.Outcome)}"
        : $"{trace.Outcome.SeenAs}";
}
