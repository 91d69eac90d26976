using System.Text;
using System.Text.Json.Nodes;
using Podspace.Formats;

namespace Podspace.Simulation.Kubernetes;

/// <summary>Fields of a manifest as paths in the notation of fieldsV1 (<c>f:spec</c>,
/// <c>k:{"name":"x"}</c>, <c>v:"x"</c>), one element a line.</summary>
/// <remarks>A set of paths is a set of texts, so that ownership is plain set algebra. Source:
/// sigs.k8s.io/structured-merge-diff, fieldpath.</remarks>
internal static class FieldPaths
{
    private const char Separator = '\n';

    /// <summary>Every field that somebody may own, with its value. A keyed item stands for
    /// itself, without a value, beside its fields.</summary>
    /// <param name="unlike">Another state of the object: parts that are the same in both are left out.</param>
    public static Dictionary<string, JsonNode?> Leaves(JsonObject manifest, bool custom, JsonObject? unlike = null)
    {
        var leaves = new Dictionary<string, JsonNode?>(StringComparer.Ordinal);
        foreach (var (key, value) in manifest)
        {
            if (unlike is not null && JsonNode.DeepEquals(value, unlike[key]))
            {
                continue;
            }
            if (key is "metadata" && value is JsonObject metadata)
            {
                foreach (var (inner, node) in metadata.Where(entry => !IsServers(entry.Key)))
                {
                    Walk(node, $"f:metadata{Separator}f:{inner}", inner, custom: false, leaves);
                }
            }
            else if (key is not ("apiVersion" or "kind" or "metadata"))
            {
                Walk(value, $"f:{key}", key, custom, leaves);
            }
        }
        return leaves;
    }

    public static string Child(string path, string element) => path.Length == 0 ? element : $"{path}{Separator}{element}";

    public static string[] Elements(string path) => path.Split(Separator);

    /// <summary>The element that names an item of a keyed list.</summary>
    public static string KeyElement(JsonObject item, string[] keys)
    {
        var named = new JsonObject();
        foreach (var key in keys.Order(StringComparer.Ordinal))
        {
            named[key] = ListShape.KeyValue(item, key)?.DeepClone();
        }
        return "k:" + named.ToLine();
    }

    public static string ValueElement(JsonNode? item) => "v:" + (item?.ToLine() ?? "null");

    /// <summary>As conflict messages write it: <c>.spec.containers[name="x"].image</c>.</summary>
    public static string Display(string path)
    {
        var text = new StringBuilder();
        foreach (var element in Elements(path))
        {
            text.Append(
                element[..2] switch
                {
                    "f:" => "." + element[2..],
                    "k:" => "["
                        + string.Join(',', ((JsonObject)JsonNode.Parse(element[2..])!).Select(key => $"{key.Key}={key.Value?.ToLine()}"))
                        + "]",
                    _ => $"[={element[2..]}]",
                }
            );
        }
        return text.ToString();
    }

    /// <summary>The nested form of a set of paths.</summary>
    public static JsonObject ToFieldsV1(IEnumerable<string> paths)
    {
        var root = new JsonObject();
        foreach (var path in paths.Order(StringComparer.Ordinal))
        {
            var node = root;
            var isNew = false;
            foreach (var element in Elements(path))
            {
                // A field that was a leaf so far and now gets children says by "." that it is itself owned, too.
                if (node.Count == 0 && !isNew && node != root)
                {
                    node["."] = new JsonObject();
                }
                isNew = !node.ContainsKey(element);
                if (node[element] is not JsonObject next)
                {
                    node[element] = next = [];
                }
                node = next;
            }
        }
        return root;
    }

    public static HashSet<string> FromFieldsV1(JsonObject? fields)
    {
        var paths = new HashSet<string>(StringComparer.Ordinal);
        Collect(fields ?? [], "", paths);
        return paths;
    }

    private static void Collect(JsonObject node, string path, HashSet<string> paths)
    {
        foreach (var (element, inner) in node)
        {
            if (element is ".")
            {
                paths.Add(path);
                continue;
            }
            var child = Child(path, element);
            if (inner is JsonObject { Count: > 0 } deeper)
            {
                Collect(deeper, child, paths);
            }
            else
            {
                paths.Add(child);
            }
        }
    }

    private static bool IsServers(string key) =>
        key
            is "name"
                or "namespace"
                or "uid"
                or "resourceVersion"
                or "generation"
                or "creationTimestamp"
                or "deletionTimestamp"
                or "managedFields"
                or "selfLink";

    private static void Walk(JsonNode? node, string path, string field, bool custom, Dictionary<string, JsonNode?> leaves)
    {
        switch (node)
        {
            case JsonObject { Count: > 0 } map when custom || !ListShape.IsAtomicMap(field):
                foreach (var (key, value) in map)
                {
                    Walk(value, Child(path, $"f:{key}"), key, custom, leaves);
                }
                break;
            case JsonArray list when !custom && ListShape.IsSet(field):
                foreach (var item in list)
                {
                    leaves[Child(path, ValueElement(item))] = null;
                }
                break;
            case JsonArray list when !custom && ListShape.Keys(field, list) is { Length: > 0 } keys:
                foreach (var item in list.OfType<JsonObject>())
                {
                    var child = Child(path, KeyElement(item, keys));
                    leaves[child] = null;
                    foreach (var (key, value) in item)
                    {
                        Walk(value, Child(child, $"f:{key}"), key, custom, leaves);
                    }
                }
                break;
            default:
                leaves[path] = node;
                break;
        }
    }
}
