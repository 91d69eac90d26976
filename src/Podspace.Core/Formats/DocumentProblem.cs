namespace Podspace.Formats;

public enum ProblemKind
{
    /// <summary>Not what it is taken for: bad syntax, or no text at all.</summary>
    Broken,

    TooLarge,
    TooDeep,
    KeyTwice,
    SeveralDocuments,

    /// <summary>An anchor, alias, merge key or tag where none is read, or more of them than are.</summary>
    Reference,

    /// <summary>A value that cannot be kept, such as an infinite number.</summary>
    BadValue,
}

/// <summary>Why a document of YAML or JSON is not read, or not as it stands. Line and column start at 1; 0: the text as a whole.</summary>
/// <param name="Fix">What to do about it.</param>
public sealed record DocumentProblem(ProblemKind Kind, int Line, int Column, string Problem, string Fix)
{
    /// <summary>For who has no file to name.</summary>
    public override string ToString() => Line == 0 ? Problem : $"line {Line}, column {Column}: {Problem}";
}
