using Podspace.Findings;
using Podspace.Formats;
using Podspace.Formats.Yaml;

namespace Podspace.Spec;

/// <summary>Several overlays that were read together and do not stand in one another's way.</summary>
public sealed record OverlaySet(EquatableArray<OverlaySpec> Overlays);

/// <summary>One file's name, as messages shall call it, and its text.</summary>
public readonly record struct SourceText(string File, string Text);

/// <summary>Reads overlay documents. Everything that is wrong is said at once, in file order.</summary>
public static class OverlayYaml
{
    /// <summary>Reads a file that holds exactly one document.</summary>
    /// <param name="file">As messages shall call it.</param>
    public static Checked<OverlaySpec> Parse(string text, string file)
    {
        var report = new SpecReport(file);
        var documents = Read(text, report);
        if (documents.Count > 1)
        {
            report.Error(
                SpecCodes.SeveralDocuments,
                documents[1],
                "",
                $"The file holds {documents.Count} documents, and one is wanted here.",
                "Split it, or name the folder: every command takes several files."
            );
        }
        var spec = documents.Count == 0 ? null : One(documents[0], report);
        return new(report.HasErrors ? null : spec, report.Findings);
    }

    /// <summary>Reads files of any number of documents each. Two overlays of one name, or for one
    /// cluster or one VPC without cluster, are an error.</summary>
    public static Checked<OverlaySet> ParseAll(IEnumerable<SourceText> files)
    {
        var overlays = new List<OverlaySpec>();
        var findings = new List<Finding>();
        foreach (var (file, text) in files)
        {
            // Each document has its own report, so that places of one do not answer for another's.
            var reports = new List<SpecReport> { new(file) };
            foreach (var document in Read(text, reports[0]))
            {
                var report = new SpecReport(file);
                reports.Add(report);
                if (One(document, report) is { } spec && !report.HasErrors)
                {
                    overlays.Add(spec);
                }
            }
            findings.AddRange(SpecReport.InFileOrder(reports));
        }
        findings.AddRange(Rivals(overlays));
        var hasErrors = findings.Exists(finding => finding.Severity == Severity.Error);
        return new(hasErrors ? null : new OverlaySet(overlays.ToEquatable()), findings.ToEquatable());
    }

    private static List<YamlNode> Read(string text, SpecReport report)
    {
        var reading = YamlReader.Read(text, YamlRules.Specs);
        foreach (var problem in reading.Problems)
        {
            var fix = problem.Kind == ProblemKind.TooLarge ? "Name the overlay's own file with -f." : problem.Fix;
            report.Error(CodeOf(problem.Kind), problem.Line, problem.Column, problem.Problem, fix);
        }
        var documents = reading.Documents.Where(document => document is not YamlNode.Scalar { IsNull: true }).ToList();
        if (documents.Count == 0 && reading.Problems.Count == 0)
        {
            report.Error(
                SpecCodes.Empty,
                0,
                0,
                "The file is empty: no overlay stands in it.",
                "A whole one is eight lines long; podspace init writes it."
            );
        }
        return documents;
    }

    private static string CodeOf(ProblemKind kind) =>
        kind switch
        {
            ProblemKind.TooLarge => SpecCodes.TooLarge,
            ProblemKind.KeyTwice => SpecCodes.KeyTwice,
            _ => SpecCodes.NotYaml,
        };

    private static OverlaySpec? One(YamlNode document, SpecReport report)
    {
        if (document is not YamlNode.Mapping mapping)
        {
            report.Error(
                SpecCodes.OtherKind,
                document,
                "",
                $"The document is {document.Shape}, not an {OverlayKeys.Kind}.",
                $"It starts with 'apiVersion: {OverlayKeys.ApiVersion}' and 'kind: {OverlayKeys.Kind}'."
            );
            return null;
        }
        if (IsOther(mapping, "kind", OverlayKeys.Kind, report) || IsOther(mapping, "apiVersion", OverlayKeys.ApiVersion, report))
        {
            // Whatever it is, holding it against our keys would only hide the one thing that is wrong.
            return null;
        }
        new ShapeCheck(report).Check(mapping, OverlayKeys.Root, "");
        var spec = SpecReader.Read(mapping, report);
        SpecRules.Check(spec, report);
        return spec;
    }

    private static bool IsOther(YamlNode.Mapping mapping, string key, string wanted, SpecReport report)
    {
        foreach (var (name, value) in mapping.Entries)
        {
            if (name.Text == key && value is YamlNode.Scalar scalar && scalar.Text != wanted)
            {
                var fix =
                    scalar.Text.Equals(wanted, StringComparison.OrdinalIgnoreCase) || Suggestion.Nearest(scalar.Text, [wanted]) is not null
                        ? $"Did you mean {wanted}?"
                        : $"An overlay has '{key}: {wanted}'. Name its file with -f.";
                report.Error(
                    SpecCodes.OtherKind,
                    scalar,
                    key,
                    $"The document's {key} is \"{Format.Shorten(scalar.Text)}\", not {wanted}.",
                    fix
                );
                return true;
            }
        }
        return false;
    }

    private static IEnumerable<Finding> Rivals(List<OverlaySpec> overlays)
    {
        for (var i = 1; i < overlays.Count; i++)
        {
            var later = overlays[i];
            var earlier = overlays.GetRange(0, i);
            if (earlier.Find(other => other.Name == later.Name) is { } same)
            {
                yield return new(
                    SpecCodes.OverlayTwice,
                    Severity.Error,
                    later.Name,
                    later.Places.Of("metadata.name"),
                    $"Another overlay is named {later.Name} too ({same.Places.Of("metadata.name")}); "
                        + $"the name is what marks what an overlay made.",
                    "Give one of them another name."
                );
            }
            if (
                earlier.Find(other => other.Vpc == later.Vpc && other.Cluster == later.Cluster && other.Region == later.Region) is { } rival
            )
            {
                var whose = later.Cluster is null ? $"VPC {later.Vpc} without a cluster" : $"cluster {later.Cluster} in VPC {later.Vpc}";
                yield return new(
                    SpecCodes.ClusterTwice,
                    Severity.Error,
                    later.Cluster ?? later.Vpc,
                    later.Places.Of(later.Cluster is null ? "spec.vpc" : "spec.cluster"),
                    $"Overlay {rival.Name} ({rival.Places.Of("metadata.name")}) is for {whose} too; "
                        + $"the two would undo each other's settings.",
                    "Keep one overlay for it."
                );
            }
        }
    }
}
