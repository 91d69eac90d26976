using System.Text.Json.Nodes;

namespace Podspace.Simulation.Kubernetes;

/// <summary>Server-side apply: what a manager says it wants is merged in, what it no longer
/// says goes, what others own is a conflict.</summary>
/// <remarks>Source: Kubernetes documentation, "Server-Side Apply"; sigs.k8s.io/structured-merge-diff, merge/update.go.</remarks>
internal static class ServerSideApply
{
    /// <summary>The object as it will be, with its managedFields.</summary>
    /// <param name="live">Null when there is none yet.</param>
    /// <param name="wanted">Just the fields that the manager wants to own.</param>
    /// <param name="force">Takes fields from others instead of refusing.</param>
    /// <exception cref="WorldRefusal">Conflict, 409, with a cause for each field that another manager owns with another value.</exception>
    public static JsonObject Apply(
        JsonObject? live,
        JsonObject wanted,
        string manager,
        bool force,
        DateTimeOffset now,
        string subresource = ""
    )
    {
        var custom = ManagedFields.IsCustom(wanted);
        var applied = wanted.Clone();
        applied.At("metadata").AsObjectOrEmpty().Remove("managedFields");
        var mine = FieldPaths.Leaves(applied, custom).Keys.ToHashSet(StringComparer.Ordinal);
        var owners = ManagedFields.Read(live);
        var last = owners.FirstOrDefault(owner => owner.Is(manager, "Apply", subresource));
        var others = owners.Where(owner => owner != last).ToList();

        var merged = live is null ? applied.Clone() : (JsonObject)Merge(live, applied, "", custom)!;
        var dropped = (last?.Fields ?? []).Where(path => !mine.Contains(path) && !others.Exists(other => Holds(other, path)));
        Prune(merged, dropped, custom);

        var (changed, removed) = ManagedFields.Differences(live, merged);
        if (!force)
        {
            RefuseConflicts(others, changed);
        }
        var settled = ManagedFields.Settle(others, changed, removed, manager, "Apply", subresource);
        var time = last is not null && last.Fields.SetEquals(mine) && changed.Count + removed.Count == 0 ? last.Time : Manifest.Time(now);
        settled.Add(new(manager, "Apply", merged.Api(), subresource, time, mine));
        ManagedFields.Write(merged, settled);
        return merged;
    }

    /// <summary>Whether the owner has the field, or one inside it: then an item of a list
    /// stays though another manager lets it go.</summary>
    private static bool Holds(ManagedFields.Owner owner, string path) =>
        owner.Fields.Contains(path) || owner.Fields.Any(field => field.StartsWith(path + "\n", StringComparison.Ordinal));

    private static void RefuseConflicts(List<ManagedFields.Owner> others, HashSet<string> changed)
    {
        var conflicts = others
            .Select(owner =>
                (
                    Owner: owner,
                    Fields: owner.Fields.Where(changed.Contains).Order(StringComparer.Ordinal).Select(FieldPaths.Display).ToList()
                )
            )
            .Where(conflict => conflict.Fields.Count > 0)
            .ToList();
        if (conflicts.Count == 0)
        {
            return;
        }
        var count = conflicts.Sum(conflict => conflict.Fields.Count);
        var text = string.Join(
            '\n',
            conflicts.Select(conflict =>
                conflict.Fields is [var only]
                    ? $"conflict with {Display(conflict.Owner)}: {only}"
                    : $"conflicts with {Display(conflict.Owner)}:\n- {string.Join("\n- ", conflict.Fields)}"
            )
        );
        throw new WorldRefusal("Conflict", $"Apply failed with {count} conflict{(count == 1 ? "" : "s")}: {text}", 409)
        {
            Causes =
            [
                .. from conflict in conflicts
                from field in conflict.Fields
                select new RefusalCause("FieldManagerConflict", $"conflict with {Display(conflict.Owner)}", field),
            ],
        };
    }

    // Source: k8s.io/apimachinery, util/managedfields/internal/conflict.go.
    private static string Display(ManagedFields.Owner owner)
    {
        var text = $"\"{owner.Manager}\"" + (owner.Subresource.Length > 0 ? $" with subresource \"{owner.Subresource}\"" : "");
        if (owner.Operation is not "Update")
        {
            return text;
        }
        return $"{text} using {owner.Api}" + (owner.Time.Length > 0 ? $" at {owner.Time}" : "");
    }

    private static JsonNode? Merge(JsonNode? live, JsonNode? wanted, string field, bool custom)
    {
        switch (live, wanted)
        {
            case (JsonObject from, JsonObject to) when custom || !ListShape.IsAtomicMap(field):
                return MergeMaps(from, to, custom);
            case (JsonArray from, JsonArray to) when !custom && ListShape.IsSet(field):
                return new JsonArray([.. from.Concat(to).DistinctBy(FieldPaths.ValueElement).Select(item => item?.DeepClone())]);
            case (JsonArray from, JsonArray to) when !custom && ListShape.Keys(field, to.Count > 0 ? to : from) is { Length: > 0 } keys:
                return MergeItems(from, to, keys);
            default:
                return wanted?.DeepClone();
        }
    }

    private static JsonObject MergeMaps(JsonObject live, JsonObject wanted, bool custom)
    {
        var merged = live.Clone();
        foreach (var (key, value) in wanted.Where(entry => entry.Value is not null))
        {
            merged[key] = Merge(live[key], value, key, custom && key is not "metadata");
        }
        return merged;
    }

    private static JsonArray MergeItems(JsonArray live, JsonArray wanted, string[] keys)
    {
        var asked = new Dictionary<string, JsonObject>(StringComparer.Ordinal);
        foreach (var item in wanted.OfType<JsonObject>())
        {
            if (!asked.TryAdd(FieldPaths.KeyElement(item, keys), item))
            {
                throw new WorldRefusal(
                    "Invalid",
                    $"duplicate entries for key [{FieldPaths.KeyElement(item, keys)[2..].Trim('{', '}')}]",
                    422
                );
            }
        }
        var merged = new JsonArray();
        foreach (var item in live.OfType<JsonObject>())
        {
            merged.Add(
                asked.Remove(FieldPaths.KeyElement(item, keys), out var change) ? MergeMaps(item, change, custom: false) : item.DeepClone()
            );
        }
        foreach (var item in wanted.OfType<JsonObject>().Where(item => asked.ContainsKey(FieldPaths.KeyElement(item, keys))))
        {
            merged.Add(item.DeepClone());
        }
        return merged;
    }

    /// <summary>Takes fields out, and the maps and lists that are empty for it.</summary>
    private static void Prune(JsonObject manifest, IEnumerable<string> dropped, bool custom)
    {
        foreach (var path in dropped.OrderDescending(StringComparer.Ordinal).ToList())
        {
            Remove(manifest, FieldPaths.Elements(path), "", custom);
        }
    }

    /// <summary>Whether the node has nothing left.</summary>
    private static bool Remove(JsonNode? node, ReadOnlySpan<string> path, string field, bool custom)
    {
        if (path.Length == 0)
        {
            return true;
        }
        switch (node)
        {
            case JsonObject map when path[0].StartsWith("f:", StringComparison.Ordinal):
                var key = path[0][2..];
                if (map.ContainsKey(key) && Remove(map[key], path[1..], key, custom))
                {
                    map.Remove(key);
                }
                return map.Count == 0;
            case JsonArray list:
                for (var place = list.Count - 1; place >= 0; place--)
                {
                    if (Names(path[0], list, place, field) && Remove(list[place], path[1..], field, custom))
                    {
                        list.RemoveAt(place);
                    }
                }
                return list.Count == 0;
            default:
                return false;
        }
    }

    private static bool Names(string element, JsonArray list, int place, string field) =>
        list[place] is JsonObject item && ListShape.Keys(field, list) is { Length: > 0 } keys
            ? FieldPaths.KeyElement(item, keys) == element
            : FieldPaths.ValueElement(list[place]) == element;

    private static JsonObject AsObjectOrEmpty(this JsonNode? node) => node as JsonObject ?? [];
}
