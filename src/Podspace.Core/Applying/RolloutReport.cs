namespace Podspace.Applying;

/// <summary>One line of a rollout's story.</summary>
/// <param name="Refusal">Set on the last report when it did not come to its end.</param>
public sealed record RolloutReport(string Text, Refusal? Refusal = null);
