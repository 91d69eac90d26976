using System.Text.Json;
using System.Text.Json.Nodes;

namespace Podspace.Diagnosis;

/// <summary>One resource that a Terraform plan touches.</summary>
/// <param name="Actions">create, update, delete, read, no-op; a replacement has two.</param>
/// <param name="Id">AWS's, where it exists already.</param>
/// <param name="After">Null when it is deleted.</param>
public sealed record TerraformChange(string Address, string Type, EquatableArray<string> Actions, string? Id, JsonObject? After)
{
    public bool Destroys => Actions.Contains("delete");

    public string? Text(string key) => After?[key] is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;
}

/// <summary>What <c>terraform show -json PLAN</c> prints, as far as a doctor looks at it.</summary>
public sealed record TerraformChanges(EquatableArray<TerraformChange> Changes)
{
    /// <returns>Null when the text is no such plan.</returns>
    public static TerraformChanges? Parse(string text)
    {
        try
        {
            return
                JsonNode.Parse(text) is JsonObject root
                && root["format_version"] is not null
                && root["resource_changes"] is JsonArray changes
                ? new(changes.OfType<JsonObject>().Select(Change).OfType<TerraformChange>().ToEquatable())
                : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static TerraformChange? Change(JsonObject resource)
    {
        var change = resource["change"] as JsonObject;
        return Text(resource["address"]) is { } address && Text(resource["type"]) is { } type && change?["actions"] is JsonArray actions
            ? new(
                address,
                type,
                actions.Select(Text).OfType<string>().ToEquatable(),
                Text((change["before"] as JsonObject)?["id"]),
                change["after"] as JsonObject
            )
            : null;
    }

    private static string? Text(JsonNode? node) => node is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;
}
