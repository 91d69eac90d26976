using System.Text;
using System.Xml;
using CsCheck;
using Podspace.Cli.News;

namespace Podspace.Tests.News;

public sealed class FeedTextTests
{
    private const string Whole =
        "<rss version='2.0'><channel><title>EKS</title><item><title>a</title><link>https://example.com/a</link><guid "
        + "isPermaLink='false'>1</guid><pubDate>2026-07-21T19:00:00</pubDate></item></channel></rss>";

    [Theory]
    [InlineData("Tue, 21 Jul 2026 19:00:00 GMT", "2026-07-21")]
    [InlineData("21 Jul 2026 19:00:00 +0200", "2026-07-21")]
    [InlineData("2026-07-21T19:00:00", "2026-07-21")]
    [InlineData("2026-07-21T23:30:00-05:00", "2026-07-22")]
    [InlineData("Tue, 21 Jul 2026 19:00:00 PST", "2026-07-21")]
    [InlineData("some day", null)]
    [InlineData("", null)]
    public void A_date_may_come_in_any_form_or_not_at_all(string written, string? date)
    {
        var item = Assert.Single(
            Parse($"<rss version='2.0'><channel><item><title>a</title><guid>1</guid><pubDate>{written}</pubDate></item></channel></rss>")
        );

        Assert.Equal(date, item.Date?.ToString("yyyy-MM-dd"));
    }

    [Fact]
    public void Atom_is_read_like_RSS_and_the_newest_stands_first()
    {
        var items = Parse(
            """
            <feed xmlns="http://www.w3.org/2005/Atom">
              <entry>
                <id>tag:github.com,2008:Repository/1/v1.23.0</id>
                <updated>2026-07-31T20:00:00Z</updated>
                <title>v1.23.0</title>
                <link rel="alternate" href="https://example.com/v1.23.0"/>
                <content type="html">&lt;p&gt;Faster&lt;/p&gt;</content>
              </entry>
              <entry><id>undated</id><title>v1.22.9</title></entry>
              <entry><id>tag:github.com,2008:Repository/1/v1.23.1</id><updated>2026-08-20T20:00:00Z</updated><title>v1.23.1</title></entry>
            </feed>
            """
        );

        Assert.Equal(["v1.23.1", "v1.23.0", "v1.22.9"], items.Select(item => item.Title));
        Assert.Equal("https://example.com/v1.23.0", items[1].Link);
    }

    [Fact]
    public void An_entry_without_an_id_is_known_by_its_link_or_its_title_and_an_empty_one_is_none()
    {
        var items = Parse(
            "<rss version='2.0'><channel><item><title>only a "
                + "title</title></item><item><link>https://example.com/a</link></item><item/></channel></rss>"
        );

        Assert.Equal(["https://example.com/a", "only a title"], items.Select(item => item.Id).Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("")]
    [InlineData("not xml")]
    [InlineData("<html><body>Sign in</body></html>")]
    [InlineData("<rss version='2.0'><channel><item>")]
    [InlineData(
        "<!DOCTYPE a [<!ENTITY b 'bbbbbbbbbb'><!ENTITY c '&b;&b;&b;&b;&b;&b;&b;&b;'>]><rss "
            + "version='2.0'><channel><title>&c;</title></channel></rss>"
    )]
    [InlineData("<rss version='2.0'><!DOCTYPE x SYSTEM 'file:///etc/passwd'></rss>")]
    public void What_is_no_feed_is_refused_as_such(string text) => Assert.ThrowsAny<XmlException>(() => Parse(text));

    [Fact]
    public void Elements_without_end_in_each_other_are_refused_before_they_end_the_stack()
    {
        var deep = string.Concat(Enumerable.Repeat("<a>", 500_000));

        var refused = Assert.ThrowsAny<XmlException>(() =>
            Parse(
                $"<rss "
                    + $"version='2.0'><channel><item><title>{deep}{deep.Replace("<", "</", StringComparison.Ordinal)}"
                    + $"</title></item></channel></rss>"
            )
        );

        Assert.Contains("deep in each other", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_feed_broken_anywhere_is_read_or_refused_and_nothing_else() =>
        Gen.Select(Gen.Int[0, Whole.Length - 1], Gen.Char[' ', '~'])
            .Sample(
                (at, letter) =>
                {
                    try
                    {
                        Parse(Whole.Remove(at, 1).Insert(at, letter.ToString()));
                    }
                    catch (XmlException)
                    {
                        // Refused, as it should be.
                    }
                }
            );

    private static List<Podspace.News.NewsItem> Parse(string text)
    {
        using var stream = new MemoryStream(Encoding.UTF8.GetBytes(text));
        return FeedText.Parse(stream);
    }
}
