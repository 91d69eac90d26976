using System.Text;
using System.Text.Json.Nodes;
using Podspace.Capacity.LoadSimulation;
using Podspace.Cni;
using Podspace.Findings;
using Podspace.Formats;
using Podspace.Formats.Yaml;
using Podspace.Simulation;
using Podspace.Simulation.Faults;
using Podspace.Simulation.State;
using Podspace.Simulation.WorldFile;
using Podspace.Spec;
using Podspace.Twin;
using Podspace.Twin.Aws;
using Podspace.Twin.Eks;
using Podspace.Twin.Kubernetes;

namespace Podspace.Tests.Formats;

/// <summary>What anybody may send or name, at every place where YAML or JSON comes in: an answer with a place, never an exception,
/// a crash or a hang.</summary>
public sealed class HostileDocumentTests
{
    private const int Page = YamlRules.MostOfAPage;

    /// <summary>Text, and words of the answer that every entrance for YAML gives; its place is in them.</summary>
    private static readonly Dictionary<string, (string Text, string Line, string Says)> Yaml = new(StringComparer.Ordinal)
    {
        ["brackets without end"] = ("a: " + new string('[', 100_000), "1", "nested more than 60 levels deep"),
        ["dashes without end"] = (string.Concat(Enumerable.Repeat("- ", 400)) + "x\n", "1", "nested more than 60 levels deep"),
        ["maps without end"] = (Nested(400), "61", "nested more than 60 levels deep"),
        ["a list not closed"] = ("a: [1, 2\n", "", "This is not YAML"),
        ["a quote not closed"] = ("a: \"b\nc: d\n", "", "This is not YAML"),
        ["a map not closed"] = ("kind: {a: b\n", "", "This is not YAML"),
        ["a tab in the indent"] = ("a:\n\tb: 1\n", "2", "indented with a tab"),
        ["a key twice"] = ("a: 1\nb: 2\na: 3\n", "3", "'a' stands here a second time; the first is in line 1"),
        ["a key twice between braces"] = ("x: {a: 1, a: 2}\n", "1", "'a' stands here a second time"),
        ["a list as key"] = ("? [a, b]\n: c\n", "1", "a key is a list or a map"),
        ["a key of a page"] = (new string('k', 5000) + ": v\n", "", "This is not YAML"),
        ["an alias of nothing"] = ("a: *b\n", "1", "*b"),
        ["an alias of itself"] = ("a: &a [*a]\n", "1", ""),
        ["a zero byte"] = ("a: x\0y\n", "1", "A zero byte stands here"),
        ["no UTF-8"] = ("a: b\nc: x\uFFFDy\n", "2", "The text is not UTF-8"),
        ["half a character, escaped"] = ("a: b\nc: \"\\ud800\"\n", "2", ""),
        ["an escape of no character"] = ("a: \"\\UFFFFFFFF\"\n", "1", "This is not YAML"),
        ["a foreign tag"] = (
            "a: b\nc: !!python/object:os.system x\n",
            "2",
            "The tag tag:yaml.org,2002:python/object:os.system is not read"
        ),
        ["another version of YAML"] = ("%YAML 9.9\n---\na: b\n", "1", "This is not YAML"),
        ["a directive alone"] = ("%\n", "", "This is not YAML"),
    };

    /// <summary>What is read with anchors and aliases, and refused by name elsewhere.</summary>
    private static readonly Dictionary<string, (string Text, string Refused)> References = new(StringComparer.Ordinal)
    {
        ["a bomb of aliases"] = (Bomb(), "The anchor &a0 is not read in"),
        ["aliases that nest without end"] = (Ladder(), "The anchor &a0 is not read in"),
    };

    private static readonly Dictionary<string, (string Text, string Says)> Json = new(StringComparer.Ordinal)
    {
        ["brackets without end"] = ("{\"a\":" + new string('[', 100_000), "nested more than 60 levels deep"),
        ["a brace not closed"] = ("{\"a\": {\n", "This is not JSON"),
        ["a comma too many"] = ("{\"a\": 1,\n}", "This is not JSON"),
        ["words"] = ("{a: b}", "This is not JSON"),
        ["a key twice"] = ("{\"a\": 1,\n \"a\": 2}", "'a' stands here a second time"),
        ["half a character, escaped"] = ("{\"a\":\n\"\\ud800\"}", "Half of a surrogate pair"),
        ["half a character in a key"] = ("{\n\"\\udc00\": 1}", "Half of a surrogate pair"),
        ["a zero byte"] = ("{\"a\": \"\0\"}", "A zero byte stands here"),
        ["no UTF-8"] = ("{\"a\": \"\uFFFD\"}", "The text is not UTF-8"),
    };

    private static readonly Dictionary<string, Func<string, Task<string>>> YamlEntrances = new(StringComparer.Ordinal)
    {
        ["spec"] = text => Task.FromResult(OfSpec(text)),
        ["values"] = text => Task.FromResult(OfValues(text)),
        ["load"] = text => Task.FromResult(OfLoad(text)),
        ["world"] = text => Task.FromResult(Said(WorldReader.Read(text, "f").Findings)),
        ["faults"] = text => Task.FromResult(Said(FaultReader.Read(text, "f").Findings)),
        ["body"] = text => Body(text, "application/yaml"),
        ["apply"] = text => Body(text, "application/apply-patch+yaml"),
    };

    private static readonly Dictionary<string, Func<string, Task<string>>> JsonEntrances = new(StringComparer.Ordinal)
    {
        ["aws-json"] = text => Task.FromResult(Described([new("f", text)], [])),
        ["kube-json"] = text => Task.FromResult(Described([], [new("f", text)])),
        ["Kubernetes body"] = text => Body(text, "application/json"),
        ["EKS body"] = Eks,
        ["EKS values"] = text => Eks(new JsonObject { ["configurationValues"] = text }.ToJsonString()),
        ["RAM body"] = text => Task.FromResult(Ram(text)),
        ["quotas body"] = text => Task.FromResult(Quotas(text)),
    };

    public static TheoryData<string> YamlNames => [.. YamlEntrances.Keys];

    public static TheoryData<string> JsonNames => [.. JsonEntrances.Keys];

    [Theory]
    [MemberData(nameof(YamlNames))]
    public async Task Hostile_YAML_is_answered_with_its_place(string entrance)
    {
        foreach (var (name, (text, line, says)) in Yaml)
        {
            var said = await YamlEntrances[entrance](text);
            Assert.True(Holds(said, says) && IsAt(said, line), $"{name}: {Shortened(said)}");
        }
    }

    [Theory]
    [MemberData(nameof(YamlNames))]
    public async Task Aliases_are_limited_where_they_are_read_and_refused_by_name_elsewhere(string entrance)
    {
        var takes = entrance is "spec" or "values" or "load";
        foreach (var (name, (text, refused)) in References)
        {
            var said = await YamlEntrances[entrance](text);
            var isLimited = Holds(said, "holds more than 10,000 values") || Holds(said, "nested more than 60 levels deep");
            Assert.True(takes ? isLimited : Holds(said, refused), $"{name}: {Shortened(said)}");
        }
    }

    [Theory]
    [MemberData(nameof(JsonNames))]
    public async Task Hostile_JSON_is_answered_with_its_place(string entrance)
    {
        // Values are YAML too, which says it in its own words.
        var isYaml = entrance == "EKS values";
        foreach (var (name, (text, says)) in Json)
        {
            var said = await JsonEntrances[entrance](text);
            Assert.True(Holds(said, says) || (isYaml && said.Length > 0), $"{name}: {Shortened(said)}");
            Assert.True(
                isYaml || IsAt(said, says.StartsWith('T') || says.StartsWith('n') ? "" : $"{LineOf(text, says)}"),
                $"{name}: {said}"
            );
        }
    }

    [Theory]
    [InlineData("spec")]
    [InlineData("values")]
    [InlineData("load")]
    [InlineData("faults")]
    [InlineData("body")]
    public async Task More_than_a_page_can_hold_is_not_read(string entrance) =>
        Assert.Contains("more than 10 million", await YamlEntrances[entrance](new string('#', Page + 1)), StringComparison.Ordinal);

    [Theory]
    [InlineData("Kubernetes body")]
    [InlineData("EKS body")]
    [InlineData("RAM body")]
    [InlineData("quotas body")]
    public async Task More_than_a_request_can_hold_is_not_read(string entrance) =>
        Assert.Contains("more than 10 million", await JsonEntrances[entrance](new string(' ', Page + 1)), StringComparison.Ordinal);

    /// <summary>A page at its limit, each of a kind that makes some parser slow.</summary>
    [Theory]
    [InlineData("a", "\n")]
    [InlineData("- a\n", "")]
    [InlineData("a: b: ", "")]
    [InlineData("[", "")]
    [InlineData("{", "")]
    [InlineData("\"", "")]
    [InlineData("'", "")]
    [InlineData("? ", "")]
    [InlineData("!", "")]
    [InlineData("&a ", "")]
    [InlineData("*a ", "")]
    [InlineData("%", "\n")]
    [InlineData("# ", "\n")]
    [InlineData("---\n", "")]
    [InlineData("\r", "")]
    [InlineData(" ", "x")]
    [InlineData("a\n", "")]
    [InlineData("a:\n", "")]
    [InlineData("- ", "")]
    [InlineData("|\n", "")]
    [InlineData("é", ": é")]
    [Trait("speed", "slow")]
    public void No_page_of_one_thing_ends_in_a_hang_or_an_exception(string thing, string end)
    {
        var text = string.Concat(Enumerable.Repeat(thing, (Page / thing.Length) - 1)) + end;
        YamlReader.Read(text, YamlRules.Specs);
        YamlReader.Read(text, YamlRules.Worlds);
    }

    [Fact]
    public void A_byte_order_mark_and_carriage_returns_are_no_trouble_anywhere()
    {
        foreach (var text in (string[])["\uFEFFa: 1\r\nb:\r\n  - x\r\n", "a: 1\r\nb:\r\n  - x\r\n"])
        {
            Assert.All(
                (YamlRules[])[YamlRules.Specs, YamlRules.Values, YamlRules.Worlds, YamlRules.Bodies],
                rules => Assert.Equal("""{"a":1,"b":["x"]}""", YamlJson.Read(text, rules, out _)!.ToJsonString())
            );
        }
        Assert.Equal("""{"a":1}""", JsonReader.Read("\uFEFF{\"a\":\r\n1}", null, out _)!.ToJsonString());
    }

    [Fact]
    public void Aliases_and_merge_keys_stand_for_what_they_name_in_values()
    {
        const string Text = "base: &base {a: 1, b: 2}\nlist: [&x z, *x]\nmore:\n  <<: *base\n  b: 3\nboth: {<<: [{a: 4}, *base]}\n";
        Assert.Equal(
            """{"base":{"a":1,"b":2},"list":["z","z"],"more":{"b":3,"a":1},"both":{"a":4,"b":2}}""",
            YamlJson.Read(Text)!.ToJsonString()
        );
    }

    [Fact]
    public void What_is_no_text_is_named_with_its_place_however_far_in_it_stands()
    {
        var text = string.Concat(Enumerable.Repeat("é: \ud83d\ude00\n", 20_000));
        Assert.Null(TextCheck.Problem(new StringReader(text), null));
        Assert.Equal("line 20001, column 2: Half of a surrogate pair stands here, which is no character.", Of(text + "x\udc00"));
        Assert.Equal("line 20001, column 3", Of(text + "xy\ud800")[..20]);
        byte[] latin = [.. "a: b\nc: "u8, 0xE9, .. "x\n"u8];
        YamlJson.Read(latin, YamlRules.Bodies, out var problem);
        Assert.Equal("line 2, column 4: The text is not UTF-8", $"{problem}"[..39]);

        static string Of(string text) => $"{TextCheck.Problem(new StringReader(text), null)}";
    }

    private static bool Holds(string said, string words) => said.Contains(words, StringComparison.Ordinal);

    private static bool IsAt(string said, string line) =>
        said.Length > 0 && (line.Length == 0 || Holds(said, $"({line},") || Holds(said, $"line {line}, column"));

    private static int LineOf(string text, string says) =>
        text.AsSpan(0, says.StartsWith('\'') ? text.LastIndexOf("\"a\"", StringComparison.Ordinal) : Escape(text)).Count('\n') + 1;

    private static int Escape(string text) => Math.Max(text.IndexOfAny(['\\', '\0', '\uFFFD']), 0);

    private static string Shortened(string said) => said.Length <= 400 ? said : said[..400] + "…";

    private static string Nested(int levels) =>
        string.Concat(Enumerable.Range(0, levels).Select(level => $"{new string(' ', level)}a:\n")) + new string(' ', levels) + "x\n";

    private static string Bomb() =>
        "k0: &a0 [x, x, x, x, x, x, x, x, x]\n"
        + string.Concat(
            Enumerable.Range(1, 30).Select(level => $"k{level}: &a{level} [{string.Join(", ", Enumerable.Repeat($"*a{level - 1}", 9))}]\n")
        );

    private static string Ladder() =>
        "k0: &a0 [x]\n" + string.Concat(Enumerable.Range(1, 200).Select(level => $"k{level}: &a{level} [*a{level - 1}]\n"));

    private static string Said(IEnumerable<Finding> findings) => string.Join('\n', findings);

    private static string OfSpec(string text) => Said(OverlayYaml.ParseAll([new("f", text)]).Findings);

    private static string OfValues(string text)
    {
        Assert.False(AddonValues.Parse(text).IsReadable);
        return Assert.Throws<FormatException>(() => CniValues.Parse(text)).Message;
    }

    private static string OfLoad(string text)
    {
        Assert.Null(LoadFile.Read(text, new([]), null, out var problems));
        return string.Join('\n', problems);
    }

    private static string Described(SourceText[] aws, SourceText[] kube) =>
        string.Join('\n', DescribedWorld.Read(aws, kube, null, DateTimeOffset.UnixEpoch).Notes);

    private static World Empty() => new(new WorldState { Clock = DateTimeOffset.UnixEpoch });

    private static Task<string> Body(string text, string type)
    {
        var isApply = type.Contains("apply", StringComparison.Ordinal);
        return Sent(
            new KubernetesEndpoint(Empty()),
            new(
                isApply ? "PATCH" : "POST",
                $"/api/v1/namespaces/default/configmaps{(isApply ? "/a" : "")}",
                "fieldManager=a",
                Headers(type),
                Encoding.UTF8.GetBytes(text)
            )
        );
    }

    private static Task<string> Eks(string text) =>
        Sent(
            new EksEndpoint(Worlds.Crowded()),
            new("POST", "/clusters/prod/addons/vpc-cni/update", "", Headers("application/json"), Encoding.UTF8.GetBytes(text))
        );

    private static string Ram(string text) =>
        Refused(
            new RamEndpoint(Empty()).Handle(
                new("POST", "/createresourceshare", "", Headers("application/json"), Encoding.UTF8.GetBytes(text)),
                "111122223333",
                "r"
            )
        );

    private static string Quotas(string text) =>
        Refused(new QuotasEndpoint(Empty()).Handle("ServiceQuotasV20190624.ListServiceQuotas", Encoding.UTF8.GetBytes(text), "r"));

    private static Dictionary<string, string> Headers(string type) =>
        new(StringComparer.OrdinalIgnoreCase) { ["Content-Type"] = type, ["Accept"] = "application/json" };

    private static async Task<string> Sent(IEndpoint door, TwinRequest request) =>
        Refused(await door.HandleAsync(request, TestContext.Current.CancellationToken));

    private static string Refused(TwinResponse answer)
    {
        var text = Encoding.UTF8.GetString(answer.Body.Span);
        Assert.True(answer.Status is >= 400 and < 500, $"{answer.Status}: {text}");
        return $"{JsonNode.Parse(text)!["message"]}";
    }
}
