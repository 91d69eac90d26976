using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Podspace.Formats.Yaml;

/// <param name="Documents">Empty when the text could not be read to its end.</param>
/// <param name="Problems">In the order in which they were met; empty when there is nothing to say against the text.</param>
internal sealed record YamlReading(IReadOnlyList<YamlNode> Documents, IReadOnlyList<DocumentProblem> Problems);

/// <summary>Reads YAML, for whoever wants some: one tree, one schema of scalars, one set of limits.</summary>
/// <remarks>By the parser's events rather than through YamlStream, which recurses as deep as a hostile text likes
/// and stops at the first duplicate key.</remarks>
internal sealed class YamlReader
{
    /// <summary>More helps nobody, and a text that is something else altogether would give one a line.</summary>
    private const int MostProblems = 100;

    private const string CoreTag = "tag:yaml.org,2002:";

    private readonly Parser parser;
    private readonly YamlRules rules;
    private readonly List<DocumentProblem> problems = [];
    private readonly Dictionary<string, Anchored> anchors = new(StringComparer.Ordinal);

    // Values so far in this document, aliases counted for all that they stand for.
    private int nodes;
    private int deepest;
    private bool hasAlias;

    private YamlReader(TextReader text, YamlRules rules)
    {
        parser = new Parser(text);
        this.rules = rules;
    }

    /// <param name="Height">Levels below it.</param>
    private sealed record Anchored(YamlNode Node, int Nodes, int Height);

    private sealed class Refused(DocumentProblem problem) : Exception
    {
        public DocumentProblem Problem => problem;
    }

    public static YamlReading Read(string text, YamlRules rules) => Read(Opening(text), rules);

    /// <summary>Opens a text without its byte order mark, as often as it is asked to.</summary>
    public static Func<TextReader> Opening(string text) => () => new StringReader(text.StartsWith('\uFEFF') ? text[1..] : text);

    /// <param name="open">Opens the text at its start; called again for what the quick reader gives up on.</param>
    public static YamlReading Read(Func<TextReader> open, YamlRules rules)
    {
        using (var text = open())
        {
            if (PlainYaml.Read(text, rules.MostCharacters) is { } plain)
            {
                return new([plain], []);
            }
        }
        return ReadWhole(open, rules);
    }

    /// <summary>Without the quick reader.</summary>
    public static YamlReading ReadWhole(Func<TextReader> open, YamlRules rules)
    {
        using (var text = open())
        {
            if (TextCheck.Problem(text, rules.MostCharacters) is { } broken)
            {
                return new([], [broken]);
            }
        }
        using var again = open();
        var reader = new YamlReader(again, rules);
        var (documents, problem) = reader.Documents();
        if (problem is not null)
        {
            reader.problems.Add(problem.Kind == ProblemKind.Broken ? YamlTabs.Explain(problem, open) : problem);
        }
        return new(documents, reader.problems);
    }

    private (IReadOnlyList<YamlNode> Documents, DocumentProblem? Problem) Documents()
    {
        try
        {
            return (ReadAll(), null);
        }
        catch (Refused refused)
        {
            return ([], refused.Problem);
        }
        catch (YamlException problem)
        {
            return ([], Broken(problem.Start, Reason(problem)));
        }
        // YamlDotNet's own slips, which it throws as if the caller had erred: behind a bracket that is not closed, in tags and escapes.
        catch (Exception slip) when (slip is InvalidOperationException or ArgumentException)
        {
            const string Words = "what follows this place makes no sense; most often a bracket or a quote there is not closed";
            return ([], Broken(parser.Current?.End ?? Mark.Empty, Words));
        }
    }

    private static string Reason(YamlException problem)
    {
        // The parser puts "(Line: 3, Col: 1, Idx: 20) - (…): " before its words; the place is said already.
        var behind = problem.Message.LastIndexOf("): ", StringComparison.Ordinal);
        return (behind < 0 ? problem.Message : problem.Message[(behind + 3)..]).TrimEnd('.');
    }

    private static DocumentProblem Broken(Mark at, string reason)
    {
        var line = Math.Max((int)at.Line, 1);
        return new(
            ProblemKind.Broken,
            line,
            Math.Max((int)at.Column, 1),
            $"This is not YAML: {reason}.",
            $"Look at line {line} and the one above it: indentation, a missing colon or space behind it, an open quote or bracket."
        );
    }

    private List<YamlNode> ReadAll()
    {
        var documents = new List<YamlNode>();
        parser.Consume<StreamStart>();
        while (parser.TryConsume<DocumentStart>(out var start))
        {
            if (documents.Count == 1 && !rules.TakesSeveral)
            {
                Report(
                    ProblemKind.SeveralDocuments,
                    start.Start,
                    $"A second document starts here, and {rules.What} is one.",
                    "Delete the line ---, or split the file."
                );
                break;
            }
            anchors.Clear();
            (nodes, deepest, hasAlias) = (0, 0, false);
            documents.Add(Read(0));
            parser.Consume<DocumentEnd>();
        }
        return documents;
    }

    /// <param name="depth">Lists and maps around it.</param>
    private YamlNode Read(int depth)
    {
        var (line, column) = ((int)parser.Current!.Start.Line, (int)parser.Current.Start.Column);
        if (parser.TryConsume<AnchorAlias>(out var alias))
        {
            return Resolve(alias, depth);
        }
        var start = parser.Current as NodeEvent ?? throw new Refused(Broken(parser.Current.Start, "a value is missing here"));
        CheckProperties(start);
        Count(1, depth, start);
        if (start.Anchor.IsEmpty)
        {
            return Content(start, line, column, depth);
        }
        var (nodesBefore, deepestBefore) = (nodes - 1, deepest);
        deepest = depth;
        var node = Content(start, line, column, depth);
        // An anchor counts once its node is complete, so that no node can hold itself.
        anchors[start.Anchor.Value] = new(node, nodes - nodesBefore, deepest - depth);
        deepest = Math.Max(deepestBefore, deepest);
        return node;
    }

    private YamlNode Content(NodeEvent start, int line, int column, int depth)
    {
        if (parser.TryConsume<Scalar>(out var scalar))
        {
            return ReadScalar(scalar, line, column);
        }
        if (depth >= YamlRules.MaxDepth)
        {
            throw TooDeep(start);
        }
        return parser.Accept<SequenceStart>(out _) ? ReadSequence(line, column, depth) : ReadMapping(line, column, depth);
    }

    private static Refused TooDeep(ParsingEvent at) =>
        new(
            new(
                ProblemKind.TooDeep,
                (int)at.Start.Line,
                (int)at.Start.Column,
                $"Values are nested more than {YamlRules.MaxDepth} levels deep.",
                "Most often a bracket is not closed; nothing that is read here is nested so deep."
            )
        );

    private YamlNode.Scalar ReadScalar(Scalar scalar, int line, int column)
    {
        if (TextCheck.HoldsHalfCharacter(scalar.Value))
        {
            Report(
                ProblemKind.Broken,
                scalar.Start,
                "Half of a surrogate pair stands in this text, which is no character.",
                "Write both halves, or none."
            );
        }
        var isPlain = scalar.Tag.IsEmpty ? scalar.Style == ScalarStyle.Plain : IsPlainByTag(scalar);
        return new(scalar.Value, isPlain, line, column);
    }

    /// <summary>A tag says what the quotes would: <c>!!str 1</c> is text, <c>!!int "1"</c> a number.</summary>
    private static bool IsPlainByTag(Scalar scalar)
    {
        var tag = scalar.Tag.Value;
        return tag == "?" || (tag.StartsWith(CoreTag, StringComparison.Ordinal) && tag[CoreTag.Length..] != "str");
    }

    private YamlNode.Sequence ReadSequence(int line, int column, int depth)
    {
        parser.Consume<SequenceStart>();
        var list = new YamlNode.Sequence(line, column);
        while (!parser.TryConsume<SequenceEnd>(out _))
        {
            list.Items.Add(Read(depth + 1));
        }
        return list;
    }

    private YamlNode.Mapping ReadMapping(int line, int column, int depth)
    {
        parser.Consume<MappingStart>();
        var map = new YamlNode.Mapping(line, column);
        var merged = new List<YamlNode.Mapping>();
        var keys = new HashSet<string>(StringComparer.Ordinal);
        while (!parser.TryConsume<MappingEnd>(out _))
        {
            var at = parser.Current!.Start;
            if (Read(depth + 1) is not YamlNode.Scalar key)
            {
                throw new Refused(Broken(at, "a key is a list or a map, not a word"));
            }
            var value = Read(depth + 1);
            if (!keys.Add(key.Text))
            {
                Report(
                    ProblemKind.KeyTwice,
                    at,
                    $"'{key.Text}' stands here a second time; the first is in line {LineOf(map, key.Text)}.",
                    "Keep one of the two."
                );
            }
            else if (key is { IsPlain: true, Text: "<<" })
            {
                merged.AddRange(Merged(key, value));
            }
            else
            {
                map.Entries.Add((key, value));
            }
        }
        // A map's own keys count more than those of maps merged into it, and an earlier map's more than a later one's.
        map.Entries.AddRange(merged.SelectMany(other => other.Entries).Where(entry => keys.Add(entry.Key.Text)));
        return map;
    }

    private static int LineOf(YamlNode.Mapping map, string key) => map.Entries.Find(entry => entry.Key.Text == key).Key?.Line ?? map.Line;

    private IEnumerable<YamlNode.Mapping> Merged(YamlNode.Scalar key, YamlNode value)
    {
        if (!rules.TakesReferences)
        {
            Report(ProblemKind.Reference, key, $"The merge key << is not read in {rules.Of}.", "Write out what it merges.");
            return [];
        }
        switch (value)
        {
            case YamlNode.Mapping map:
                return [map];
            case YamlNode.Sequence list when list.Items.TrueForAll(item => item is YamlNode.Mapping):
                return list.Items.Cast<YamlNode.Mapping>();
            default:
                Report(ProblemKind.Reference, key, "The merge key << merges maps, and this is none.", "Name a map, or a list of maps.");
                return [];
        }
    }

    private YamlNode Resolve(AnchorAlias alias, int depth)
    {
        var name = alias.Value.Value;
        if (!rules.TakesReferences)
        {
            Report(ProblemKind.Reference, alias.Start, $"The alias *{name} is not read in {rules.Of}.", "Write out what it stands for.");
            return new YamlNode.Scalar("", true, (int)alias.Start.Line, (int)alias.Start.Column);
        }
        if (!anchors.TryGetValue(name, out var anchored))
        {
            throw new Refused(Broken(alias.Start, $"*{name} is used before &{name} is complete"));
        }
        hasAlias = true;
        Count(anchored.Nodes, depth + anchored.Height, alias);
        if (depth + anchored.Height > YamlRules.MaxDepth)
        {
            throw TooDeep(alias);
        }
        return anchored.Node;
    }

    private void Count(int more, int depth, ParsingEvent at)
    {
        nodes += more;
        deepest = Math.Max(deepest, depth);
        if (hasAlias && nodes > YamlRules.MostNodes)
        {
            throw new Refused(
                new(
                    ProblemKind.Reference,
                    (int)at.Start.Line,
                    (int)at.Start.Column,
                    $"With its aliases written out the document holds more than {YamlRules.MostNodes:N0} values.",
                    "Write out what the aliases stand for, as far as it is needed."
                )
            );
        }
    }

    private void CheckProperties(NodeEvent node)
    {
        if (!node.Anchor.IsEmpty && !rules.TakesReferences)
        {
            Report(
                ProblemKind.Reference,
                node.Start,
                $"The anchor &{node.Anchor.Value} is not read in {rules.Of}.",
                "Delete it, and write out each alias of it."
            );
        }
        if (!node.Tag.IsEmpty && node is not Scalar { IsQuotedImplicit: true } && !(rules.TakesReferences && IsKnown(node.Tag.Value)))
        {
            Report(
                ProblemKind.Reference,
                node.Start,
                $"The tag {node.Tag.Value} is not read in {rules.Of}.",
                "Delete it; a quoted value is text."
            );
        }
    }

    private static bool IsKnown(string tag) =>
        tag is "!" or "?"
        || (
            tag.StartsWith(CoreTag, StringComparison.Ordinal)
            && tag[CoreTag.Length..] is "str" or "int" or "float" or "bool" or "null" or "map" or "seq"
        );

    private void Report(ProblemKind kind, Mark at, string problem, string fix) =>
        Report(new(kind, (int)at.Line, (int)at.Column, problem, fix));

    private void Report(ProblemKind kind, YamlNode at, string problem, string fix) => Report(new(kind, at.Line, at.Column, problem, fix));

    private void Report(DocumentProblem problem)
    {
        if (problems.Count < MostProblems)
        {
            problems.Add(problem);
        }
    }
}
