using System.Globalization;
using System.Text;

namespace Podspace.Formats;

/// <summary>Terraform's language as <c>terraform fmt</c> would leave it.</summary>
/// <remarks>Equals signs of neighbouring lines stand below each other; a value of several lines ends
/// such a run. Source: hashicorp/hcl v2, hclwrite/format.go.</remarks>
internal sealed class HclText
{
    /// <summary>A list that would be longer than this is written with an item a line.</summary>
    private const int Width = 100;

    private readonly StringBuilder text = new();

    /// <param name="head">Comment lines at the top; empty: none.</param>
    public static string Render(string head, IEnumerable<HclBlock> blocks)
    {
        var hcl = new HclText();
        hcl.Comment(head, "");
        foreach (var block in blocks)
        {
            if (hcl.text.Length > 0)
            {
                hcl.text.Append('\n');
            }
            hcl.Block(block, "");
        }
        return hcl.text.ToString();
    }

    /// <summary>Text between quotes.</summary>
    public static string Quoted(string word)
    {
        var quoted = new StringBuilder("\"");
        for (var i = 0; i < word.Length; i++)
        {
            var next = i + 1 < word.Length ? word[i + 1] : '\0';
            _ = word[i] switch
            {
                '"' => quoted.Append("\\\""),
                '\\' => quoted.Append("\\\\"),
                '\n' => quoted.Append("\\n"),
                '\r' => quoted.Append("\\r"),
                '\t' => quoted.Append("\\t"),
                // A template begins with these two; doubled, they are themselves.
                '$' or '%' when next == '{' => quoted.Append(word[i]).Append(word[i]),
                < ' ' or '\u007F' or '\u0085' or '\u2028' or '\u2029' or '\uFEFF' => quoted.Append(
                    CultureInfo.InvariantCulture,
                    $"\\u{(int)word[i]:x4}"
                ),
                var other => quoted.Append(other),
            };
        }
        return quoted.Append('"').ToString();
    }

    private void Block(HclBlock block, string indent)
    {
        Comment(block.Comment, indent);
        text.Append(indent).Append(block.Type);
        foreach (var label in block.Labels)
        {
            text.Append(' ').Append(Quoted(label));
        }
        text.Append(" {\n");
        Entries(block.Attributes, indent + "  ");
        foreach (var (at, inner) in block.Blocks.Index())
        {
            text.Append(at > 0 || !block.Attributes.IsEmpty ? "\n" : "");
            Block(inner, indent + "  ");
        }
        text.Append(indent).Append("}\n");
    }

    private void Comment(string comment, string indent)
    {
        foreach (var line in comment.Length == 0 ? [] : comment.Split('\n'))
        {
            text.Append(indent).Append(line.Length == 0 ? "#" : "# ").Append(line).Append('\n');
        }
    }

    private void Entries(EquatableArray<HclEntry> entries, string indent)
    {
        for (var i = 0; i < entries.Count; )
        {
            var first = i;
            Comment(entries[first].Comment, indent);
            var run = entries
                .Skip(i)
                .TakeWhile((entry, at) => Line(entry.Value) is not null && (at == 0 || entry.Comment.Length == 0))
                .Select(entry => (Key: Key(entry.Key), Value: Line(entry.Value)!))
                .ToList();
            var width = run.Select(entry => Columns(entry.Key)).DefaultIfEmpty(0).Max();
            foreach (var (key, value) in run)
            {
                text.Append(indent).Append(key).Append(' ', width - Columns(key)).Append(" = ").Append(value).Append('\n');
            }
            i += run.Count;
            // A comment ends a run, too, and stands above its own entry.
            if (i < entries.Count && Line(entries[i].Value) is null && (i == first || entries[i].Comment.Length == 0))
            {
                text.Append(indent).Append(Key(entries[i].Key)).Append(" = ");
                Lines(entries[i++].Value, indent);
                text.Append('\n');
            }
        }
    }

    private static int Columns(string word) => new StringInfo(word).LengthInTextElements;

    /// <summary>The value on one line; null when it needs several.</summary>
    private static string? Line(HclValue value) =>
        value switch
        {
            HclValue.Text it => Quoted(it.Value),
            HclValue.Literal it => it.Word,
            HclValue.Reference it => it.Path,
            HclValue.Map { Entries.IsEmpty: true } => "{}",
            HclValue.List it
                when it.Items.Select(Line).ToList() is var items && !items.Contains(null) && items.Sum(item => item!.Length + 2) <= Width =>
                $"[{string.Join(", ", items)}]",
            _ => null,
        };

    private void Lines(HclValue value, string indent)
    {
        switch (value)
        {
            case HclValue.Map map:
                text.Append("{\n");
                Entries(map.Entries, indent + "  ");
                text.Append(indent).Append('}');
                break;
            case HclValue.Json json:
                text.Append("jsonencode(");
                Lines(json.Document, indent);
                text.Append(')');
                break;
            case HclValue.List list:
                text.Append("[\n");
                foreach (var item in list.Items)
                {
                    text.Append(indent).Append("  ");
                    Item(item, indent + "  ");
                    text.Append(",\n");
                }
                text.Append(indent).Append(']');
                break;
            default:
                Item(value, indent);
                break;
        }
    }

    private void Item(HclValue value, string indent)
    {
        if (Line(value) is { } line)
        {
            text.Append(line);
            return;
        }
        Lines(value, indent);
    }

    // "for" would begin a comprehension; everything that is no plain word is quoted.
    private static string Key(string key) =>
        key.Length > 0 && key != "for" && key.All(c => char.IsAsciiLetterOrDigit(c) || c == '_') && !char.IsAsciiDigit(key[0])
            ? key
            : Quoted(key);
}
