using System.Text;
using System.Text.RegularExpressions;

namespace Podspace.Nodes.Launching;

/// <summary>The parts of a MIME message, or the text itself where it is none. Source: RFC 2046, 5.1; RFC 2045, 6.</summary>
internal static partial class MimeParts
{
    public static IReadOnlyList<string> Of(string text)
    {
        var (headers, body) = Split(text.ReplaceLineEndings("\n").TrimStart());
        return Boundary().Match(headers) is { Success: true } found
            ? [.. Bodies(body, found.Groups["word"].Value).SelectMany(Part)]
            : [text.ReplaceLineEndings("\n")];
    }

    // Parts may hold parts.
    private static IEnumerable<string> Part(string part)
    {
        var (headers, body) = Split(part.TrimStart('\n'));
        if (Boundary().IsMatch(headers))
        {
            return Of(part);
        }
        return [IsBase64().IsMatch(headers) && FromBase64(body) is { } decoded ? decoded : body];
    }

    private static IEnumerable<string> Bodies(string body, string boundary)
    {
        var part = (List<string>?)null;
        foreach (var line in body.Split('\n'))
        {
            if (line.TrimEnd() == $"--{boundary}" || line.TrimEnd() == $"--{boundary}--")
            {
                if (part is not null)
                {
                    yield return string.Join('\n', part);
                }
                part = line.TrimEnd().EndsWith($"{boundary}--", StringComparison.Ordinal) ? null : [];
            }
            else
            {
                part?.Add(line);
            }
        }
        // The last boundary is often forgotten, and taken all the same.
        if (part is not null)
        {
            yield return string.Join('\n', part);
        }
    }

    /// <summary>Headers end at the first empty line; a text that begins otherwise has none.</summary>
    private static (string Headers, string Body) Split(string text)
    {
        if (!Header().IsMatch(text))
        {
            return ("", text);
        }
        var end = text.IndexOf("\n\n", StringComparison.Ordinal);
        return end < 0 ? (text, "") : (text[..end], text[(end + 2)..]);
    }

    private static string? FromBase64(string body)
    {
        var bytes = new byte[body.Length];
        return Convert.TryFromBase64String(body.Trim(), bytes, out var length) ? Encoding.UTF8.GetString(bytes, 0, length) : null;
    }

    [GeneratedRegex("^(MIME-Version|Content-[A-Za-z-]+):", RegexOptions.IgnoreCase)]
    private static partial Regex Header();

    [GeneratedRegex(
        "multipart/[^;]+;[^\\n]*(\\n[ \\t][^\\n]*)*?boundary=(\"(?<word>[^\"\\n]+)\"|(?<word>[^\\s;]+))",
        RegexOptions.IgnoreCase
    )]
    private static partial Regex Boundary();

    [GeneratedRegex("^Content-Transfer-Encoding:\\s*base64", RegexOptions.IgnoreCase | RegexOptions.Multiline)]
    private static partial Regex IsBase64();
}
