using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace Podspace.Simulation.State;

/// <summary>A world file: <c>kind: World</c>. docs/world.md explains it key by key.</summary>
/// <remarks>
/// Mutable on purpose: this is the simulated account itself. Property names are AWS's own describe names, so that CLI output can be pasted;
/// what can be derived (local routes, counts of free addresses, pods of DaemonSets) is not stored.
/// </remarks>
public sealed class WorldState
{
    [JsonPropertyName("apiVersion")]
    public string ApiVersion { get; set; } = "podspace.io/v1alpha1";

    [JsonPropertyName("kind")]
    public string Kind { get; set; } = "World";

    [JsonPropertyName("metadata")]
    public WorldMetadata Metadata { get; set; } = new();

    /// <summary>The world's own time.</summary>
    [JsonPropertyName("clock")]
    public DateTimeOffset Clock { get; set; }

    /// <summary>Ids, names and other choices that AWS makes by chance follow from it.</summary>
    [JsonPropertyName("seed")]
    public int Seed { get; set; }

    [JsonPropertyName("aws")]
    public AwsState Aws { get; set; } = new();

    /// <summary>Manifests, one each, of the one cluster.</summary>
    [JsonPropertyName("kubernetes")]
    public List<JsonObject> Kubernetes { get; set; } = [];

    /// <summary>Changes that are under way, by the time at which they end.</summary>
    [JsonPropertyName("pending")]
    public List<PendingChange> Pending { get; set; } = [];

    /// <summary>How often an id was made for the same kind and key, so that none is ever made twice.</summary>
    [JsonPropertyName("issued")]
    public SortedDictionary<string, int> Issued { get; set; } = new(StringComparer.Ordinal);

    /// <summary>What happened: one entry for each call that changed something.</summary>
    [JsonPropertyName("history")]
    public List<HistoryEntry> History { get; set; } = [];
}

public sealed class WorldMetadata
{
    [JsonPropertyName("name")]
    public string Name { get; set; } = "";

    /// <summary>What the file shows, for people: comments do not survive a save, this does.</summary>
    [JsonPropertyName("description")]
    public string Description { get; set; } = "";

    /// <summary>In a copy: readings that whoever made it could not make. What they would show is not known, and not absent.</summary>
    [JsonPropertyName("unseen")]
    public List<string> Unseen { get; set; } = [];
}

/// <param name="Change">Which handler ends it, such as <c>block-associated</c>.</param>
/// <param name="Target">The id it is about.</param>
public sealed record PendingChange(
    [property: JsonPropertyName("at")] DateTimeOffset At,
    [property: JsonPropertyName("change")] string Change,
    [property: JsonPropertyName("target")] string Target
);

public sealed record HistoryEntry(
    [property: JsonPropertyName("at")] DateTimeOffset At,
    [property: JsonPropertyName("by")] string By,
    [property: JsonPropertyName("call")] string Call,
    [property: JsonPropertyName("target")] string Target
);
