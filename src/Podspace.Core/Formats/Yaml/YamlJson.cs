using System.Buffers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Podspace.Formats.Yaml;

/// <summary>YAML as the JSON it means, by the schema of scalars. A key is the word as it is written, whatever it looks like.</summary>
public static class YamlJson
{
    /// <summary>Null when the text is not one YAML document.</summary>
    public static JsonNode? Read(string text) => Read(text, out _);

    /// <param name="problem">Why the text is not read; null: it is, and may be the document null.</param>
    public static JsonNode? Read(string text, out DocumentProblem? problem) => Read(text, YamlRules.Values, out problem);

    /// <inheritdoc cref="Read(string, out DocumentProblem?)"/>
    public static JsonNode? Read(string text, YamlRules rules, out DocumentProblem? problem)
    {
        var reading = YamlReader.Read(text, rules);
        problem = reading.Problems is [var first, ..] ? first : null;
        return problem is null && reading.Documents is [var document] ? Of(document, out problem) : null;
    }

    /// <inheritdoc cref="Read(string, out DocumentProblem?)"/>
    public static JsonNode? Read(ReadOnlySpan<byte> utf8, YamlRules rules, out DocumentProblem? problem)
    {
        if (utf8.Length > rules.MostCharacters)
        {
            problem = TextCheck.TooLarge(rules.MostCharacters.Value);
            return null;
        }
        return Read(Encoding.UTF8.GetString(utf8), rules, out problem);
    }

    private static JsonNode? Of(YamlNode document, out DocumentProblem? problem)
    {
        DocumentProblem? found = null;
        var json = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(json))
        {
            Write(writer, document, (at, problem, fix) => found ??= new(ProblemKind.BadValue, at.Line, at.Column, problem, fix));
        }
        problem = found;
        return found is null ? JsonNode.Parse(json.WrittenSpan) : null;
    }

    /// <param name="report">Is told of a value that JSON cannot hold, and how to write it; null is written in its place.</param>
    internal static void Write(Utf8JsonWriter json, YamlNode node, Action<YamlNode, string, string> report)
    {
        switch (node)
        {
            case YamlNode.Mapping map:
                json.WriteStartObject();
                foreach (var (key, value) in map.Entries)
                {
                    json.WritePropertyName(key.Text);
                    Write(json, value, report);
                }
                json.WriteEndObject();
                break;
            case YamlNode.Sequence list:
                json.WriteStartArray();
                foreach (var item in list.Items)
                {
                    Write(json, item, report);
                }
                json.WriteEndArray();
                break;
            case YamlNode.Scalar scalar:
                Write(json, scalar, report);
                break;
        }
    }

    private static void Write(Utf8JsonWriter json, YamlNode.Scalar scalar, Action<YamlNode, string, string> report)
    {
        var value = scalar.Value;
        switch (value.Kind)
        {
            case ScalarKind.Text:
                json.WriteStringValue(scalar.Text);
                break;
            case ScalarKind.NotFinite:
                report(scalar, $"{scalar.Text} is a number without end, which JSON cannot hold.", "Write a number, or quote it.");
                json.WriteNullValue();
                break;
            default:
                json.WriteRawValue(value.Json, skipInputValidation: true);
                break;
        }
    }
}
