using System.Buffers;
using Podspace.Cni;

namespace Podspace.News;

/// <summary>Keeps of a feed what matters for a pod network.</summary>
public static class Relevance
{
    // As whole words where a shorter one hides in others (CNI in "technical").
    private static readonly string[] Words =
    [
        "VPC CNI",
        "vpc-cni",
        "CNI",
        "custom networking",
        "ENIConfig",
        "prefix delegation",
        "prefix",
        "secondary CIDR",
        "CIDR",
        "100.64",
        "subnet",
        "NodeClass",
        "podSubnetSelectorTerms",
        "SNAT",
        "pod networking",
        "Auto Mode",
        "security groups for pods",
        "max pods",
        "IP address",
    ];

    private static readonly SearchValues<char> Edges = SearchValues.Create(" \t\r\n.,;:!?()[]{}<>\"'/&-");

    /// <summary>What makes an entry matter, in words; empty: nothing.</summary>
    /// <param name="running">The CNI's version in use, or null: releases up to it are old news.</param>
    public static EquatableArray<string> Of(NewsFeed feed, NewsItem item, string? running)
    {
        if (feed.IsReleases)
        {
            return
                CniVersion.Parse(item.Title.Trim()) is { } version
                && (running is null || CniVersion.Parse(running) is not { } now || version.CompareTo(now) > 0)
                ? ["release"]
                : [];
        }
        // Whoever announces changes of Auto Mode alone speaks of nothing else.
        return feed.Only is not null
            ? ["Auto Mode"]
            : Words.Where(word => Holds(item.Title, word) || Holds(item.Summary, word)).Distinct().ToEquatable();
    }

    private static bool Holds(string text, string word)
    {
        for (
            var at = text.IndexOf(word, StringComparison.OrdinalIgnoreCase);
            at >= 0;
            at = text.IndexOf(word, at + 1, StringComparison.OrdinalIgnoreCase)
        )
        {
            var end = at + word.Length;
            // A plural s is still the word.
            end += end < text.Length && text[end] is 's' ? 1 : 0;
            if ((at == 0 || Edges.Contains(text[at - 1])) && (end == text.Length || Edges.Contains(text[end])))
            {
                return true;
            }
        }
        return false;
    }
}
