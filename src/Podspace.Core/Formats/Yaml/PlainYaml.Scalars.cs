using System.Globalization;
using System.Text;

namespace Podspace.Formats.Yaml;

internal sealed partial class PlainYaml
{
    /// <summary>The full parser reads no longer keys on one line.</summary>
    private const int MaxKey = 1000;

    private YamlNode.Scalar? Key(bool inFlow)
    {
        var key = Here is '"' or '\'' ? Quoted() : WordUntil(inFlow, isKey: true);
        return key is { Text.Length: < MaxKey } ? key : null;
    }

    private YamlNode? Scalar(bool inFlow) => Here is '"' or '\'' ? Quoted() : WordUntil(inFlow, isKey: false);

    private YamlNode.Scalar? WordUntil(bool inFlow, bool isKey)
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
            if (!PlainStyle.CanBeInside(c))
            {
                return null;
            }
            pos++;
        }
        // A space at the end is not part of a word, and one behind a key or a value is not how world files are written.
        return buffer[pos - 1] == ' ' || (isKey && Here != ':')
            ? null
            : new(new string(buffer, start, pos - start), true, line, start - lineStart + 1);
    }

    private static bool IsMarkEnd(char behind, bool inFlow) =>
        behind is (' ' or '\n') || (inFlow && behind is (',' or '[' or ']' or '{' or '}'));

    // Words that start with anything else have rules of their own, which the full parser knows.
    private bool CanStart(int at) =>
        char.IsAsciiLetterOrDigit(At(at))
        || (At(at) is '/' or '_' or '$' or '(' or '+' or '^')
        || (At(at) is '.' && at > lineStart)
        || (At(at) is '-' && char.IsAsciiLetterOrDigit(At(at + 1)));

    private YamlNode.Scalar? Quoted()
    {
        var (start, at) = (pos, Column + 1);
        var quote = Here;
        pos++;
        var plainEnd = buffer.AsSpan(pos, filled - pos).IndexOfAny(quote, '\\', '\n');
        if (plainEnd >= 0 && At(pos + plainEnd) == quote && At(pos + plainEnd + 1) != quote)
        {
            pos += plainEnd + 1;
            return new(new string(buffer, start + 1, pos - start - 2), false, line, at);
        }
        var word = quote == '"' ? Escaped() : Doubled();
        return word is null ? null : new(word, false, line, at);
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
                    when pos + 5 < filled
                        && ushort.TryParse(
                            buffer.AsSpan(pos + 1, 4),
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
    private YamlNode.Scalar? Literal(int indent)
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
        while (lineStart < filled && (Spaces() >= margin || At(lineStart) == '\n'))
        {
            var end = LineEnd;
            if (end > lineStart && buffer[end - 1] == ' ')
            {
                return null;
            }
            word.Append(end > lineStart ? buffer.AsSpan(lineStart + margin, end - lineStart - margin) : "").Append('\n');
            if (end == filled)
            {
                // Without a last line end the two parsers need not agree.
                return null;
            }
            StartLine(end + 1);
        }
        FindLine();
        if ((word.Length > 1 && word[^2] == '\n') || !(AtEnd || Column <= indent))
        {
            return null;
        }
        word.Length -= keepsEnd ? 0 : 1;
        return new(word.ToString(), false, row, at);
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
