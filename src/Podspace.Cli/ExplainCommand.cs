using System.CommandLine;
using System.CommandLine.Completions;
using Podspace.Cli.Output;
using Podspace.Findings;
using Podspace.Rendering;

namespace Podspace.Cli;

/// <summary>A finding's page: what it means, why it matters, how to fix it. Needs no spec, no world and no file.</summary>
internal static class ExplainCommand
{
    /// <summary>Where nobody says how wide it is.</summary>
    private const int Columns = 80;

    public static Command Make(Terminal terminal)
    {
        var codes = new Argument<string[]>("code")
        {
            Description = "Codes of findings, such as PS1101; without one: the list of all.",
            Arity = ArgumentArity.ZeroOrMore,
        };
        codes.CompletionSources.Add(context =>
            Catalogue
                .All.Where(page => page.Code.StartsWith(context.WordToComplete, StringComparison.OrdinalIgnoreCase))
                .Select(page => new CompletionItem(page.Code, detail: page.Title))
        );
        var output = new FormatOption();
        var command = new Command("explain", "Say what a finding means, why it matters and how to fix it.") { codes };
        output.AddWithQuietTo(command);
        command.SetAction(parsed => output.Of(parsed).Say(terminal, Explain(parsed.GetValue(codes) ?? [], terminal.Width ?? Columns)));
        return command;
    }

    private static Said Explain(string[] codes, int width)
    {
        var unknown = codes.FirstOrDefault(code => Catalogue.Find(code) is null);
        if (unknown is not null)
        {
            throw new UsageException(
                $"there is no finding {unknown}. The nearest are:\n{Indented(FindingPageText.List(Catalogue.Nearest(unknown, 3)))}"
                    + "To see all:\n  podspace explain"
            );
        }
        return codes.Length == 0
            ? Of(Catalogue.All, FindingPageText.List(Catalogue.All))
            : Of([.. codes.Select(code => Catalogue.Find(code)!).Distinct()], width);
    }

    private static Said Of(EquatableArray<FindingPage> pages, int width) =>
        Of(pages, string.Join('\n', pages.Select(page => FindingPageText.Render(page, width))));

    private static Said Of(EquatableArray<FindingPage> pages, string text) =>
        new(ExitCode.Fine, pages.Count == 1 ? $"{pages[0].Code} {pages[0].Title}" : $"{pages.Count} findings", text)
        {
            Json = () => FindingPageText.Json(pages),
        };

    private static string Indented(string lines) => string.Concat(lines.Split('\n')[..^1].Select(line => $"  {line}\n"));
}
