using System.Globalization;
using System.Text.Json.Nodes;

namespace Podspace.Formats.Yaml;

/// <summary>Reads YAML that other tools wrote as the JSON it means.</summary>
internal static class YamlJson
{
    /// <summary>Null when the text is not one YAML document.</summary>
    public static JsonNode? Read(string text) => Read(text, out _);

    /// <param name="problem">Where the text stops being YAML; null: it does not.</param>
    public static JsonNode? Read(string text, out YamlProblem? problem)
    {
        try
        {
            problem = null;
            return YamlText.Documents(text) is [var document] ? Json(document) : null;
        }
        catch (YamlProblem found)
        {
            problem = found;
            return null;
        }
    }

    private static JsonNode? Json(YamlItem item)
    {
        switch (item)
        {
            case YamlItem.Mapping mapping:
                var members = new JsonObject();
                foreach (var (key, value) in mapping.Entries)
                {
                    members[key.Text] = Json(value);
                }
                return members;
            case YamlItem.Sequence sequence:
                return new JsonArray([.. sequence.Items.Select(Json)]);
            case YamlItem.Scalar scalar:
                return Value(scalar);
            default:
                return null;
        }
    }

    // The core schema of YAML 1.2, as far as configuration values use it.
    private static JsonValue? Value(YamlItem.Scalar scalar)
    {
        if (scalar.IsNull)
        {
            return null;
        }
        if (!scalar.IsPlain)
        {
            return JsonValue.Create(scalar.Text);
        }
        if (scalar.Text is "true" or "false")
        {
            return JsonValue.Create(scalar.Text == "true");
        }
        if (long.TryParse(scalar.Text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole))
        {
            return JsonValue.Create(whole);
        }
        return double.TryParse(scalar.Text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number)
            ? JsonValue.Create(number)
            : JsonValue.Create(scalar.Text);
    }
}
