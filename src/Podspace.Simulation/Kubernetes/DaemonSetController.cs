using System.Text.Json.Nodes;

namespace Podspace.Simulation.Kubernetes;

/// <summary>Keeps one pod of each DaemonSet on each node that takes it, cordoned and unready ones
/// too, and makes them anew when the template changes.</summary>
internal sealed class DaemonSetController(World world)
{
    // Source: Kubernetes documentation, "DaemonSet", Taints and tolerations.
    private static readonly string[] Tolerated =
    [
        "node.kubernetes.io/not-ready",
        "node.kubernetes.io/unreachable",
        "node.kubernetes.io/disk-pressure",
        "node.kubernetes.io/memory-pressure",
        "node.kubernetes.io/pid-pressure",
        "node.kubernetes.io/unschedulable",
        "node.kubernetes.io/network-unavailable",
    ];

    /// <summary>Makes the pods that a world file leaves out, as they were when it was written: those of the host network run.</summary>
    public void Derive()
    {
        var nodes = world.Objects.List("v1", "nodes").ToList();
        foreach (var set in world.Objects.List("apps/v1", "daemonsets"))
        {
            foreach (var node in nodes.Where(node => Takes(node, set)))
            {
                var pod = NewPod(set, node.Name());
                if (set.Is("spec", "template", "spec", "hostNetwork") && Address(node) is { } address)
                {
                    SetRunning(pod, address, node.Text("metadata", "creationTimestamp") ?? "");
                }
                world.Objects.Derive(pod);
            }
        }
    }

    public void Run()
    {
        var sets = world.Objects.List("apps/v1", "daemonsets").ToList();
        if (sets.Count == 0)
        {
            return;
        }
        var nodes = world.Objects.List("v1", "nodes").ToList();
        var pods = world.Objects.List("v1", "pods").Where(PodTemplate.IsActive).ToLookup(pod => pod.ControllerOf().Text("uid"));
        foreach (var set in sets)
        {
            var eligible = nodes.Where(node => Takes(node, set)).ToList();
            var kept = Place(set, eligible, [.. pods[set.Uid()]]);
            kept = Replace(set, eligible.Count, kept);
            SetStatus(set, eligible.Count, kept);
        }
    }

    private static bool Takes(JsonObject node, JsonObject set)
    {
        var spec = set.At("spec", "template", "spec");
        return Placement.MatchesNode(spec, node) && Placement.Untolerated(spec, node).All(taint => Tolerated.Contains(taint.Text("key")));
    }

    private static string? Address(JsonObject node) =>
        node.Items("status", "addresses").FirstOrDefault(address => address.Text("type") is "InternalIP").Text("address");

    /// <summary>One pod on each node, none elsewhere.</summary>
    private List<JsonObject> Place(JsonObject set, List<JsonObject> eligible, List<JsonObject> pods)
    {
        var names = eligible.Select(node => node.Name()).ToHashSet();
        foreach (var stray in pods.Where(pod => !names.Remove(pod.Text("spec", "nodeName") ?? "")).ToList())
        {
            world.Objects.Delete("v1", "pods", stray.Namespace(), stray.Name(), Managers.Controllers);
            pods.Remove(stray);
        }
        pods.AddRange(
            names.Order(StringComparer.Ordinal).Select(node => world.Objects.Create("v1", "pods", NewPod(set, node), Managers.Controllers))
        );
        return pods;
    }

    /// <summary>Takes pods of an older template away, no more at once than may be missing; the next round makes them anew.</summary>
    private List<JsonObject> Replace(JsonObject set, int desired, List<JsonObject> pods)
    {
        var revision = PodTemplate.HashOf(set);
        var old = pods.Where(pod => pod.Label(PodTemplate.RevisionLabel) != revision).ToList();
        if (old.Count == 0 || set.Text("spec", "updateStrategy", "type") is "OnDelete")
        {
            return pods;
        }
        var most = Math.Max(
            1,
            PodTemplate.Amount(set.At("spec", "updateStrategy", "rollingUpdate", "maxUnavailable"), "1", desired, roundsUp: true)
        );
        var room = most - pods.Count(pod => !pod.IsReady());
        var doomed = old.Where(pod => !pod.IsReady()).Concat(old.Where(pod => pod.IsReady()).Take(Math.Max(0, room))).ToList();
        foreach (var pod in doomed)
        {
            world.Objects.Delete("v1", "pods", pod.Namespace(), pod.Name(), Managers.Controllers);
        }
        return [.. pods.Except(doomed)];
    }

    private JsonObject NewPod(JsonObject set, string node)
    {
        var pod = PodTemplate.NewPod(set);
        var revision = PodTemplate.HashOf(set);
        // The name follows from owner, node and template alone: the same again when a world is loaded anew.
        var suffix = Suffix.Of(Suffix.Hash($"{world.State.Seed}|{set.Uid()}|{node}|{revision}"));
        pod.Put($"{set.Name()}-{suffix}", "metadata", "name");
        pod.Put(revision, "metadata", "labels", PodTemplate.RevisionLabel);
        pod.Put(node, "spec", "nodeName");
        return pod;
    }

    private static void SetRunning(JsonObject pod, string address, string since)
    {
        pod.Put(since, "metadata", "creationTimestamp");
        pod["status"] = new JsonObject
        {
            ["phase"] = "Running",
            ["hostIP"] = address,
            ["hostIPs"] = new JsonArray(new JsonObject { ["ip"] = address }),
            ["podIP"] = address,
            ["podIPs"] = new JsonArray(new JsonObject { ["ip"] = address }),
            ["startTime"] = since,
            ["conditions"] = new JsonArray([
                .. ((string[])["PodScheduled", "PodReadyToStartContainers", "Initialized", "ContainersReady", "Ready"]).Select(
                    type => new JsonObject
                    {
                        ["type"] = type,
                        ["status"] = "True",
                        ["lastTransitionTime"] = since,
                    }
                ),
            ]),
            ["containerStatuses"] = new JsonArray([
                .. pod.Items("spec", "containers")
                    .Select(container => new JsonObject
                    {
                        ["name"] = container.Text("name"),
                        ["image"] = container.Text("image") ?? "",
                        ["imageID"] = "",
                        ["ready"] = true,
                        ["started"] = true,
                        ["restartCount"] = 0,
                        ["state"] = new JsonObject { ["running"] = new JsonObject { ["startedAt"] = since } },
                    }),
            ]),
        };
    }

    private void SetStatus(JsonObject set, int desired, List<JsonObject> pods)
    {
        var revision = PodTemplate.HashOf(set);
        var ready = pods.Count(pod => pod.IsReady());
        var changed = PodTemplate.WithStatus(
            set,
            [
                ("observedGeneration", set.Number("metadata", "generation") ?? 0, false),
                ("desiredNumberScheduled", desired, true),
                ("currentNumberScheduled", pods.Count, true),
                ("updatedNumberScheduled", pods.Count(pod => pod.Label(PodTemplate.RevisionLabel) == revision), false),
                ("numberReady", ready, true),
                ("numberAvailable", ready, false),
                ("numberUnavailable", desired - ready, false),
                ("numberMisscheduled", 0, true),
            ],
            [],
            world.Clock.GetUtcNow()
        );
        world.Objects.KeepStatus(changed, set);
    }
}
