using System.Text.Json.Nodes;

namespace Podspace.Simulation.Kubernetes;

/// <summary>Which nodes a pod's spec allows: selector, required node affinity, taints and tolerations.</summary>
internal static class Placement
{
    public static bool MatchesNode(JsonNode? spec, JsonObject node)
    {
        var labels = node.Map("metadata", "labels");
        if (spec.Map("nodeSelector").Any(wanted => labels.GetValueOrDefault(wanted.Key) != wanted.Value))
        {
            return false;
        }
        var terms = spec.Items("affinity", "nodeAffinity", "requiredDuringSchedulingIgnoredDuringExecution", "nodeSelectorTerms").ToList();
        return terms.Count == 0 || terms.Exists(term => LabelSelector.MatchesExpressions(term.Items("matchExpressions"), labels));
    }

    /// <summary>Taints that keep the pod off the node.</summary>
    public static IEnumerable<JsonObject> Untolerated(JsonNode? spec, JsonObject node) =>
        node.Items("spec", "taints").Where(taint => taint.Text("effect") is "NoSchedule" or "NoExecute" && !Tolerates(spec, taint));

    /// <summary>Whether the pod may go to a node of that condition, which a real cluster marks with a taint.</summary>
    public static bool Tolerates(JsonNode? spec, string key) =>
        Tolerates(spec, new JsonObject { ["key"] = key, ["effect"] = "NoSchedule" });

    /// <summary>Whether a required anti-affinity keeps the pod away from where pods like <paramref name="others"/> run.</summary>
    /// <param name="others">Pods that are bound, with their nodes.</param>
    public static bool IsRepelled(JsonObject pod, JsonObject node, IEnumerable<(JsonObject Pod, JsonObject Node)> others) =>
        pod.Items("spec", "affinity", "podAntiAffinity", "requiredDuringSchedulingIgnoredDuringExecution")
            .Any(term =>
                term.Text("topologyKey") is { } key
                && others.Any(other =>
                    other.Pod.Namespace() == pod.Namespace()
                    && other.Node.Label(key) is { } domain
                    && domain == node.Label(key)
                    && LabelSelector.From(term["labelSelector"])?.Matches(other.Pod) is true
                )
            );

    private static bool Tolerates(JsonNode? spec, JsonObject taint) =>
        spec.Items("tolerations")
            .Any(toleration =>
                (toleration.Text("effect") is null or "" || toleration.Text("effect") == taint.Text("effect"))
                && (
                    toleration.Text("key") is null or ""
                        ? toleration.Text("operator") is "Exists"
                        : toleration.Text("key") == taint.Text("key")
                            && (toleration.Text("operator") is "Exists" || (toleration.Text("value") ?? "") == (taint.Text("value") ?? ""))
                )
            );
}
