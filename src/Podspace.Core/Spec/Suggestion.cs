namespace Podspace.Spec;

/// <summary>What somebody may have meant.</summary>
internal static class Suggestion
{
    /// <summary>The mend for an unknown key: the key here that it resembles, the place where
    /// such a key belongs, or what is allowed.</summary>
    public static string ForKey(string written, Shape.Map map)
    {
        if (Nearest(written, map.Keys.Select(key => key.Name)) is { } near)
        {
            return $"Did you mean '{near}'?";
        }
        var elsewhere = OverlayKeys
            .All()
            .Select(entry => entry.Path)
            .FirstOrDefault(other => string.Equals(LastPart(other), written, StringComparison.OrdinalIgnoreCase));
        return elsewhere is not null
            ? $"Did you mean '{elsewhere}'? It belongs there."
            : $"Known here: {string.Join(", ", map.Keys.Select(key => key.Name))}.";
    }

    /// <summary>The candidate that differs from the text by case alone or by a slip or two; null when none is near.</summary>
    public static string? Nearest(string text, IEnumerable<string> candidates)
    {
        // A third of a word may be wrong; more is another word.
        var limit = Math.Min(2, text.Length / 3);
        return candidates
            .Select(candidate => (candidate, distance: Slips(text.ToLowerInvariant(), candidate.ToLowerInvariant())))
            .Where(pair => pair.distance <= limit)
            .OrderBy(pair => pair.distance)
            .Select(pair => pair.candidate)
            .FirstOrDefault();
    }

    // Two neighbours in each other's place are one slip of the fingers, and two of Levenshtein's.
    private static int Slips(string left, string right)
    {
        var at = left.Length == right.Length ? left.AsSpan().CommonPrefixLength(right) : left.Length;
        return
            at + 1 < left.Length
            && left[at] == right[at + 1]
            && left[at + 1] == right[at]
            && left.AsSpan(at + 2).SequenceEqual(right.AsSpan(at + 2))
            ? 1
            : Distance(left, right);
    }

    // Levenshtein's, one row at a time. Long garbage is not worth comparing.
    private static int Distance(string left, string right)
    {
        if (Math.Abs(left.Length - right.Length) > 2)
        {
            return int.MaxValue;
        }
        var row = Enumerable.Range(0, right.Length + 1).ToArray();
        for (var i = 1; i <= left.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= right.Length; j++)
            {
                var replaced = diagonal + (left[i - 1] == right[j - 1] ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(replaced, Math.Min(row[j], row[j - 1]) + 1);
            }
        }
        return row[^1];
    }

    private static string LastPart(string path) => path[(path.LastIndexOf('.') + 1)..];
}
