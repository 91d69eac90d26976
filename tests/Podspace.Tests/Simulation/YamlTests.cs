using System.Text;
using System.Text.Json.Nodes;
using CsCheck;
using Podspace.Formats.Yaml;

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
        // Of letters of which words that are no text are made.
        Gen.String[Gen.Char["0123456789+-._eExobOBXyYnNtrueTRUEfalsoOFNULnl~:infa"], 1, 7],
        Gen.Char['k', 'l'].Array[990, 1200].Select(letters => new string(letters)),
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
            var read = YamlJson.Read(text, out var problem);
            Assert.Null(problem);
            Assert.Equal(document.ToJsonString(), read!.ToJsonString());
        });

    [Fact]
    public void Worlds_read_from_pieces_of_any_size_are_the_same() =>
        Gen.Select(Document, Gen.Int[1, 9])
            .Sample(
                (document, size) => Assert.Equal(Quick(new StringReader(YamlWriter.Write(document, 1))), Quick(new Slow(document, size)))
            );

    private static string Quick(TextReader text) => PlainYaml.Read(text, null) is { } tree ? Shown(tree) : "";

    /// <summary>Gives a few letters at a time, as a slow disk would.</summary>
    private sealed class Slow(JsonObject document, int size) : StringReader(YamlWriter.Write(document, 1))
    {
        public override int ReadBlock(char[] buffer, int index, int count) => base.ReadBlock(buffer, index, Math.Min(count, size));
    }

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
        Assert.All(Worlds.Examples(), example => Assert.NotNull(PlainYaml.Read(new StringReader(Worlds.Text(example)), null)));

    [Theory]
    [InlineData("", "")]
    [InlineData("a: 1\nb: [x, z]\n", """{"a":1,"b":["x","z"]}""")]
    [InlineData("{\"a\": \"1\", \"b\": null}", """{"a":"1","b":null}""")]
    [InlineData("- 1\n- 1.5\n- \"1\"\n- 0x10\n- 010\n- 1e3\n", """[1,1.5,"1",16,8,1e3]""")]
    [InlineData("a: yes\nb: True\nc: ~\n", """{"a":true,"b":true,"c":null}""")]
    public void Words_without_quotes_are_what_YAML_says(string text, string json) =>
        Assert.Equal(json, YamlJson.Read(text)?.ToJsonString() ?? "");

    /// <summary>As kubectl 1.32 prints them as JSON, but for its rounding.</summary>
    [Theory]
    [InlineData("true yes on y True TRUE Yes ON Y", "true")]
    [InlineData("false no off n False FALSE No OFF N", "false")]
    [InlineData("~ null Null NULL", "null")]
    [InlineData("017 0o17 0O17 +0o17 0xF 0XF 0b1111 0B1111 +15 1_5 15.", "15 15 15 15 15 15 15 15 15 15 15")]
    [InlineData("-0x1f -0o17 -0 00 08 018 1__0", "-31 -15 -0 0 8 18 10")]
    [InlineData(".5 +.5 0.10 1_0.5 1e3 1E3 1.5e+3 .5e1", "0.5 0.5 0.10 10.5 1e3 1E3 1.5e+3 5")]
    [InlineData("123456789012345678901234567890 18446744073709551616", "123456789012345678901234567890 18446744073709551616")]
    [InlineData("tRUE nULL yES 12:30 190:20:30 _1 0x 0b 0o8 0x1p3 1_000m .5_0 . .. = << 1.2.3 0x1g", "")]
    [InlineData("2026-01-31 2026-01-31T08:00:00Z 10.0.0.0/16 10.0.0.1 eu-west-1b +a -a 1e 1e+", "")]
    public void A_word_without_quotes_is_what_kubectl_takes_it_for(string words, string json)
    {
        var all = words.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var expected = json.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        Assert.All(
            all.Index(),
            word =>
                Assert.Equal((word.Item, expected.Length > 1 ? expected[word.Index] : json), (word.Item, ScalarSchema.Read(word.Item).Json))
        );
    }

    [Theory]
    [InlineData(".inf")]
    [InlineData("-.Inf")]
    [InlineData(".NaN")]
    public void A_number_that_JSON_cannot_hold_is_a_problem_with_its_place(string word)
    {
        Assert.Null(YamlJson.Read($"a:\n  b: {word}\n", out var problem));
        Assert.Equal($"line 2, column 6: {word} is a number without end, which JSON cannot hold.", $"{problem}");
    }

    [Theory]
    [InlineData("a: !!str 1\nb: !!int \"5\"\nc: !!bool yes\nd: ! 1\n", """{"a":"1","b":5,"c":true,"d":"1"}""")]
    [InlineData("a: \"yes\"\nb: '1'\nc: |\n  1\nd: >-\n  null\n", """{"a":"yes","b":"1","c":"1\n","d":"null"}""")]
    public void Quotes_and_tags_say_what_a_word_is(string text, string json) => Assert.Equal(json, YamlJson.Read(text)!.ToJsonString());

    private static Gen<JsonNode?> Leaf() =>
        Gen.OneOf(
            Word.Select(word => (JsonNode?)JsonValue.Create(word)),
            Gen.Int.Select(number => (JsonNode?)JsonValue.Create(number)),
            Gen.Long.Select(number => (JsonNode?)JsonValue.Create(number)),
            Gen.Double.Where(double.IsFinite).Select(number => (JsonNode?)JsonValue.Create(number)),
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
        if (PlainYaml.Read(new StringReader(text), null) is not { } quick)
        {
            return;
        }
        var full = YamlReader.ReadWhole(YamlReader.Opening(text), YamlRules.Worlds);
        Assert.True(full.Problems.Count == 0, $"{string.Join('\n', full.Problems)}\n{text}");
        Assert.Equal(Shown(Assert.Single(full.Documents)), Shown(quick));
    }

    private static string Shown(YamlNode tree)
    {
        var text = new StringBuilder();
        Show(tree, text);
        return text.ToString();
    }

    private static void Show(YamlNode tree, StringBuilder text)
    {
        text.Append($"({tree.Line},{tree.Column})");
        switch (tree)
        {
            case YamlNode.Scalar scalar:
                text.Append(scalar.IsPlain ? "p" : "q").Append(JsonValue.Create(scalar.Text).ToJsonString());
                break;
            case YamlNode.Sequence list:
                text.Append('[');
                list.Items.ForEach(item => Show(item, text));
                text.Append(']');
                break;
            case YamlNode.Mapping map:
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
