using System.Globalization;
using System.Xml;
using System.Xml.Linq;
using Podspace.News;

namespace Podspace.Cli.News;

/// <summary>RSS and Atom as they come from outside: dates in any form or none, and never a
/// document type, by which small files grow huge.</summary>
/// <remarks>Our own, because System.ServiceModel.Syndication does not publish natively without
/// warnings (docs/decisions/0001-packages.md).</remarks>
internal static class FeedText
{
    /// <summary>Larger feeds are refused. The EKS document history has about 1 MB.</summary>
    public const int MostBytes = 8 * 1024 * 1024;

    /// <summary>Of elements within each other. Feeds have five or six; the text of an element is gathered with a
    /// call a level, and the stack ends long before such a file does.</summary>
    private const int MostDepth = 100;

    private static readonly XmlReaderSettings Settings = new()
    {
        DtdProcessing = DtdProcessing.Prohibit,
        XmlResolver = null,
        MaxCharactersInDocument = MostBytes,
    };

    /// <summary>The newest first; those without a date last.</summary>
    /// <param name="text">Can be read twice.</param>
    /// <exception cref="XmlException">It is no feed.</exception>
    public static List<NewsItem> Parse(Stream text)
    {
        Measure(text);
        using var xml = XmlReader.Create(text, Settings);
        var feed = XDocument.Load(xml).Root!;
        if (feed.Name.LocalName is not ("rss" or "feed" or "RDF"))
        {
            throw new XmlException($"it starts with <{feed.Name.LocalName}>, which is neither RSS nor Atom");
        }
        return
        [
            .. feed.Descendants()
                .Where(element => element.Name.LocalName is "item" or "entry")
                .Select(Item)
                .OfType<NewsItem>()
                .OrderByDescending(item => item.Date ?? default),
        ];
    }

    private static void Measure(Stream text)
    {
        using var xml = XmlReader.Create(text, Settings);
        while (xml.Read())
        {
            if (xml.Depth > MostDepth)
            {
                throw new XmlException($"its elements lie more than {MostDepth} deep in each other");
            }
        }
        text.Position = 0;
    }

    /// <summary>Null: an entry that says nothing.</summary>
    private static NewsItem? Item(XElement entry)
    {
        var title = Text(entry, "title");
        var link = Link(entry);
        string[] names = [Text(entry, "guid"), Text(entry, "id"), link, title];
        var date =
            Date(Text(entry, "pubDate")) ?? Date(Text(entry, "published")) ?? Date(Text(entry, "updated")) ?? Date(Text(entry, "date"));
        DateOnly? day = date is { } moment ? DateOnly.FromDateTime(moment.UtcDateTime) : null;
        return Array.Find(names, name => name.Length > 0) is { } id
            ? new(id, title, link, day, $"{Text(entry, "description")} {Text(entry, "summary")} {Text(entry, "content")}")
            : null;
    }

    private static string Text(XElement entry, string name) =>
        entry.Elements().FirstOrDefault(element => element.Name.LocalName == name)?.Value.Trim() ?? "";

    // RSS writes the address between the tags, Atom in an attribute; of Atom's several the page for people counts.
    private static string Link(XElement entry)
    {
        var links = entry.Elements().Where(element => element.Name.LocalName == "link").ToList();
        var best = links.Find(link => (string?)link.Attribute("rel") is null or "alternate") ?? links.FirstOrDefault();
        return best is null ? "" : (string?)best.Attribute("href") ?? best.Value.Trim();
    }

    // RFC 822 with and without the name of a day, RFC 3339, and AWS's own without a zone,
    // which is taken for UTC; so is a zone of unknown name.
    private static DateTimeOffset? Date(string text) =>
        Moment(text) ?? (text.LastIndexOf(' ') is > 0 and var end ? Moment(text[..end]) : null);

    private static DateTimeOffset? Moment(string text) =>
        DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var moment) ? moment : null;
}
