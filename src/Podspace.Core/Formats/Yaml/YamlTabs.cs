namespace Podspace.Formats.Yaml;

/// <summary>A tab in the indent is the most usual slip, and the parser blames the token before it, or the one before that.</summary>
internal static class YamlTabs
{
    private const int LinesToLookAt = 3;

    public static DocumentProblem Explain(DocumentProblem problem, Func<TextReader> open)
    {
        // Where its words name the tab it has named the start of the block around it, however far above.
        var isSaid = problem.Problem.Contains(" tab ", StringComparison.Ordinal);
        using var text = open();
        for (var line = 1; (isSaid || line < problem.Line + LinesToLookAt) && text.ReadLine() is { } words; line++)
        {
            var indent = words.AsSpan(0, words.Length - words.AsSpan().TrimStart().Length);
            if (line >= problem.Line && indent.IndexOf('\t') is var tab and >= 0)
            {
                return problem with
                {
                    Line = line,
                    Column = tab + 1,
                    Problem = "This is not YAML: the line is indented with a tab, which YAML forbids.",
                    Fix = "Use spaces.",
                };
            }
        }
        return problem;
    }
}
