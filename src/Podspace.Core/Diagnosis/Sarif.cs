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

    private static JsonNode Rule(string code)
    {
        var rule = new JsonObject { ["id"] = code };
        if (Catalogue.Find(code) is { } page)
        {
            rule["shortDescription"] = Text(page.Title);
            rule["fullDescription"] = Message(page.Meaning);
            rule["help"] = Message($"{page.Meaning}\n\nExample: {page.Example}\n\nFix: {page.Fix}");
            rule["defaultConfiguration"] = new JsonObject { ["level"] = Level(page.Severities[0]) };
        }
        return rule;
    }

    private static JsonObject Text(string text) => new() { ["text"] = text };

    /// <summary>In plain text for all, and in Markdown for those who show it.</summary>
    private static JsonObject Message(string markdown) =>
        new() { ["text"] = PageMarkdown.Plain(markdown), ["markdown"] = PageMarkdown.WithoutLinks(markdown) };

    private static string Level(Severity severity) => severity.ToString().ToLowerInvariant();

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
            ["level"] = Level(finding.Severity),
            ["message"] = Text($"{finding.Problem} {finding.Fix}".TrimEnd()),
            ["locations"] = new JsonArray(location),
        };
    }
}
