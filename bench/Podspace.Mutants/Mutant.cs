namespace Podspace.Mutants;

/// <summary>One rule, broken. All of a run stand in one build, each behind its number.</summary>
/// <param name="File">From the checkout's root.</param>
/// <param name="Line">Counted from 1.</param>
/// <param name="What">Such as <c>&lt; → &lt;=</c>.</param>
/// <param name="Code">What it was, on one line.</param>
internal sealed record Mutant(int Id, string File, int Line, string What, string Code)
{
    /// <summary>The folder of the core.</summary>
    public string Folder => File.Split('/')[2];

    public override string ToString() => $"{File}({Line}): {What}: {Code}";
}

internal enum Fate
{
    /// <summary>A test failed.</summary>
    Killed,

    /// <summary>No test ended in time: a loop that never ends is noticed, too.</summary>
    Hung,

    /// <summary>All tests passed.</summary>
    Survived,

    /// <summary>No fast test comes past it.</summary>
    Unreached,
}
