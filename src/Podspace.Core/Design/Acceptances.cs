using Podspace.Findings;
using Podspace.Spec;

namespace Podspace.Design;

/// <summary>What a person answers for until a day: a warning becomes a note that says who said so. What AWS would refuse cannot be accepted away.</summary>
internal static class Acceptances
{
    public static EquatableArray<Finding> Apply(OverlaySpec spec, DateTimeOffset now, List<Finding> findings)
    {
        if (spec.Accept.IsEmpty)
        {
            return findings.ToEquatable();
        }
        var today = DateOnly.FromDateTime(now.UtcDateTime);
        var said = Of(spec, now, findings).ToList();
        for (var i = 0; i < spec.Accept.Count; i++)
        {
            if (spec.Accept[i] is { } acceptance && acceptance.Until < today)
            {
                said.Add(new(DesignCodes.AcceptanceOver, Severity.Warning, acceptance.On, spec.Places.Of($"spec.accept[{i}]"),
                    $"The acceptance of {acceptance.Finding} on {acceptance.On} ended on {acceptance.Until:yyyy-MM-dd} ({acceptance.Reason}).", "Look at the finding again, then set a new day or take the entry out."));
            }
        }
        return said.ToEquatable();
    }

    /// <summary>The findings alone, without a word about acceptances that have ended.</summary>
    public static IEnumerable<Finding> Of(OverlaySpec spec, DateTimeOffset now, IEnumerable<Finding> findings) =>
        findings.Select(finding => Accepted(spec, DateOnly.FromDateTime(now.UtcDateTime), finding));

    private static Finding Accepted(OverlaySpec spec, DateOnly today, Finding finding)
    {
        foreach (var acceptance in spec.Accept)
        {
            if (finding.Severity == Severity.Warning && acceptance.Finding == finding.Code && acceptance.On == finding.Object && acceptance.Until >= today)
            {
                return finding with { Severity = Severity.Note, Fix = $"Accepted until {acceptance.Until:yyyy-MM-dd}: {acceptance.Reason}." };
            }
        }
        return finding;
    }
}
