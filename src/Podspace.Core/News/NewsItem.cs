namespace Podspace.News;

/// <summary>One entry of a feed.</summary>
/// <param name="Id">The feed's own, or the link, or the title: what tells entries of one feed apart.</param>
/// <param name="Date">Null: the feed gives none, or none that can be read.</param>
/// <param name="Summary">Plain text or HTML as it came; only searched, never shown.</param>
public sealed record NewsItem(string Id, string Title, string Link, DateOnly? Date, string Summary);
