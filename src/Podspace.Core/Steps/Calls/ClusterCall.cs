using System.Text.Json.Nodes;
using Podspace.Formats.Yaml;
using Podspace.Model;
using Podspace.Steps.Text;

namespace Podspace.Steps.Calls;

/// <summary>One change to the cluster. A closed set.</summary>
public abstract record ClusterCall : Call
{
    private ClusterCall() { }

    /// <summary>Server-side apply under the field manager <c>podspace</c>.</summary>
    /// <param name="Manifest">JSON text of just the fields that are ours. With a resource version in it: only onto that.</param>
    /// <param name="Force">Takes fields that another manager holds.</param>
    public sealed record Apply(ObjectKey Key, string Manifest, bool Force) : ClusterCall
    {
        /// <summary>Known to be there, so that no right to create it is needed.</summary>
        public bool IsThere { get; init; }

        // Applying what is not there creates it, and needs both. Source: Kubernetes, "Server-Side Apply".
        internal override IEnumerable<string> Rights => IsThere ? [Right("patch", Key)] : [Right("patch", Key), Right("create", Key)];

        internal override IEnumerable<string> Commands(StepContext context) =>
            [Document($"apply --server-side --field-manager=podspace{(Force ? " --force-conflicts" : "")} -f -", Manifest)];
    }

    /// <summary>Creates it; the refusal that it conflicts says that it exists.</summary>
    public sealed record Create(ObjectKey Key, string Manifest) : ClusterCall
    {
        internal override IEnumerable<string> Rights => [Right("create", Key)];

        internal override IEnumerable<string> Commands(StepContext context) => [Document("create -f -", Manifest)];
    }

    /// <summary>Replaces it if it still has the resource version that the manifest carries.</summary>
    public sealed record Replace(ObjectKey Key, string Manifest) : ClusterCall
    {
        internal override IEnumerable<string> Rights => [Right("update", Key)];

        internal override IEnumerable<string> Commands(StepContext context) => [Document("replace -f -", Manifest)];
    }

    /// <summary>Gone already is a success.</summary>
    /// <param name="Version">Only while it has this resource version; null: whatever it has.</param>
    public sealed record Delete(ObjectKey Key, string? Version = null) : ClusterCall
    {
        internal override IEnumerable<string> Rights => [Right("delete", Key)];

        internal override IEnumerable<string> Commands(StepContext context) =>
            [$"kubectl {(Key.Namespace is null ? "" : $"-n {Key.Namespace} ")}delete {Key.Singular} {Key.Name}"];
    }

    /// <param name="Mark">Key of an annotation that goes along with it.</param>
    /// <param name="Value">Null takes the annotation away.</param>
    public sealed record Cordon(string Node, bool IsCordoned, string Mark, string? Value) : ClusterCall
    {
        internal override IEnumerable<string> Rights => ["patch nodes"];

        internal override IEnumerable<string> Commands(StepContext context)
        {
            yield return $"kubectl annotate node {Node} {Mark}{(Value is null ? "-" : $"={Value}")}";
            yield return IsCordoned ? $"kubectl cordon {Node}" : $"kubectl uncordon {Node}";
        }
    }

    /// <summary>Through the eviction API, so that disruption budgets hold; the refusal that it
    /// conflicts when a budget says not now.</summary>
    public sealed record Evict(string Namespace, string Pod) : ClusterCall
    {
        internal override IEnumerable<string> Rights => ["create pods/eviction"];

        internal override IEnumerable<string> Commands(StepContext context)
        {
            var eviction = new JsonObject
            {
                ["apiVersion"] = "policy/v1",
                ["kind"] = "Eviction",
                ["metadata"] = new JsonObject { ["name"] = Pod, ["namespace"] = Namespace },
            };
            return [Document($"create --raw /api/v1/namespaces/{Namespace}/pods/{Pod}/eviction -f -", eviction.ToJsonString())];
        }
    }

    /// <summary>As RBAC names it, such as <c>patch eniconfigs.crd.k8s.amazonaws.com</c>.</summary>
    private static string Right(string verb, ObjectKey key)
    {
        var slash = key.Api.IndexOf('/', StringComparison.Ordinal);
        return $"{verb} {key.Plural}{(slash < 0 ? "" : $".{key.Api[..slash]}")}";
    }

    private static string Document(string command, string manifest) =>
        Shell.Document($"kubectl {command}", YamlWriter.Write(JsonNode.Parse(manifest)!.AsObject(), 3));
}
