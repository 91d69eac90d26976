using System.Text.RegularExpressions;

namespace Podspace.Findings;

/// <summary>What stands on a finding's page is Markdown; not everyone who shows it knows
/// that, and nobody has our files beside it.</summary>
internal static partial class PageMarkdown
{
    /// <summary>A link becomes its text.</summary>
    public static string WithoutLinks(string markdown) => Link().Replace(markdown, "$1");

    public static string Plain(string markdown) => WithoutLinks(markdown).Replace("`", "", StringComparison.Ordinal);

    [GeneratedRegex(@"\[([^\]]*)\]\([^)]*\)")]
    private static partial Regex Link();
}
