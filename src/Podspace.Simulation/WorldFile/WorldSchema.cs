using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using Podspace.Simulation.Faults;
using Podspace.Simulation.State;

namespace Podspace.Simulation.WorldFile;

/// <summary>The JSON Schema of world files, for editors. It follows from the state's classes; docs/world.schema.json is its text.</summary>
internal static class WorldSchema
{
    /// <summary>That of faults files; docs/faults.schema.json is its text.</summary>
    public static JsonObject RenderFaults()
    {
        var definitions = new SortedDictionary<string, JsonNode?>(StringComparer.Ordinal);
        Define(typeof(FaultPlan), definitions);
        var plan = (JsonObject)definitions[nameof(FaultPlan)]!;
        plan["required"] = new JsonArray("apiVersion", "kind");
        plan["properties"]!["apiVersion"] = new JsonObject { ["const"] = "podspace.io/v1alpha1" };
        plan["properties"]!["kind"] = new JsonObject { ["const"] = "Faults" };
        var rule = definitions[nameof(FaultRule)]!;
        rule["required"] = new JsonArray("fault");
        rule["properties"]!["fault"] = Words(FaultKinds.All);
        rule["properties"]!["service"] = Words(FaultReader.Services);
        rule["properties"]!["only"] = Words(["reads", "writes"]);
        return new JsonObject
        {
            ["$schema"] = "http://json-schema.org/draft-07/schema#",
            ["title"] = "Faults",
            ["description"] = "What goes wrong at the doors of a simulated world.",
            ["$ref"] = "#/definitions/FaultPlan",
            ["definitions"] = new JsonObject(definitions),
        };
    }

    private static JsonObject Words(IEnumerable<string> words) =>
        new() { ["enum"] = new JsonArray([.. words.Select(word => (JsonNode)word)]) };

    public static JsonObject Render()
    {
        var definitions = new SortedDictionary<string, JsonNode?>(StringComparer.Ordinal);
        Define(typeof(WorldState), definitions);
        var world = (JsonObject)definitions[nameof(WorldState)]!;
        world["required"] = new JsonArray("apiVersion", "kind");
        world["properties"]!["apiVersion"] = new JsonObject { ["const"] = "podspace.io/v1alpha1" };
        world["properties"]!["kind"] = new JsonObject { ["const"] = "World" };
        return new JsonObject
        {
            ["$schema"] = "http://json-schema.org/draft-07/schema#",
            ["title"] = "World",
            ["description"] = "A simulated AWS account, VPC and cluster.",
            ["$ref"] = "#/definitions/WorldState",
            ["definitions"] = new JsonObject(definitions),
        };
    }

    private static JsonObject Of(Type type, SortedDictionary<string, JsonNode?> definitions)
    {
        if (Simple(type) is { } simple)
        {
            return simple;
        }
        var shape = WorldJson.TypeOf(type);
        switch (shape.Kind)
        {
            case JsonTypeInfoKind.Enumerable:
                return new() { ["type"] = "array", ["items"] = Of(shape.ElementType!, definitions) };
            case JsonTypeInfoKind.Dictionary:
                return new() { ["type"] = "object", ["additionalProperties"] = Of(shape.ElementType!, definitions) };
            default:
                Define(type, definitions);
                return new() { ["$ref"] = $"#/definitions/{type.Name}" };
        }
    }

    private static JsonObject? Simple(Type type)
    {
        var bare = Nullable.GetUnderlyingType(type) ?? type;
        if (bare == typeof(DateTimeOffset))
        {
            return new() { ["type"] = "string", ["format"] = "date-time" };
        }
        if (bare == typeof(JsonObject))
        {
            return Manifest();
        }
        return Name(bare) is { } name ? new() { ["type"] = name } : null;
    }

    private static string? Name(Type type) =>
        Type.GetTypeCode(type) switch
        {
            TypeCode.String => "string",
            TypeCode.Int32 => "integer",
            TypeCode.Boolean => "boolean",
            _ => null,
        };

    private static JsonObject Manifest() =>
        new()
        {
            ["type"] = "object",
            ["required"] = new JsonArray("apiVersion", "kind", "metadata"),
            ["properties"] = new JsonObject
            {
                ["apiVersion"] = new JsonObject { ["type"] = "string" },
                ["kind"] = new JsonObject { ["type"] = "string" },
                ["metadata"] = new JsonObject { ["type"] = "object" },
            },
        };

    private static void Define(Type type, SortedDictionary<string, JsonNode?> definitions)
    {
        if (!definitions.TryAdd(type.Name, null))
        {
            return;
        }
        var properties = new JsonObject();
        foreach (var property in WorldJson.TypeOf(type).Properties)
        {
            properties[property.Name] = Of(property.PropertyType, definitions);
        }
        definitions[type.Name] = new JsonObject
        {
            ["type"] = "object",
            ["additionalProperties"] = false,
            ["properties"] = properties,
        };
    }
}
