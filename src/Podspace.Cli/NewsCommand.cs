using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using Podspace.Cli.News;
using Podspace.Cli.Output;
using Podspace.Formats;
using Podspace.News;
using Podspace.Spec;

namespace Podspace.Cli;

/// <summary>What AWS announced that matters for pod networks, since the last time.</summary>
internal static class NewsCommand
{
    public static Command Make(Terminal terminal)
    {
        var files = new Option<string[]>("--file", "-f")
        {
            Description = "Overlay spec whose modes decide what matters; without one, everything does.",
            HelpName = "file",
        };
        var feeds = new Option<string[]>("--feed")
        {
            Description = "Read this RSS or Atom feed, an address or a file, instead of AWS's; may be repeated.",
            HelpName = "address",
        };
        var running = new Option<string?>("--cni")
        {
            Description = "Version of the VPC CNI in use, such as v1.21.0: releases up to it are left out.",
            HelpName = "version",
        };
        var all = new Option<bool>("--all") { Description = "Also what was shown before." };
        var memory = new Option<string?>("--memory")
        {
            Description = "File that remembers what was shown; without it, ~/.local/state/podspace/news.json.",
            HelpName = "file",
        };
        var output = new FormatOption("text or json.", "text", "json");
        var command = new Command(
            "news",
            "Show what AWS announced that matters for pod networks since you last asked. Exits with 2 when there is something new."
        )
        {
            files,
            feeds,
            running,
            all,
            memory,
        };
        output.AddWithQuietTo(command);
        command.SetAction(
            (parsed, cancel) =>
                RunAsync(
                    terminal,
                    Modes(terminal, parsed.GetValue(files)),
                    Feeds(parsed.GetValue(feeds)),
                    parsed.GetValue(running),
                    parsed.GetValue(all),
                    parsed.GetValue(memory) ?? DefaultMemory(),
                    output.Of(parsed),
                    cancel
                )
        );
        return command;
    }

    private static async Task<int> RunAsync(
        Terminal terminal,
        EquatableArray<PodMode> modes,
        EquatableArray<NewsFeed> feeds,
        string? running,
        bool isAll,
        string file,
        Form form,
        CancellationToken cancel
    )
    {
        var memory = FeedMemory.Load(file);
        using var reader = new FeedReader();
        var told = new List<ShownItem>();
        var asked = feeds.Where(feed => feed.Concerns(modes)).ToList();
        var unread = new List<(NewsFeed Feed, string Problem)>();
        foreach (var feed in asked)
        {
            var remembered = memory.Feeds.TryGetValue(feed.Address, out var known) ? known : memory.Feeds[feed.Address] = new();
            var (items, problem) = await reader.ReadAsync(feed.Address, remembered, cancel);
            if (problem is not null)
            {
                unread.Add((feed, problem));
                terminal.Error.WriteLine($"podspace: {feed.Name} ({feed.Address}) could not be read: {problem}");
            }
            told.AddRange(Fresh(feed, items, running, remembered, isAll));
        }
        if (unread.Count > 0 && unread.Count == asked.Count)
        {
            terminal.Error.WriteLine("Without a way to the Internet, name a copy or a mirror with --feed URL, or a proxy in HTTPS_PROXY.");
        }
        var isUnknown = unread.Count == asked.Count && told.Count == 0;
        var fresh = told.Count(one => one.IsNew);
        var said = new Said(
            ExitOf(fresh, unread.Count),
            fresh == 0 ? "nothing new that matters for pod networks" : $"{fresh} new that matter for pod networks",
            // "Nothing new" is no answer where nobody could look.
            isUnknown ? "" : Text(told, isAll)
        )
        {
            Json = () => Json(told, unread),
            IsProblem = isUnknown,
        };
        form.Say(terminal, said);
        memory.Save(file);
        return said.Exit;
    }

    private static int ExitOf(int fresh, int unread)
    {
        if (fresh > 0)
        {
            return ExitCode.Something;
        }
        return unread > 0 ? ExitCode.Error : ExitCode.Fine;
    }

    private static IEnumerable<ShownItem> Fresh(
        NewsFeed feed,
        IReadOnlyList<NewsItem> items,
        string? running,
        RememberedFeed remembered,
        bool isAll
    )
    {
        foreach (var item in items)
        {
            var why = Relevance.Of(feed, item, running);
            if (why.IsEmpty)
            {
                continue;
            }
            var isNew = remembered.Shown.Add(item.Id);
            if (isNew || isAll)
            {
                yield return new(feed.Name, item, why, isNew);
            }
        }
    }

    private static string Text(List<ShownItem> told, bool isAll)
    {
        if (told.Count == 0)
        {
            return isAll
                ? "Nothing that matters for pod networks.\n"
                : "Nothing new that matters for pod networks. To see what was shown before:\n  podspace news --all\n";
        }
        return string.Concat(
            told.Select(one =>
                $"{one.Item.Date?.ToString("yyyy-MM-dd") ?? "          "}  {OneLine(one.Item.Title)}  ({one.Feed}: "
                + $"{string.Join(", ", one.Why)})\n{(one.Item.Link.Length > 0 ? $"            {OneLine(one.Item.Link)}\n" : "")}"
            )
        );
    }

    /// <summary>Titles of AWS's have some hundred characters at most.</summary>
    private const int MostLetters = 300;

    // Text of strangers stands on a terminal: nothing in it may move the cursor, turn the
    // direction of writing, or push everything else off the screen.
    private static string OneLine(string text)
    {
        var line = string.Concat(
            text.Take(MostLetters + 1)
                .Select(letter =>
                    char.IsControl(letter)
                    || char.GetUnicodeCategory(letter)
                        is UnicodeCategory.Format
                            or UnicodeCategory.LineSeparator
                            or UnicodeCategory.ParagraphSeparator
                        ? ' '
                        : letter
                )
        );
        return line.Length > MostLetters ? $"{line[..MostLetters]}…" : line;
    }

    private static string Json(List<ShownItem> told, List<(NewsFeed Feed, string Problem)> unread) =>
        new JsonObject
        {
            ["apiVersion"] = "podspace.io/v1alpha1",
            ["kind"] = "News",
            ["items"] = new JsonArray([
                .. told.Select(one =>
                    (JsonNode)
                        new JsonObject
                        {
                            ["feed"] = one.Feed,
                            ["id"] = one.Item.Id,
                            ["title"] = one.Item.Title,
                            ["link"] = one.Item.Link,
                            ["date"] = one.Item.Date?.ToString("yyyy-MM-dd"),
                            ["why"] = new JsonArray([.. one.Why.Select(word => (JsonNode)word)]),
                            ["isNew"] = one.IsNew,
                        }
                ),
            ]),
            ["unread"] = new JsonArray([
                .. unread.Select(one =>
                    (JsonNode)
                        new JsonObject
                        {
                            ["feed"] = one.Feed.Name,
                            ["address"] = one.Feed.Address,
                            ["problem"] = one.Problem,
                        }
                ),
            ]),
        }.ToPage();

    private static EquatableArray<NewsFeed> Feeds(string[]? addresses) =>
        addresses is { Length: > 0 }
            ? addresses
                .Select(address => new NewsFeed(Path.GetFileName(address) is { Length: > 0 } name ? name : address, address))
                .ToEquatable()
            : NewsFeed.Known;

    private static EquatableArray<PodMode> Modes(Terminal terminal, string[]? files)
    {
        string[] usual = File.Exists("overlay.yaml") ? ["overlay.yaml"] : [];
        var paths = files is { Length: > 0 } ? files : usual;
        if (paths.Length == 0)
        {
            return [];
        }
        var specs = OverlayYaml.ParseAll(Specs.Read(paths));
        terminal.Error.Write(Messages.Findings(specs.Findings, Where.Unsaid));
        if (!specs.Ok(out var all))
        {
            throw new UsageException(
                "the spec holds errors, so nobody knows what matters. Mend it, or ask without it from another folder."
            );
        }
        // A spec that leaves the mode open wants to hear of every one.
        return all.Overlays.Any(spec => spec.Modes.IsEmpty)
            ? []
            : all.Overlays.SelectMany(spec => spec.Modes).Distinct().Order().ToEquatable();
    }

    private static string DefaultMemory() =>
        Path.Combine(
            Environment.GetEnvironmentVariable("XDG_STATE_HOME") is { Length: > 0 } state
                ? state
                : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".local", "state"),
            "podspace",
            "news.json"
        );

    private sealed record ShownItem(string Feed, NewsItem Item, EquatableArray<string> Why, bool IsNew);
}
