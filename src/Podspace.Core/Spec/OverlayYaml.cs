using Podspace.Findings;
using Podspace.Formats.Yaml;

namespace Podspace.Spec;

/// <summary>Several overlays that were read together and do not stand in one another's way.</summary>
public sealed record OverlaySet(EquatableArray<OverlaySpec> Overlays);

/// <summary>One file's name, as messages shall call it, and its text.</summary>
public readonly record struct SourceText(string File, string Text);

/// <summary>Reads overlay documents. Everything that is wrong is said at once, in file order.</summary>
public static class OverlayYaml
{
    // A document with every key and hundreds of acceptances has some 100 kB.
    private const int MaxCharacters = 1 << 20;

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
            var reading = new SpecReport(file);
            var documents = Read(text, reading);
            findings.AddRange(reading.Findings);
            foreach (var document in documents)
            {
                var report = new SpecReport(file);
                if (One(document, report) is { } spec && !report.HasErrors)
                {
                    overlays.Add(spec);
                }
                findings.AddRange(report.Findings);
            }
        }
        findings.AddRange(Rivals(overlays));
        var hasErrors = findings.Exists(finding => finding.Severity == Severity.Error);
        return new(hasErrors ? null : new OverlaySet(overlays.ToEquatable()), findings.ToEquatable());
    }

    private static IReadOnlyList<YamlItem> Read(string text, SpecReport report)
    {
        if (text.Length > MaxCharacters)
        {
            report.Error(
                SpecCodes.TooLarge,
                0,
                0,
                $"The file holds {text.Length / 1024.0 / 1024.0:0.0} million characters; an "
                    + $"overlay is a page of YAML, and files past {MaxCharacters >> 20} MiB are not read.",
                "Name the overlay's own file with -f."
            );
            return [];
        }
        if (text.IndexOf('\0', StringComparison.Ordinal) is var zero and >= 0)
        {
            var line = text.AsSpan(0, zero).Count('\n') + 1;
            report.Error(
                SpecCodes.NotYaml,
                line,
                zero - text.LastIndexOf('\n', zero),
                "The file holds a zero byte: it is binary, or text in UTF-16.",
                "Save it as UTF-8 text."
            );
            return [];
        }
        try
        {
            var documents = YamlText
                .Documents(text.TrimStart('\uFEFF'))
                .Where(document => document is not YamlItem.Scalar { IsNull: true })
                .ToList();
            if (documents.Count == 0)
            {
                report.Error(
                    SpecCodes.Empty,
                    0,
                    0,
                    "The file is empty: no overlay stands in it.",
                    "A whole one is eight lines long; docs/overlay.md begins with it."
                );
            }
            return documents;
        }
        catch (YamlProblem problem)
        {
            Explain(text, problem, report);
            return [];
        }
    }

    private static void Explain(string text, YamlProblem problem, SpecReport report)
    {
        var lines = text.Split('\n');
        // The scanner blames the token before a tab, or the one before that.
        for (var line = problem.Line; line <= Math.Min(problem.Line + 2, lines.Length); line++)
        {
            var indent = lines[line - 1][..^lines[line - 1].TrimStart().Length];
            if (indent.IndexOf('\t', StringComparison.Ordinal) is var tab and >= 0)
            {
                report.Error(
                    SpecCodes.NotYaml,
                    line,
                    tab + 1,
                    "The file is not YAML: this line is indented with a tab, which YAML forbids.",
                    "Use spaces."
                );
                return;
            }
        }
        report.Error(
            SpecCodes.NotYaml,
            problem.Line,
            problem.Column,
            $"The file is not YAML: {problem.Message.TrimEnd('.')}.",
            $"Look at line {problem.Line} and the one above it: indentation, a missing colon or space behind it, an open quote or bracket."
        );
    }

    private static OverlaySpec? One(YamlItem document, SpecReport report)
    {
        if (document is not YamlItem.Mapping mapping)
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

    private static bool IsOther(YamlItem.Mapping mapping, string key, string wanted, SpecReport report)
    {
        foreach (var (name, value) in mapping.Entries)
        {
            if (name.Text == key && value is YamlItem.Scalar scalar && scalar.Text != wanted)
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
