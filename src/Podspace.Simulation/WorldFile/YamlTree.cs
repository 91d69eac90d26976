using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Podspace.Simulation.WorldFile;

/// <summary>One node of a YAML document, with where it stands. Mutable while a file is read: pasted forms are rewritten in it.</summary>
internal abstract class YamlTree(int line, int column)
{
    public int Line { get; } = line;

    public int Column { get; } = column;

    internal sealed class Scalar(string text, bool isPlain, int line, int column) : YamlTree(line, column)
    {
        public string Text { get; } = text;

        /// <summary>Written without quotes: only then can it be a number, true, false or null.</summary>
        public bool IsPlain { get; } = isPlain;
    }

    internal sealed class List(int line, int column) : YamlTree(line, column)
    {
        public List<YamlTree> Items { get; } = [];
    }

    internal sealed class Map(int line, int column) : YamlTree(line, column)
    {
        public List<(Scalar Key, YamlTree Value)> Entries { get; } = [];

        public YamlTree? Find(string key)
        {
            foreach (var (name, value) in Entries)
            {
                if (name.Text == key)
                {
                    return value;
                }
            }
            return null;
        }

        public void Remove(string key) => Entries.RemoveAll(entry => entry.Key.Text == key);

        public void Set(string key, YamlTree value)
        {
            var index = Entries.FindIndex(entry => entry.Key.Text == key);
            if (index < 0)
            {
                Entries.Add((new Scalar(key, true, value.Line, value.Column), value));
                return;
            }
            Entries[index] = (Entries[index].Key, value);
        }
    }
}

/// <summary>Reads text into one <see cref="YamlTree"/>, in one pass.</summary>
/// <remarks>Anchors, aliases and tags are refused: a world file is data, and a page of aliases can stand for gigabytes.</remarks>
internal sealed class YamlTreeReader
{
    /// <summary>Deeper than any manifest; keeps a page of brackets from using up the stack.</summary>
    private const int MaxDepth = 60;

    private readonly Parser parser;
    private readonly Action<string, int, int, string, string> report;

    private YamlTreeReader(string text, Action<string, int, int, string, string> report)
    {
        parser = new Parser(new StringReader(text));
        this.report = report;
    }

    /// <param name="report">Code, line, column, problem, fix.</param>
    /// <returns>Null when nothing could be read; what is wrong has been reported.</returns>
    public static YamlTree? Read(string text, Action<string, int, int, string, string> report)
    {
        var reader = new YamlTreeReader(text, report);
        try
        {
            return reader.Document();
        }
        catch (Exception slip) when (slip is InvalidOperationException or ArgumentException)
        {
            var at = reader.parser.Current?.End ?? Mark.Empty;
            reader.Report(
                WorldFindings.NotYaml,
                at,
                $"This is not YAML: {Podspace.Formats.Yaml.YamlText.Slip}.",
                "Correct the file at this place; what follows it was not read."
            );
            return null;
        }
        catch (YamlException problem)
        {
            // For a tab the parser names the start of the block around it, not its place.
            var tab = problem.Message.Contains(" tab ", StringComparison.Ordinal) ? TabIndent(text, (int)problem.Start.Line) : 0;
            var (line, column) = tab > 0 ? (tab, 1) : ((int)problem.Start.Line, (int)problem.Start.Column);
            var words = tab > 0 ? "A tab indents this line, and YAML allows only spaces there." : $"This is not YAML: {Reason(problem)}";
            report(WorldFindings.NotYaml, line, column, words, "Correct the file at this place; what follows it was not read.");
            return null;
        }
    }

    /// <summary>The first line, not before a given one, with a tab in its indent, from 1; 0 when there is none.</summary>
    private static int TabIndent(string text, int first)
    {
        var number = 0;
        foreach (var line in text.AsSpan().EnumerateLines())
        {
            number++;
            var indent = line[..^line.TrimStart().Length];
            if (number >= first && indent.Contains('\t'))
            {
                return number;
            }
        }
        return 0;
    }

    private static string Reason(YamlException problem)
    {
        // The parser puts "(Line: 3, Col: 1, Idx: 20) - (…): " before its words; the place is said by the finding already.
        var behind = problem.Message.LastIndexOf("): ", StringComparison.Ordinal);
        var words = behind < 0 ? problem.Message : problem.Message[(behind + 3)..];
        return words.EndsWith('.') ? words : words + ".";
    }

    private YamlTree? Document()
    {
        parser.MoveNext();
        parser.MoveNext();
        if (parser.Current is StreamEnd)
        {
            return null;
        }
        parser.MoveNext();
        var root = Node(0);
        parser.MoveNext();
        parser.MoveNext();
        if (parser.Current is DocumentStart second)
        {
            Report(
                WorldFindings.NotOneDocument,
                second.Start,
                "A second document starts here, and a world file is one.",
                "Delete the line ---, or split the file."
            );
        }
        return root;
    }

    /// <summary>Reads the node at the parser's event and leaves the parser on the node's last event.</summary>
    private YamlTree? Node(int depth)
    {
        if (parser.Current is AnchorAlias alias)
        {
            Report(
                WorldFindings.Alias,
                alias.Start,
                $"The alias *{alias.Value} is not read in world files.",
                "Write out what it stands for."
            );
            return Nothing(alias);
        }
        var node = (NodeEvent)parser.Current!;
        if (!node.Anchor.IsEmpty)
        {
            Report(
                WorldFindings.Alias,
                node.Start,
                $"The anchor &{node.Anchor.Value} is not read in world files.",
                "Delete it, and write out each alias of it."
            );
        }
        if (!node.Tag.IsEmpty && node is not Scalar { IsQuotedImplicit: true })
        {
            Report(
                WorldFindings.Alias,
                node.Start,
                $"The tag {node.Tag.Value} is not read in world files.",
                "Delete it; a quoted value is text."
            );
        }
        if (depth > MaxDepth)
        {
            throw new YamlException(node.Start, node.End, $"values are nested more than {MaxDepth} deep");
        }
        return node switch
        {
            Scalar scalar => new YamlTree.Scalar(
                scalar.Value,
                scalar.Style == ScalarStyle.Plain,
                (int)scalar.Start.Line,
                (int)scalar.Start.Column
            ),
            SequenceStart list => Items(list, depth),
            MappingStart map => Entries(map, depth),
            _ => throw new YamlException(node.Start, node.End, "a value was expected"),
        };
    }

    private YamlTree.List Items(SequenceStart start, int depth)
    {
        var list = new YamlTree.List((int)start.Start.Line, (int)start.Start.Column);
        while (parser.MoveNext() && parser.Current is not SequenceEnd)
        {
            if (Node(depth + 1) is { } item)
            {
                list.Items.Add(item);
            }
        }
        return list;
    }

    private YamlTree.Map Entries(MappingStart start, int depth)
    {
        var map = new YamlTree.Map((int)start.Start.Line, (int)start.Start.Column);
        HashSet<string>? seen = null;
        while (parser.MoveNext() && parser.Current is not MappingEnd)
        {
            var at = parser.Current!.Start;
            if (Node(depth + 1) is not YamlTree.Scalar key)
            {
                throw new YamlException(at, at, "a key must be a plain word");
            }
            parser.MoveNext();
            var value = Node(depth + 1);
            seen ??= new(StringComparer.Ordinal);
            if (!seen.Add(key.Text))
            {
                Report(WorldFindings.DuplicateKey, at, $"The key {key.Text} stands here a second time.", "Keep one of the two.");
            }
            else if (value is not null)
            {
                map.Entries.Add((key, value));
            }
        }
        return map;
    }

    private static YamlTree.Scalar Nothing(ParsingEvent at) => new("", true, (int)at.Start.Line, (int)at.Start.Column);

    private void Report(string code, Mark at, string problem, string fix) => report(code, (int)at.Line, (int)at.Column, problem, fix);
}
