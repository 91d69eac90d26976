using Podspace.Findings;
using Podspace.Spec;

namespace Podspace.Design;

/// <summary>What a person answers for until a day: a warning becomes a note that says who said
/// so. What AWS would refuse cannot be accepted away.</summary>
internal static class Acceptances
{
    /// <param name="findings">All that a plan has to say. Every entry of <c>accept</c> is
    /// among the result, with its reason and its day.</param>
    public static EquatableArray<Finding> Apply(OverlaySpec spec, DateTimeOffset now, IEnumerable<Finding> findings)
    {
        var said = Match(spec, now, findings);
        return said.Concat(
                Entries(
                    spec,
                    acceptance =>
                        acceptance.Until >= Today(now)
                        && !said.Any(finding => IsAbout(finding, acceptance) && finding.Fix == Words(acceptance)),
                    Idle
                )
            )
            .ToEquatable();
    }

    /// <summary>What there was to say before it was said which entries nothing needed.</summary>
    public static IEnumerable<Finding> WithoutIdle(OverlaySpec spec, IEnumerable<Finding> findings)
    {
        var idle = Entries(spec, _ => true, Idle).ToHashSet();
        return findings.Where(finding => !idle.Contains(finding));
    }

    /// <summary>Findings of a part of what a plan has to say: an entry that meets none may meet another's.</summary>
    public static EquatableArray<Finding> Match(OverlaySpec spec, DateTimeOffset now, IEnumerable<Finding> findings) =>
        Of(spec, now, findings).Concat(Entries(spec, acceptance => acceptance.Until < Today(now), Over)).Distinct().ToEquatable();

    private static DateOnly Today(DateTimeOffset now) => DateOnly.FromDateTime(now.UtcDateTime);

    private static IEnumerable<Finding> Entries(OverlaySpec spec, Func<Acceptance, bool> isMeant, Func<Acceptance, Place?, Finding> say) =>
        spec
            .Accept.Index()
            .Where(entry => isMeant(entry.Item))
            .Select(entry => say(entry.Item, spec.Places.Of($"spec.accept[{entry.Index}]")));

    private static Finding Over(Acceptance acceptance, Place? place) =>
        new(
            DesignCodes.AcceptanceOver,
            Severity.Warning,
            acceptance.On,
            place,
            $"The acceptance of {acceptance.Finding} on {acceptance.On} ended on {acceptance.Until:yyyy-MM-dd} ({acceptance.Reason}).",
            "Look at the finding again, then set a new day or take the entry out."
        );

    private static Finding Idle(Acceptance acceptance, Place? place) =>
        new(
            DesignCodes.AcceptanceIdle,
            Severity.Note,
            acceptance.On,
            place,
            $"{acceptance.Finding} on {acceptance.On} is accepted until {acceptance.Until:yyyy-MM-dd} ({acceptance.Reason}); "
                + $"this plan did not find it.",
            ""
        );

    private static bool IsAbout(Finding finding, Acceptance acceptance) =>
        finding.Code == acceptance.Finding && finding.Object == acceptance.On;

    /// <summary>The findings alone, without a word about acceptances that have ended.</summary>
    public static IEnumerable<Finding> Of(OverlaySpec spec, DateTimeOffset now, IEnumerable<Finding> findings) =>
        findings.Select(finding => Accepted(spec, Today(now), finding));

    private static Finding Accepted(OverlaySpec spec, DateOnly today, Finding finding)
    {
        foreach (var acceptance in spec.Accept)
        {
            if (finding.Severity == Severity.Warning && IsAbout(finding, acceptance) && acceptance.Until >= today)
            {
                return finding with { Severity = Severity.Note, Fix = Words(acceptance) };
            }
        }
        return finding;
    }

    private static string Words(Acceptance acceptance) => $"Accepted until {acceptance.Until:yyyy-MM-dd}: {acceptance.Reason}.";
}
