using System.Collections;
using System.Text.Json.Nodes;
using Podspace.Formats.Yaml;
using Podspace.Spec;

namespace Podspace.Tests.Spec;

/// <summary>What a person writes arrives where its key says: <c>every-key.yaml</c> holds each key of the table once.</summary>
public sealed class EveryKeyTests
{
    private static readonly string Document = File.ReadAllText(Path.Combine(Golden.Root(), "Spec", "every-key.yaml"));

    private static readonly Dictionary<string, Shape> Leaves = OverlayKeys
        .All()
        .Where(one => one.Path.StartsWith("spec.", StringComparison.Ordinal) || one.Path == "metadata.name")
        .Where(one => one.Key.Shape is not (Shape.Map or Shape.List { Item: Shape.Map }))
        .ToDictionary(one => one.Path, one => one.Key.Shape);

    /// <summary>Refused by name as yet.</summary>
    private static readonly string[] Refused = ["spec.rollout.window"];

    public static TheoryData<string> Keys => [.. Leaves.Keys.Except(Refused)];

    [Theory]
    [MemberData(nameof(Keys))]
    public void Every_key_is_read(string path)
    {
        var read = OverlayYaml.Parse(Document, "overlay.yaml");
        Assert.True(read.Ok(out var spec), string.Join('\n', read.Findings));
        var written = Written(YamlJson.Read(Document), path);
        Assert.True(written.Count > 0, $"every-key.yaml lacks {path}: write it there, with a value that nothing else has");
        var arrived = Arrived(spec, path);
        Assert.All(written, value => Assert.Contains(value, arrived, StringComparison.OrdinalIgnoreCase));
    }

    /// <summary>The texts that stand at a path, keys of the author's own among them.</summary>
    private static List<string> Written(JsonNode? root, string path)
    {
        var at = root;
        foreach (var key in path.Split('.'))
        {
            at = at?[key.TrimEnd('[', ']')];
            at = key.EndsWith("[]", StringComparison.Ordinal) ? at?[0] : at;
        }
        return at switch
        {
            null => [],
            JsonArray list => [.. list.Select(item => $"{item}")],
            JsonObject map => [.. map.SelectMany(pair => (string[])[pair.Key, $"{pair.Value}"])],
            _ => [$"{at}"],
        };
    }

    /// <summary>What the property holds that is named as the key is.</summary>
    private static string Arrived(OverlaySpec spec, string path)
    {
        var (holder, at, outer) = ((object)spec, (object?)spec, "");
        foreach (var key in path.Split('.').Where(key => key is not ("spec" or "metadata")))
        {
            var name = outer + char.ToUpperInvariant(key[0]) + key[1..].TrimEnd('[', ']');
            var property = at!.GetType().GetProperty(name) ?? at.GetType().GetProperty($"{name}s");
            // A map without a record of its own: nodeClass.role is NodeClassRole.
            outer = property is null ? name : "";
            holder = at;
            at = property is null ? at : property.GetValue(at);
            at = key.EndsWith("[]", StringComparison.Ordinal) ? ((IEnumerable)at!).Cast<object>().First() : at;
        }
        // One or a list: the words are one property, the list another beside it.
        at = Leaves[path] is Shape.OneOrList ? holder : at;
        return at is DateOnly day ? $"{day:yyyy-MM-dd}" : $"{at}";
    }
}
