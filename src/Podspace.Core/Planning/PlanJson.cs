using System.Text.Json.Nodes;
using Podspace.Findings;
using Podspace.Formats;
using Podspace.Steps;

namespace Podspace.Planning;

/// <summary>A plan for programs; the layout is part of the contract (docs/plan.md).</summary>
public static class PlanJson
{
    /// <param name="account">As it shall be shown.</param>
    /// <param name="patches">For the owners of steps that are not ours.</param>
    public static string Render(Plan plan, string account, IEnumerable<Patch>? patches = null)
    {
        var document = Document(plan, account);
        document["patches"] = new JsonArray([.. (patches ?? []).Select(Patch)]);
        return document.ToPage();
    }

    internal static JsonObject Document(Plan plan, string account) =>
        new()
        {
            ["apiVersion"] = "podspace.io/v1alpha1",
            ["kind"] = "Plan",
            ["overlay"] = plan.Overlay,
            ["account"] = account,
            ["region"] = plan.Region,
            ["fingerprint"] = plan.Fingerprint,
            ["steps"] = Steps(plan.Steps),
            ["uses"] = new JsonArray([.. plan.Uses.Select(use => (JsonNode)use)]),
            ["findings"] = Findings(plan.Findings),
            ["summary"] = plan.Summary,
        };

    internal static JsonArray Steps(EquatableArray<Step> steps) => new([.. steps.Select(Step)]);

    public static JsonArray Findings(IEnumerable<Finding> findings) => new([.. findings.Select(Finding)]);

    private static JsonNode Step(Step step) =>
        new JsonObject
        {
            ["id"] = step.Id,
            ["stage"] = Lower(step.Stage),
            ["action"] = step.Change.Action.Text(),
            ["kind"] = step.Change.Kind,
            ["name"] = step.Change.Name,
            ["why"] = step.Why,
            ["disruption"] = step.Disruption switch
            {
                Disruption.None => "none",
                Disruption.NewPods => "new-pods",
                Disruption.RunningPods => "running-pods",
            },
            ["owner"] = Lower(step.Owner),
            ["after"] = new JsonArray([.. step.After.Select(id => (JsonNode)id)]),
        };

    private static JsonNode Patch(Patch patch) =>
        new JsonObject
        {
            ["owner"] = Lower(patch.Owner),
            ["language"] = patch.Language,
            ["title"] = patch.Title,
            ["text"] = patch.Text,
        };

    private static JsonNode Finding(Finding finding) =>
        new JsonObject
        {
            ["code"] = finding.Code,
            ["severity"] = Lower(finding.Severity),
            ["object"] = finding.Object,
            ["place"] = finding.Place is { } place
                ? new JsonObject
                {
                    ["file"] = place.File,
                    ["line"] = place.Line,
                    ["column"] = place.Column,
                    ["path"] = place.Path,
                }
                : null,
            ["problem"] = finding.Problem,
            ["fix"] = finding.Fix,
        };

    private static string Lower<T>(T value)
        where T : struct, Enum => value.ToString().ToLowerInvariant();
}
