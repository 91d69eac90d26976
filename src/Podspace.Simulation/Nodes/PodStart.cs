using System.Text.Json.Nodes;
using Podspace.Simulation.Kubernetes;

namespace Podspace.Simulation.Nodes;

/// <summary>The kubelet's part: a pod that is bound to a node gets an address and runs, or says why not.</summary>
internal sealed class PodStart(World world)
{
    /// <summary>Source: kube-apiserver, flag --event-ttl.</summary>
    public static readonly TimeSpan EventLife = TimeSpan.FromHours(1);

    public static bool HasWork(NodeView view) => Waiting(view).Any();

    /// <summary>Starts what can be started; returns the pods for which there was no address.</summary>
    public IReadOnlyList<JsonObject> Start(NodeView view)
    {
        var free = new Queue<string>(view.IsReady && view.Settings is { } settings ? view.FreeAddresses(settings) : []);
        var left = new List<JsonObject>();
        foreach (var pod in Waiting(view).ToList())
        {
            if (pod.OnHostNetwork())
            {
                Run(view, pod, view.Address!);
            }
            else if (free.TryDequeue(out var address))
            {
                Run(view, pod, address);
            }
            else
            {
                left.Add(pod);
            }
        }
        return left;
    }

    /// <summary>Says once for each pod that it got no address. Returns the events' keys, <c>namespace/name</c>.</summary>
    public IReadOnlyList<string> Complain(IReadOnlyList<JsonObject> left)
    {
        var made = new List<string>();
        foreach (var pod in left)
        {
            var name = $"{pod.Name()}.{Suffix.Hash(pod.Uid())[..16]}";
            if (world.Objects.Find("v1", "events", pod.Namespace(), name) is null)
            {
                world.Objects.Create("v1", "events", NoAddress(pod, name), Managers.Kubelet);
                Wait(pod);
                made.Add($"{pod.Namespace()}/{name}");
            }
        }
        return made;
    }

    public void ForgetEvent(string key)
    {
        var slash = key.IndexOf('/', StringComparison.Ordinal);
        if (world.Objects.Find("v1", "events", key[..slash], key[(slash + 1)..]) is not null)
        {
            world.Objects.Delete("v1", "events", key[..slash], key[(slash + 1)..]);
        }
    }

    /// <summary>On a node that is not ready only pods of the host network start.</summary>
    private static IEnumerable<JsonObject> Waiting(NodeView view) =>
        view.Pods.Where(pod =>
            pod.WaitsForAddress() && (view.IsReady || pod.OnHostNetwork()) && (!pod.OnHostNetwork() || view.Address is not null)
        );

    private void Run(NodeView view, JsonObject pod, string address)
    {
        var now = world.Clock.GetUtcNow();
        var changed = pod.Clone();
        changed.Put(view.Address, "status", "hostIP");
        changed.Put(new JsonArray(new JsonObject { ["ip"] = view.Address }), "status", "hostIPs");
        changed.Put("Running", "status", "phase");
        changed.Put(address, "status", "podIP");
        changed.Put(new JsonArray(new JsonObject { ["ip"] = address }), "status", "podIPs");
        changed.Put(Manifest.Time(now), "status", "startTime");
        changed.Put(
            Containers(pod, new JsonObject { ["running"] = new JsonObject { ["startedAt"] = Manifest.Time(now) } }, true),
            "status",
            "containerStatuses"
        );
        foreach (var condition in (string[])["PodScheduled", "PodReadyToStartContainers", "Initialized", "ContainersReady", "Ready"])
        {
            changed.SetCondition(condition, "True", "", "", now);
        }
        world.Objects.Update("v1", "pods", changed, Managers.Kubelet, "status");
    }

    private void Wait(JsonObject pod)
    {
        var changed = pod.Clone();
        changed.Put("Pending", "status", "phase");
        changed.Put(
            Containers(pod, new JsonObject { ["waiting"] = new JsonObject { ["reason"] = "ContainerCreating" } }, false),
            "status",
            "containerStatuses"
        );
        world.Objects.Update("v1", "pods", changed, Managers.Kubelet, "status");
    }

    private static JsonArray Containers(JsonObject pod, JsonObject state, bool ready) =>
        new([
            .. pod.Items("spec", "containers")
                .Select(container => new JsonObject
                {
                    ["name"] = container.Text("name"),
                    ["image"] = container.Text("image") ?? "",
                    ["imageID"] = "",
                    ["ready"] = ready,
                    ["started"] = ready,
                    ["restartCount"] = 0,
                    ["state"] = state.DeepClone(),
                }),
        ]);

    private JsonObject NoAddress(JsonObject pod, string name)
    {
        var now = Manifest.Time(world.Clock.GetUtcNow());
        return new()
        {
            ["apiVersion"] = "v1",
            ["kind"] = "Event",
            ["metadata"] = new JsonObject { ["name"] = name, ["namespace"] = pod.Namespace() },
            ["involvedObject"] = new JsonObject
            {
                ["apiVersion"] = "v1",
                ["kind"] = "Pod",
                ["namespace"] = pod.Namespace(),
                ["name"] = pod.Name(),
                ["uid"] = pod.Uid(),
            },
            ["reason"] = "FailedCreatePodSandBox",
            ["message"] =
                "Failed to create pod sandbox: rpc error: code = Unknown desc = failed to setup network for sandbox: plugin "
                + "type=\"aws-cni\" name=\"aws-cni\" failed (add): add cmd: failed to assign an IP address to container",
            ["source"] = new JsonObject { ["component"] = "kubelet", ["host"] = pod.Text("spec", "nodeName") },
            ["firstTimestamp"] = now,
            ["lastTimestamp"] = now,
            ["count"] = 1,
            ["type"] = "Warning",
        };
    }
}
