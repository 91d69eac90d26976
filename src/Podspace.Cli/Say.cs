using Podspace.Applying;
using Podspace.Findings;
using Podspace.Planning;

namespace Podspace.Cli;

/// <summary>The sentences that several commands share.</summary>
internal static class Say
{
    public static void Findings(TextWriter writer, IEnumerable<Finding> findings)
    {
        foreach (var finding in findings)
        {
            writer.WriteLine(finding);
        }
    }

    public static void Report(TextWriter writer, StepReport report)
    {
        var text = PlanText.Describe(report.Step.Change);
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
