using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Podspace.Spec;

/// <summary>The document's JSON Schema, for editors: what <c>render schema</c> prints and docs/overlaynetwork.schema.json holds.</summary>
public static class OverlaySchema
{
    // Draft 7 is what yaml-language-server understands best.
    private const string Draft = "http://json-schema.org/draft-07/schema#";

    /// <summary>Made from the parser's own key table; ends with a line feed.</summary>
    public static string Text { get; } = Render();

    private static string Render()
    {
        using var bytes = new MemoryStream();
        using (
            var json = new Utf8JsonWriter(
                bytes,
                new()
                {
                    Indented = true,
                    NewLine = "\n",
                    Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
                }
            )
        )
        {
            json.WriteStartObject();
            json.WriteString("$schema", Draft);
            json.WriteString("title", $"{OverlayKeys.Kind} ({OverlayKeys.ApiVersion})");
            WriteShape(json, OverlayKeys.Root);
            json.WriteEndObject();
        }
        return Encoding.UTF8.GetString(bytes.ToArray()) + "\n";
    }

    // Inside an object that is open already, so that a key's description can stand beside its shape.
    private static void WriteShape(Utf8JsonWriter json, Shape shape)
    {
        switch (shape)
        {
            case Shape.Map map:
                WriteMap(json, map);
                break;
            case Shape.Dictionary dictionary:
                json.WriteString("type", "object");
                WriteObject(json, "propertyNames", () => json.WriteString("pattern", dictionary.KeyFormat.Pattern));
                WriteObject(json, "additionalProperties", () => WriteShape(json, dictionary.Value));
                break;
            case Shape.List list:
                json.WriteString("type", "array");
                WriteObject(json, "items", () => WriteShape(json, list.Item));
                break;
            case Shape.OneOrList either:
                json.WriteStartArray("anyOf");
                WriteObject(json, null, () => WriteShape(json, either.One));
                WriteObject(json, null, () => WriteShape(json, new Shape.List(either.Item)));
                json.WriteEndArray();
                break;
            default:
                WriteScalar(json, shape);
                break;
        }
    }

    private static void WriteScalar(Utf8JsonWriter json, Shape shape)
    {
        switch (shape)
        {
            case Shape.Text text:
                json.WriteString("type", "string");
                json.WriteString("pattern", text.Format.Pattern);
                break;
            case Shape.Number number:
                json.WriteString("type", "integer");
                json.WriteNumber("minimum", number.Min);
                json.WriteNumber("maximum", number.Max);
                break;
            case Shape.Choice choice:
                WriteValues(json, choice.Values, []);
                break;
            case Shape.Flag flag:
                WriteValues(json, flag.Others, [true, false]);
                break;
        }
    }

    private static void WriteMap(Utf8JsonWriter json, Shape.Map map)
    {
        json.WriteString("type", "object");
        json.WriteBoolean("additionalProperties", false);
        if (map.Keys.Any(key => key.IsRequired))
        {
            json.WriteStartArray("required");
            foreach (var key in map.Keys.Where(key => key.IsRequired))
            {
                json.WriteStringValue(key.Name);
            }
            json.WriteEndArray();
        }
        WriteObject(
            json,
            "properties",
            () =>
            {
                foreach (var key in map.Keys)
                {
                    WriteObject(
                        json,
                        key.Name,
                        () =>
                        {
                            json.WriteString("description", key.Default is null ? key.Meaning : $"{key.Meaning} Left out: {key.Default}.");
                            WriteShape(json, key.Shape);
                        }
                    );
                }
            }
        );
    }

    private static void WriteValues(Utf8JsonWriter json, string[] texts, bool[] flags)
    {
        json.WriteStartArray("enum");
        foreach (var text in texts)
        {
            json.WriteStringValue(text);
        }
        foreach (var flag in flags)
        {
            json.WriteBooleanValue(flag);
        }
        json.WriteEndArray();
    }

    private static void WriteObject(Utf8JsonWriter json, string? name, Action body)
    {
        if (name is null)
        {
            json.WriteStartObject();
        }
        else
        {
            json.WriteStartObject(name);
        }
        body();
        json.WriteEndObject();
    }
}
