using System.Text;
using System.Text.Json.Nodes;
using Podspace.Findings;
using Podspace.Formats;
using Podspace.Planning;

namespace Podspace.Diagnosis;

/// <summary>Findings for people.</summary>
public static class DoctorText
{
    public static string Render(EquatableArray<Finding> findings)
    {
        var text = new StringBuilder();
        foreach (var finding in findings)
        {
            var where = finding.Place is null ? "" : $"{finding.Place}: ";
            text.AppendLine($"{finding.Severity.ToString().ToLowerInvariant(), -7} {finding.Code}  {finding.Object}");
            text.AppendLine($"        {where}{finding.Problem}");
            foreach (var line in finding.Fix.Split('\n', StringSplitOptions.RemoveEmptyEntries))
            {
                // Commands stand as they do everywhere, two spaces in, so that they are found and copied.
                text.AppendLine(line.StartsWith("  ", StringComparison.Ordinal) ? line : $"        {line}");
            }
        }
        string Of(Severity severity, string word) =>
            findings.Count(finding => finding.Severity == severity) is var count && count == 1 ? $"1 {word}" : $"{count} {word}s";
        text.AppendLine(
            findings.IsEmpty
                ? "Nothing was found."
                : $"{Of(Severity.Error, "error")}, {Of(Severity.Warning, "warning")}, {Of(Severity.Note, "note")}. "
                    + $"To read about one:\n  podspace explain {findings[0].Code}"
        );
        return text.ToString();
    }
}

/// <summary>Findings for programs of our own.</summary>
public static class DoctorJson
{
    public static string Render(string overlay, EquatableArray<Finding> findings) =>
        new JsonObject
        {
            ["apiVersion"] = "podspace.io/v1alpha1",
            ["kind"] = "Diagnosis",
            ["overlay"] = overlay,
            ["findings"] = PlanJson.Findings(findings),
        }.ToPage();
}
