using System.Text.Json;
using System.Text.Json.Nodes;

namespace Podspace.Planning;

/// <summary>Which variables a version of the add-on takes, by the JSON Schema of its values.</summary>
internal static class AddonSchema
{
    /// <summary>Names that this version of the add-on takes; where its schema is unseen, or
    /// none, just those its document already holds.</summary>
    public static HashSet<string> Variables(string schema) =>
        FindEnv(Parsed(schema)) is { } env && Below(env, "properties") is { } names ? [.. names.Select(pair => pair.Key)] : [];

    private static JsonObject? Parsed(string schema)
    {
        try
        {
            return schema.Length == 0 ? null : JsonNode.Parse(schema) as JsonObject;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static JsonObject? FindEnv(JsonObject? schema) =>
        Below(schema, "definitions", "Env")
        ?? Below(schema, "definitions", "VpcCni", "properties", "env")
        ?? Below(schema, "properties", "env");

    private static JsonObject? Below(JsonObject? from, params string[] path) => path.Aggregate(from, (at, name) => at?[name] as JsonObject);
}
