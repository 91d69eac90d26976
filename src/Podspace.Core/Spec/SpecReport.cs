using Podspace.Findings;
using Podspace.Formats.Yaml;

namespace Podspace.Spec;

/// <summary>Collects what is to be said about one file, and where its keys stand.</summary>
internal sealed class SpecReport(string file)
{
    private readonly List<Finding> findings = [];
    private readonly Dictionary<string, Place> places = [];
    private readonly HashSet<string> bad = [];

    public Places Places => new(places);

    public bool HasErrors => findings.Exists(finding => finding.Severity == Severity.Error);

    /// <summary>In file order; findings of one place in the order in which they were made.</summary>
    public EquatableArray<Finding> Findings => InFileOrder([this]);

    /// <param name="reports">Of one file.</param>
    public static EquatableArray<Finding> InFileOrder(IEnumerable<SpecReport> reports) =>
        reports
            .SelectMany(report => report.findings)
            .OrderBy(finding => finding.Place?.Line)
            .ThenBy(finding => finding.Place?.Column)
            .ToEquatable();

    public void Note(string path, YamlNode item) => places[path] = new(file, item.Line, item.Column, path);

    public void Error(string code, YamlNode at, string path, string problem, string fix)
    {
        bad.Add(path);
        findings.Add(new(code, Severity.Error, path, new(file, at.Line, at.Column, path), problem, fix));
    }

    /// <summary>The path of a list's n-th readable item: malformed ones before it count in
    /// the file, but not among the values read.</summary>
    /// <param name="part">The part of an item without which it is not readable; empty for the item itself.</param>
    public string Item(string list, int n, string part = "")
    {
        for (var i = 0; ; i++)
        {
            if (!bad.Contains($"{list}[{i}]") && !bad.Contains($"{list}[{i}]{part}") && n-- == 0)
            {
                return $"{list}[{i}]";
            }
        }
    }

    public void Error(string code, int line, int column, string problem, string fix) =>
        findings.Add(new(code, Severity.Error, file, new(file, line, column, ""), problem, fix));

    /// <summary>About a path whose place is known by now.</summary>
    public void Say(string code, Severity severity, string path, string problem, string fix) =>
        findings.Add(new(code, severity, path, Places.Of(path) ?? new(file, 0, 0, path), problem, fix));

    public void Error(string code, string path, string problem, string fix) => Say(code, Severity.Error, path, problem, fix);

    public void Warning(string code, string path, string problem, string fix) => Say(code, Severity.Warning, path, problem, fix);
}
