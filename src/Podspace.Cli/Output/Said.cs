namespace Podspace.Cli.Output;

/// <summary>What a command has to say once it is done: of one overlay, or of none.
/// Commands return it; <see cref="Form"/> prints it.</summary>
/// <param name="State">The result in a few words: the line of <c>-q</c>, the row in the table of several overlays.</param>
/// <param name="Text">For people, whole lines.</param>
internal sealed record Said(int Exit, string State, string Text)
{
    /// <summary>The command to type next, with its options; or empty.</summary>
    public string Next { get; init; } = "";

    /// <summary>A whole document for programs; null: there is none but that it failed.</summary>
    public Func<string>? Json { get; init; }

    /// <summary>The text is for other programs, too: nothing in it is shortened or coloured, and <c>-q</c> does not leave it out.</summary>
    public bool IsDocument { get; init; }

    /// <summary>Nothing came of it, so that its text is no result: it goes to standard error.</summary>
    public bool IsProblem { get; init; }

    public string Line => Next.Length == 0 ? $"{State}." : $"{State}. Next: {Next}";

    public static Said Failed(string text) => new(ExitCode.Error, "error, see above", text) { IsProblem = true };
}
