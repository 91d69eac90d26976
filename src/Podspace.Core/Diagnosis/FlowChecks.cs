using Podspace.Findings;
using Podspace.Model;
using Podspace.Reachability;

namespace Podspace.Diagnosis;

/// <summary>The fixed set of flows, each concern a check.</summary>
internal static class FlowChecks
{
    public static readonly EquatableArray<Check> All =
    [
        Of(Concern.ApiServer, "Pods cannot reach the API server"),
        Of(Concern.Dns, "Pods cannot reach the cluster's DNS"),
        Of(Concern.Kubelet, "Pods cannot reach kubelets"),
        Of(Concern.Webhooks, "The API server cannot reach pods"),
        Of(Concern.FromNodes, "Nodes cannot reach pods on other nodes"),
        Of(Concern.BetweenPods, "Pods cannot reach pods"),
        Of(Concern.LoadBalancer, "A load balancer cannot reach pods"),
        Of(Concern.Endpoint, "An endpoint refuses pods"),
        Of(Concern.Server, "A server that admits nodes refuses pods"),
        Of(Concern.OnPremises, "Pods cannot reach on-premises"),
        Of(Concern.Internet, "Pods cannot reach the Internet"),
    ];

    private static Check Of(Concern concern, string title)
    {
        var isVital = concern is <= Concern.BetweenPods;
        return new(
            FlowCodes.Of(concern),
            title,
            isVital ? Severity.Error : Severity.Warning,
            [Reading.Interfaces, Reading.Subnets, Reading.RouteTables, Reading.SecurityGroups, Reading.Nodes, Reading.Pods],
            input => Look(input, concern)
        )
        {
            ShowsWhatRulesSuggest = concern is Concern.Endpoint or Concern.Server,
        };
    }

    /// <summary>One symptom a thing that would have to change, however many flows it stops.</summary>
    private static IEnumerable<Symptom> Look(DoctorInput input, Concern concern) =>
        input
            .Flows.Where(answer => answer.Question.Concern == concern)
            .Select(answer => FlowFindings.Of(answer, input.Tracer, Severity.Error))
            .OfType<Finding>()
            .DistinctBy(finding => finding.Object)
            .Select(finding => new Symptom(finding.Object, finding.Problem, finding.Fix));
}
