using System.Text;
using System.Text.Json.Nodes;
using Podspace.Findings;
using Podspace.Formats;

namespace Podspace.Rendering;

/// <summary>A finding's page on a terminal, or for programs.</summary>
public static class FindingPageText
{
    /// <param name="width">Columns of the terminal.</param>
    public static string Render(FindingPage page, int width)
    {
        var text = new StringBuilder();
        text.AppendLine(Fold($"{page.Code}  ", page.Title, width)).AppendLine(page.Head).AppendLine();
        foreach (var paragraph in page.Meaning.Split("\n\n"))
        {
            text.AppendLine(Paragraph(paragraph, width)).AppendLine();
        }
        text.AppendLine(Item("Example", page.Example, width)).AppendLine(Item("Fix", page.Fix, width));
        return text.ToString();
    }

    /// <summary>A line for each page, for who looks for one.</summary>
    public static string List(EquatableArray<FindingPage> pages) => string.Concat(pages.Select(page => $"{page.Code}  {page.Title}\n"));

    public static string Json(EquatableArray<FindingPage> pages) =>
        new JsonObject
        {
            ["apiVersion"] = "podspace.io/v1alpha1",
            ["kind"] = "Explanation",
            ["findings"] = new JsonArray([.. pages.Select(Json)]),
        }.ToPage();

    private static JsonNode Json(FindingPage page) =>
        new JsonObject
        {
            ["code"] = page.Code,
            ["title"] = page.Title,
            ["severities"] = new JsonArray([.. page.Severities.Select(severity => (JsonNode)severity.ToString().ToLowerInvariant())]),
            ["stage"] = page.Stage,
            ["meaning"] = PageMarkdown.Plain(page.Meaning),
            ["example"] = PageMarkdown.Plain(page.Example),
            ["fix"] = PageMarkdown.Plain(page.Fix),
        };

    private static string Item(string head, string markdown, int width) => Fold($"{head}: ", PageMarkdown.Plain(markdown), width);

    // A list or a block of code is laid out by hand, and stays so.
    private static string Paragraph(string markdown, int width) =>
        markdown.Split('\n').Any(line => line.StartsWith("- ", StringComparison.Ordinal) || line.StartsWith("  ", StringComparison.Ordinal))
            ? PageMarkdown.Plain(markdown)
            : Fold("", PageMarkdown.Plain(markdown).Replace('\n', ' '), width);

    /// <summary>Breaks between words; later lines stand under the first one's text.</summary>
    private static string Fold(string head, string text, int width)
    {
        var indent = new string(' ', head.Length);
        var lines = new List<string>();
        var line = head;
        foreach (var word in text.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            var isFirst = line.Length == head.Length;
            if (!isFirst && line.Length + 1 + word.Length > width)
            {
                lines.Add(line);
                line = indent;
                isFirst = true;
            }
            line += isFirst ? word : $" {word}";
        }
        lines.Add(line);
        return string.Join('\n', lines);
    }
}
