using System.Buffers;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Podspace.Simulation.WorldFile;

/// <summary>A small document without a shape of its own, such as an add-on's values: JSON,
/// or YAML, which is taken for its superset.</summary>
public static class YamlValue
{
    /// <param name="problem">Empty when it could be read.</param>
    /// <returns>Null for an empty document too.</returns>
    public static JsonNode? Parse(string text, out string problem)
    {
        var findings = new WorldFindings("");
        var tree = YamlTreeReader.Read(
            text,
            (code, line, column, words, _) => findings.Add(code, line, column, "", $"line {line}: {words}", "")
        );
        problem = findings.Sorted().Select(finding => finding.Problem).FirstOrDefault() ?? "";
        if (tree is null || problem.Length > 0)
        {
            return null;
        }
        var json = new ArrayBufferWriter<byte>(text.Length + 16);
        using (var writer = new Utf8JsonWriter(json))
        {
            new TypedJson(writer, findings).Write(tree, typeof(JsonObject), "");
        }
        problem = findings.Sorted().Select(finding => finding.Problem).FirstOrDefault() ?? "";
        return problem.Length > 0 ? null : JsonNode.Parse(json.WrittenSpan);
    }
}
