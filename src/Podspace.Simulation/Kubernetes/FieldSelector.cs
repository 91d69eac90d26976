using System.Text.Json.Nodes;

namespace Podspace.Simulation.Kubernetes;

/// <summary>Which values fields must have, for the few fields of each kind that the API server selects by.</summary>
public sealed class FieldSelector
{
    private readonly List<(string[] Path, string Value, bool IsEqual)> requirements = [];

    public static readonly FieldSelector Everything = new();

    /// <param name="text">Such as <c>spec.nodeName=a,status.phase!=Running</c>.</param>
    /// <exception cref="WorldRefusal">BadRequest, 400, when it is none or the kind is not selected by that field.</exception>
    public static FieldSelector Parse(KindEntry kind, string text)
    {
        var selector = new FieldSelector();
        foreach (var part in text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            var isEqual = !part.Contains("!=", StringComparison.Ordinal);
            var sides = part.Split(isEqual ? '=' : '!', 2);
            if (sides.Length < 2)
            {
                throw new WorldRefusal("BadRequest", $"invalid selector: '{text}'; can't understand '{part}'");
            }
            if (!IsKnown(kind, sides[0]))
            {
                throw new WorldRefusal("BadRequest", $"field label not supported: {sides[0]}");
            }
            selector.requirements.Add((sides[0].Split('.'), sides[1].TrimStart('='), isEqual));
        }
        return selector;
    }

    public bool Matches(JsonObject manifest) =>
        requirements.TrueForAll(requirement => (Value(manifest, requirement.Path) == requirement.Value) == requirement.IsEqual);

    private static string Value(JsonObject manifest, string[] path) =>
        manifest.At(path)?.ToString() ?? (path[^1] is "unschedulable" or "hostNetwork" ? "false" : "");

    // Source: k8s.io/kubernetes, pkg/apis/core/v1/conversion.go.
    private static bool IsKnown(KindEntry kind, string field) =>
        (kind.Plural, field) switch
        {
            (_, "metadata.name") => true,
            (_, "metadata.namespace") => kind.Namespaced,
            ("pods", "spec.nodeName" or "spec.restartPolicy" or "spec.schedulerName" or "spec.serviceAccountName" or "spec.hostNetwork") =>
                true,
            ("pods", "status.phase" or "status.podIP" or "status.nominatedNodeName") => true,
            ("nodes", "spec.unschedulable") => true,
            ("namespaces", "status.phase") => true,
            ("secrets", "type") => true,
            ("replicasets", "status.replicas") => true,
            ("events", "reason" or "type" or "source" or "reportingComponent") => true,
            ("events", _) => field.StartsWith("involvedObject.", StringComparison.Ordinal),
            _ => false,
        };
}
