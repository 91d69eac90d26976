using System.Globalization;
using System.Text;
using Podspace.Formats.Yaml;

namespace Podspace.Simulation.WorldFile;

internal sealed partial class PlainYaml
{
    /// <summary>The full parser reads no longer keys on one line.</summary>
    private const int MaxKey = 1000;

    private YamlTree.Scalar? Key(bool inFlow)
    {
        var key = Here is '"' or '\'' ? Quoted() : WordUntil(inFlow, isKey: true);
        return key is { Text.Length: < MaxKey } ? key : null;
    }

    private YamlTree.Scalar? Word(bool inFlow) => WordUntil(inFlow, isKey: false);

    private YamlTree.Scalar? WordUntil(bool inFlow, bool isKey)
    {
        var start = pos;
        if (!CanStart(start))
        {
            return null;
        }
        while (true)
        {
            var c = Here;
            if (c == '\n' || (inFlow && c is (',' or ']' or '}')))
            {
                break;
            }
            if (c == ':' && IsMarkEnd(Next, inFlow))
            {
                if (isKey)
                {
                    break;
                }
                return null;
            }
            if (!YamlWords.CanBeInside(c))
            {
                return null;
            }
            pos++;
        }
        // A space at the end is not part of a word, and one behind a key or a value is not how world files are written.
        return text[pos - 1] == ' ' || (isKey && Here != ':') ? null : new(text[start..pos], true, line, start - lineStart + 1);
    }

    private static bool IsMarkEnd(char behind, bool inFlow) =>
        behind is (' ' or '\n') || (inFlow && behind is (',' or '[' or ']' or '{' or '}'));

    // Words that start with anything else have rules of their own, which the full parser knows.
    private bool CanStart(int at) =>
        char.IsAsciiLetterOrDigit(At(at))
        || (At(at) is '/' or '_' or '$' or '(' or '+' or '^')
        || (At(at) is '.' && at > lineStart)
        || (At(at) is '-' && char.IsAsciiLetterOrDigit(At(at + 1)));

    private YamlTree.Scalar? Quoted()
    {
        var (start, at) = (pos, Column + 1);
        var quote = Here;
        pos++;
        var plainEnd = text.AsSpan(pos).IndexOfAny(quote, '\\', '\n');
        if (plainEnd >= 0 && text[pos + plainEnd] == quote && At(pos + plainEnd + 1) != quote)
        {
            pos += plainEnd + 1;
            return new(text[(start + 1)..(pos - 1)], false, line, at);
        }
        return (quote == '"' ? Escaped() : Doubled()) is { } word ? new(word, false, line, at) : null;
    }

    /// <summary>Between single quotes, where a quote is written twice.</summary>
    private string? Doubled()
    {
        var word = new StringBuilder();
        for (; Here != '\n'; pos++)
        {
            if (Here == '\'')
            {
                pos++;
                if (Here != '\'')
                {
                    return word.ToString();
                }
            }
            word.Append(Here);
        }
        return null;
    }

    private string? Escaped()
    {
        var word = new StringBuilder();
        for (; Here != '"'; pos++)
        {
            if (Here == '\n')
            {
                return null;
            }
            if (Here != '\\')
            {
                word.Append(Here);
                continue;
            }
            pos++;
            switch (Here)
            {
                case '"' or '\\':
                    word.Append(Here);
                    break;
                case 'n':
                    word.Append('\n');
                    break;
                case 't':
                    word.Append('\t');
                    break;
                case 'u'
                    when pos + 5 < text.Length
                        && ushort.TryParse(
                            text.AsSpan(pos + 1, 4),
                            NumberStyles.AllowHexSpecifier,
                            CultureInfo.InvariantCulture,
                            out var unit
                        )
                        && !char.IsSurrogate((char)unit):
                    word.Append((char)unit);
                    pos += 4;
                    break;
                default:
                    return null;
            }
        }
        pos++;
        return word.ToString();
    }

    /// <summary>Lines behind a bar. Empty lines at either end and lines of spaces are left to the full parser.</summary>
    private YamlTree.Scalar? Literal(int indent)
    {
        var (at, row) = (Column + 1, line);
        var keepsEnd = Next != '-';
        pos += keepsEnd ? 1 : 2;
        if (Here != '\n' || AtEnd)
        {
            return null;
        }
        StartLine(pos + 1);
        var margin = Spaces();
        var word = new StringBuilder();
        if (margin <= indent || At(lineStart + margin) == '\n')
        {
            return null;
        }
        while (lineStart < text.Length && (Spaces() >= margin || At(lineStart) == '\n'))
        {
            var end = text.IndexOf('\n', lineStart) is var found and >= 0 ? found : text.Length;
            if (end > lineStart && text[end - 1] == ' ')
            {
                return null;
            }
            word.Append(end > lineStart ? text.AsSpan(lineStart + margin, end - lineStart - margin) : "").Append('\n');
            if (end == text.Length)
            {
                // Without a last line end the two parsers need not agree.
                return null;
            }
            StartLine(end + 1);
        }
        FindLine();
        if (word.Length > 1 && word[^2] == '\n')
        {
            return null;
        }
        return AtEnd || Column <= indent ? new(keepsEnd ? word.ToString() : word.ToString()[..^1], false, row, at) : null;
    }

    private int Spaces()
    {
        var end = lineStart;
        while (At(end) == ' ')
        {
            end++;
        }
        return end - lineStart;
    }
}
