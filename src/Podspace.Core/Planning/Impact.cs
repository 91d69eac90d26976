using System.Text;
using Podspace.Design.Rules;
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
    /// <summary>What networks beyond the VPC learn of a new block.</summary>
    public static IEnumerable<string> Neighbours(Inventory before, Network desired) =>
        NeighbourRules.Learning(before.Cloud, desired).Select(neighbour => neighbour.Problem);

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

    /// <param name="neighbours">What networks beyond the VPC learn of a new block.</param>
    /// <param name="named">Kubernetes objects that name addresses, and not the pods' new ones.</param>
    /// <param name="unseen">Kinds of them that could not be read.</param>
    public static string Render(
        EquatableArray<ImpactRow> rows,
        Inventory planned,
        IEnumerable<string> neighbours,
        EquatableArray<NamedAddress> named,
        IReadOnlyList<string> unseen
    )
    {
        var text = new StringBuilder();
        text.AppendLine("who is asked, and as whom pods are seen there: today → on nodes that start after the switch");
        foreach (var row in rows)
        {
            var (from, to) = (row.Question.From.Name, row.Question.To.Name);
            text.AppendLine($"{Mark(row)} {from} → {to} {row.Question.Service}: {Told(row.Before)} → {Told(row.After)}");
        }
        foreach (var neighbour in neighbours)
        {
            text.AppendLine($"  !  {neighbour}");
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

    private static string Mark(ImpactRow row) =>
        row.After.Outcome switch
        {
            { IsBlocked: true } => row.IsWorse ? " NO " : "  – ",
            { Verdict: Verdict.CannotTell } => "  ? ",
            _ => " ok ",
        };

    private static string Told(Trace? trace)
    {
        if (trace is null)
        {
            return "nobody asks";
        }
        var refused = trace.Outcome.IsBlocked ? $", and {VerdictText.Short(trace.Outcome)}" : "";
        return $"{trace.Outcome.SeenAs}{refused}";
    }
}
