using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Podspace.Simulation;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Podspace.Twin.Kubernetes;

/// <summary>YAML bodies, as apply sends them, as JSON.</summary>
internal static class YamlBody
{
    /// <exception cref="WorldRefusal">BadRequest, 400.</exception>
    public static JsonNode? Parse(ReadOnlySpan<byte> body)
    {
        try
        {
            var yaml = new YamlStream();
            yaml.Load(new StringReader(Encoding.UTF8.GetString(body)));
            return yaml.Documents.Count == 0 ? null : Read(yaml.Documents[0].RootNode);
        }
        catch (YamlException problem)
        {
            throw new WorldRefusal("BadRequest", $"error decoding YAML: {problem.Message}");
        }
    }

    private static JsonNode? Read(YamlNode node) =>
        node switch
        {
            YamlMappingNode map => new JsonObject(
                map.Children.Select(entry => KeyValuePair.Create(((YamlScalarNode)entry.Key).Value ?? "", Read(entry.Value)))
            ),
            YamlSequenceNode list => new JsonArray([.. list.Children.Select(Read)]),
            YamlScalarNode { Style: ScalarStyle.Plain } scalar => Plain(scalar.Value ?? ""),
            YamlScalarNode scalar => JsonValue.Create(scalar.Value),
            _ => null,
        };

    private static JsonNode? Plain(string text) =>
        text switch
        {
            "" or "~" or "null" or "Null" or "NULL" => null,
            "true" or "True" or "TRUE" => JsonValue.Create(true),
            "false" or "False" or "FALSE" => JsonValue.Create(false),
            _ when long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole) => JsonValue.Create(
                whole
            ),
            _ when double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var real) && double.IsFinite(real) =>
                JsonValue.Create(real),
            _ => JsonValue.Create(text),
        };
}
