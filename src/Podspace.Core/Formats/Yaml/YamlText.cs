using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Podspace.Formats.Yaml;

/// <summary>A node of a YAML document with its place. Line and column start at 1.</summary>
internal abstract record YamlItem(int Line, int Column)
{
    /// <param name="IsPlain">Written without quotes, so that an empty one means nothing rather than the empty text.</param>
    public sealed record Scalar(int Line, int Column, string Text, bool IsPlain) : YamlItem(Line, Column)
    {
        public bool IsNull => IsPlain && Text is "" or "~" or "null";
    }

    public sealed record Sequence(int Line, int Column, IReadOnlyList<YamlItem> Items) : YamlItem(Line, Column);

    /// <param name="Entries">In file order; a key may stand in it twice.</param>
    public sealed record Mapping(int Line, int Column, IReadOnlyList<(Scalar Key, YamlItem Value)> Entries) : YamlItem(Line, Column);

    public string Shape =>
        this switch
        {
            Scalar => "a single value",
            Sequence => "a list",
            _ => "a map",
        };
}

/// <summary>Text that is no YAML, with the place where it stops being it.</summary>
internal sealed class YamlProblem(int line, int column, string message) : Exception(message)
{
    public int Line => line;

    public int Column => column;
}

/// <summary>Reads documents from parser events rather than through YamlStream, which recurses as deep as a
/// hostile text likes and stops at the first duplicate key.</summary>
internal sealed class YamlText
{
    // The document is at most six levels deep; the rest is room for a better message than this limit's.
    private const int MaxDepth = 32;

    /// <summary>Said instead of YamlDotNet's own slips, which it throws as if the caller had erred:
    /// behind a bracket that is not closed, behind a document's end, in tags.</summary>
    public const string Slip = "what follows this place makes no sense; most often a bracket or a quote there is not closed";

    private readonly Dictionary<string, YamlItem> anchors = [];
    private readonly Parser parser;

    private YamlText(string text) => parser = new Parser(new StringReader(text));

    /// <exception cref="YamlProblem">The text is not YAML, nested deeper than any overlay, or uses a key that is no text.</exception>
    public static IReadOnlyList<YamlItem> Documents(string text)
    {
        var reader = new YamlText(text);
        try
        {
            return reader.ReadAll();
        }
        catch (Exception slip) when (slip is InvalidOperationException or ArgumentException)
        {
            var at = reader.parser.Current?.End ?? Mark.Empty;
            throw new YamlProblem((int)at.Line, (int)at.Column, Slip);
        }
        catch (YamlException problem)
        {
            throw new YamlProblem((int)problem.Start.Line, (int)problem.Start.Column, problem.Message);
        }
    }

    private List<YamlItem> ReadAll()
    {
        var documents = new List<YamlItem>();
        parser.Consume<StreamStart>();
        while (parser.TryConsume<DocumentStart>(out _))
        {
            anchors.Clear();
            documents.Add(Read(0));
            parser.Consume<DocumentEnd>();
        }
        return documents;
    }

    private YamlItem Read(int depth)
    {
        var start = parser.Current!.Start;
        var (line, column) = ((int)start.Line, (int)start.Column);
        if (depth > MaxDepth)
        {
            throw new YamlProblem(line, column, $"it is nested more than {MaxDepth} levels deep");
        }
        if (parser.TryConsume<AnchorAlias>(out var alias))
        {
            return anchors.TryGetValue(alias.Value.Value, out var item)
                ? item
                : throw new YamlProblem(line, column, $"*{alias.Value.Value} is used before &{alias.Value.Value} is complete");
        }
        if (parser.TryConsume<Scalar>(out var scalar))
        {
            return Remember(scalar, new YamlItem.Scalar(line, column, scalar.Value, scalar.Style == ScalarStyle.Plain));
        }
        return parser.Accept<SequenceStart>(out _) ? ReadSequence(line, column, depth) : ReadMapping(line, column, depth);
    }

    private YamlItem ReadSequence(int line, int column, int depth)
    {
        var start = parser.Consume<SequenceStart>();
        var items = new List<YamlItem>();
        while (!parser.TryConsume<SequenceEnd>(out _))
        {
            items.Add(Read(depth + 1));
        }
        return Remember(start, new YamlItem.Sequence(line, column, items));
    }

    private YamlItem ReadMapping(int line, int column, int depth)
    {
        var start = parser.Consume<MappingStart>();
        var entries = new List<(YamlItem.Scalar, YamlItem)>();
        while (!parser.TryConsume<MappingEnd>(out _))
        {
            var key = Read(depth + 1) as YamlItem.Scalar ?? throw new YamlProblem(line, column, "a key is a list or a map, not a word");
            entries.Add((key, Read(depth + 1)));
        }
        return Remember(start, new YamlItem.Mapping(line, column, entries));
    }

    // An anchor counts once its node is complete, so that no node can hold itself.
    private YamlItem Remember(NodeEvent start, YamlItem item)
    {
        if (!start.Anchor.IsEmpty)
        {
            anchors[start.Anchor.Value] = item;
        }
        return item;
    }
}
