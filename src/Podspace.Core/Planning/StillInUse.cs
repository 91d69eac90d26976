using Podspace.Findings;
using Podspace.Steps;

namespace Podspace.Planning;

/// <summary>What is no longer wanted and still carries pods stays, and a finding says so.</summary>
internal static class StillInUse
{
    public static void Report(PlanInput input, PlanDraft draft, string subject, string what)
    {
        // Nobody lives there any more: sending people to move pods would lead them astray.
        if (!input.IsDestroy || !IsLeftOnly(input))
        {
            ReportPods(input, draft, subject, what);
        }
    }

    public static void ReportPods(PlanInput input, PlanDraft draft, string subject, string what)
    {
        // What a destroy from a later stage on leaves alone stays anyway.
        if (input.From > Stage.Network)
        {
            return;
        }
        draft.Keep(
            KeptFor.Nodes,
            new(
                "PS2301",
                Severity.Warning,
                subject,
                null,
                $"{what}: it stays until they are gone.",
                input.IsDestroy
                    ? "Replace the nodes that hold them, then destroy again:\n  podspace rollout back"
                    : "Replace the nodes that use it, then apply again:\n  podspace rollout start"
            )
        );
    }

    /// <summary>Reports whether all that still stands in our subnets was left behind by nodes that are gone.</summary>
    private static bool IsLeftOnly(PlanInput input) =>
        input.Leaked.Count > 0
        && input.Cloud.Interfaces.All(one => input.Leaked.Contains(one.Id) || !input.OurSubnets.Contains(one.Subnet));
}
