using System.Text.Json.Nodes;

namespace Podspace.Simulation.Kubernetes;

/// <summary>Who owns which fields: reads and writes metadata.managedFields.</summary>
internal static class ManagedFields
{
    /// <param name="Operation"><c>Apply</c> or <c>Update</c>.</param>
    public sealed record Owner(string Manager, string Operation, string Api, string Subresource, string Time, HashSet<string> Fields)
    {
        public bool Is(string manager, string operation, string subresource) =>
            Manager == manager && Operation == operation && Subresource == subresource;
    }

    /// <summary>Notes a create, update or patch: who writes owns what is different, and nobody else owns it any longer.</summary>
    /// <param name="next">The object as it will be kept; gets the new managedFields. Its own, when it
    /// brings some, stand for those of <paramref name="live"/>.</param>
    public static void AfterWrite(JsonObject? live, JsonObject next, string manager, DateTimeOffset now, string subresource = "")
    {
        var own = next.At("metadata", "managedFields");
        var known = live.At("metadata", "managedFields");
        if (own is null && known is not null)
        {
            next.Put(own = known.DeepClone(), "metadata", "managedFields");
        }
        if (own is null && Managers.IsSilent(manager))
        {
            return;
        }
        var (changed, removed) = Differences(live, next);
        if (changed.Count + removed.Count == 0 && JsonNode.DeepEquals(own, known))
        {
            return;
        }
        var owners = Settle(Read(next), changed, removed, manager, "Update", subresource);
        if (!Managers.IsSilent(manager) && changed.Count + removed.Count > 0)
        {
            Claim(owners, changed, removed, new(manager, "Update", next.Api(), subresource, Manifest.Time(now), []));
        }
        Write(next, owners);
    }

    /// <summary>What is new or has another value, and what is gone.</summary>
    public static (HashSet<string> Changed, HashSet<string> Removed) Differences(JsonObject? live, JsonObject next)
    {
        var custom = IsCustom(next);
        var before = live is null ? [] : FieldPaths.Leaves(live, custom, next);
        var after = FieldPaths.Leaves(next, custom, live);
        return (
            [
                .. after
                    .Where(leaf => !before.TryGetValue(leaf.Key, out var old) || !JsonNode.DeepEquals(old, leaf.Value))
                    .Select(leaf => leaf.Key),
            ],
            [.. before.Keys.Where(path => !after.ContainsKey(path))]
        );
    }

    public static bool IsCustom(JsonObject manifest) => KindTable.OfKind(manifest.Api(), manifest.Kind()) is not { IsCustom: false };

    /// <summary>Takes what changed from everybody but the one who writes.</summary>
    public static List<Owner> Settle(
        List<Owner> owners,
        HashSet<string> changed,
        HashSet<string> removed,
        string manager,
        string operation,
        string subresource
    ) =>
        [
            .. owners.Select(owner =>
                owner.Is(manager, operation, subresource)
                    ? owner
                    : owner with
                    {
                        Fields = [.. owner.Fields.Where(path => !changed.Contains(path) && !removed.Contains(path))],
                    }
            ),
        ];

    public static List<Owner> Read(JsonObject? manifest) =>
        [
            .. manifest
                .Items("metadata", "managedFields")
                .Where(entry => entry.Count > 0)
                .Select(entry => new Owner(
                    entry.Text("manager") ?? "",
                    entry.Text("operation") ?? "Update",
                    entry.Text("apiVersion") ?? "",
                    entry.Text("subresource") ?? "",
                    entry.Text("time") ?? "",
                    FieldPaths.FromFieldsV1(entry["fieldsV1"] as JsonObject)
                )),
        ];

    public static void Write(JsonObject manifest, List<Owner> owners)
    {
        var entries = new JsonArray();
        foreach (
            var owner in owners
                .Where(owner => owner.Fields.Count > 0)
                .OrderBy(owner => owner.Operation, StringComparer.Ordinal)
                .ThenBy(owner => owner.Time, StringComparer.Ordinal)
                .ThenBy(owner => owner.Manager, StringComparer.Ordinal)
        )
        {
            entries.Add((JsonNode)Entry(owner));
        }
        var metadata = (JsonObject)manifest["metadata"]!;
        metadata.Remove("managedFields");
        if (entries.Count > 0)
        {
            metadata["managedFields"] = entries;
        }
    }

    private static JsonObject Entry(Owner owner)
    {
        var entry = new JsonObject
        {
            ["apiVersion"] = owner.Api,
            ["fieldsType"] = "FieldsV1",
            ["fieldsV1"] = FieldPaths.ToFieldsV1(owner.Fields),
            ["manager"] = owner.Manager,
            ["operation"] = owner.Operation,
        };
        if (owner.Subresource.Length > 0)
        {
            entry["subresource"] = owner.Subresource;
        }
        if (owner.Time.Length > 0)
        {
            entry["time"] = owner.Time;
        }
        return entry;
    }

    private static void Claim(List<Owner> owners, HashSet<string> changed, HashSet<string> removed, Owner mine)
    {
        var known = owners.FirstOrDefault(owner => owner.Is(mine.Manager, mine.Operation, mine.Subresource));
        var fields = (known?.Fields ?? []).Union(changed).Except(removed).ToHashSet(StringComparer.Ordinal);
        owners.RemoveAll(owner => owner == known);
        owners.Add(mine with { Fields = fields });
    }
}
