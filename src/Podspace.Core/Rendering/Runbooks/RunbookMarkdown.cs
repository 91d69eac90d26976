using System.Text;

namespace Podspace.Rendering.Runbooks;

/// <summary>A runbook as Markdown: pictures stand in it as text, which every renderer, pager and mail shows.</summary>
public static class RunbookMarkdown
{
    public static string Render(IEnumerable<RunbookPart> parts)
    {
        var text = new StringBuilder();
        foreach (var part in parts)
        {
            text.Append(text.Length > 0 ? "\n" : "").Append(Of(part)).Append('\n');
        }
        return text.ToString();
    }

    private static string Of(RunbookPart part) =>
        part switch
        {
            RunbookPart.Heading it => $"{new string('#', it.Level)} {it.Text}",
            RunbookPart.Paragraph it => it.Text,
            RunbookPart.Items it => string.Join('\n', it.Texts.Index().Select(one => $"{Mark(it.Kind, one.Index)} {one.Item}")),
            RunbookPart.Clicks it => $"**Console**\n\n{string.Join('\n', it.Texts.Select((click, i) => $"{i + 1}. {click}"))}",
            RunbookPart.Grid it => string.Join('\n', [Row(it.Head), Row(it.Head.Select(_ => "---")), .. it.Rows.Select(row => Row(row))]),
            RunbookPart.Code it => $"**{it.Label}**\n\n{Fenced(it.Language, it.Text)}",
            RunbookPart.Picture it => Fenced("text", it.Text),
            _ => throw new System.Diagnostics.UnreachableException($"{part.GetType().Name} has no Markdown."),
        };

    private static string Mark(ItemKind kind, int index) =>
        kind switch
        {
            ItemKind.Bullet => "-",
            ItemKind.Number => $"{index + 1}.",
            ItemKind.Check => "- [ ]",
        };

    private static string Row(IEnumerable<string> cells) =>
        $"| {string.Join(" | ", cells.Select(cell => cell.Replace("|", "\\|", StringComparison.Ordinal)))} |";

    /// <summary>With a fence that the text does not hold.</summary>
    private static string Fenced(string language, string text)
    {
        var fence = "```";
        while (text.Contains(fence, StringComparison.Ordinal))
        {
            fence += "`";
        }
        return $"{fence}{language}\n{text.TrimEnd('\n')}\n{fence}";
    }
}
