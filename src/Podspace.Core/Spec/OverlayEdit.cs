using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Podspace.Spec;

/// <summary>Changes single settings in an overlay's text and leaves everything else, comments above all, as its author wrote it.</summary>
internal static class OverlayEdit
{
    /// <param name="text">Valid; of any number of documents.</param>
    /// <param name="overlay">Whose document is meant.</param>
    /// <param name="path">Such as <c>spec.addresses.blocks</c>; maps on the way are made where they are missing.</param>
    /// <param name="value">As it stands in YAML on one line.</param>
    public static string Set(string text, string overlay, string path, string value)
    {
        var keys = path.Split('.');
        var map = Documents(text)
            .First(root => root.Find("metadata") is { } metadata && metadata.Value.Find("name")?.Value.Text == overlay);
        for (var i = 0; i < keys.Length; i++)
        {
            if (map.Find(keys[i]) is not { } entry)
            {
                return Add(
                    text,
                    map,
                    string.Concat(keys[i..].Select((key, at) => at == 0 ? $"{key}: " : $"{{{key}: "))
                        + value
                        + new string('}', keys.Length - 1 - i)
                );
            }
            if (i == keys.Length - 1 || entry.Value.Entries is null)
            {
                var rest = string.Concat(keys[(i + 1)..].Select(key => $"{{{key}: ")) + value + new string('}', keys.Length - 1 - i);
                return $"{text[..entry.KeyEnd]}: {rest}{text[entry.Value.End..]}";
            }
            map = entry.Value;
        }
        return text;
    }

    private static string Add(string text, Node map, string entry)
    {
        if (map.IsFlow)
        {
            return $"{text[..(map.Start + 1)]}{entry}{(map.Entries!.Count > 0 ? ", " : "")}{text[(map.Start + 1)..]}";
        }
        // Behind the last line of the last entry, whose comment stays where it is.
        var end = text.IndexOf('\n', map.End);
        end = end < 0 ? text.Length : end;
        return $"{text[..end]}\n{new string(' ', map.Column - 1)}{entry}{text[end..]}";
    }

    /// <param name="End">Behind its last character that is no space and no comment.</param>
    /// <param name="Entries">Null: no map.</param>
    private sealed record Node(
        int Start,
        int End,
        int Column,
        bool IsFlow,
        string? Text,
        List<(string Key, int KeyEnd, Node Value)>? Entries
    )
    {
        public (string Key, int KeyEnd, Node Value)? Find(string key) =>
            Entries?.FindIndex(entry => entry.Key == key) is >= 0 and var at ? Entries[at] : null;
    }

    private static List<Node> Documents(string text)
    {
        var parser = new Parser(new StringReader(text));
        var documents = new List<Node>();
        parser.Consume<StreamStart>();
        while (parser.TryConsume<DocumentStart>(out _))
        {
            documents.Add(Read(parser));
            parser.Consume<DocumentEnd>();
        }
        return documents;
    }

    private static Node Read(Parser parser)
    {
        if (parser.TryConsume<Scalar>(out var scalar))
        {
            return new((int)scalar.Start.Index, (int)scalar.End.Index, (int)scalar.Start.Column, true, scalar.Value, null);
        }
        if (parser.TryConsume<AnchorAlias>(out var alias))
        {
            return new((int)alias.Start.Index, (int)alias.End.Index, (int)alias.Start.Column, true, null, null);
        }
        if (parser.TryConsume<SequenceStart>(out var sequence))
        {
            var end = (int)sequence.End.Index;
            while (!parser.Accept<SequenceEnd>(out _))
            {
                end = Read(parser).End;
            }
            var closing = parser.Consume<SequenceEnd>();
            var isFlow = sequence.Style == SequenceStyle.Flow;
            return new(
                (int)sequence.Start.Index,
                isFlow ? (int)closing.Start.Index + 1 : end,
                (int)sequence.Start.Column,
                isFlow,
                null,
                null
            );
        }
        return Map(parser);
    }

    // The end that the parser gives for a bracket is its start.
    private static Node Map(Parser parser)
    {
        var start = parser.Consume<MappingStart>();
        var entries = new List<(string, int, Node)>();
        while (!parser.Accept<MappingEnd>(out _))
        {
            var key = parser.Consume<Scalar>();
            entries.Add((key.Value, (int)key.End.Index, Read(parser)));
        }
        var closing = parser.Consume<MappingEnd>();
        var isFlow = start.Style == MappingStyle.Flow;
        var lastEnd = entries.Count > 0 ? entries[^1].Item3.End : (int)start.End.Index;
        var end = isFlow ? (int)closing.Start.Index + 1 : lastEnd;
        return new((int)start.Start.Index, end, (int)start.Start.Column, isFlow, null, entries);
    }
}
