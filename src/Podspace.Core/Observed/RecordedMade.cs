using System.Text.Json.Nodes;
using Podspace.Cni;
using Podspace.Model;
using Podspace.Naming;

namespace Podspace.Observed;

/// <summary>What the record says that Podspace made: <c>{"subnet-0a": "pods-eu-west-1b-0"}</c>.</summary>
/// <remarks>A tag can be taken off; what has none of ours and is not named here was never ours, whatever leads to it.</remarks>
internal sealed class RecordedMade(JsonObject document)
{
    public static RecordedMade Of(Inventory inventory) => Parse(inventory.Cluster?.Record?.Entry(RecordKeys.Made));

    public static RecordedMade Parse(string? document) => new(AddonValues.Root(document ?? "") ?? []);

    public bool Holds(AwsId id) => document.ContainsKey(id.Text);

    public bool HoldsRouteTable => document.Any(entry => entry.Key.StartsWith("rtb-", StringComparison.Ordinal));

    /// <summary>What was noted before stays, though it may be gone by now: ids do not come again.</summary>
    /// <remarks>In the order of our names, so that the same work leaves the same record: ids are chance.</remarks>
    public RecordedMade With(IEnumerable<KeyValuePair<AwsId, ResourceName>> made)
    {
        var entries = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (id, name) in document)
        {
            entries[id] = $"{name}";
        }
        foreach (var (id, name) in made)
        {
            entries[id.Text] = name.Text;
        }
        var sorted = entries.OrderBy(entry => entry.Value, StringComparer.Ordinal).ThenBy(entry => entry.Key, StringComparer.Ordinal);
        return new(new(sorted.Select(entry => KeyValuePair.Create(entry.Key, (JsonNode?)entry.Value))));
    }

    public bool IsEmpty => document.Count == 0;

    public override string ToString() => document.ToJsonString();
}
