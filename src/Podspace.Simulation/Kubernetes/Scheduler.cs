using System.Text.Json.Nodes;
using Podspace.Cni;

namespace Podspace.Simulation.Kubernetes;

/// <summary>Binds pods to nodes: ready and uncordoned ones with a place free, spread over zones and nodes.</summary>
/// <remarks>Processors and memory are not looked at: addresses are what this world is about.</remarks>
internal sealed class Scheduler(World world)
{
    // Source: kubelet, --max-pods.
    private const int DefaultMaxPods = 110;

    public void Run()
    {
        var pods = world.Objects.List("v1", "pods").Where(PodTemplate.IsActive).ToList();
        var waiting = pods.Where(pod => pod.Text("spec", "nodeName") is null or "").ToList();
        if (waiting.Count == 0)
        {
            return;
        }
        var nodes = world.Objects.List("v1", "nodes").ToDictionary(node => node.Name());
        var bound = pods.Where(pod => nodes.ContainsKey(pod.Text("spec", "nodeName") ?? ""))
            .Select(pod => (Pod: pod, Node: nodes[pod.Text("spec", "nodeName")!]))
            .ToList();
        foreach (var pod in waiting)
        {
            if (Choose(pod, nodes.Values, bound) is { } node)
            {
                bound.Add((Bind(pod, node.Name()), node));
            }
            else
            {
                Leave(pod, nodes.Count);
            }
        }
    }

    private static JsonObject? Choose(JsonObject pod, IEnumerable<JsonObject> nodes, List<(JsonObject Pod, JsonObject Node)> bound)
    {
        var onNode = bound.ToLookup(entry => entry.Node.Name());
        var owner = pod.ControllerOf().Text("uid");
        var kin = bound.Where(entry => owner is not null && entry.Pod.ControllerOf().Text("uid") == owner).ToList();
        return nodes
            .Where(node => IsOpen(pod, node) && onNode[node.Name()].Count() < Capacity(node) && !Placement.IsRepelled(pod, node, bound))
            .OrderBy(node => kin.Count(entry => entry.Node.Label(CniEnv.ZoneLabel) == node.Label(CniEnv.ZoneLabel)))
            .ThenBy(node => kin.Count(entry => entry.Node == node))
            .ThenBy(node => onNode[node.Name()].Count())
            .ThenBy(node => node.Name(), StringComparer.Ordinal)
            .FirstOrDefault();
    }

    private static bool IsOpen(JsonObject pod, JsonObject node) =>
        Placement.MatchesNode(pod["spec"], node)
        && !Placement.Untolerated(pod["spec"], node).Any()
        && (node.IsReady() || Placement.Tolerates(pod["spec"], "node.kubernetes.io/not-ready"))
        && (!node.Is("spec", "unschedulable") || Placement.Tolerates(pod["spec"], "node.kubernetes.io/unschedulable"));

    private static int Capacity(JsonObject node) =>
        node.Number("status", "allocatable", "pods") ?? node.Number("status", "capacity", "pods") ?? DefaultMaxPods;

    private JsonObject Bind(JsonObject pod, string node)
    {
        var changed = pod.Clone();
        changed.Put(node, "spec", "nodeName");
        changed.SetCondition("PodScheduled", "True", "", "", world.Clock.GetUtcNow());
        return world.Objects.Update("v1", "pods", changed, Managers.Scheduler);
    }

    private void Leave(JsonObject pod, int nodes)
    {
        var message = $"0/{nodes} nodes are available: each is cordoned, not ready, full, or not one that the pod may run on.";
        var changed = pod.Clone();
        changed.SetCondition("PodScheduled", "False", "Unschedulable", message, world.Clock.GetUtcNow());
        world.Objects.Update("v1", "pods", changed, Managers.Scheduler, "status");
    }
}
