using System.Net;
using System.Text;
using Podspace.Formats;
using Podspace.Model;

namespace Podspace.Steps.Text;

/// <summary>Sentences with <c>**strong**</c> and <c>`code`</c> in them: Markdown that also becomes HTML. Whatever people
/// named comes in by <see cref="Code"/> or <see cref="Plain"/> and can be neither.</summary>
internal static class Prose
{
    /// <summary>Of an object in the cluster.</summary>
    public const string NoConsole = "No way in the console: it shows objects of the cluster and does not write them. Use kubectl";

    private const string Marks = "\\`*_<>[]|#&";

    /// <summary>A name, an id or a command. Nothing in it is acted on, in either form.</summary>
    public static string Code(object? text) => $"`{OneLine.Of(text?.ToString() ?? "").Replace('`', '\'')}`";

    /// <summary>Tags, as somebody types them.</summary>
    public static string Of(EquatableArray<SeenTag> tags) =>
        $"Tags: {string.Join(", ", tags.Select(tag => $"{Code(tag.Key)} = {Code(tag.Value)}"))}";

    /// <summary>What the tag Name holds.</summary>
    public static string Name(EquatableArray<SeenTag> tags) =>
        Code(tags.Where(tag => tag.Key == "Name").Select(tag => tag.Value).FirstOrDefault(""));

    /// <summary>Somebody's words as they are.</summary>
    public static string Plain(string text)
    {
        var plain = new StringBuilder();
        foreach (var letter in OneLine.Of(text))
        {
            plain.Append(Marks.Contains(letter, StringComparison.Ordinal) ? $"\\{letter}" : letter);
        }
        return plain.ToString();
    }

    public static string Html(string prose)
    {
        var html = new StringBuilder();
        var isStrong = false;
        for (var i = 0; i < prose.Length; i++)
        {
            if (prose[i] == '\\' && i + 1 < prose.Length)
            {
                html.Append(WebUtility.HtmlEncode(prose[++i].ToString()));
            }
            else if (prose[i] == '`' && prose.IndexOf('`', i + 1) is > 0 and var end)
            {
                html.Append("<code>").Append(WebUtility.HtmlEncode(prose[(i + 1)..end])).Append("</code>");
                i = end;
            }
            else if (prose[i] == '*' && i + 1 < prose.Length && prose[i + 1] == '*')
            {
                html.Append(isStrong ? "</strong>" : "<strong>");
                isStrong = !isStrong;
                i++;
            }
            else if (char.IsHighSurrogate(prose[i]) && i + 1 < prose.Length)
            {
                html.Append(prose, i++, 2);
            }
            else
            {
                html.Append(prose[i] is '<' or '>' or '&' or '"' ? WebUtility.HtmlEncode(prose[i].ToString()) : prose[i]);
            }
        }
        return html.Append(isStrong ? "</strong>" : "").ToString();
    }
}
