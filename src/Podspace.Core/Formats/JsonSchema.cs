using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Podspace.Formats;

/// <summary>Holds a value against a JSON Schema, as far as add-ons use it (draft 06). A keyword that
/// it does not know is a problem, never passed over.</summary>
internal sealed class JsonSchema
{
    /// <summary>References may go round in a circle; no add-on's values are nested so deep.</summary>
    private const int MaxDepth = 64;

    private static readonly TimeSpan MostForAPattern = TimeSpan.FromMilliseconds(100);

    /// <summary>Keywords that only describe. <c>format</c> is among them, as in EKS's own evaluation of "format": "boolean".</summary>
    private static readonly HashSet<string> Descriptive = new(StringComparer.Ordinal)
    {
        "$schema",
        "$id",
        "id",
        "$comment",
        "title",
        "description",
        "default",
        "examples",
        "format",
        "definitions",
        "$defs",
    };

    private readonly JsonNode root;
    private readonly List<string> problems = [];

    private JsonSchema(JsonNode root) => this.root = root;

    /// <summary>What is wrong with the value, each with its path such as
    /// <c>$.env.WARM_ENI_TARGET</c>; empty when it is as the schema says.</summary>
    public static EquatableArray<string> Check(JsonNode schema, JsonNode? value)
    {
        var check = new JsonSchema(schema);
        check.Value(schema, value, "$", 0);
        return check.problems.ToEquatable();
    }

    private void Value(JsonNode? schema, JsonNode? value, string path, int depth)
    {
        if (schema is JsonValue flag && flag.TryGetValue<bool>(out var allowed))
        {
            if (!allowed)
            {
                problems.Add($"{path}: nothing may stand here.");
            }
            return;
        }
        if (schema is not JsonObject keywords || depth > MaxDepth)
        {
            problems.Add($"{path}: the schema cannot be read here.");
            return;
        }
        if (keywords["$ref"] is { } reference)
        {
            // Beside $ref all other keywords are ignored. Source: JSON Schema draft 06, section 8.
            Value(Resolve(reference.ToString(), path), value, path, depth + 1);
            return;
        }
        foreach (var (keyword, argument) in keywords)
        {
            Keyword(keywords, keyword, argument, value, path, depth);
        }
    }

    private JsonNode? Resolve(string reference, string path)
    {
        JsonNode? node = root;
        if (!reference.StartsWith('#'))
        {
            node = null;
        }
        foreach (var step in reference.TrimStart('#').Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            node = (node as JsonObject)?[step.Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal)];
        }
        if (node is null)
        {
            problems.Add($"{path}: the schema refers to {reference}, which it does not hold.");
            return true;
        }
        return node;
    }

    private void Keyword(JsonObject schema, string keyword, JsonNode? argument, JsonNode? value, string path, int depth)
    {
        switch (keyword)
        {
            case "type":
                Type(argument, value, path);
                break;
            case "enum":
                OneOf(argument as JsonArray ?? [], value, path);
                break;
            case "const":
                OneOf([argument?.DeepClone()], value, path);
                break;
            case "properties" or "patternProperties" or "additionalProperties":
                // The three are one rule; the first of them that is there does the work.
                if (value is JsonObject map && keyword == FirstOf(schema, "properties", "patternProperties", "additionalProperties"))
                {
                    Properties(schema, map, path, depth);
                }
                break;
            case "required":
                Required(argument as JsonArray ?? [], value, path);
                break;
            case "items":
                for (var i = 0; value is JsonArray list && i < list.Count; i++)
                {
                    Value(argument, list[i], $"{path}[{i}]", depth + 1);
                }
                break;
            case "anyOf" or "oneOf" or "allOf" or "not":
                Combination(keyword, argument, value, path, depth);
                break;
            case "pattern":
                Pattern(argument!.GetValue<string>(), value, path);
                break;
            default:
                if (!Limit(keyword, argument, value, path) && !Descriptive.Contains(keyword))
                {
                    problems.Add(
                        $"{path}: the schema has the keyword {keyword}, which is not known here, so that this value is not checked."
                    );
                }
                break;
        }
    }

    private static string? FirstOf(JsonObject schema, params ReadOnlySpan<string> keywords)
    {
        foreach (var keyword in keywords)
        {
            if (schema.ContainsKey(keyword))
            {
                return keyword;
            }
        }
        return null;
    }

    private void Type(JsonNode? argument, JsonNode? value, string path)
    {
        var types = argument is JsonArray several ? several.Select(type => type!.ToString()).ToList() : [argument!.ToString()];
        if (!types.Exists(type => IsType(type, value)))
        {
            problems.Add($"{path}: {Shown(value)} is {Article(TypeOf(value))}; it must be {string.Join(" or ", types.Select(Article))}.");
        }
    }

    private static bool IsType(string type, JsonNode? value) => type == TypeOf(value) || (type == "number" && TypeOf(value) == "integer");

    private static string TypeOf(JsonNode? value) =>
        value?.GetValueKind() switch
        {
            null or JsonValueKind.Null => "null",
            JsonValueKind.Object => "object",
            JsonValueKind.Array => "array",
            JsonValueKind.String => "string",
            JsonValueKind.Number => Number(value) is { } number && decimal.Truncate(number) == number ? "integer" : "number",
            _ => "boolean",
        };

    private static string Article(string type) =>
        type switch
        {
            "null" => "null",
            "object" or "array" or "integer" => $"an {type}",
            _ => $"a {type}",
        };

    private static string Shown(JsonNode? value)
    {
        var text = value?.ToJsonString() ?? "null";
        return text.Length <= 60 ? text : text[..60] + "…";
    }

    private void OneOf(JsonArray allowed, JsonNode? value, string path)
    {
        if (!allowed.Any(one => JsonNode.DeepEquals(one, value)))
        {
            problems.Add($"{path}: {Shown(value)} must be one of {string.Join(", ", allowed.Select(Shown))}.");
        }
    }

    private void Properties(JsonObject schema, JsonObject map, string path, int depth)
    {
        var known = schema["properties"] as JsonObject ?? [];
        var patterns = schema["patternProperties"] as JsonObject ?? [];
        foreach (var (key, value) in map)
        {
            var inner = $"{path}.{key}";
            var matching = patterns.Where(pattern => Matches(pattern.Key, key)).ToList();
            if (known.TryGetPropertyValue(key, out var own))
            {
                Value(own, value, inner, depth + 1);
            }
            foreach (var (_, pattern) in matching)
            {
                Value(pattern, value, inner, depth + 1);
            }
            if (own is null && matching.Count == 0 && schema["additionalProperties"] is { } rest)
            {
                Additional(rest, value, inner, depth);
            }
        }
    }

    private void Additional(JsonNode rest, JsonNode? value, string path, int depth)
    {
        if (rest.GetValueKind() == JsonValueKind.False)
        {
            problems.Add($"{path}: is not defined in the schema and the schema does not allow additional properties.");
            return;
        }
        Value(rest, value, path, depth + 1);
    }

    private void Required(JsonArray keys, JsonNode? value, string path)
    {
        foreach (var key in keys.Select(key => key!.ToString()))
        {
            if (value is JsonObject map && !map.ContainsKey(key))
            {
                problems.Add($"{path}.{key}: is missing but it is required.");
            }
        }
    }

    private void Combination(string keyword, JsonNode? argument, JsonNode? value, string path, int depth)
    {
        if (keyword == "allOf")
        {
            foreach (var part in argument as JsonArray ?? [])
            {
                Value(part, value, path, depth + 1);
            }
            return;
        }
        if (keyword == "not")
        {
            if (Fits(argument, value, depth))
            {
                problems.Add($"{path}: {Shown(value)} is what the schema rules out.");
            }
            return;
        }
        var fitting = (argument as JsonArray ?? []).Count(part => Fits(part, value, depth));
        if (fitting == 0 || (keyword == "oneOf" && fitting > 1))
        {
            problems.Add($"{path}: {Shown(value)} fits {(fitting == 0 ? "none" : "more than one")} of the forms that the schema allows.");
        }
    }

    private bool Fits(JsonNode? schema, JsonNode? value, int depth)
    {
        var apart = new JsonSchema(root);
        apart.Value(schema, value, "$", depth + 1);
        return apart.problems.Count == 0;
    }

    private void Pattern(string pattern, JsonNode? value, string path)
    {
        if (value?.GetValueKind() == JsonValueKind.String && !Matches(pattern, value.GetValue<string>()))
        {
            problems.Add($"{path}: {Shown(value)} does not match {pattern}.");
        }
    }

    private static bool Matches(string pattern, string text) =>
        Regex.IsMatch(text, pattern, RegexOptions.ECMAScript | RegexOptions.CultureInvariant, MostForAPattern);

    /// <summary>Keywords that compare a size with a number; false when this is not one.</summary>
    private bool Limit(string keyword, JsonNode? argument, JsonNode? value, string path)
    {
        var isString = value?.GetValueKind() == JsonValueKind.String;
        decimal? size = keyword switch
        {
            "minimum" or "maximum" or "exclusiveMinimum" or "exclusiveMaximum" or "multipleOf" => Number(value),
            "minLength" or "maxLength" => isString ? new StringInfo(value!.GetValue<string>()).LengthInTextElements : null,
            "minItems" or "maxItems" or "uniqueItems" => (value as JsonArray)?.Count,
            "minProperties" or "maxProperties" => (value as JsonObject)?.Count,
            _ => -1,
        };
        if (keyword == "uniqueItems")
        {
            var list = value as JsonArray ?? [];
            Unless(
                argument?.GetValueKind() != JsonValueKind.True || list.Select(Shown).Distinct().Count() == list.Count,
                path,
                "holds a value twice"
            );
            return true;
        }
        if (size is null)
        {
            return true;
        }
        if (Number(argument) is not { } limit)
        {
            return false;
        }
        switch (keyword)
        {
            case "minimum" or "minLength" or "minItems" or "minProperties":
                Unless(size >= limit, path, $"has {size}; {limit} is the least");
                return true;
            case "maximum" or "maxLength" or "maxItems" or "maxProperties":
                Unless(size <= limit, path, $"has {size}; {limit} is the most");
                return true;
            case "exclusiveMinimum":
                Unless(size > limit, path, $"has {size}, which is not above {limit}");
                return true;
            case "exclusiveMaximum":
                Unless(size < limit, path, $"has {size}, which is not below {limit}");
                return true;
            case "multipleOf":
                Unless(limit != 0 && size % limit == 0, path, $"has {size}, which is not a multiple of {limit}");
                return true;
            default:
                return false;
        }
    }

    private void Unless(bool holds, string path, string problem)
    {
        if (!holds)
        {
            problems.Add($"{path}: {problem}.");
        }
    }

    private static decimal? Number(JsonNode? value) =>
        value?.GetValueKind() == JsonValueKind.Number
        && decimal.TryParse(value.ToJsonString(), NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
            ? number
            : null;
}
