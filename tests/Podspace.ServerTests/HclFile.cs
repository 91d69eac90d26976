using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Podspace.ServerTests;

/// <summary>Terraform as HashiCorp's parser reads it and as OpenTofu evaluates it. Providers are not to be
/// had here: what a resource tells of itself is a name instead.</summary>
internal static partial class HclFile
{
    /// <returns>One document a file, with expressions as they stand.</returns>
    public static async Task<IReadOnlyList<JsonObject>> ReadAsync(IReadOnlyList<string> files)
    {
        var script = Path.Combine(Path.GetTempPath(), $"podspace-read-{Guid.NewGuid():N}.js");
        await File.WriteAllTextAsync(
            script,
            """
            const { parse } = require(process.argv[2]);
            const fs = require("fs");
            const files = process.argv.slice(3).map(file => parse(file, fs.readFileSync(file, "utf8")));
            Promise.all(files).then(read => console.log(JSON.stringify(read)));
            """
        );
        try
        {
            var (code, said) = await Tool.RunAsync(
                "node",
                Path.GetTempPath(),
                [script, Path.GetDirectoryName(Tool.Find("node_modules/@cdktf/hcl2json/package.json"))!, .. files]
            );
            Assert.True(code == 0, said);
            return [.. JsonNode.Parse(said)!.AsArray().Select(file => file!.AsObject())];
        }
        finally
        {
            File.Delete(script);
        }
    }

    /// <summary>Every resource with its arguments, evaluated.</summary>
    /// <param name="folder">To be made: OpenTofu works in it.</param>
    public static async Task<IReadOnlyList<Dictionary<string, JsonObject>>> EvaluateAsync(
        string tofu,
        string folder,
        IReadOnlyList<JsonObject> files
    )
    {
        var outputs = new JsonObject();
        foreach (var (i, file) in files.Index())
        {
            outputs[$"file{i}"] = new JsonObject
            {
                ["value"] = new JsonObject(Resources(file).Select(one => KeyValuePair.Create(one.Address, (JsonNode?)Named(one.Body)))),
            };
        }
        Directory.CreateDirectory(folder);
        await File.WriteAllTextAsync(Path.Combine(folder, "main.tf.json"), new JsonObject { ["output"] = outputs }.ToJsonString());
        var (code, said) = await Tool.RunAsync(tofu, folder, "apply", "-auto-approve", "-input=false", "-no-color");
        Assert.True(code == 0, said);
        var state = JsonNode.Parse(await File.ReadAllTextAsync(Path.Combine(folder, "terraform.tfstate")))!["outputs"]!;
        return
        [
            .. files.Select((_, i) => state[$"file{i}"]!["value"]!.AsObject().ToDictionary(one => one.Key, one => one.Value!.AsObject())),
        ];
    }

    /// <summary>A resource as a line that can be compared; what is null was not set.</summary>
    public static string Line(string what, JsonObject arguments) =>
        $"{what} {Sorted(arguments.Where(argument => argument.Value is not null))}";

    private static string Sorted(IEnumerable<KeyValuePair<string, JsonNode?>> pairs)
    {
        var sorted = pairs.OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => $"{pair.Key}: {Sorted(pair)}");
        return $"{{{string.Join(", ", sorted)}}}";
    }

    /// <summary>With calls of modules, whose inputs are arguments as well, and with locals.</summary>
    private static IEnumerable<(string Address, JsonObject Body)> Resources(JsonObject file) =>
        (
            from type in file["resource"] as JsonObject ?? []
            from resource in type.Value!.AsObject()
            select ($"{type.Key}.{resource.Key}", Body(resource.Value))
        )
            .Concat((file["module"] as JsonObject ?? []).Select(module => ($"module.{module.Key}", Body(module.Value))))
            .Concat(Locals(file));

    private static IEnumerable<(string Address, JsonObject Body)> Locals(JsonObject file)
    {
        var locals = new JsonObject(
            (file["locals"] as JsonArray ?? [])
                .SelectMany(block => block!.AsObject())
                .Where(local => local.Key != "//")
                .Select(local => KeyValuePair.Create(local.Key, local.Value?.DeepClone()))
        );
        return locals.Count == 0 ? [] : [("locals", locals)];
    }

    // Conditions ask for what only others' modules can tell.
    private static JsonObject Body(JsonNode? body)
    {
        var copy = (body is JsonArray blocks ? blocks[0] : body)!.DeepClone().AsObject();
        copy.Remove("lifecycle");
        // The name of a provider is no value: one syntax writes it as an expression, the other as a word.
        if (copy["provider"] is { } provider)
        {
            copy["provider"] = $"{provider}".Trim('$', '{', '}');
        }
        return copy;
    }

    // A document in a string is compared as a document: the two syntaxes leave its keys in different orders.
    private static string Sorted(KeyValuePair<string, JsonNode?> argument) =>
        Sorted(
            argument.Key is "configuration_values" or "pod_network_node_config"
                ? JsonNode.Parse(argument.Value!.ToString())
                : argument.Value
        );

    private static string Sorted(JsonNode? node) =>
        node switch
        {
            JsonObject map => Sorted(map.AsEnumerable()),
            JsonArray list => $"[{string.Join(", ", list.Select(Sorted))}]",
            _ => node?.ToJsonString() ?? "null",
        };

    private static JsonNode? Named(JsonNode? node) =>
        node switch
        {
            JsonObject map => new JsonObject(
                map.Where(entry => entry.Key != "//").Select(entry => KeyValuePair.Create(entry.Key, Named(entry.Value)))
            ),
            JsonArray list => new JsonArray([.. list.Select(Named)]),
            JsonValue text when text.TryGetValue<string>(out var word) => Expression()
                .Replace(word, expression => Reference().Replace(expression.Value, "\"$0\"")),
            _ => node?.DeepClone(),
        };

    [GeneratedRegex(@"(?<!\$)\$\{[^$]*")]
    private static partial Regex Expression();

    [GeneratedRegex(@"\b(?:aws_[a-z0-9_]+\.[A-Za-z0-9_]+|module\.[a-z]+|local)\.[a-z_]+(?:\[\d+\]\.[a-z_]+)*\b")]
    private static partial Regex Reference();
}
