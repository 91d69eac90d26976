using System.Text.Json;
using Podspace.Findings;
using Podspace.Formats;
using Podspace.Formats.Yaml;
using Podspace.Simulation.State;

namespace Podspace.Simulation.WorldFile;

/// <summary>Reads a world file. Every mistake in it is a finding with its place; docs/world.md explains the keys.</summary>
public static class WorldReader
{
    /// <param name="file">As findings shall name it.</param>
    public static Checked<WorldState> Read(string text, string file) => Read(YamlReader.Opening(text), file);

    /// <param name="open">Opens the file at its start; called once more for what is not in the form in which worlds are written.</param>
    /// <param name="file">As findings shall name it.</param>
    public static Checked<WorldState> Read(Func<TextReader> open, string file)
    {
        var findings = new WorldFindings(file);
        var state = Read(open, findings);
        return new(findings.Any ? null : state, findings.Sorted());
    }

    /// <summary>What the AWS CLI and kubectl printed, put together as a world. Keys that a newer CLI prints are
    /// passed over, and what is named and not there is put in or left out.</summary>
    /// <param name="note">Is told of both.</param>
    internal static Checked<WorldState> ReadDescribed(string text, Action<IEnumerable<string>> note)
    {
        var findings = new WorldFindings("");
        var state = Read(YamlReader.Opening(text), findings, isStrict: false, whole => note(WorldStubs.Fill(whole)));
        return new(findings.Any ? null : state, findings.Sorted());
    }

    private static WorldState? Read(Func<TextReader> open, WorldFindings findings, bool isStrict = true, Action<WorldState>? fill = null)
    {
        var tree = Tree(open, YamlRules.Worlds, findings);
        if (findings.Any || !IsWorld(tree, findings, out var root))
        {
            return null;
        }
        PastedForms.Rewrite(root);
        var json = new SegmentedBytes();
        using (var writer = new Utf8JsonWriter(json, new JsonWriterOptions { SkipValidation = true }))
        {
            new TypedJson(writer, findings, isStrict).Write(root, typeof(WorldState), "");
        }
        if (findings.Any)
        {
            return null;
        }
        var bytes = new Utf8JsonReader(json.Written);
        var state = JsonSerializer.Deserialize(ref bytes, WorldJson.Default.WorldState)!;
        fill?.Invoke(state);
        WorldChecks.Run(state, new Places(root, findings));
        return state;
    }

    /// <summary>Null when there is no document, or something to say against it.</summary>
    internal static YamlNode? Tree(Func<TextReader> open, YamlRules rules, WorldFindings findings)
    {
        var reading = YamlReader.Read(open, rules);
        foreach (var problem in reading.Problems)
        {
            findings.Add(CodeOf(problem.Kind), problem.Line, problem.Column, "", problem.Problem, problem.Fix);
        }
        return reading is { Problems: [], Documents: [var document, ..] } ? document : null;
    }

    private static string CodeOf(ProblemKind kind) =>
        kind switch
        {
            ProblemKind.TooLarge => WorldFindings.TooLarge,
            ProblemKind.SeveralDocuments => WorldFindings.NotOneDocument,
            ProblemKind.Reference => WorldFindings.Alias,
            ProblemKind.KeyTwice => WorldFindings.DuplicateKey,
            _ => WorldFindings.NotYaml,
        };

    private static bool IsWorld(YamlNode? tree, WorldFindings findings, out YamlNode.Mapping root)
    {
        root = new(1, 1);
        if (tree is null or YamlNode.Scalar { IsNull: true })
        {
            findings.Add(
                WorldFindings.Empty,
                0,
                0,
                "",
                "The file is empty.",
                "A world file starts with apiVersion: podspace.io/v1alpha1 and kind: World. To get one:\n  podspace demo --keep demo"
            );
            return false;
        }
        if (tree is not YamlNode.Mapping map)
        {
            findings.Add(
                WorldFindings.WrongKind,
                tree.Line,
                tree.Column,
                "",
                "The file does not start with a key.",
                "A world file starts with apiVersion: podspace.io/v1alpha1 and kind: World."
            );
            return false;
        }
        root = map;
        Expect(map, "apiVersion", "podspace.io/v1alpha1", findings);
        Expect(map, "kind", "World", findings);
        return !findings.Any;
    }

    private static void Expect(YamlNode.Mapping map, string key, string expected, WorldFindings findings)
    {
        var found = map.Find(key);
        if (found is YamlNode.Scalar scalar && scalar.Text == expected)
        {
            return;
        }
        var (line, column) = found is null ? (map.Line, map.Column) : (found.Line, found.Column);
        var problem = found is YamlNode.Scalar { Text: var text }
            ? $"{key} is {text}; a world file has {expected}."
            : $"{key} is missing; a world file has {expected}.";
        findings.Add(
            WorldFindings.WrongKind,
            line,
            column,
            key,
            problem,
            $"Is this the file that --twin should read? If so, write {key}: {expected}."
        );
    }
}

/// <summary>Finds the line of a path again; only looked for when something is wrong there.</summary>
internal sealed class Places(YamlNode root, WorldFindings findings)
{
    public void Report(string code, string path, string problem, string fix)
    {
        var node = Find(path);
        findings.Add(code, node.Line, node.Column, path, problem, fix);
    }

    /// <summary>The node at a path such as <c>aws.Subnets[2].VpcId</c>, or the nearest one around it.</summary>
    private YamlNode Find(string path)
    {
        var node = root;
        foreach (var part in path.Split('.', '['))
        {
            var next = node switch
            {
                YamlNode.Mapping map => map.Find(part),
                YamlNode.Sequence list when int.TryParse(part.TrimEnd(']'), out var index) && index < list.Items.Count => list.Items[index],
                _ => null,
            };
            if (next is null)
            {
                return node;
            }
            node = next;
        }
        return node;
    }
}
