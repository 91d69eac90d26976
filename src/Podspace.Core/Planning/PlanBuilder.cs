using Podspace.Design;
using Podspace.Findings;
using Podspace.Steps;

namespace Podspace.Planning;

/// <summary>Makes a plan of its parts.</summary>
internal static class PlanBuilder
{
    /// <param name="order">Of running the parts, by their numbers; null: as they are listed. The plan is the same.</param>
    public static Plan Build(PlanInput input, EquatableArray<Finding> findings, IEnumerable<int>? order = null)
    {
        var cloud = input.Cloud;
        var drafts = Run(input, PlanParts.All(input), order);
        var steps = StepOrder.Of([.. drafts.SelectMany(draft => draft.Steps)]);
        var changes = steps.Select(step => step.Change).ToList();
        var parts = Fingerprint.Input(input.Spec, input.Inventory, input.Usage, steps);
        return new(
            input.Spec.Name,
            input.Spec.Cluster,
            cloud.Account,
            cloud.Region,
            Fingerprint.Of(parts),
            steps,
            drafts.SelectMany(draft => draft.Uses).Distinct().Order(StringComparer.Ordinal).ToEquatable(),
            Acceptances.Apply(input.Spec, cloud.ObservedAt, findings.Concat(drafts.SelectMany(draft => draft.Findings(changes)))),
            ReclaimedAddresses.Summary(input.Inventory, input.IsDestroy ? null : input.States.Concerns)
        )
        {
            FingerprintInput = parts,
            Kept = drafts.SelectMany(draft => draft.Kept).ToEquatable(),
            LeavesOldNodes = input.OldNodes.Any,
            SwitchObstacle = Acceptances
                .Of(input.Spec, cloud.ObservedAt, input.OldNodes.LaunchPathFindings(changes))
                .FirstOrDefault(finding => finding.Severity >= Severity.Warning),
        };
    }

    public static EquatableArray<Step> Steps(PlanInput input, IReadOnlyList<Action<PlanDraft>> parts) =>
        StepOrder.Of([.. Run(input, parts, null).SelectMany(draft => draft.Steps)]);

    private static IReadOnlyList<PlanDraft> Run(PlanInput input, IReadOnlyList<Action<PlanDraft>> parts, IEnumerable<int>? order)
    {
        var drafts = parts.Select(_ => new PlanDraft(input.OwnerOf)).ToList();
        foreach (var part in order ?? Enumerable.Range(0, parts.Count))
        {
            parts[part](drafts[part]);
        }
        return drafts;
    }
}
