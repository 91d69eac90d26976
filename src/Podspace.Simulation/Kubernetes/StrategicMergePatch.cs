using System.Text.Json.Nodes;

namespace Podspace.Simulation.Kubernetes;

/// <summary>Strategic merge patch: a merge patch in which lists with a key merge item by item,
/// with directives for deletion, replacement and order.</summary>
/// <remarks>Source: Kubernetes documentation, "Strategic Merge Patch" (contributors/devel/sig-api-machinery).</remarks>
internal static class StrategicMergePatch
{
    private const string Directive = "$patch";
    private const string RetainKeys = "$retainKeys";
    private const string Order = "$setElementOrder/";
    private const string DeleteValues = "$deleteFromPrimitiveList/";

    public static JsonObject Apply(JsonObject target, JsonObject patch)
    {
        if (patch.Text(Directive) is { } directive)
        {
            return directive is "replace" ? Without(patch, Directive) : [];
        }
        var result = target.Clone();
        Retain(result, patch);
        foreach (var (key, value) in patch)
        {
            if (key.StartsWith('$'))
            {
                continue;
            }
            if (value is null)
            {
                result.Remove(key);
                continue;
            }
            result[key] = Merge(result[key], value, key);
        }
        ApplyListDirectives(result, patch);
        return result;
    }

    private static JsonNode? Merge(JsonNode? target, JsonNode value, string field)
    {
        switch (target, value)
        {
            case (JsonObject map, JsonObject changes):
                return Apply(map, changes);
            case (_, JsonObject changes):
                return Apply([], changes);
            case (JsonArray list, JsonArray changes) when ListShape.IsSet(field):
                return new JsonArray([.. list.Concat(changes).DistinctBy(FieldPaths.ValueElement).Select(item => item?.DeepClone())]);
            case (_, JsonArray changes) when ListShape.PatchKey(field, Plain(changes, target)) is { } key:
                return MergeItems(target as JsonArray ?? [], changes, key);
            default:
                return value.DeepClone();
        }
    }

    private static JsonArray MergeItems(JsonArray list, JsonArray changes, string key)
    {
        if (changes.Any(change => change.Text(Directive) is "replace"))
        {
            return new([
                .. changes
                    .OfType<JsonObject>()
                    .Where(change => change.Text(Directive) is not "replace")
                    .Select(change => change.DeepClone()),
            ]);
        }
        var result = (JsonArray)list.DeepClone();
        foreach (var change in changes.OfType<JsonObject>())
        {
            var place = IndexOf(result, key, change[key]);
            if (change.Text(Directive) is "delete")
            {
                if (place >= 0)
                {
                    result.RemoveAt(place);
                }
            }
            else if (place >= 0)
            {
                result[place] = Apply((JsonObject)result[place]!, change);
            }
            else
            {
                result.Add((JsonNode)Apply([], change));
            }
        }
        return result;
    }

    /// <summary>Items that tell the list's shape: those of the patch that are no bare directive, else those that are there.</summary>
    private static JsonArray Plain(JsonArray changes, JsonNode? target)
    {
        var items = changes.OfType<JsonObject>().Where(change => change.Text(Directive) is not "replace").ToArray();
        return items.Length == 0 && target is JsonArray there ? there : new JsonArray([.. items.Select(item => item.DeepClone())]);
    }

    private static void Retain(JsonObject result, JsonObject patch)
    {
        if (patch[RetainKeys] is null)
        {
            return;
        }
        var kept = patch.Texts(RetainKeys).ToHashSet();
        foreach (var key in result.Select(entry => entry.Key).Where(key => !kept.Contains(key)).ToList())
        {
            result.Remove(key);
        }
    }

    private static void ApplyListDirectives(JsonObject result, JsonObject patch)
    {
        foreach (var (key, value) in patch)
        {
            if (
                key.StartsWith(DeleteValues, StringComparison.Ordinal)
                && value is JsonArray gone
                && result[key[DeleteValues.Length..]] is JsonArray values
            )
            {
                values.RemoveAll(item => gone.Any(candidate => JsonNode.DeepEquals(candidate, item)));
            }
            if (
                key.StartsWith(Order, StringComparison.Ordinal)
                && value is JsonArray order
                && result[key[Order.Length..]] is JsonArray list
            )
            {
                var field = key[Order.Length..];
                result[field] = Ordered(list, order, ListShape.PatchKey(field, list));
            }
        }
    }

    /// <summary>Items that the patch names come in its order; what only the server has keeps
    /// its place behind the item that it followed.</summary>
    private static JsonArray Ordered(JsonArray list, JsonArray order, string? key)
    {
        int Rank(JsonNode? item)
        {
            for (var place = 0; place < order.Count; place++)
            {
                var named = key is null ? order[place] : order[place].At(key);
                if (JsonNode.DeepEquals(named, key is null ? item : item.At(key)))
                {
                    return place;
                }
            }
            return -1;
        }

        var named = new Queue<JsonNode?>(list.Where(item => Rank(item) >= 0).OrderBy(Rank));
        return new([.. list.Select(item => (Rank(item) >= 0 ? named.Dequeue() : item)?.DeepClone())]);
    }

    private static int IndexOf(JsonArray list, string key, JsonNode? value)
    {
        for (var place = 0; place < list.Count; place++)
        {
            if (JsonNode.DeepEquals(list[place].At(key), value))
            {
                return place;
            }
        }
        return -1;
    }

    private static JsonObject Without(JsonObject patch, string key)
    {
        var result = patch.Clone();
        result.Remove(key);
        return result;
    }
}
