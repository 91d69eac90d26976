using System.Text;
using System.Text.Json.Nodes;
using CsCheck;
using Podspace.Formats.Yaml;
using Podspace.Simulation.WorldFile;

namespace Podspace.Tests.Simulation;

public sealed class YamlTests
{
    private static readonly Gen<string> Word = Gen.OneOf(
        Gen.OneOf(
            "",
            "a",
            "1.33",
            "111122223333",
            "true",
            "no",
            "Null",
            "~",
            "-",
            "- a",
            "a: b",
            "a:",
            "a #b",
            "#a",
            "[a]",
            "{a",
            "a,b",
            "'",
            "\"",
            "\\",
            "it's",
            "{\"env\":{\"A\":\"1\"}}",
            "2026-09-01",
            "2026-09-01T08:00:00Z",
            "12:30",
            "0x1f",
            "1e3",
            "1_000",
            ".5",
            ".inf",
            ".",
            "...",
            "---",
            "::/0",
            "10.196.24.0/24",
            "aws:eks:name",
            "arn:aws:iam::1:role/x",
            "k:{\"name\":\"a\"}",
            "25%",
            "%a",
            "@a",
            "`a",
            "&a",
            "*a",
            "!a",
            "|",
            ">",
            "?",
            "? a",
            "=",
            "<<",
            "two\nlines",
            "two\nlines\n",
            "\nlines",
            " lead\nlines",
            "trail \nlines",
            "end\n\n",
            "a\n\nb\n",
            "tab\there",
            "é",
            "日本",
            "😀",
            "\u2028",
            "\u0085",
            "\uFEFF",
            "\0",
            "\u007f",
            "- a\n- b\n",
            "#no\n#comment\n",
            "a\n---\nb\n",
            "a\n...\nb",
            " ",
            "a ",
            " a",
            "\r\n",
            "a\r\nb"
        ),
        Gen.String[Gen.Char[' ', '~'], 0, 12],
        Gen.Char['0', '9'].Array[1, 200].Select(letters => new string(letters))
    );

    private static readonly Gen<JsonNode?> Value = Gen.Recursive<JsonNode?>(
        (depth, inner) =>
            depth > 3
                ? Leaf()
                : Gen.Frequency(
                    (3, Leaf()),
                    (1, inner.Array[0, 5].Select(items => (JsonNode?)new JsonArray([.. items.Select(item => item?.DeepClone())]))),
                    (2, Gen.Select(Word, inner).Array[0, 5].Select(entries => (JsonNode?)Map(entries)))
                )
    );

    private static readonly Gen<JsonObject> Document = Gen.Select(Word, Value).Array[1, 6].Select(Map);

    [Fact]
    public void What_is_written_is_read_back_the_same() =>
        Document.Sample(document =>
        {
            var text = YamlWriter.Write(document, 1);
            var read = YamlValue.Parse(text, out var problem);
            Assert.Equal("", problem);
            Assert.Equal(document.ToJsonString(), read!.ToJsonString());
        });

    [Fact]
    public void The_quick_parser_reads_what_the_full_one_reads() => Document.Sample(document => Agree(YamlWriter.Write(document, 1)));

    [Fact]
    public void The_quick_parser_reads_nothing_that_the_full_one_reads_otherwise() =>
        Gen.Select(
                Document,
                Gen.Int[0, 10_000],
                Gen.OneOf(
                    "",
                    " ",
                    "  ",
                    "\n",
                    "-",
                    "- ",
                    ":",
                    ": ",
                    "#",
                    " #",
                    "'",
                    "\"",
                    "[",
                    "]",
                    "{",
                    "}",
                    ",",
                    ", ",
                    "|",
                    "|-",
                    "a",
                    "1",
                    "\\",
                    "...",
                    "---\n",
                    "\n\n",
                    "\n ",
                    "&a ",
                    "*a",
                    "? ",
                    "\t"
                ),
                Gen.Int[0, 3]
            )
            .Sample(
                (document, place, insert, cut) =>
                {
                    var text = YamlWriter.Write(document, 1);
                    var at = place % text.Length;
                    Agree(text[..at] + insert + text[Math.Min(text.Length, at + cut)..]);
                },
                iter: 20_000
            );

    [Fact]
    public void The_quick_parser_reads_every_shipped_world() =>
        Assert.All(Worlds.Examples(), example => Assert.NotNull(PlainYaml.Read(Worlds.Text(example))));

    [Theory]
    [InlineData("", "")]
    [InlineData("a: 1\nb: [x, y]\n", """{"a":1,"b":["x","y"]}""")]
    [InlineData("{\"a\": \"1\", \"b\": null}", """{"a":"1","b":null}""")]
    [InlineData("- 1\n- 1.5\n- \"1\"\n- 0x10\n- 010\n- 1e3\n", """[1,1.5,"1","0x10","010",1e3]""")]
    [InlineData("a: yes\nb: True\nc: ~\n", """{"a":"yes","b":true,"c":null}""")]
    public void Words_without_quotes_are_what_YAML_says(string text, string json) =>
        Assert.Equal(json, YamlValue.Parse(text, out _)?.ToJsonString() ?? "");

    private static Gen<JsonNode?> Leaf() =>
        Gen.OneOf(
            Word.Select(word => (JsonNode?)JsonValue.Create(word)),
            Gen.Int.Select(number => (JsonNode?)JsonValue.Create(number)),
            Gen.Bool.Select(flag => (JsonNode?)JsonValue.Create(flag)),
            Gen.Const((JsonNode?)null)
        );

    private static JsonObject Map((string Key, JsonNode? Value)[] entries)
    {
        var map = new JsonObject();
        foreach (var (key, value) in entries)
        {
            map[key] = value?.DeepClone();
        }
        return map;
    }

    private static void Agree(string text)
    {
        if (PlainYaml.Read(text) is not { } quick)
        {
            return;
        }
        var problems = new List<string>();
        var full = YamlTreeReader.Read(text, (code, line, column, problem, _) => problems.Add($"{code} {line},{column} {problem}"));
        Assert.True(problems.Count == 0, $"{string.Join('\n', problems)}\n{text}");
        Assert.Equal(Shown(full!), Shown(quick));
    }

    private static string Shown(YamlTree tree)
    {
        var text = new StringBuilder();
        Show(tree, text);
        return text.ToString();
    }

    private static void Show(YamlTree tree, StringBuilder text)
    {
        text.Append($"({tree.Line},{tree.Column})");
        switch (tree)
        {
            case YamlTree.Scalar scalar:
                text.Append(scalar.IsPlain ? "p" : "q").Append(JsonValue.Create(scalar.Text).ToJsonString());
                break;
            case YamlTree.List list:
                text.Append('[');
                list.Items.ForEach(item => Show(item, text));
                text.Append(']');
                break;
            case YamlTree.Map map:
                text.Append('{');
                map.Entries.ForEach(entry =>
                {
                    Show(entry.Key, text);
                    Show(entry.Value, text);
                });
                text.Append('}');
                break;
        }
    }
}
