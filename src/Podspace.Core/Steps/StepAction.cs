using System.Diagnostics;

namespace Podspace.Steps;

public enum StepAction
{
    Create,
    Update,
    Delete,
}

public static class StepActions
{
    /// <summary>As plans print it; part of a step's id.</summary>
    public static string Text(this StepAction action) => action.ToString().ToLowerInvariant();

    public static string Symbol(this StepAction action) =>
        action switch
        {
            StepAction.Create => "+",
            StepAction.Update => "~",
            StepAction.Delete => "-",
            _ => throw new UnreachableException($"{action} has no symbol."),
        };
}
