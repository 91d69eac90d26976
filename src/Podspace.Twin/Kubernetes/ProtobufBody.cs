using System.Buffers.Binary;
using System.Text;
using System.Text.Json.Nodes;
using Podspace.Simulation;

namespace Podspace.Twin.Kubernetes;

/// <summary>Bodies in Kubernetes' protobuf form, in which newer kubectl sends what its <c>create
/// KIND</c> commands and <c>auth can-i</c> make.</summary>
/// <remarks>Reads the fields that those commands fill in; anything else with a value is refused rather
/// than dropped. Field numbers: k8s.io/api, generated.proto.</remarks>
internal static class ProtobufBody
{
    private static readonly Shape Metadata = new()
    {
        [1] = ("name", Text),
        [2] = ("generateName", Text),
        [3] = ("namespace", Text),
        [11] = ("labels", TextMap),
        [12] = ("annotations", TextMap),
    };

    private static readonly Shape Selector = new() { [1] = ("matchLabels", TextMap) };

    private static readonly Shape Container = new()
    {
        [1] = ("name", Text),
        [2] = ("image", Text),
        [3] = ("command", Many(Text)),
        [4] = ("args", Many(Text)),
        [6] = (
            "ports",
            Many(
                Inside(
                    new()
                    {
                        [1] = ("name", Text),
                        [3] = ("containerPort", Whole),
                        [4] = ("protocol", Text),
                    }
                )
            )
        ),
    };

    private static readonly Shape Template = new()
    {
        [1] = ("metadata", Inside(Metadata)),
        [2] = ("spec", Inside(new() { [2] = ("containers", Many(Inside(Container))) })),
    };

    private static readonly Dictionary<string, Shape> Kinds = new(StringComparer.Ordinal)
    {
        ["Namespace"] = new(),
        ["ServiceAccount"] = new(),
        ["ConfigMap"] = new()
        {
            [2] = ("data", TextMap),
            [3] = ("binaryData", BytesMap),
            [4] = ("immutable", Flag),
        },
        ["Secret"] = new()
        {
            [2] = ("data", BytesMap),
            [3] = ("type", Text),
            [4] = ("stringData", TextMap),
            [5] = ("immutable", Flag),
        },
        ["Deployment"] = new()
        {
            [2] = (
                "spec",
                Inside(
                    new()
                    {
                        [1] = ("replicas", Whole),
                        [2] = ("selector", Inside(Selector)),
                        [3] = ("template", Inside(Template)),
                    }
                )
            ),
        },
        ["PodDisruptionBudget"] = new()
        {
            [2] = (
                "spec",
                Inside(
                    new()
                    {
                        [1] = ("minAvailable", Amount),
                        [2] = ("selector", Inside(Selector)),
                        [3] = ("maxUnavailable", Amount),
                    }
                )
            ),
        },
        ["SelfSubjectAccessReview"] = new()
        {
            [2] = (
                "spec",
                Inside(
                    new()
                    {
                        [1] = (
                            "resourceAttributes",
                            Inside(
                                new()
                                {
                                    [1] = ("namespace", Text),
                                    [2] = ("verb", Text),
                                    [3] = ("group", Text),
                                    [4] = ("version", Text),
                                    [5] = ("resource", Text),
                                    [6] = ("subresource", Text),
                                    [7] = ("name", Text),
                                }
                            )
                        ),
                        [2] = ("nonResourceAttributes", Inside(new() { [1] = ("path", Text), [2] = ("verb", Text) })),
                    }
                )
            ),
        },
    };

    /// <summary>Puts what one field says into the object; a field may come again, as those of lists and maps do.</summary>
    private delegate void Reader(JsonObject into, string key, ReadOnlySpan<byte> content, ulong number);

    /// <exception cref="WorldRefusal">UnsupportedMediaType, 415: not that form, or a kind or field that is not read in it.</exception>
    public static JsonObject Parse(ReadOnlySpan<byte> body)
    {
        // Source: k8s.io/apimachinery, pkg/runtime/serializer/protobuf: four bytes, then a message Unknown { typeMeta = 1, raw = 2 }.
        if (!body.StartsWith("k8s\0"u8))
        {
            throw Refused("it does not begin as Kubernetes' protobuf does");
        }
        var envelope = Fields(body[4..]);
        var type = new JsonObject();
        Inside(new() { [1] = ("apiVersion", Text), [2] = ("kind", Text) })(type, "type", Content(envelope, 1), 0);
        var kind = (string?)type["type"]?["kind"] ?? "";
        if (!Kinds.TryGetValue(kind, out var shape))
        {
            throw Refused($"a {kind} is not read in it");
        }
        var manifest = (JsonObject)type["type"]!.DeepClone();
        Fill(manifest, new(shape) { [1] = ("metadata", Inside(Metadata)) }, Content(envelope, 2), kind);
        return manifest;
    }

    private static byte[] Content(List<(int Field, byte[] Content, ulong Number)> fields, int wanted) =>
        fields.Where(field => field.Field == wanted).Select(field => field.Content).FirstOrDefault([]);

    private static void Fill(JsonObject into, Shape shape, ReadOnlySpan<byte> message, string place)
    {
        foreach (var (field, content, number) in Fields(message))
        {
            if (shape.TryGetValue(field, out var known))
            {
                known.Read(into, known.Name, content, number);
            }
            else if (number != 0 || !IsBlank(content))
            {
                throw Refused($"field {field} of {place} is not read in it");
            }
        }
    }

    // Go writes empty messages and empty texts for everything that is not set.
    private static bool IsBlank(ReadOnlySpan<byte> content)
    {
        try
        {
            return Fields(content).TrueForAll(field => field.Number == 0 && IsBlank(field.Content));
        }
        catch (WorldRefusal)
        {
            return false;
        }
    }

    private static void Text(JsonObject into, string key, ReadOnlySpan<byte> content, ulong number)
    {
        if (content.Length > 0)
        {
            into[key] = Encoding.UTF8.GetString(content);
        }
    }

    private static void Whole(JsonObject into, string key, ReadOnlySpan<byte> content, ulong number) => into[key] = (int)number;

    private static void Flag(JsonObject into, string key, ReadOnlySpan<byte> content, ulong number) => into[key] = number != 0;

    // IntOrString { type = 1, intVal = 2, strVal = 3 }.
    private static void Amount(JsonObject into, string key, ReadOnlySpan<byte> content, ulong number)
    {
        var parts = Fields(content);
        var isText = parts.Exists(part => part is { Field: 1, Number: 1 });
        into[key] = isText
            ? Encoding.UTF8.GetString(Content(parts, 3))
            : (int)parts.Where(part => part.Field == 2).Select(part => part.Number).FirstOrDefault();
    }

    private static void TextMap(JsonObject into, string key, ReadOnlySpan<byte> content, ulong number) =>
        Entry(into, key, content, bytes => Encoding.UTF8.GetString(bytes));

    private static void BytesMap(JsonObject into, string key, ReadOnlySpan<byte> content, ulong number) =>
        Entry(into, key, content, Convert.ToBase64String);

    private static void Entry(JsonObject into, string key, ReadOnlySpan<byte> content, Func<byte[], string> value)
    {
        var entry = Fields(content);
        if (into[key] is not JsonObject map)
        {
            into[key] = map = [];
        }
        map[Encoding.UTF8.GetString(Content(entry, 1))] = value(Content(entry, 2));
    }

    private static Reader Inside(Shape shape) =>
        (into, key, content, _) =>
        {
            var inner = new JsonObject();
            Fill(inner, shape, content, key);
            if (inner.Count > 0)
            {
                into[key] = inner;
            }
        };

    private static Reader Many(Reader read) =>
        (into, key, content, number) =>
        {
            var holder = new JsonObject();
            read(holder, key, content, number);
            if (into[key] is not JsonArray list)
            {
                into[key] = list = [];
            }
            list.Add(holder[key]?.DeepClone());
        };

    /// <summary>The fields of a message in their order: those with a length have content, the others a number.</summary>
    private static List<(int Field, byte[] Content, ulong Number)> Fields(ReadOnlySpan<byte> message)
    {
        var fields = new List<(int, byte[], ulong)>();
        while (message.Length > 0)
        {
            var tag = Varint(ref message);
            switch (tag & 7)
            {
                case 0:
                    fields.Add(((int)(tag >> 3), [], Varint(ref message)));
                    break;
                case 1 when message.Length >= 8:
                    fields.Add(((int)(tag >> 3), [], BinaryPrimitives.ReadUInt64LittleEndian(message)));
                    message = message[8..];
                    break;
                case 2 when Varint(ref message) is var length && length <= (ulong)message.Length:
                    fields.Add(((int)(tag >> 3), message[..(int)length].ToArray(), 0));
                    message = message[(int)length..];
                    break;
                default:
                    throw Refused("it is cut off or malformed");
            }
        }
        return fields;
    }

    private static ulong Varint(ref ReadOnlySpan<byte> message)
    {
        ulong value = 0;
        for (var shift = 0; shift < 64; shift += 7)
        {
            if (message.Length == 0)
            {
                throw Refused("it is cut off or malformed");
            }
            var next = message[0];
            message = message[1..];
            value |= (ulong)(next & 0x7f) << shift;
            if (next < 0x80)
            {
                return value;
            }
        }
        throw Refused("it is cut off or malformed");
    }

    private static WorldRefusal Refused(string problem) =>
        new(
            "UnsupportedMediaType",
            $"the body is application/vnd.kubernetes.protobuf, and {problem}: "
                + $"send JSON or YAML instead (kubectl create … --dry-run=client -o yaml | kubectl apply -f -)",
            415
        );

    /// <summary>Field number → name in JSON and how it is read.</summary>
    private sealed class Shape : Dictionary<int, (string Name, Reader Read)>
    {
        public Shape() { }

        public Shape(Shape known)
            : base(known) { }
    }
}
