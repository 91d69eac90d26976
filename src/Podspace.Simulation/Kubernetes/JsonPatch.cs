using System.Globalization;
using System.Text.Json.Nodes;

namespace Podspace.Simulation.Kubernetes;

/// <summary>JSON patch, RFC 6902.</summary>
internal static class JsonPatch
{
    /// <exception cref="WorldRefusal">BadRequest, 400, when an operation is malformed;
    /// Invalid, 422, when it does not fit the object.</exception>
    public static JsonObject Apply(JsonObject target, JsonNode? patch)
    {
        if (patch is not JsonArray operations)
        {
            throw new WorldRefusal(
                "BadRequest",
                "a JSON patch is a list of operations such as [{\"op\":\"replace\",\"path\":\"/spec/x\",\"value\":1}]"
            );
        }
        JsonNode? result = target.Clone();
        foreach (var operation in operations)
        {
            result = Run(result, operation);
        }
        return result as JsonObject ?? throw new WorldRefusal("Invalid", "the patch left no object", 422);
    }

    private static JsonNode? Run(JsonNode? root, JsonNode? operation)
    {
        var path = Pointer(operation, "path");
        switch (operation.Text("op"))
        {
            case "add":
                return Add(root, path, operation.At("value")?.DeepClone());
            case "remove":
                return Remove(root, path, out _);
            case "replace":
                return Add(Remove(root, path, out _), path, operation.At("value")?.DeepClone());
            case "move":
                return Add(Remove(root, Pointer(operation, "from"), out var moved), path, moved?.DeepClone());
            case "copy":
                return Add(root, path, Find(root, Pointer(operation, "from"))?.DeepClone());
            case "test":
                return JsonNode.DeepEquals(Find(root, path), operation.At("value"))
                    ? root
                    : throw Refused($"testing value {operation.Text("path")} failed: test failed");
            default:
                throw new WorldRefusal("BadRequest", $"unexpected kind of operation in a JSON patch: \"{operation.Text("op")}\"");
        }
    }

    private static JsonNode? Add(JsonNode? root, string[] path, JsonNode? value)
    {
        if (path.Length == 0)
        {
            return value;
        }
        switch (Find(root, path[..^1]))
        {
            case JsonObject map:
                map[path[^1]] = value;
                break;
            case JsonArray list:
                list.Insert(path[^1] is "-" ? list.Count : Index(path[^1], list.Count), value);
                break;
            default:
                throw Refused($"add operation does not apply: doc is missing path: /{string.Join('/', path)}");
        }
        return root;
    }

    private static JsonNode? Remove(JsonNode? root, string[] path, out JsonNode? removed)
    {
        if (path.Length == 0)
        {
            removed = root;
            return null;
        }
        switch (Find(root, path[..^1]))
        {
            case JsonObject map when map.Remove(path[^1], out removed):
                return root;
            case JsonArray list when list.Count > 0:
                var place = Index(path[^1], list.Count - 1);
                removed = list[place];
                list.RemoveAt(place);
                return root;
            default:
                throw Refused($"remove operation does not apply: doc is missing path: /{string.Join('/', path)}");
        }
    }

    private static JsonNode? Find(JsonNode? root, string[] path)
    {
        var node = root;
        foreach (var step in path)
        {
            node = node switch
            {
                JsonObject map when map.ContainsKey(step) => map[step],
                JsonArray list when list.Count > 0 => list[Index(step, list.Count - 1)],
                _ => throw Refused($"the patch does not apply: doc is missing path: /{string.Join('/', path)}"),
            };
        }
        return node;
    }

    private static int Index(string step, int last) =>
        int.TryParse(step, NumberStyles.None, CultureInfo.InvariantCulture, out var index) && index <= last
            ? index
            : throw Refused($"the patch does not apply: \"{step}\" is no index of a list whose last is {last}");

    private static string[] Pointer(JsonNode? operation, string name)
    {
        var text = operation.Text(name) ?? throw new WorldRefusal("BadRequest", $"an operation of a JSON patch lacks \"{name}\"");
        return text.Length == 0
            ? []
            :
            [
                .. text[1..]
                    .Split('/')
                    .Select(step => step.Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal)),
            ];
    }

    private static WorldRefusal Refused(string message) =>
        new("Invalid", $"the server rejected our request due to an error in our request: {message}", 422);
}
