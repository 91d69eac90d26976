using System.Text.Json.Nodes;
using Podspace.Formats;
using Podspace.Formats.Yaml;
using Podspace.Simulation;

namespace Podspace.Twin;

/// <summary>What a caller sent: anybody may send anything, so it has limits, and what is wrong with it is an answer.</summary>
internal static class RequestBody
{
    /// <summary>Null for the document null too.</summary>
    /// <param name="code">With which the service refuses what it cannot read.</param>
    /// <exception cref="WorldRefusal">With that code; 413 when there is too much of it.</exception>
    public static JsonNode? Json(ReadOnlySpan<byte> body, string code)
    {
        var document = JsonReader.Read(body, YamlRules.MostOfAPage, out var problem);
        return problem is null ? document : throw Refusal(problem, code);
    }

    /// <summary>As apply sends it. Null for the document null and for none at all.</summary>
    /// <inheritdoc cref="Json"/>
    public static JsonNode? Yaml(ReadOnlySpan<byte> body, string code)
    {
        var document = YamlJson.Read(body, YamlRules.Bodies, out var problem);
        return problem is null ? document : throw Refusal(problem, code);
    }

    private static WorldRefusal Refusal(DocumentProblem problem, string code) =>
        problem.Kind == ProblemKind.TooLarge
            ? new("RequestEntityTooLarge", $"{problem}", 413)
            : new(code, $"The body of the request cannot be read: {problem}");
}
