using System.Net;
using System.Text;
using Podspace.Steps.Text;

namespace Podspace.Rendering.Runbooks;

/// <summary>A runbook as one page with everything in it: no script, nothing fetched, light and dark, on a telephone and on paper.</summary>
public static class RunbookHtml
{
    /// <summary>What is indented belongs to the line before it.</summary>
    private const string Rules = """
        :root { color-scheme: light dark; --ground: #ffffff; --ink: #1b1f24; --faint: #57606a; --line: #d0d7de;
            --raised: #f6f8fa; --accent: #0969da; --warn: #9a6700; --bad: #cf222e }
        @media (prefers-color-scheme: dark) { :root { --ground: #0d1117; --ink: #e6edf3; --faint: #9aa4af; --line: #30363d;
            --raised: #161b22; --accent: #4493f8; --warn: #d29922; --bad: #f85149 } }
        * { box-sizing: border-box }
        body { margin: 0; background: var(--ground); color: var(--ink); font: 16px/1.55 ui-sans-serif, system-ui, sans-serif }
        main { max-width: 54rem; margin: 0 auto; padding: 1.5rem 1rem 6rem; overflow-wrap: break-word }
        h1 { font-size: 1.7rem; line-height: 1.25; margin: 0 0 1rem }
            h2 { font-size: 1.3rem; margin: 2.5rem 0 .5rem; padding-top: .75rem; border-top: 1px solid var(--line) }
            h3 { font-size: 1.05rem; margin: 1.5rem 0 .5rem }
        code, pre { font-family: ui-monospace, "DejaVu Sans Mono", monospace; font-size: .875em }
            code { background: var(--raised); padding: .1em .3em; border-radius: 4px; overflow-wrap: anywhere }
        pre { background: var(--raised); border: 1px solid var(--line); border-radius: 6px; padding: .75rem;
            margin: .25rem 0 1rem; overflow-x: auto; line-height: 1.45 }
        figure { margin: 0 0 1rem }
            figcaption, summary { font-weight: 600; font-size: .9rem; color: var(--faint); padding: .35rem 0 }
            summary { cursor: pointer; color: var(--accent) }
        figure.do > pre { border-left: 4px solid var(--accent) }
            figure.back > pre, details.back > pre { border-left: 4px solid var(--bad) }
            figure.check > pre { border-left: 4px solid var(--warn) }
        .wide { overflow-x: auto } table { border-collapse: collapse; margin: .5rem 0 1rem; font-size: .95em }
            th, td { border: 1px solid var(--line); padding: .4rem .6rem; text-align: left; vertical-align: top }
            th { background: var(--raised) } td code { overflow-wrap: normal; white-space: nowrap }
        .picture { max-width: 40rem; border: 1px solid var(--line); border-radius: 6px; overflow: hidden; margin-bottom: 1rem }
            .picture svg { display: block; width: 100%; height: auto }
        nav ol { columns: 2 18rem } a { color: var(--accent) } ul.check { list-style: none; padding-left: .25rem }
            li { margin: .25rem 0 } .check label { display: flex; gap: .6rem; align-items: baseline }
        @media print { details > * { display: block } h2 { break-after: avoid } pre { white-space: pre-wrap }
            nav { display: none } }
        """;

    private static readonly string Style = Rules.Replace("\n    ", " ", StringComparison.Ordinal);

    public static string Render(IEnumerable<RunbookPart> parts)
    {
        var all = parts.ToList();
        var title = all.OfType<RunbookPart.Heading>().First().Text;
        var html = new StringBuilder(
            $"""
            <!doctype html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <title>{WebUtility.HtmlEncode(title.Replace("`", "", StringComparison.Ordinal))}</title>
            <style>
            {Style}
            </style>
            </head>
            <body>
            <main>

            """
        );
        foreach (var (i, part) in all.Index())
        {
            html.Append(Of(part, i)).Append('\n');
            if (part is RunbookPart.Heading { Level: 1 })
            {
                html.Append(Contents(all)).Append('\n');
            }
        }
        return html.Append("</main>\n</body>\n</html>\n").ToString();
    }

    private static string Contents(List<RunbookPart> all)
    {
        var lines = all.Index()
            .Where(one => one.Item is RunbookPart.Heading { Level: 2 })
            .Select(one => $"<li><a href=\"#p{one.Index}\">{Prose.Html(((RunbookPart.Heading)one.Item).Text)}</a></li>");
        return $"<nav aria-label=\"Contents\"><ol>{string.Concat(lines)}</ol></nav>";
    }

    private static string Of(RunbookPart part, int index) =>
        part switch
        {
            RunbookPart.Heading it => $"<h{it.Level} id=\"p{index}\">{Prose.Html(it.Text)}</h{it.Level}>",
            RunbookPart.Paragraph it => $"<p>{Prose.Html(it.Text)}</p>",
            RunbookPart.Items { Kind: ItemKind.Check } it => $"<ul class=\"check\">{string.Concat(it.Texts.Select(Ticked))}</ul>",
            RunbookPart.Items { Kind: ItemKind.Number } it => $"<ol>{Listed(it.Texts)}</ol>",
            RunbookPart.Items it => $"<ul>{Listed(it.Texts)}</ul>",
            RunbookPart.Clicks it => $"<details><summary>In the console</summary><ol>{Listed(it.Texts)}</ol></details>",
            RunbookPart.Grid it => $"<div "
                + $"class=\"wide\"><table><thead><tr>{string.Concat(it.Head.Select(cell => $"<th>{Prose.Html(cell)}</th>"))}"
                + $"</tr></thead><tbody>"
                + $"{string.Concat(it.Rows.Select(row => $"<tr>{string.Concat(row.Select(cell => $"<td>{Prose.Html(cell)}</td>"))}</tr>"))}"
                + $"</tbody></table></div>",
            RunbookPart.Code { IsFolded: true } it => $"<details "
                + $"class=\"{Class(it)}\"><summary>{WebUtility.HtmlEncode(it.Label)}</summary><pre><code>"
                + $"{WebUtility.HtmlEncode(it.Text)}</code></pre></details>",
            RunbookPart.Code it => $"<figure class=\"{Class(it)}\"><figcaption>{WebUtility.HtmlEncode(it.Label)}</figcaption><pre "
                + $"tabindex=\"0\">{WebUtility.HtmlEncode(it.Text)}</pre></figure>",
            RunbookPart.Picture it => $"<div class=\"picture\">\n{it.Svg}</div>",
            _ => throw new System.Diagnostics.UnreachableException($"{part.GetType().Name} has no HTML."),
        };

    private static string Listed(EquatableArray<string> texts) => string.Concat(texts.Select(text => $"<li>{Prose.Html(text)}</li>"));

    private static string Ticked(string text) => $"<li><label><input type=\"checkbox\"><span>{Prose.Html(text)}</span></label></li>";

    private static string Class(RunbookPart.Code code) => code.Use.ToString().ToLowerInvariant();
}
