namespace Podspace.Findings;

public enum Severity
{
    Note,
    Warning,
    Error,
}

/// <summary>Where in a file a person wrote it. Line and column start at 1; 0 means that the file as a whole is meant.</summary>
/// <param name="Path">The key, as in <c>spec.addresses.blocks[0]</c>.</param>
public sealed record Place(string File, int Line, int Column, string Path)
{
    public override string ToString() => Line == 0 ? File : $"{File}({Line},{Column})";
}

/// <summary>Something its reader should change or know. Not an exception (our bug) and not a refusal (AWS said no).</summary>
/// <param name="Code">PSnnnn, stable for ever; each is explained in docs/findings.md.</param>
/// <param name="Object">What it is about, such as <c>subnet-0a1b</c>; also what <c>accept</c> names.</param>
/// <param name="Problem">The offending value and why it matters.</param>
/// <param name="Fix">The next step; a command to copy stands on a line of its own.</param>
public sealed record Finding(string Code, Severity Severity, string Object, Place? Place, string Problem, string Fix)
{
    /// <summary>Reports whether it was told from rules alone: what is seen of the same object says it better.</summary>
    public bool IsGuess { get; init; }

    public override string ToString()
    {
        var where = Place is null ? "" : $"{Place}: ";
        return $"{where}{Severity.ToString().ToLowerInvariant()} {Code}: {Problem} {Fix}".TrimEnd();
    }
}
