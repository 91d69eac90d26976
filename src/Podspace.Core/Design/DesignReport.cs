using Podspace.Findings;
using Podspace.Spec;

namespace Podspace.Design;

/// <summary>Collects what a design has to say, each at the setting that it concerns.</summary>
internal sealed class DesignReport(OverlaySpec spec)
{
    private readonly List<Finding> findings = [];

    public bool HasErrors { get; private set; }

    /// <param name="about">What it is about, as AWS names it; also what <c>accept</c> names.</param>
    /// <param name="path">The setting that it concerns.</param>
    public void Error(string code, string about, string path, string problem, string fix)
    {
        HasErrors = true;
        Add(code, Severity.Error, about, path, problem, fix);
    }

    public void Warning(string code, string about, string path, string problem, string fix) =>
        Add(code, Severity.Warning, about, path, problem, fix);

    /// <summary>A warning from rules alone, which what is seen of the same object replaces.</summary>
    public void Guess(string code, string about, string path, string problem, string fix) =>
        findings.Add(new(code, Severity.Warning, about, spec.Places.Of(path), problem, fix) { IsGuess = true });

    public void Note(string code, string about, string path, string problem, string fix) =>
        Add(code, Severity.Note, about, path, problem, fix);

    public void Add(string code, Severity severity, string about, string path, string problem, string fix) =>
        findings.Add(new(code, severity, about, spec.Places.Of(path), problem, fix));

    /// <summary>In the order of the file, as everywhere.</summary>
    public List<Finding> InFileOrder()
    {
        if (findings.Count > 1)
        {
            return
            [
                .. findings
                    .Distinct()
                    .OrderBy(finding => finding.Place?.Line ?? 0)
                    .ThenBy(finding => finding.Place?.Column ?? 0)
                    .ThenBy(finding => finding.Code, StringComparer.Ordinal),
            ];
        }
        return findings;
    }
}
