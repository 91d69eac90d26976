using Podspace.Design;
using Podspace.Findings;
using Podspace.Spec;

namespace Podspace.Diagnosis;

/// <summary>Everything that can be found wrong, over spec, AWS, cluster, nodes and a
/// Terraform plan. It looks, and changes nothing.</summary>
public static class Doctor
{
    internal static readonly EquatableArray<Check> Checks =
    [
        .. FlowChecks.All,
        .. EniConfigChecks.All,
        .. CniChecks.All,
        .. ReleaseChecks.All,
        .. NodeChecks.All,
        .. LaunchChecks.All,
        .. BlockChecks.All,
        .. VpcChecks.All,
        .. AutoModeChecks.All,
        .. TerraformChecks.All,
    ];

    /// <summary>What findings mean that are not the design's: code and heading.</summary>
    public static IEnumerable<(string Code, string Title)> Titles => Checks.Select(check => (check.Code, check.Title));

    /// <summary>Worst first. What a design says and what is seen of the same thing are said once
    /// each; acceptances of the spec hold here, too.</summary>
    public static EquatableArray<Finding> Examine(OverlaySpec spec, DoctorInput input)
    {
        var findings = new List<Finding>(input.Told);
        foreach (var check in Checks)
        {
            if (
                check
                    .Needs.Select(reading => input.Inventory.Gaps.FirstOrDefault(gap => gap.Reading == reading))
                    .FirstOrDefault(gap => gap is not null) is
                { } gap
            )
            {
                findings.Add(
                    new(
                        DoctorCodes.NotLookedFor,
                        Severity.Warning,
                        check.Code,
                        null,
                        $"{check.Code} (\"{check.Title}\") was not looked for: {gap.Reading} could not be read ({gap.Why}).",
                        Podspace.Observed.GapText.Fix(gap)
                    )
                );
                continue;
            }
            var seen = check.Findings(input).ToList();
            if (check.ShowsWhatRulesSuggest)
            {
                findings.RemoveAll(finding => finding.IsGuess && seen.Exists(flow => flow.Object == finding.Object));
            }
            findings.AddRange(seen);
        }
        return Acceptances
            .Of(spec, input.Cloud.ObservedAt, findings)
            .Distinct()
            .OrderByDescending(finding => finding.Severity)
            .ThenBy(finding => finding.Code, StringComparer.Ordinal)
            .ThenBy(finding => finding.Object, StringComparer.Ordinal)
            .ToEquatable();
    }

    /// <summary>Without those that a person does not want to see.</summary>
    /// <param name="suppressed"><c>CODE=object</c>, or <c>CODE</c> for all objects.</param>
    public static EquatableArray<Finding> Without(EquatableArray<Finding> findings, IReadOnlyCollection<string> suppressed) =>
        findings
            .Where(finding => !suppressed.Contains(finding.Code) && !suppressed.Contains($"{finding.Code}={finding.Object}"))
            .ToEquatable();
}
