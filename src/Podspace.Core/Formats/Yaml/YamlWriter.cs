using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Podspace.Formats.Yaml;

/// <summary>JSON as YAML, in one form: what fits a line stands on one, text is quoted only where it must be, two spaces a level.</summary>
internal sealed class YamlWriter
{
    private const int Width = 160;

    // The parser reads no longer keys on one line, unless they are announced by a question mark.
    private const int MostOfKey = 1000;

    private const int Flushed = 1 << 16;

    private readonly StringBuilder text = new();
    private readonly TextWriter to;

    private YamlWriter(TextWriter to) => this.to = to;

    /// <param name="openLevels">So many levels from the top are written over several lines, fit or not: the file's chapters.</param>
    public static string Write(JsonObject root, int openLevels)
    {
        using var to = new StringWriter();
        Write(root, openLevels, to);
        return to.ToString();
    }

    /// <inheritdoc cref="Write(JsonObject, int)"/>
    /// <param name="to">Is given the text piece by piece, so that it need not stand in memory as a whole.</param>
    public static void Write(JsonObject root, int openLevels, TextWriter to)
    {
        var yaml = new YamlWriter(to);
        if (root.Count == 0)
        {
            yaml.text.Append("{}\n");
        }
        yaml.Entries(root, 0, openLevels);
        to.Write(yaml.text);
    }

    private void Entries(JsonObject map, int indent, int openLevels)
    {
        var isFirst = true;
        foreach (var (key, value) in map)
        {
            // The first key of a list's item stands behind its dash.
            if (!isFirst || IsLineStart)
            {
                text.Append(' ', indent);
            }
            isFirst = false;
            Key(key, indent);
            Value(value, indent, openLevels - 1);
            Flush();
        }
    }

    private bool IsLineStart => text.Length == 0 || text[^1] == '\n';

    private void Key(string key, int indent)
    {
        var word = Word(key, inFlow: true);
        if (word.Length > MostOfKey)
        {
            text.Append("? ").Append(word).Append('\n').Append(' ', indent).Append(':');
            return;
        }
        text.Append(word).Append(':');
    }

    /// <summary>Between two lines, where nothing is taken back any more.</summary>
    private void Flush()
    {
        if (text.Length > Flushed)
        {
            to.Write(text);
            text.Clear();
        }
    }

    private void Value(JsonNode? value, int indent, int openLevels)
    {
        var mark = text.Length;
        text.Append(' ');
        if ((openLevels <= 0 || IsEmpty(value) || value is JsonValue) && Flow(value, IsEmpty(value) ? int.MaxValue : Room()))
        {
            text.Append('\n');
            return;
        }
        text.Length = mark;
        switch (value)
        {
            case JsonObject map:
                text.Append('\n');
                Entries(map, indent + 2, openLevels);
                break;
            case JsonArray list when openLevels <= 0 && list.All(IsWord):
                Words(list, indent + 2);
                break;
            case JsonArray list:
                text.Append('\n');
                Items(list, indent + 2, openLevels);
                break;
            default:
                LongText(value!.GetValue<string>(), indent + 2);
                break;
        }
    }

    private void Items(JsonArray list, int indent, int openLevels)
    {
        foreach (var item in list)
        {
            text.Append(' ', indent).Append('-');
            var mark = text.Length;
            text.Append(' ');
            if (Flow(item, IsEmpty(item) ? int.MaxValue : Room()))
            {
                text.Append('\n');
                continue;
            }
            text.Length = mark;
            switch (item)
            {
                case JsonObject map:
                    text.Append(' ');
                    Entries(map, indent + 2, openLevels - 1);
                    break;
                case JsonArray inner:
                    text.Append('\n');
                    Items(inner, indent + 2, openLevels - 1);
                    break;
                default:
                    LongText(item!.GetValue<string>(), indent + 2);
                    break;
            }
            Flush();
        }
    }

    /// <summary>Many words, such as an interface's addresses: between brackets, over as many lines as they need.</summary>
    private void Words(JsonArray list, int indent)
    {
        text.Append(" [");
        var end = Room();
        for (var i = 0; i < list.Count; i++)
        {
            var mark = text.Length;
            text.Append(i == 0 ? "" : " ");
            Single(list[i], inFlow: true);
            text.Append(i == list.Count - 1 ? ']' : ',');
            if (text.Length > end && i > 0)
            {
                text.Length = mark;
                text.Append('\n').Append(' ', indent);
                end = Room();
                Single(list[i], inFlow: true);
                text.Append(i == list.Count - 1 ? ']' : ',');
            }
        }
        text.Append('\n');
    }

    private static bool IsEmpty(JsonNode? value) => value is null or JsonObject { Count: 0 } or JsonArray { Count: 0 };

    /// <summary>Where the line may go on to; a word longer than a line has it all the same when it is text that cannot be broken.</summary>
    private int Room()
    {
        var line = text.Length;
        while (line > 0 && text[line - 1] != '\n')
        {
            line--;
        }
        return line + Width;
    }

    /// <summary>Appends the value on this line; false, and what was appended is for the caller to take
    /// back, when it does not fit before <paramref name="end"/>.</summary>
    private bool Flow(JsonNode? value, int end)
    {
        switch (value)
        {
            case JsonObject map:
                text.Append('{');
                foreach (var (key, inner) in map)
                {
                    var word = Word(key, inFlow: true);
                    text.Append(text[^1] == '{' ? "" : ", ").Append(word).Append(": ");
                    if (word.Length > MostOfKey || !Inner(inner, end))
                    {
                        return false;
                    }
                }
                text.Append('}');
                break;
            case JsonArray list:
                text.Append('[');
                for (var i = 0; i < list.Count; i++)
                {
                    text.Append(i == 0 ? "" : ", ");
                    if (!Inner(list[i], end))
                    {
                        return false;
                    }
                }
                text.Append(']');
                break;
            default:
                return Single(value, inFlow: false);
        }
        return text.Length <= end;
    }

    private bool Inner(JsonNode? value, int end) =>
        (value is JsonObject or JsonArray ? Flow(value, end) : Single(value, inFlow: true)) && text.Length < end;

    /// <summary>A value that is one word; false when it is text of several lines.</summary>
    private bool Single(JsonNode? value, bool inFlow)
    {
        if (value is null)
        {
            text.Append("null");
            return true;
        }
        if (value.GetValueKind() != JsonValueKind.String)
        {
            text.Append(value.ToJsonString());
            return true;
        }
        if (!IsWord(value))
        {
            return false;
        }
        text.Append(Word(value.GetValue<string>(), inFlow));
        return true;
    }

    private static bool IsWord(JsonNode? value) =>
        value is JsonValue word && (word.GetValueKind() != JsonValueKind.String || !CanBeBlock(word.GetValue<string>()));

    private static string Word(string word, bool inFlow)
    {
        if (PlainStyle.Suits(word, inFlow))
        {
            return word;
        }
        // Documents inside values are full of double quotes: between single ones they stay readable.
        return word.Contains('"', StringComparison.Ordinal) && !word.Any(c => c is < ' ' or > '~')
            ? $"'{word.Replace("'", "''", StringComparison.Ordinal)}'"
            : Quoted(word);
    }

    private static string Quoted(string word)
    {
        var quoted = new StringBuilder("\"");
        foreach (var c in word)
        {
            _ = c switch
            {
                '"' => quoted.Append("\\\""),
                '\\' => quoted.Append("\\\\"),
                '\n' => quoted.Append("\\n"),
                '\t' => quoted.Append("\\t"),
                < ' ' or (> '~' and < (char)0xA1) or '\u2028' or '\u2029' or '\uFEFF' or '\uFFFD' or '\uFFFE' or '\uFFFF' => quoted.Append(
                    CultureInfo.InvariantCulture,
                    $"\\u{(int)c:x4}"
                ),
                _ => quoted.Append(c),
            };
        }
        return quoted.Append('"').ToString();
    }

    /// <summary>Several lines that mean the same between a bar and the next smaller indent.</summary>
    private static bool CanBeBlock(string word) =>
        word.Contains('\n', StringComparison.Ordinal)
        && !word.EndsWith("\n\n", StringComparison.Ordinal)
        && word[0] is not ('\n' or ' ')
        && !word.Any(c => c is (< ' ' and not '\n') or > '~')
        && !word.Split('\n').Any(line => line.EndsWith(' '));

    private void LongText(string word, int indent)
    {
        var endsLine = word.EndsWith('\n');
        text.Append(endsLine ? " |\n" : " |-\n");
        foreach (var line in (endsLine ? word[..^1] : word).Split('\n'))
        {
            text.Append(' ', line.Length == 0 ? 0 : indent).Append(line).Append('\n');
        }
    }
}
