using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;
using Podspace.Cli;

namespace Podspace.Tests.News;

public sealed class NewsCommandTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("podspace-news-").FullName;

    [Fact]
    public async Task News_are_told_once_and_again_when_asked_for()
    {
        Write("feed.xml", Item("1", "Custom networking without nodes"), Item("2", "A new Region"));

        var first = await RunAsync("--feed", At("feed.xml"));
        var second = await RunAsync("--feed", At("feed.xml"));
        Write("feed.xml", Item("3", "NodeClass learns to \u009bshout"), Item("1", "Custom networking without nodes"));
        var third = await RunAsync("--feed", At("feed.xml"));
        var all = await RunAsync("--feed", At("feed.xml"), "--all");

        Assert.Equal(
            (
                ExitCode.Something,
                "2026-07-21  Custom networking without nodes  (feed.xml: custom networking)\n            https://example.com/1\n"
            ),
            (first.Exit, first.Output)
        );
        Assert.Equal(ExitCode.Fine, second.Exit);
        Assert.Contains("podspace news --all", second.Output, StringComparison.Ordinal);
        Assert.Equal(
            (ExitCode.Something, "2026-07-21  NodeClass learns to  shout  (feed.xml: NodeClass)\n            https://example.com/3\n"),
            (third.Exit, third.Output)
        );
        Assert.Equal(ExitCode.Fine, all.Exit);
        Assert.Contains("Custom networking", all.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task For_programs_news_are_JSON()
    {
        Write("feed.xml", Item("1", "Custom networking without nodes"));

        var (exit, output, _) = await RunAsync("--feed", At("feed.xml"), "-o", "json");
        var item = JsonNode.Parse(output)!["items"]![0]!;

        Assert.Equal(ExitCode.Something, exit);
        Assert.Equal(("1", "2026-07-21", true), ((string?)item["id"], (string?)item["date"], (bool)item["isNew"]!));

        var (failed, unread, _) = await RunAsync("--feed", At("gone.xml"), "-o", "json");
        Assert.Equal((ExitCode.Error, At("gone.xml")), (failed, (string?)JsonNode.Parse(unread)!["unread"]![0]!["address"]));
    }

    [Theory]
    [InlineData("{\"feeds\": null}")]
    [InlineData("{\"feeds\": {\"a\": null}}")]
    [InlineData("{\"feeds\": {\"a\": {\"document\": null, \"shown\": null}}}")]
    [InlineData("[]")]
    [InlineData("half of")]
    public async Task A_memory_that_somebody_spoilt_is_begun_anew(string text)
    {
        Write("feed.xml", Item("1", "Custom networking without nodes"));
        await File.WriteAllTextAsync(At("memory.json"), text, TestContext.Current.CancellationToken);

        Assert.Equal(ExitCode.Something, (await RunAsync("--feed", At("feed.xml"))).Exit);
        Assert.Equal(ExitCode.Fine, (await RunAsync("--feed", At("feed.xml"))).Exit);
    }

    [Fact]
    public async Task A_memory_that_cannot_be_written_is_named_with_what_to_do()
    {
        Write("feed.xml", Item("1", "Custom networking without nodes"));
        Directory.CreateDirectory(At("memory.json"));

        var (exit, output, error) = await RunAsync("--feed", At("feed.xml"));

        Assert.Equal(ExitCode.Error, exit);
        Assert.Contains("Custom networking", output, StringComparison.Ordinal);
        Assert.Contains("podspace news --memory FILE", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Titles_cannot_flood_or_turn_round_a_terminal()
    {
        Write("feed.xml", Item("1", $"Custom networking \u202egnikrowten {new string('a', 100_000)}"));

        var (_, output, _) = await RunAsync("--feed", At("feed.xml"));

        Assert.InRange(output.Length, 300, 500);
        Assert.DoesNotContain("\u202e", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_without_end_is_refused()
    {
        var (exit, _, error) = await RunAsync("--feed", "/dev/zero");

        Assert.Equal(ExitCode.Error, exit);
        Assert.Contains("larger than 8 MB", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_feed_that_cannot_be_read_is_named_and_the_others_are_told()
    {
        Write("feed.xml", Item("1", "Custom networking without nodes"));
        await File.WriteAllTextAsync(At("page.xml"), "<html/>", TestContext.Current.CancellationToken);

        var some = await RunAsync("--feed", At("page.xml"), "--feed", At("feed.xml"));
        var none = await RunAsync("--feed", At("page.xml"), "--feed", At("gone.xml"));

        Assert.Equal(ExitCode.Something, some.Exit);
        Assert.Contains("page.xml) could not be read: it is no feed: it starts with <html>", some.Error, StringComparison.Ordinal);
        Assert.Equal(ExitCode.Error, none.Exit);
        Assert.Contains("gone.xml) could not be read", none.Error, StringComparison.Ordinal);
        Assert.Empty(none.Output);
    }

    [Fact]
    public async Task A_server_is_asked_only_for_what_is_newer()
    {
        using var server = new FeedServer(Feed(Item("1", "Custom networking without nodes")));

        var first = await RunAsync("--feed", server.Address);
        var second = await RunAsync("--feed", server.Address, "--all");

        Assert.Equal(ExitCode.Something, first.Exit);
        Assert.Equal(ExitCode.Fine, second.Exit);
        Assert.Contains("Custom networking", second.Output, StringComparison.Ordinal);
        Assert.Equal([200, 304], server.Answers);
    }

    [Fact]
    public async Task A_feed_without_end_is_refused()
    {
        using var server = new FeedServer($"<rss version='2.0'><channel><title>{new string('a', 9 * 1024 * 1024)}</title></channel></rss>");

        var (exit, _, error) = await RunAsync("--feed", server.Address);

        Assert.Equal(ExitCode.Error, exit);
        Assert.Contains("could not be read", error, StringComparison.Ordinal);
    }

    public void Dispose() => Directory.Delete(folder, recursive: true);

    private static string Feed(params string[] items) => $"<rss version='2.0'><channel>{string.Concat(items)}</channel></rss>";

    private static string Item(string id, string title) =>
        $"<item><title>{title}</title><link>https://example.com/{id}</link><guid "
        + $"isPermaLink='false'>{id}</guid><pubDate>2026-07-21T19:00:00</pubDate></item>";

    private string At(string file) => Path.Combine(folder, file);

    private void Write(string file, params string[] items) => File.WriteAllText(At(file), Feed(items));

    private async Task<(int Exit, string Output, string Error)> RunAsync(params string[] arguments)
    {
        using StringWriter output = new(),
            error = new();
        File.WriteAllText(
            At("overlay.yaml"),
            "apiVersion: podspace.io/v1alpha1\nkind: OverlayNetwork\nmetadata: {name: prod}\n"
                + "spec: {region: eu-west-1, vpc: vpc-09796d57be9cec2d2, cluster: prod}\n"
        );
        var exit = await CommandLine.RunAsync(
            ["news", "-f", At("overlay.yaml"), "--memory", At("memory.json"), .. arguments],
            new(output, error, TextReader.Null, false),
            TestContext.Current.CancellationToken
        );
        return (exit, output.ToString(), error.ToString());
    }

    /// <summary>A server on loopback with one feed, which knows its own tag.</summary>
    private sealed class FeedServer : IDisposable
    {
        private const string Tag = "\"1\"";

        private readonly HttpListener listener = new();
        private readonly Task serving;

        public FeedServer(string feed)
        {
            using (var probe = new TcpListener(IPAddress.Loopback, 0))
            {
                probe.Start();
                Address = $"http://127.0.0.1:{((IPEndPoint)probe.LocalEndpoint).Port}/";
            }
            listener.Prefixes.Add(Address);
            listener.Start();
            serving = ServeAsync(Encoding.UTF8.GetBytes(feed));
        }

        public string Address { get; }

        public List<int> Answers { get; } = [];

        public void Dispose()
        {
            listener.Stop();
            serving.GetAwaiter().GetResult();
        }

        private async Task ServeAsync(byte[] feed)
        {
            while (listener.IsListening)
            {
                try
                {
                    var context = await listener.GetContextAsync();
                    var isKnown = context.Request.Headers["If-None-Match"] == Tag;
                    context.Response.StatusCode = isKnown ? 304 : 200;
                    context.Response.Headers["ETag"] = Tag;
                    Answers.Add(context.Response.StatusCode);
                    await context.Response.OutputStream.WriteAsync(isKnown ? [] : feed);
                    context.Response.Close();
                }
                catch (Exception closed) when (closed is HttpListenerException or ObjectDisposedException)
                {
                    // Stopped, or the reader hung up on a feed that is too large.
                }
            }
        }
    }
}
