using Podspace.Applying;
using Podspace.Findings;

namespace Podspace.Cli;

/// <summary>The sentences that several commands share.</summary>
internal static class Messages
{
    public static void Findings(TextWriter writer, IEnumerable<Finding> findings, Where where)
    {
        foreach (var finding in findings)
        {
            writer.WriteLine(where.Pasteable($"{finding}"));
        }
    }

    /// <summary>Errors alone where there are any: what could be worth knowing of a network
    /// that cannot be made waits until it can.</summary>
    public static void Obstacles(TextWriter writer, IReadOnlyCollection<Finding> findings, Where where)
    {
        var errors = findings.Where(finding => finding.Severity == Severity.Error).ToList();
        Findings(writer, errors.Count > 0 ? errors : findings, where);
    }

    public static string Steps(int count) => count == 1 ? "1 step" : $"{count} steps";

    public static void Report(TextWriter writer, StepReport report)
    {
        var text = report.Step.Change.Phrase;
        switch (report.Result)
        {
            case StepResult.Started:
                break;
            case StepResult.Done:
                writer.WriteLine($"  done     {text}{(report.Text.Length > 0 ? $"  ({report.Text})" : "")}");
                break;
            case StepResult.Refused:
                writer.WriteLine($"  refused  {text}\n           {report.Text}");
                break;
            case StepResult.NotTried:
                writer.WriteLine($"  not yet  {text}: {report.Text}");
                break;
        }
    }
}
