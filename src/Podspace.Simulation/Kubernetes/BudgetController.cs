using System.Text.Json.Nodes;

namespace Podspace.Simulation.Kubernetes;

/// <summary>Counts for each PodDisruptionBudget how many pods may go. Source:
/// k8s.io/kubernetes, pkg/controller/disruption/disruption.go.</summary>
internal sealed class BudgetController(World world)
{
    public void Run()
    {
        foreach (var budget in world.Objects.List("policy/v1", "poddisruptionbudgets"))
        {
            var selector = LabelSelector.From(budget.At("spec", "selector"));
            var pods = selector is null
                ? []
                : world
                    .Objects.List("v1", "pods", budget.Namespace())
                    .Where(pod => pod.Text("status", "phase") is not ("Succeeded" or "Failed") && selector.Matches(pod))
                    .ToList();
            SetStatus(budget, pods);
        }
    }

    private void SetStatus(JsonObject budget, List<JsonObject> pods)
    {
        var (expected, desired) = Counts(budget, pods);
        var healthy = pods.Count(pod => pod.IsReady() && PodTemplate.IsActive(pod));
        var allowed = expected == 0 ? 0 : Math.Max(0, healthy - desired);
        var changed = PodTemplate.WithStatus(
            budget,
            [
                ("observedGeneration", budget.Number("metadata", "generation") ?? 0, false),
                ("currentHealthy", healthy, true),
                ("desiredHealthy", desired, true),
                ("expectedPods", expected, true),
                ("disruptionsAllowed", allowed, true),
            ],
            [("DisruptionAllowed", allowed > 0, allowed > 0 ? "SufficientPods" : "InsufficientPods")],
            world.Clock.GetUtcNow()
        );
        world.Objects.KeepStatus(changed, budget);
    }

    private (int Expected, int Desired) Counts(JsonObject budget, List<JsonObject> pods)
    {
        if (budget.At("spec", "maxUnavailable") is { } unavailable)
        {
            var expected = Expected(pods);
            return (expected, Math.Max(0, expected - PodTemplate.Amount(unavailable, "0", expected, roundsUp: true)));
        }
        var available = budget.At("spec", "minAvailable");
        if (available?.ToString().EndsWith('%') is true)
        {
            var expected = Expected(pods);
            return (expected, PodTemplate.Amount(available, "0", expected, roundsUp: true));
        }
        return (pods.Count, PodTemplate.Amount(available, "0", pods.Count, roundsUp: true));
    }

    /// <summary>What the pods' controllers want, so that pods that are missing count as missing; a
    /// pod without a controller counts for itself.</summary>
    private int Expected(List<JsonObject> pods) =>
        pods.GroupBy(pod => pod.ControllerOf().Text("uid") ?? pod.Uid())
            .Select(group =>
                Scale(group.First()) is { } scale
                    ? (scale.Uid(), Wanted: scale.Number("spec", "replicas") ?? 1)
                    : (group.Key, Wanted: group.Count())
            )
            .DistinctBy(scale => scale.Item1)
            .Sum(scale => scale.Wanted);

    /// <summary>The object whose replicas the pod is one of; null when nothing says how many there should be.</summary>
    private JsonObject? Scale(JsonObject pod)
    {
        var owner = pod.ControllerOf();
        switch (owner.Text("kind"))
        {
            case "StatefulSet":
                return world.Objects.Find("apps/v1", "statefulsets", pod.Namespace(), owner.Text("name") ?? "");
            case "ReplicaSet" when world.Objects.Find("apps/v1", "replicasets", pod.Namespace(), owner.Text("name") ?? "") is { } set:
                return set.ControllerOf() is { } deployment && deployment.Text("kind") is "Deployment"
                    ? world.Objects.Find("apps/v1", "deployments", pod.Namespace(), deployment.Text("name") ?? "") ?? set
                    : set;
            default:
                return null;
        }
    }
}
