using System.Text.Json.Nodes;

namespace Podspace.Simulation.Kubernetes;

/// <summary>Deletes a pod if the disruption budgets that cover it allow it. Source:
/// Kubernetes documentation, "API-initiated Eviction".</summary>
public static class Eviction
{
    /// <exception cref="WorldRefusal">NotFound, 404; TooManyRequests, 429, with cause DisruptionBudget, when a
    /// budget says not now; 500 when two budgets cover the pod.</exception>
    public static void Evict(World world, string ns, string name, bool dryRun)
    {
        var objects = world.Objects;
        var pod = objects.Find("v1", "pods", ns, name) ?? throw ObjectStore.NotFound("v1", "pods", name);
        // A pod that does not run, or runs no longer, disrupts nothing.
        if (pod.Text("status", "phase") is not ("Succeeded" or "Failed" or "Pending"))
        {
            Spend(objects, pod, dryRun);
        }
        if (!dryRun)
        {
            objects.Delete("v1", "pods", ns, name);
        }
    }

    private static void Spend(ObjectStore objects, JsonObject pod, bool dryRun)
    {
        var budgets = objects
            .List("policy/v1", "poddisruptionbudgets", pod.Namespace())
            .Where(budget => LabelSelector.From(budget.At("spec", "selector"))?.Matches(pod) is true)
            .ToList();
        if (budgets.Count > 1)
        {
            throw new WorldRefusal(
                "InternalError",
                "This pod has more than one PodDisruptionBudget, which the eviction subresource does not support.",
                500
            );
        }
        if (budgets is not [var budget])
        {
            return;
        }
        var (healthy, desired) = (budget.Number("status", "currentHealthy") ?? 0, budget.Number("status", "desiredHealthy") ?? 0);
        // A pod that is not ready counts for nothing as long as enough others are: unhealthyPodEvictionPolicy IfHealthyBudget, the default.
        if (!pod.IsReady() && ((healthy >= desired && desired > 0) || budget.Text("spec", "unhealthyPodEvictionPolicy") is "AlwaysAllow"))
        {
            return;
        }
        var allowed = budget.Number("status", "disruptionsAllowed") ?? 0;
        if (allowed <= 0)
        {
            throw Refused(budget, healthy, desired);
        }
        if (!dryRun)
        {
            var spent = budget.Clone();
            spent.Put(allowed - 1, "status", "disruptionsAllowed");
            objects.Update("policy/v1", "poddisruptionbudgets", spent, Managers.Controllers, "status");
        }
    }

    private static WorldRefusal Refused(JsonObject budget, int healthy, int desired) =>
        new("TooManyRequests", "Cannot evict pod as it would violate the pod's disruption budget.", 429)
        {
            Causes =
            [
                new("DisruptionBudget", $"The disruption budget {budget.Name()} needs {desired} healthy pods and has {healthy} currently"),
            ],
        };
}
