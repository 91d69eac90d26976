namespace Podspace.Findings;

/// <summary>What a code means, why it matters and how to fix it.</summary>
/// <param name="Severities">How grave it can be, gravest first. What a person answers for in <c>accept</c> becomes a note.</param>
/// <param name="Stage">The stage of a plan that it concerns; null: none, as what is said of a file.</param>
/// <param name="Meaning">Markdown, paragraphs apart by an empty line.</param>
public sealed record FindingPage(
    string Code,
    string Title,
    EquatableArray<Severity> Severities,
    string? Stage,
    string Meaning,
    string Example,
    string Fix
)
{
    /// <summary>Such as <c>Error or warning, stage switch.</c></summary>
    public string Head
    {
        get
        {
            var words = string.Join(" or ", Severities.Select(severity => severity.ToString().ToLowerInvariant()));
            return $"{char.ToUpperInvariant(words[0])}{words[1..]}{(Stage is null ? "" : $", stage {Stage}")}.";
        }
    }
}
