using System.Text.Json.Nodes;
using Podspace.Model;

namespace Podspace.Cni;

/// <param name="Live">As the plan saw it; null: not set.</param>
/// <param name="Wanted">Null: it is taken out.</param>
/// <param name="GoesBack">To what it was before us.</param>
public readonly record struct SettingChange(string Name, string? Live, string? Wanted, bool GoesBack);

/// <summary>Settings of container aws-node as they shall be in a DaemonSet that no add-on
/// manages: just ours, by server-side apply.</summary>
/// <param name="Kept">Written by us before and to stay: server-side apply takes out what its manager no longer names.</param>
/// <param name="Before">JSON: as each setting of ours was before our first change of it; kept in the record.</param>
/// <param name="TakenFrom">Field managers that hold what changes and lose it: past writers, who do not put it back.</param>
public sealed record AwsNodeSettings(
    CniPurpose Purpose,
    EquatableArray<SettingChange> Changes,
    EquatableArray<EnvSetting> Kept,
    string Before,
    EquatableArray<string> TakenFrom
)
{
    /// <summary>All that Podspace holds from then on, sorted.</summary>
    public EquatableArray<EnvSetting> Applied =>
        Changes
            .Where(change => change.Wanted is not null)
            .Select(change => new EnvSetting(change.Name, change.Wanted!))
            .Concat(Kept)
            .OrderBy(setting => setting.Name, StringComparer.Ordinal)
            .ToEquatable();

    /// <summary>Puts every value that we write beside those that we wrote: a run cut off before it wrote
    /// leaves the earlier one, which is ours just the same.</summary>
    public void Note(IDictionary<string, string> record)
    {
        var written = Parse(record.TryGetValue(RecordKeys.AwsNodeWritten, out var text) ? text : null);
        foreach (var change in Changes.Where(change => !change.GoesBack && !IsOurs(written, change.Name, change.Wanted)))
        {
            written[change.Name] = new JsonArray([
                .. (written[change.Name] as JsonArray ?? []).Select(value => value?.DeepClone()),
                JsonValue.Create(change.Wanted),
            ]);
        }
        record[RecordKeys.AwsNodeBefore] = Before;
        record[RecordKeys.AwsNodeWritten] = written.ToJsonString();
    }

    /// <summary>What is written, in the form of the add-on's document.</summary>
    public string AsValues() =>
        new JsonObject
        {
            ["env"] = new JsonObject(
                Changes
                    .Where(change => change.Wanted is not null)
                    .Select(change => KeyValuePair.Create(change.Name, (JsonNode?)change.Wanted))
            ),
        }.ToJsonString();

    /// <summary>Reports whether we ever wrote that value there.</summary>
    internal static bool IsOurs(JsonObject written, string name, string? value) =>
        value is not null && written[name] is JsonArray values && values.Any(one => one?.ToString() == value);

    /// <exception cref="FormatException">Somebody broke the record.</exception>
    internal static JsonObject Parse(string? document) => CniValues.Parse(document ?? "");
}
