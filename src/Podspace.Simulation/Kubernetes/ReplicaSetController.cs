using System.Text.Json.Nodes;

namespace Podspace.Simulation.Kubernetes;

/// <summary>Keeps as many pods as a ReplicaSet asks for.</summary>
internal sealed class ReplicaSetController(World world)
{
    public void Run()
    {
        var sets = world.Objects.List("apps/v1", "replicasets").ToList();
        if (sets.Count == 0)
        {
            return;
        }
        var pods = world.Objects.List("v1", "pods").Where(PodTemplate.IsActive).ToLookup(pod => pod.ControllerOf().Text("uid"));
        foreach (var set in sets)
        {
            SetStatus(set, Keep(set, [.. pods[set.Uid()]]));
        }
    }

    /// <summary>The pods that are there then.</summary>
    private List<JsonObject> Keep(JsonObject set, List<JsonObject> pods)
    {
        var missing = (set.Number("spec", "replicas") ?? 1) - pods.Count;
        for (var number = 0; number < missing; number++)
        {
            pods.Add(world.Objects.Create("v1", "pods", PodTemplate.NewPod(set), Managers.Controllers));
        }
        foreach (var pod in DispensableFirst(pods).Take(-missing).ToList())
        {
            world.Objects.Delete("v1", "pods", pod.Namespace(), pod.Name(), Managers.Controllers);
            pods.Remove(pod);
        }
        return pods;
    }

    // Unbound, not running, not ready, many on one node, youngest. Source: k8s.io/kubernetes,
    // pkg/controller/controller_utils.go, ActivePodsWithRanks.
    private static IEnumerable<JsonObject> DispensableFirst(List<JsonObject> pods)
    {
        var onNode = pods.GroupBy(pod => pod.Text("spec", "nodeName") ?? "").ToDictionary(group => group.Key, group => group.Count());
        return pods.OrderBy(pod => pod.Text("spec", "nodeName") is null ? 0 : 1)
            .ThenBy(pod => pod.Text("status", "phase") is "Running" ? 1 : 0)
            .ThenBy(pod => pod.IsReady() ? 1 : 0)
            .ThenByDescending(pod => onNode[pod.Text("spec", "nodeName") ?? ""])
            .ThenByDescending(pod => pod.Text("metadata", "creationTimestamp"), StringComparer.Ordinal)
            .ThenBy(pod => pod.Name(), StringComparer.Ordinal);
    }

    private void SetStatus(JsonObject set, List<JsonObject> pods)
    {
        var ready = pods.Count(pod => pod.IsReady());
        var changed = PodTemplate.WithStatus(
            set,
            [
                ("observedGeneration", set.Number("metadata", "generation") ?? 0, false),
                ("replicas", pods.Count, true),
                ("fullyLabeledReplicas", pods.Count, false),
                ("readyReplicas", ready, false),
                ("availableReplicas", ready, false),
            ],
            [],
            world.Clock.GetUtcNow()
        );
        world.Objects.KeepStatus(changed, set);
    }
}
