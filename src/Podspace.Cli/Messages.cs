using Podspace.Applying;
using Podspace.Findings;

namespace Podspace.Cli;

/// <summary>The sentences that several commands share, as whole lines.</summary>
internal static class Messages
{
    public static string Findings(IEnumerable<Finding> findings, Where where) =>
        string.Concat(findings.Select(finding => where.Pasteable($"{finding}") + "\n"));

    /// <summary>Errors alone where there are any: what could be worth knowing of a network
    /// that cannot be made waits until it can.</summary>
    public static string Obstacles(IReadOnlyCollection<Finding> findings, Where where)
    {
        var errors = findings.Where(finding => finding.Severity == Severity.Error).ToList();
        return Findings(errors.Count > 0 ? errors : findings, where);
    }

    public static string Steps(int count) => count == 1 ? "1 step" : $"{count} steps";

    public static string Report(StepReport report)
    {
        var text = report.Step.Change.Phrase;
        return report.Result switch
        {
            StepResult.Done => $"  done     {text}{(report.Text.Length > 0 ? $"  ({report.Text})" : "")}\n",
            StepResult.Refused => $"  refused  {text}\n           {report.Text}\n",
            StepResult.NotTried => $"  not yet  {text}: {report.Text}\n",
            _ => "",
        };
    }
}
