using Podspace.Steps;

namespace Podspace.Applying;

public enum StepResult
{
    Started,
    Done,
    Refused,

    /// <summary>Not tried: an earlier step was refused, or the step is another owner's.</summary>
    NotTried,
}

/// <summary>What became of a step, as it happens.</summary>
/// <param name="Text">The id of what was made, or why not.</param>
public sealed record StepReport(Step Step, StepResult Result, string Text, Refusal? Refusal = null);
