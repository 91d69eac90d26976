using System.Globalization;
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

    public void Write(YamlNode tree, Type type, string path)
    {
        if (type == typeof(JsonObject))
        {
            YamlJson.Write(json, tree, (at, problem, fix) => findings.Add(WorldFindings.BadValue, at.Line, at.Column, path, problem, fix));
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

    private void Object(YamlNode tree, JsonTypeInfo shape, string path)
    {
        json.WriteStartObject();
        if (tree is YamlNode.Mapping map)
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

    private void Property(Dictionary<string, JsonPropertyInfo> known, YamlNode.Scalar key, YamlNode value, string path)
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
        else if (value is not YamlNode.Scalar { IsNull: true })
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

    private void List(YamlNode tree, Type element, string path)
    {
        json.WriteStartArray();
        if (tree is YamlNode.Sequence list)
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

    private void Dictionary(YamlNode tree, Type element, string path)
    {
        json.WriteStartObject();
        if (tree is YamlNode.Mapping map)
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

    private void Scalar(YamlNode tree, Type type, string path)
    {
        if (tree is not YamlNode.Scalar scalar || !(type == typeof(string) ? Text(scalar) : Typed(scalar, type)))
        {
            Wrong(tree, path, Expected(type));
        }
    }

    private bool Text(YamlNode.Scalar scalar)
    {
        json.WriteStringValue(scalar.Text);
        return true;
    }

    /// <summary>False when the value is not of the type.</summary>
    private bool Typed(YamlNode.Scalar scalar, Type type)
    {
        if (type == typeof(int))
        {
            return Whole(scalar);
        }
        return type == typeof(bool) ? Flag(scalar) : Time(scalar);
    }

    private bool Whole(YamlNode.Scalar scalar)
    {
        if (!int.TryParse(scalar.Value.Json, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number))
        {
            return false;
        }
        json.WriteNumberValue(number);
        return true;
    }

    private bool Flag(YamlNode.Scalar scalar)
    {
        if (scalar.Value is not { Kind: ScalarKind.Boolean } flag)
        {
            return false;
        }
        json.WriteBooleanValue(flag == ScalarValue.True);
        return true;
    }

    private bool Time(YamlNode.Scalar scalar)
    {
        if (!DateTimeOffset.TryParse(scalar.Text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time))
        {
            return false;
        }
        json.WriteStringValue(time);
        return true;
    }

    private static string Expected(Type type)
    {
        if (type == typeof(string))
        {
            return "text";
        }
        if (type == typeof(int))
        {
            return "a whole number without quotes";
        }
        return type == typeof(bool) ? "true or false, without quotes" : "a time such as \"2026-09-01T08:00:00Z\"";
    }

    private void Wrong(YamlNode tree, string path, string expected)
    {
        var found = tree switch
        {
            YamlNode.Mapping => "A map of keys",
            YamlNode.Sequence => "A list",
            YamlNode.Scalar { Text.Length: > 60 } long60 => $"\"{long60.Text[..60]}…\"",
            YamlNode.Scalar { Text: var text } => $"\"{text}\"",
            _ => "This",
        };
        findings.Add(WorldFindings.BadValue, tree.Line, tree.Column, path, $"{found} cannot stand at {path}.", $"Write {expected}.");
        json.WriteNullValue();
    }
}
