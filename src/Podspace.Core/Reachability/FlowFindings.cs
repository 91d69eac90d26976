using Podspace.Findings;
using Podspace.Model;
using Podspace.Naming;

namespace Podspace.Reachability;

/// <summary>Says of flows of the fixed set that do not work what is wrong and what mends it.</summary>
public static class FlowFindings
{
    /// <summary>What a plan would break. What does not work today either is a note.</summary>
    /// <param name="told">Findings that there are already; what they say of a group is not said again.</param>
    public static EquatableArray<Finding> OfPlan(EquatableArray<FlowResult> before, Inventory planned, EquatableArray<Finding> told)
    {
        var findings = new List<Finding>();
        var tracer = Tracer.Of(NewNodes.In(planned));
        var broken = before.Where(answer => answer.Trace.Outcome.IsBlocked).Select(answer => answer.Question.Key).ToHashSet();
        foreach (var answer in EssentialFlows.Ask(tracer))
        {
            var finding = Of(answer, tracer, broken.Contains(answer.Question.Key) ? Severity.Note : Severity.Warning);
            if (
                finding is not null
                && !told.Any(other => other.Object == finding.Object)
                && findings.TrueForAll(other => other.Code != finding.Code || other.Object != finding.Object)
            )
            {
                findings.Add(finding);
            }
        }
        return findings.ToEquatable();
    }

    /// <summary>Null for a flow that works, or of which nothing can be said.</summary>
    public static Finding? Of(FlowResult answer, Tracer tracer, Severity severity)
    {
        var (question, trace) = answer;
        return trace.Outcome.IsBlocked
            ? new(
                FlowCodes.Of(question.Concern),
                severity,
                About(trace, tracer),
                null,
                $"{Subject(question)}: {Why(trace, tracer)}.",
                VerdictText.Remedy(trace, tracer)
            )
            : null;
    }

    private static string Subject(EssentialFlow question)
    {
        if (question.Concern == Concern.Webhooks)
        {
            return $"the API server cannot reach {question.To.Name} "
                + $"({question.Service}{(question.Key == "webhooks" ? ", a webhook's usual port" : "")})";
        }
        var article = question.Concern is Concern.ApiServer or Concern.Dns or Concern.Internet ? "the " : "";
        return $"{question.From.Name} cannot reach {article}{question.To.Name} ({question.Service})";
    }

    private static string Why(Trace trace, Tracer tracer)
    {
        if (trace.Outcome.Verdict != Verdict.GroupLetsNotIn || trace.Culprit is not { } hop)
        {
            return $"{VerdictText.Short(trace.Outcome)}{(trace.Culprit is { } other ? $" ({other.At}: {other.Why})" : "")}";
        }
        var groups = tracer.GroupsOf(hop.Destination);
        var cluster = tracer.Inventory.Cloud.Cluster?.ClusterGroup;
        var name = groups.Count == 1 && groups[0] == cluster ? $"the cluster's group {cluster}" : string.Join(", ", groups);
        return AdmitsOnlyItself(tracer.Inventory.Cloud, groups)
            ? $"{name} admits only itself, and the sender {hop.Source} carries {Carried(tracer, hop)}"
            : $"no rule of {name} lets {(trace.Flow with { Port = (ushort)hop.Port }).Service} in "
                + $"from {hop.Source}, which carries {Carried(tracer, hop)}";
    }

    private static string Carried(Tracer tracer, Hop hop) =>
        tracer.GroupsOf(hop.Source) is { IsEmpty: false } groups ? string.Join(", ", groups) : "no group of this VPC";

    private static bool AdmitsOnlyItself(CloudInventory cloud, EquatableArray<AwsId> groups)
    {
        var rules = cloud
            .Groups.Where(group => groups.Contains(group.Id))
            .SelectMany(group => group.Rules)
            .Where(rule => rule.Direction == Direction.Ingress)
            .ToList();
        return rules.Count > 0 && rules.TrueForAll(rule => rule.Peer.Group is { IsMade: false } peer && groups.Contains(peer.Id));
    }

    /// <summary>The thing that would have to change; also what <c>accept</c> and <c>--suppress</c> name.</summary>
    private static string About(Trace trace, Tracer tracer) =>
        trace switch
        {
            { Outcome.Verdict: Verdict.GroupLetsNotIn, Culprit: { } hop }
                when tracer.GroupsOf(hop.Destination) is { IsEmpty: false } groups => groups[0].Text,
            { Outcome.Verdict: Verdict.GroupLetsNotOut, Culprit: { } hop } when tracer.GroupsOf(hop.Source) is { IsEmpty: false } groups =>
                groups[0].Text,
            { Culprit: { } hop } => hop.At.Split(' ')[0],
            _ => trace.Flow.To.ToString(),
        };
}
