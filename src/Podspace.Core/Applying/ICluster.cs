using System.Text.Json.Nodes;
using Podspace.Model;

namespace Podspace.Applying;

/// <summary>The cluster as the core may see it. Implemented by Podspace.Kubernetes.</summary>
/// <remarks>Calls are retried by class of error inside; what comes back is final. Only bugs throw (and cancellation).</remarks>
public interface ICluster
{
    /// <summary>The host and port that are asked, to be held against the endpoint that EKS names.</summary>
    string Endpoint { get; }

    /// <param name="overlay">Whose record to read.</param>
    Task<ClusterInventory> ObserveAsync(string overlay, CancellationToken cancel);

    /// <summary>Reads the objects that a copy of the cluster needs, as they are; and says which kinds could not be read.</summary>
    /// <param name="overlay">Whose record to read.</param>
    Task<(IReadOnlyList<JsonObject> Objects, IReadOnlyList<string> Unseen)> CopyAsync(string overlay, CancellationToken cancel);

    /// <summary>All objects of these kinds. A kind that the server does not know has none; what may
    /// not be read is told, with the server's words.</summary>
    Task<(IReadOnlyList<JsonObject> Objects, IReadOnlyList<string> Unseen)> ListAsync(
        EquatableArray<ObjectKind> kinds,
        CancellationToken cancel
    );

    /// <summary>Makes one change; answers with the object's resource version where there is one.</summary>
    Task<Outcome> CallAsync(ClusterCall call, CancellationToken cancel);

    /// <summary>Reads one object as it is; null when there is none.</summary>
    Task<(JsonObject? Object, Refusal? Refusal)> GetAsync(ObjectKey key, CancellationToken cancel);

    /// <summary>Asks by SelfSubjectAccessReview whether the call would be allowed.</summary>
    Task<Outcome> RehearseAsync(ClusterCall call, CancellationToken cancel);
}

/// <summary>One change to the cluster. A closed set.</summary>
public abstract record ClusterCall
{
    private ClusterCall() { }

    /// <summary>Server-side apply under the field manager <c>podspace</c>.</summary>
    /// <param name="Manifest">JSON text of just the fields that are ours. With a resource version in it: only onto that.</param>
    /// <param name="Force">Takes fields that another manager holds.</param>
    public sealed record Apply(ObjectKey Key, string Manifest, bool Force) : ClusterCall
    {
        /// <summary>Known to be there, so that no right to create it is needed.</summary>
        public bool IsThere { get; init; }
    }

    /// <summary>Creates it; a <see cref="RefusalKind.Conflict"/> says that it exists.</summary>
    public sealed record Create(ObjectKey Key, string Manifest) : ClusterCall;

    /// <summary>Replaces it if it still has the resource version that the manifest carries.</summary>
    public sealed record Replace(ObjectKey Key, string Manifest) : ClusterCall;

    /// <summary>Gone already is a success.</summary>
    /// <param name="Version">Only while it has this resource version; null: whatever it has.</param>
    public sealed record Delete(ObjectKey Key, string? Version = null) : ClusterCall;

    /// <param name="Mark">Key of an annotation that goes along with it.</param>
    /// <param name="Value">Null takes the annotation away.</param>
    public sealed record Cordon(string Node, bool IsCordoned, string Mark, string? Value) : ClusterCall;

    /// <summary>Through the eviction API, so that disruption budgets hold;
    /// <see cref="RefusalKind.Conflict"/> when a budget says not now.</summary>
    public sealed record Evict(string Namespace, string Pod) : ClusterCall;
}
