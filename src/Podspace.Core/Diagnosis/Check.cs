using Podspace.Findings;
using Podspace.Model;

namespace Podspace.Diagnosis;

/// <summary>One thing that a doctor looks for. Each has a code of its own, a heading in docs/findings.md,
/// and in the tests a world that has it and one that has not.</summary>
/// <param name="Needs">Readings without which it cannot be looked for.</param>
internal sealed record Check(
    string Code,
    string Title,
    Severity Severity,
    EquatableArray<Reading> Needs,
    Func<DoctorInput, IEnumerable<Symptom>> Look
)
{
    /// <summary>Reports whether it sees by packets what a design could only guess from rules about the same object.</summary>
    public bool ShowsWhatRulesSuggest { get; init; }

    public IEnumerable<Finding> Findings(DoctorInput input) =>
        Look(input).Select(symptom => new Finding(Code, symptom.Severity ?? Severity, symptom.Object, null, symptom.Problem, symptom.Fix));
}

/// <param name="Object">The evidence: what it was found on.</param>
/// <param name="Severity">Null: the check's own.</param>
internal sealed record Symptom(string Object, string Problem, string Fix, Severity? Severity = null);
