using Podspace.Steps.Text;

namespace Podspace.Rendering.Runbooks;

/// <summary>One part of a runbook's page. A closed set; prose is in <see cref="Prose"/>'s few marks.</summary>
public abstract record RunbookPart
{
    private RunbookPart() { }

    /// <param name="Level">1 is the page's title.</param>
    public sealed record Heading(int Level, string Text) : RunbookPart;

    public sealed record Paragraph(string Text) : RunbookPart;

    public sealed record Items(EquatableArray<string> Texts, ItemKind Kind) : RunbookPart;

    public sealed record Grid(EquatableArray<string> Head, EquatableArray<EquatableArray<string>> Rows) : RunbookPart;

    /// <param name="Label">What it is for; every block has one, so that nobody runs the wrong one at night.</param>
    /// <param name="IsFolded">One of several ways to do the same: shown when it is asked for.</param>
    public sealed record Code(string Label, string Language, string Text, bool IsFolded, CodeUse Use) : RunbookPart;

    /// <summary>Clicks in the console, in order.</summary>
    public sealed record Clicks(EquatableArray<string> Texts) : RunbookPart;

    /// <param name="Svg">For a page.</param>
    /// <param name="Text">For a file that holds no pictures.</param>
    public sealed record Picture(string Svg, string Text) : RunbookPart;
}

/// <summary>What a block of code is for: a page shows at once which of them change something.</summary>
public enum CodeUse
{
    Look,
    Do,
    Check,
    Back,
}

public enum ItemKind
{
    Bullet,
    Number,

    /// <summary>To be ticked.</summary>
    Check,
}
