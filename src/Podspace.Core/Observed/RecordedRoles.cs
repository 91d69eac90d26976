using System.Text.Json.Nodes;
using Podspace.Cni;
using Podspace.Model;
using Podspace.Naming;

namespace Podspace.Observed;

/// <summary>What the record says of tags that we wrote on subnets that are not ours: <c>{"subnet-0a": {"before":
/// "1", "written": ["0"]}}</c>; without "before" there was none.</summary>
internal sealed class RecordedRoles(JsonObject document)
{
    public static RecordedRoles Of(Inventory inventory) => Parse(inventory.Cluster?.Record?.Entry(RecordKeys.SubnetRoles));

    public static RecordedRoles Parse(string? document) => new(AddonValues.Root(document ?? "") ?? []);

    public IEnumerable<AwsId> Subnets => document.Select(entry => new AwsId(entry.Key));

    public string? Before(AwsId subnet) => document[subnet.Text]?["before"]?.ToString();

    /// <summary>Reports whether we ever wrote that value there.</summary>
    public bool IsOurs(AwsId subnet, string? value) =>
        value is not null
        && document[subnet.Text]?["written"] is JsonArray written
        && written.Any(one => one?.ToString() == value)
        && value != Before(subnet);

    /// <summary>In the order of the ids, whichever subnet was written first: steps run side by side, and the same work
    /// leaves the same record. What was there before our first writing stays; a run cut off before it wrote leaves what
    /// we wrote earlier, which is ours just the same.</summary>
    public RecordedRoles With(AwsId subnet, string? before, string value)
    {
        var entry = document[subnet.Text] as JsonObject ?? (before is null ? [] : new JsonObject { ["before"] = before });
        var written = (entry["written"] as JsonArray ?? []).Select(one => one!.ToString()).Append(value).Distinct();
        var noted = (JsonObject)entry.DeepClone();
        noted["written"] = new JsonArray([.. written.Select(one => (JsonNode)one)]);
        return new(
            new(
                document
                    .Where(other => other.Key != subnet.Text)
                    .Select(other => KeyValuePair.Create(other.Key, other.Value?.DeepClone()))
                    .Append(new(subnet.Text, noted))
                    .OrderBy(one => one.Key, StringComparer.Ordinal)
            )
        );
    }

    public override string ToString() => document.ToJsonString();
}
