using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Podspace.ServerTests;

/// <summary>Applies a rendered module by OpenTofu. The AWS provider is not to be had here, so every resource becomes a terraform_data,
/// which OpenTofu has built in, with the same arguments: loops, references, order and values are the module's own.</summary>
internal static partial class TerraformModuleRun
{
    /// <param name="Resources">A line for each resource that it would have made.</param>
    public sealed record Made(SortedSet<string> Resources, string NodeConfig);

    /// <param name="rendered">Folders that <c>render terraform --style module</c> wrote. The module is the
    /// same in all of them, so they become calls of one, in one run.</param>
    /// <param name="folder">To be made: OpenTofu works in it.</param>
    public static async Task<IReadOnlyList<Made>> ApplyAsync(string tofu, IReadOnlyList<string> rendered, string folder)
    {
        foreach (var file in new[] { "versions.tf", "variables.tf", "main.tf", "outputs.tf" })
        {
            Assert.Single(rendered.Select(one => File.ReadAllText(Path.Combine(one, file))).Distinct());
        }
        var module = Path.Combine(folder, "module");
        Directory.CreateDirectory(module);
        File.Copy(Path.Combine(rendered[0], "variables.tf"), Path.Combine(module, "variables.tf"));
        var read = await HclFile.ReadAsync([
            Path.Combine(rendered[0], "main.tf"),
            Path.Combine(rendered[0], "outputs.tf"),
            .. rendered.Select(Example),
        ]);
        await WriteAsync(Path.Combine(module, "main.tf.json"), Stand(read[0]));
        await WriteAsync(Path.Combine(module, "outputs.tf.json"), Named(read[1])!.AsObject());
        await WriteAsync(Path.Combine(folder, "main.tf.json"), Calls([.. read.Skip(2)]));
        foreach (
            var words in new string[][]
            {
                ["init", "-input=false", "-no-color"],
                ["validate", "-no-color"],
                ["apply", "-auto-approve", "-input=false", "-no-color"],
            }
        )
        {
            var (code, said) = await Tool.RunAsync(tofu, folder, words);
            Assert.True(code == 0, said);
        }
        var state = JsonNode.Parse(await File.ReadAllTextAsync(Path.Combine(folder, "terraform.tfstate")))!;
        var made = rendered.Select((_, i) => new Made(new(StringComparer.Ordinal), $"{state["outputs"]![$"pods{i}"]!["value"]}")).ToList();
        foreach (var resource in state["resources"]!.AsArray())
        {
            var call = int.Parse($"{resource!["module"]}"["module.pods".Length..], System.Globalization.CultureInfo.InvariantCulture);
            foreach (var instance in resource["instances"]!.AsArray())
            {
                var arguments = instance!["attributes"]!["output"]!["value"]!.AsObject();
                arguments.Remove("id");
                Assert.True(
                    made[call].Resources.Add(HclFile.Line($"{resource["name"]}".Split("__")[0], arguments)),
                    $"{resource["name"]} is made twice"
                );
            }
        }
        return made;
    }

    private static string Example(string rendered) =>
        Assert.Single(Directory.GetFiles(Path.Combine(rendered, "examples"), "main.tf", SearchOption.AllDirectories));

    private static JsonObject Calls(IReadOnlyList<JsonObject> examples)
    {
        var (modules, outputs, locals) = (new JsonObject(), new JsonObject(), new JsonObject());
        foreach (var (i, example) in examples.Index())
        {
            var call = example["module"]!["pods"]!.AsArray()[0]!.DeepClone();
            call["source"] = "./module";
            modules[$"pods{i}"] = call;
            outputs[$"pods{i}"] = new JsonObject { ["value"] = $"${{module.pods{i}.node_config}}" };
            // The cluster that is yet to come is somebody else's resource.
            foreach (var name in (example["locals"] as JsonArray)?[0]!.AsObject().Select(local => local.Key) ?? [])
            {
                locals[name] = $"local.{name}";
            }
        }
        return new JsonObject
        {
            ["module"] = modules,
            ["output"] = outputs,
            ["locals"] = locals,
        };
    }

    private static JsonObject Stand(JsonObject main)
    {
        var (stands, told) = (new JsonObject(), new JsonObject());
        foreach (var (type, resources) in main["resource"]!.AsObject())
        {
            foreach (var (name, bodies) in resources!.AsObject())
            {
                var body = Named(bodies!.AsArray()[0])!.AsObject();
                var each = body["for_each"]!.DeepClone();
                body.Remove("for_each");
                // As Terraform names one of these where it is written as a resource of its own.
                body["id"] = body["tags"] is { } tags
                    ? $"{type}.${{replace({$"{tags}"[2..^1]}[\"podspace.io/name\"], \"/[^A-Za-z0-9]/\", \"_\")}}.id"
                    : "";
                stands[$"{type}__{name}"] = new JsonObject { ["for_each"] = each, ["input"] = body };
                told[$"{type}__{name}"] = $"${{{{ for key, one in terraform_data.{type}__{name} : key => one.output }}}}";
            }
        }
        var locals = main["locals"]!.AsArray().Select(block => Named(block)).Append(told).ToArray();
        return new JsonObject
        {
            ["locals"] = new JsonArray(locals),
            ["resource"] = new JsonObject { ["terraform_data"] = stands },
        };
    }

    private static JsonNode? Named(JsonNode? node) =>
        node switch
        {
            JsonObject map => new JsonObject(map.Select(entry => KeyValuePair.Create(entry.Key, Named(entry.Value)))),
            JsonArray list => new JsonArray([.. list.Select(Named)]),
            JsonValue text when text.TryGetValue<string>(out var word) && word.Contains("${", StringComparison.Ordinal) => Resource()
                .Replace(word, "local.$1__$2"),
            _ => node?.DeepClone(),
        };

    private static Task WriteAsync(string file, JsonObject document) => File.WriteAllTextAsync(file, document.ToJsonString());

    [GeneratedRegex(@"\b(aws_[a-z0-9_]+)\.([a-z_]+)")]
    private static partial Regex Resource();
}
