using System.Xml.Linq;
using Podspace.Findings;

namespace Podspace.Diagnosis;

/// <summary>Findings as JUnit XML, for CI that shows tests: each check a test case, failed
/// by its findings at or above a severity.</summary>
public static class JUnit
{
    public static string Render(string overlay, EquatableArray<Finding> findings, Severity failOn)
    {
        var codes = Doctor
            .Titles.Select(title => title.Code)
            .Concat(findings.Select(finding => finding.Code))
            .Distinct()
            .Order(StringComparer.Ordinal)
            .ToList();
        var cases = codes.Select(code => Case(code, findings.Where(finding => finding.Code == code).ToList(), failOn)).ToList();
        var failures = cases.Count(one => one.Element("failure") is not null);
        var suite = new XElement(
            "testsuite",
            new XAttribute("name", $"podspace doctor {overlay}"),
            new XAttribute("tests", cases.Count),
            new XAttribute("failures", failures),
            new XAttribute("errors", 0),
            cases
        );
        return new XElement("testsuites", suite) + "\n";
    }

    private static XElement Case(string code, List<Finding> findings, Severity failOn)
    {
        var test = new XElement(
            "testcase",
            new XAttribute("classname", "podspace.doctor"),
            new XAttribute("name", Catalogue.Find(code) is { } page ? $"{code} {page.Title}" : code)
        );
        var failed = findings.Where(finding => finding.Severity >= failOn).ToList();
        if (failed.Count > 0)
        {
            test.Add(
                new XElement(
                    "failure",
                    new XAttribute("message", Clean(failed[0].Problem)),
                    new XAttribute("type", code),
                    Clean(string.Join('\n', failed))
                )
            );
        }
        else if (findings.Count > 0)
        {
            test.Add(new XElement("system-out", Clean(string.Join('\n', findings))));
        }
        return test;
    }

    // XML takes no control characters, however they are escaped.
    private static string Clean(string text) => string.Concat(text.Where(letter => letter is '\n' or '\t' || !char.IsControl(letter)));
}
