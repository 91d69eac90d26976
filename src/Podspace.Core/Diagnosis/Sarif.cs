using System.Text.Json.Nodes;
using Podspace.Findings;
using Podspace.Formats;

namespace Podspace.Diagnosis;

/// <summary>Findings as SARIF 2.1.0, for what shows findings beside code.</summary>
/// <remarks>Source: OASIS, Static Analysis Results Interchange Format 2.1.0.</remarks>
public static class Sarif
{
    private const string Schema = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";

    /// <param name="version">Of this program.</param>
    public static string Render(string version, EquatableArray<Finding> findings)
    {
        var codes = findings.Select(finding => finding.Code).Distinct().Order(StringComparer.Ordinal).ToList();
        return new JsonObject
        {
            ["$schema"] = Schema,
            ["version"] = "2.1.0",
            ["runs"] = new JsonArray(
                new JsonObject
                {
                    ["tool"] = new JsonObject
                    {
                        ["driver"] = new JsonObject
                        {
                            ["name"] = "podspace",
                            ["semanticVersion"] = version,
                            ["rules"] = new JsonArray([.. codes.Select(Rule)]),
                        },
                    },
                    ["results"] = new JsonArray([.. findings.Select(finding => Result(finding, codes.IndexOf(finding.Code)))]),
                }
            ),
        }.ToPage();
    }

    private static JsonNode Rule(string code) =>
        new JsonObject
        {
            ["id"] = code,
            ["shortDescription"] = new JsonObject
            {
                ["text"] = Doctor.Titles.Where(title => title.Code == code).Select(title => title.Title).FirstOrDefault(code),
            },
            ["help"] = new JsonObject { ["text"] = $"docs/findings.md explains {code}." },
        };

    private static JsonNode Result(Finding finding, int rule)
    {
        var location = new JsonObject
        {
            ["logicalLocations"] = new JsonArray(new JsonObject { ["fullyQualifiedName"] = finding.Object, ["kind"] = "resource" }),
        };
        if (finding.Place is { Line: > 0 } place)
        {
            location["physicalLocation"] = new JsonObject
            {
                ["artifactLocation"] = new JsonObject
                {
                    ["uri"] = Uri.EscapeDataString(place.File).Replace("%2F", "/", StringComparison.Ordinal),
                },
                ["region"] = new JsonObject { ["startLine"] = place.Line, ["startColumn"] = Math.Max(1, place.Column) },
            };
        }
        return new JsonObject
        {
            ["ruleId"] = finding.Code,
            ["ruleIndex"] = rule,
            ["level"] = finding.Severity.ToString().ToLowerInvariant(),
            ["message"] = new JsonObject { ["text"] = $"{finding.Problem} {finding.Fix}".TrimEnd() },
            ["locations"] = new JsonArray(location),
        };
    }
}
