using System.Buffers;

namespace Podspace.Formats;

/// <summary>What no text may hold, whatever it is written in.</summary>
internal static class TextCheck
{
    private const int ChunkLength = 1 << 16;

    private const string SaveAsUtf8 = "Save it as UTF-8 text.";

    // Decoders put U+FFFD in the place of bytes that are no character; one that was written is as little use.
    private static readonly SearchValues<char> Suspects = SearchValues.Create([
        '\0',
        '\uFFFD',
        .. Enumerable.Range(0xD800, 0x800).Select(unit => (char)unit),
    ]);

    /// <summary>The first thing wrong with it, reading the text to its end.</summary>
    /// <param name="mostCharacters">Null: as many as there are.</param>
    public static DocumentProblem? Problem(TextReader text, long? mostCharacters)
    {
        var total = 0L;
        // One place more, for the other half of a pair that lies over a chunk's end.
        var buffer = new char[ChunkLength + 1];
        var (line, column) = (1, 1);
        while (text.ReadBlock(buffer, 0, ChunkLength) is var length and > 0)
        {
            if (char.IsHighSurrogate(buffer[length - 1]) && text.Read() is var next and >= 0)
            {
                buffer[length++] = (char)next;
            }
            total += length;
            if (total > mostCharacters)
            {
                return TooLarge(mostCharacters.Value);
            }
            var chunk = buffer.AsSpan(0, length);
            if (FirstBad(chunk) is var bad and >= 0)
            {
                (line, column) = Advanced(line, column, chunk[..bad]);
                return new(ProblemKind.Broken, line, column, Sentence(chunk[bad]), SaveAsUtf8);
            }
            (line, column) = Advanced(line, column, chunk);
        }
        return null;
    }

    public static DocumentProblem TooLarge(long most) =>
        new(
            ProblemKind.TooLarge,
            0,
            0,
            $"The text has more than {most / 1_000_000} million characters, and no more are read here.",
            "Leave out what is not needed, or name another file."
        );

    /// <summary>Reports whether half of a character stands alone, which no encoding can write.</summary>
    public static bool HoldsHalfCharacter(ReadOnlySpan<char> text) =>
        text.ContainsAnyInRange('\uD800', '\uDFFF') && FirstBad(text) is var bad and >= 0 && char.IsSurrogate(text[bad]);

    private static int FirstBad(ReadOnlySpan<char> text)
    {
        var at = 0;
        while (text[at..].IndexOfAny(Suspects) is var found and >= 0)
        {
            at += found;
            if (at + 1 >= text.Length || !char.IsSurrogatePair(text[at], text[at + 1]))
            {
                return at;
            }
            at += 2;
        }
        return -1;
    }

    private static string Sentence(char bad) =>
        bad switch
        {
            '\0' => "A zero byte stands here: it is binary, or text in UTF-16.",
            '\uFFFD' => "The text is not UTF-8: here stand bytes that are no character, or U+FFFD, which others write in their place.",
            _ => "Half of a surrogate pair stands here, which is no character.",
        };

    private static (int Line, int Column) Advanced(int line, int column, ReadOnlySpan<char> text)
    {
        var lastEnd = text.LastIndexOf('\n');
        return lastEnd < 0 ? (line, column + text.Length) : (line + text.Count('\n'), text.Length - lastEnd);
    }
}
