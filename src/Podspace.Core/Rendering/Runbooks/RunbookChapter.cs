using Podspace.Steps;

namespace Podspace.Rendering.Runbooks;

/// <summary>One step of the runbook: a few changes of the plan that a person makes in one go.</summary>
/// <param name="Back">Empty where there is nothing to undo.</param>
public sealed record RunbookChapter(
    int Number,
    RunbookTopic Topic,
    string Title,
    EquatableArray<Step> Steps,
    EquatableArray<string> Console,
    string Commands,
    string Terraform,
    string Check,
    string Expect,
    string Back
)
{
    /// <summary>Changes of one topic side by side, in the plan's order.</summary>
    public static IEnumerable<(RunbookTopic Topic, EquatableArray<Step> Steps)> Cut(EquatableArray<Step> steps)
    {
        var run = new List<Step>();
        foreach (var step in steps)
        {
            if (run.Count > 0 && run[0].Change.Topic != step.Change.Topic)
            {
                yield return (run[0].Change.Topic, run.ToEquatable());
                run.Clear();
            }
            run.Add(step);
        }
        if (run.Count > 0)
        {
            yield return (run[0].Change.Topic, run.ToEquatable());
        }
    }
}
