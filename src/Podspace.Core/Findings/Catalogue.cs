using System.Text.RegularExpressions;

namespace Podspace.Findings;

/// <summary>Every finding that there is. Its text is docs/findings.md, which is part of
/// the program, so that nobody needs the file.</summary>
public static partial class Catalogue
{
    private static readonly Lazy<EquatableArray<FindingPage>> Pages = new(() => Read(Text()).ToEquatable());

    private static readonly Lazy<Dictionary<string, FindingPage>> ByCode = new(() => All.ToDictionary(page => page.Code));

    /// <summary>By code.</summary>
    public static EquatableArray<FindingPage> All => Pages.Value;

    /// <param name="code">Upper or lower case, with or without PS.</param>
    public static FindingPage? Find(string code) => ByCode.Value.GetValueOrDefault(Canonical(code));

    /// <summary>The codes that somebody may have meant who typed one that is not there: fewest
    /// digits apart, then the numerically nearest.</summary>
    /// <param name="count">How many at most.</param>
    public static EquatableArray<FindingPage> Nearest(string code, int count)
    {
        var meant = Canonical(code);
        return All.OrderBy(page => Apart(page.Code, meant))
            .ThenBy(page => Distance(page.Code, meant))
            .ThenBy(page => page.Code, StringComparer.Ordinal)
            .Take(count)
            .ToEquatable();
    }

    private static string Canonical(string code)
    {
        var text = code.Trim().ToUpperInvariant();
        return text.StartsWith("PS", StringComparison.Ordinal) ? text : $"PS{text}";
    }

    private static int Apart(string one, string other) =>
        one.Zip(other).Count(pair => pair.First != pair.Second) + Math.Abs(one.Length - other.Length);

    private static int Distance(string one, string other) =>
        int.TryParse(other.AsSpan(2), out var number) ? Math.Abs(int.Parse(one.AsSpan(2)) - number) : 0;

    private static string Text()
    {
        using var stream = typeof(Catalogue).Assembly.GetManifestResourceStream("findings.md")!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd().ReplaceLineEndings("\n");
    }

    private static IEnumerable<FindingPage> Read(string text) =>
        text.Split("\n### ")
            .Skip(1)
            .Select(section => section.Split("\n## ")[0])
            .Select(section => Page().Match(section) is { Success: true } page ? Of(page) : throw Unreadable(section));

    private static FindingPage Of(Match page) =>
        new(
            page.Groups["code"].Value,
            page.Groups["title"].Value,
            page.Groups["severities"].Value.Split(" or ").Select(word => Enum.Parse<Severity>(word, ignoreCase: true)).ToEquatable(),
            page.Groups["stage"] is { Success: true } stage ? stage.Value : null,
            page.Groups["meaning"].Value.Trim(),
            page.Groups["example"].Value.Trim(),
            page.Groups["fix"].Value.Trim()
        );

    private static InvalidDataException Unreadable(string section) =>
        new($"docs/findings.md: this section has not the form of the others: {section.Split('\n')[0]}");

    [GeneratedRegex(
        """
            ^(?<code>PS[0-9]{4})\ (?<title>[^\n]+)\n
            \n\*(?<severities>[A-Za-z\ ]+?)(,\ stage\ (?<stage>[a-z]+))?\.\*\n
            (?<meaning>.+?)
            \n-\ Example:\ (?<example>.+?)
            \n-\ Fix:\ (?<fix>.+)$
            """,
        RegexOptions.IgnorePatternWhitespace | RegexOptions.Singleline | RegexOptions.ExplicitCapture
    )]
    private static partial Regex Page();
}
