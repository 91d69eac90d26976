using System.Buffers;
using System.Text.Json;
using Podspace.Findings;
using Podspace.Simulation.State;

namespace Podspace.Simulation.WorldFile;

/// <summary>Reads a world file. Every mistake in it is a finding with its place; docs/world.md explains the keys.</summary>
public static class WorldReader
{
    /// <summary>Largest text that is read, in characters: a world of some 5,000 nodes.</summary>
    public const int MaxLength = 32 * 1024 * 1024;

    /// <param name="file">As findings shall name it.</param>
    public static Checked<WorldState> Read(string text, string file)
    {
        var findings = new WorldFindings(file);
        var state = Read(text, findings);
        return new(findings.Any ? null : state, findings.Sorted());
    }

    /// <summary>What the AWS CLI and kubectl printed, put together as a world. Keys that a newer CLI prints are
    /// passed over, and what is named and not there is put in or left out.</summary>
    /// <param name="note">Is told of both.</param>
    internal static Checked<WorldState> ReadDescribed(string text, Action<IEnumerable<string>> note)
    {
        var findings = new WorldFindings("");
        var state = Read(text, findings, isStrict: false, whole => note(WorldStubs.Fill(whole)));
        return new(findings.Any ? null : state, findings.Sorted());
    }

    private static WorldState? Read(string text, WorldFindings findings, bool isStrict = true, Action<WorldState>? fill = null)
    {
        var tree = Tree(text, findings);
        if (findings.Any || !IsWorld(tree, findings, out var root))
        {
            return null;
        }
        PastedForms.Rewrite(root);
        var json = new ArrayBufferWriter<byte>(text.Length * 2);
        using (var writer = new Utf8JsonWriter(json, new JsonWriterOptions { SkipValidation = true }))
        {
            new TypedJson(writer, findings, isStrict).Write(root, typeof(WorldState), "");
        }
        if (findings.Any)
        {
            return null;
        }
        var state = JsonSerializer.Deserialize(json.WrittenSpan, WorldJson.Default.WorldState)!;
        fill?.Invoke(state);
        WorldChecks.Run(state, new Places(root, findings));
        return state;
    }

    /// <summary>Null, or with findings, when the text is no YAML of the kind in which worlds and faults are written.</summary>
    internal static YamlTree? Tree(string text, WorldFindings findings)
    {
        if (text.Length > MaxLength)
        {
            findings.Add(
                WorldFindings.TooLarge,
                0,
                0,
                "",
                $"The file has {text.Length:N0} characters; a world file may have {MaxLength:N0}.",
                "Leave out what the overlay does not touch."
            );
            return null;
        }
        return PlainYaml.Read(text)
            ?? YamlTreeReader.Read(text, (code, line, column, problem, fix) => findings.Add(code, line, column, "", problem, fix));
    }

    private static bool IsWorld(YamlTree? tree, WorldFindings findings, out YamlTree.Map root)
    {
        root = new(1, 1);
        if (tree is null or YamlTree.Scalar { Text: "" })
        {
            findings.Add(
                WorldFindings.Empty,
                0,
                0,
                "",
                "The file is empty.",
                "A world file starts with apiVersion: podspace.io/v1alpha1 and kind: World; see examples/crowded-vpc/world.yaml."
            );
            return false;
        }
        if (tree is not YamlTree.Map map)
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

    private static void Expect(YamlTree.Map map, string key, string expected, WorldFindings findings)
    {
        var found = map.Find(key);
        if (found is YamlTree.Scalar scalar && scalar.Text == expected)
        {
            return;
        }
        var (line, column) = found is null ? (map.Line, map.Column) : (found.Line, found.Column);
        var problem = found is YamlTree.Scalar { Text: var text }
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
internal sealed class Places(YamlTree root, WorldFindings findings)
{
    public void Report(string code, string path, string problem, string fix)
    {
        var node = Find(path);
        findings.Add(code, node.Line, node.Column, path, problem, fix);
    }

    /// <summary>The node at a path such as <c>aws.Subnets[2].VpcId</c>, or the nearest one around it.</summary>
    private YamlTree Find(string path)
    {
        var node = root;
        foreach (var part in path.Split('.', '['))
        {
            var next = node switch
            {
                YamlTree.Map map => map.Find(part),
                YamlTree.List list when int.TryParse(part.TrimEnd(']'), out var index) && index < list.Items.Count => list.Items[index],
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
