using System.Text.Json.Nodes;
using Podspace.Model;
using Podspace.Steps.Calls;

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
