using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using Podspace.Formats.Yaml;

namespace Podspace.Simulation.WorldFile;

/// <summary>Writes a YAML tree as JSON of a given type: the type, not the look of the word, says whether
/// 1.33 is text. Unknown keys and wrong values are findings.</summary>
/// <param name="isStrict">False: keys that are not known are passed over.</param>
internal sealed class TypedJson(Utf8JsonWriter json, WorldFindings findings, bool isStrict = true)
{
    private readonly Dictionary<Type, Dictionary<string, JsonPropertyInfo>> keys = [];

    public void Write(YamlTree tree, Type type, string path)
    {
        if (type == typeof(JsonObject))
        {
            Untyped(tree, path);
            return;
        }
        if (IsScalar(type))
        {
            Scalar(tree, type, path);
            return;
        }
        var shape = WorldJson.TypeOf(type);
        switch (shape.Kind)
        {
            case JsonTypeInfoKind.Enumerable:
                List(tree, shape.ElementType!, path);
                break;
            case JsonTypeInfoKind.Dictionary:
                Dictionary(tree, shape.ElementType!, path);
                break;
            default:
                Object(tree, shape, path);
                break;
        }
    }

    private static bool IsScalar(Type type) =>
        type == typeof(string)
        || type == typeof(int)
        || type == typeof(bool)
        || type == typeof(DateTimeOffset)
        || type == typeof(DateTimeOffset?);

    private static bool IsNull(YamlTree tree) => tree is YamlTree.Scalar { IsPlain: true } scalar && YamlWords.IsNull(scalar.Text);

    private void Object(YamlTree tree, JsonTypeInfo shape, string path)
    {
        json.WriteStartObject();
        if (tree is YamlTree.Map map)
        {
            var known = Keys(shape);
            foreach (var (key, value) in map.Entries)
            {
                Property(known, key, value, path);
            }
        }
        else
        {
            Wrong(tree, path, "a map of keys");
        }
        json.WriteEndObject();
    }

    private void Property(Dictionary<string, JsonPropertyInfo> known, YamlTree.Scalar key, YamlTree value, string path)
    {
        var inner = path.Length == 0 ? key.Text : $"{path}.{key.Text}";
        if (!known.TryGetValue(key.Text, out var property))
        {
            if (!isStrict)
            {
                return;
            }
            var (problem, fix) = Unknown(key.Text, known.Keys);
            findings.Add(WorldFindings.UnknownKey, key.Line, key.Column, inner, problem, fix);
        }
        else if (!IsNull(value))
        {
            json.WritePropertyName(property.Name);
            Write(value, property.PropertyType, inner);
        }
    }

    private static (string Problem, string Fix) Unknown(string key, IEnumerable<string> known)
    {
        var near =
            known.FirstOrDefault(name => string.Equals(name, key, StringComparison.OrdinalIgnoreCase))
            ?? known.FirstOrDefault(name =>
                name.StartsWith(key, StringComparison.OrdinalIgnoreCase) || key.StartsWith(name, StringComparison.OrdinalIgnoreCase)
            );
        return (
            $"{key} is no key of this place.",
            near is null ? $"The keys here are {string.Join(", ", known)}." : $"Did you mean {near}?"
        );
    }

    private Dictionary<string, JsonPropertyInfo> Keys(JsonTypeInfo shape)
    {
        if (!keys.TryGetValue(shape.Type, out var known))
        {
            known = shape.Properties.ToDictionary(property => property.Name, StringComparer.Ordinal);
            keys.Add(shape.Type, known);
        }
        return known;
    }

    private void List(YamlTree tree, Type element, string path)
    {
        json.WriteStartArray();
        if (tree is YamlTree.List list)
        {
            for (var i = 0; i < list.Items.Count; i++)
            {
                Write(list.Items[i], element, $"{path}[{i}]");
            }
        }
        else
        {
            Wrong(tree, path, "a list");
        }
        json.WriteEndArray();
    }

    private void Dictionary(YamlTree tree, Type element, string path)
    {
        json.WriteStartObject();
        if (tree is YamlTree.Map map)
        {
            foreach (var (key, value) in map.Entries)
            {
                json.WritePropertyName(key.Text);
                Write(value, element, $"{path}.{key.Text}");
            }
        }
        else
        {
            Wrong(tree, path, "a map of keys");
        }
        json.WriteEndObject();
    }

    private void Scalar(YamlTree tree, Type type, string path)
    {
        if (tree is not YamlTree.Scalar scalar)
        {
            Wrong(tree, path, Expected(type));
        }
        else if (type == typeof(string))
        {
            Text(scalar, path);
        }
        else if (
            type == typeof(int)
            && scalar.IsPlain
            && int.TryParse(scalar.Text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
        )
        {
            json.WriteNumberValue(number);
        }
        else if (type == typeof(bool) && scalar.IsPlain && YamlWords.Boolean(scalar.Text) is { } flag)
        {
            json.WriteBooleanValue(flag);
        }
        else if (
            type != typeof(int)
            && type != typeof(bool)
            && DateTimeOffset.TryParse(scalar.Text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time)
        )
        {
            json.WriteStringValue(time);
        }
        else
        {
            Wrong(tree, path, Expected(type));
        }
    }

    private static string Expected(Type type) =>
        type == typeof(string) ? "text"
        : type == typeof(int) ? "a whole number without quotes"
        : type == typeof(bool) ? "true or false, without quotes"
        : "a time such as \"2026-09-01T08:00:00Z\"";

    /// <summary>A manifest: words without quotes are what YAML says they are.</summary>
    private void Untyped(YamlTree tree, string path)
    {
        switch (tree)
        {
            case YamlTree.Map map:
                json.WriteStartObject();
                foreach (var (key, value) in map.Entries)
                {
                    json.WritePropertyName(key.Text);
                    Untyped(value, $"{path}.{key.Text}");
                }
                json.WriteEndObject();
                break;
            case YamlTree.List list:
                json.WriteStartArray();
                for (var i = 0; i < list.Items.Count; i++)
                {
                    Untyped(list.Items[i], $"{path}[{i}]");
                }
                json.WriteEndArray();
                break;
            case YamlTree.Scalar scalar:
                Word(scalar, path);
                break;
        }
    }

    private void Word(YamlTree.Scalar scalar, string path)
    {
        if (!scalar.IsPlain)
        {
            Text(scalar, path);
        }
        else if (YamlWords.IsNull(scalar.Text))
        {
            json.WriteNullValue();
        }
        else if (YamlWords.Boolean(scalar.Text) is { } flag)
        {
            json.WriteBooleanValue(flag);
        }
        else if (YamlWords.IsNumber(scalar.Text))
        {
            json.WriteRawValue(scalar.Text);
        }
        else
        {
            Text(scalar, path);
        }
    }

    private void Text(YamlTree.Scalar scalar, string path)
    {
        if (HasLoneSurrogate(scalar.Text))
        {
            Wrong(scalar, path, "text without broken characters");
            return;
        }
        json.WriteStringValue(scalar.Text);
    }

    private static bool HasLoneSurrogate(string text)
    {
        foreach (var rune in text.EnumerateRunes())
        {
            // EnumerateRunes puts U+FFFD in the place of what is broken; one that was written is as little use.
            if (rune == Rune.ReplacementChar)
            {
                return true;
            }
        }
        return false;
    }

    private void Wrong(YamlTree tree, string path, string expected)
    {
        var found = tree switch
        {
            YamlTree.Map => "A map of keys",
            YamlTree.List => "A list",
            YamlTree.Scalar { Text.Length: > 60 } long60 => $"\"{long60.Text[..60]}…\"",
            YamlTree.Scalar { Text: var text } => $"\"{text}\"",
            _ => "This",
        };
        findings.Add(WorldFindings.BadValue, tree.Line, tree.Column, path, $"{found} cannot stand at {path}.", $"Write {expected}.");
        json.WriteNullValue();
    }
}
