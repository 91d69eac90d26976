using System.Globalization;
using System.Text.Json.Nodes;

namespace Podspace.Simulation.Kubernetes;

/// <summary>Keeps the numbered pods of a StatefulSet: up one after another, down and anew from the highest.</summary>
internal sealed class StatefulSetController(World world)
{
    public void Run()
    {
        foreach (var set in world.Objects.List("apps/v1", "statefulsets"))
        {
            var pods = world.Objects.List("v1", "pods", set.Namespace()).Where(pod => pod.IsControlledBy(set)).ToDictionary(Ordinal);
            Keep(set, pods);
            SetStatus(set);
        }
    }

    private void Keep(JsonObject set, Dictionary<int, JsonObject> pods)
    {
        var wanted = set.Number("spec", "replicas") ?? 1;
        var parallel = set.Text("spec", "podManagementPolicy") is "Parallel";
        for (var number = 0; number < wanted; number++)
        {
            if (!pods.TryGetValue(number, out var pod))
            {
                pods[number] = pod = CreatePod(set, number);
            }
            if (!parallel && !pod.IsReady())
            {
                return;
            }
        }
        if (pods.Keys.Max() is var highest && highest >= wanted)
        {
            Delete(pods[highest]);
            return;
        }
        var revision = PodTemplate.HashOf(set);
        if (
            set.Text("spec", "updateStrategy", "type") is not "OnDelete"
            && pods.OrderByDescending(entry => entry.Key).Select(entry => entry.Value).FirstOrDefault(pod => IsOld(pod, revision))
                is { } old
        )
        {
            Delete(old);
        }
    }

    // A pod that another server made bears a hash that says nothing here.
    private static bool IsOld(JsonObject pod, string revision) => pod.Label(PodTemplate.RevisionLabel) is { } known && known != revision;

    private JsonObject CreatePod(JsonObject set, int number)
    {
        var pod = PodTemplate.NewPod(set);
        var name = $"{set.Name()}-{number.ToString(CultureInfo.InvariantCulture)}";
        pod.Put(name, "metadata", "name");
        (pod["metadata"] as JsonObject)?.Remove("generateName");
        pod.Put(name, "metadata", "labels", "statefulset.kubernetes.io/pod-name");
        pod.Put(PodTemplate.HashOf(set), "metadata", "labels", PodTemplate.RevisionLabel);
        return world.Objects.Create("v1", "pods", pod, Managers.Controllers);
    }

    private void Delete(JsonObject pod) => world.Objects.Delete("v1", "pods", pod.Namespace(), pod.Name(), Managers.Controllers);

    private static int Ordinal(JsonObject pod) =>
        int.TryParse(pod.Name()[(pod.Name().LastIndexOf('-') + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? number
            : -1;

    private void SetStatus(JsonObject set)
    {
        var pods = world.Objects.List("v1", "pods", set.Namespace()).Where(pod => pod.IsControlledBy(set)).ToList();
        var revision = PodTemplate.HashOf(set);
        var ready = pods.Count(pod => pod.IsReady());
        var updated = pods.Count(pod => !IsOld(pod, revision));
        var changed = PodTemplate
            .WithStatus(
                set,
                [
                    ("observedGeneration", set.Number("metadata", "generation") ?? 0, false),
                    ("replicas", pods.Count, true),
                    ("readyReplicas", ready, false),
                    ("availableReplicas", ready, true),
                    ("currentReplicas", updated, false),
                    ("updatedReplicas", updated, false),
                ],
                [],
                world.Clock.GetUtcNow()
            )
            .Clone();
        changed.Put($"{set.Name()}-{revision}", "status", "updateRevision");
        if (updated == pods.Count)
        {
            changed.Put($"{set.Name()}-{revision}", "status", "currentRevision");
        }
        world.Objects.KeepStatus(changed, set);
    }
}
