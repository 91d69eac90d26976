using System.Globalization;
using System.Text.Json.Nodes;

namespace Podspace.Simulation.Kubernetes;

/// <summary>The API server's objects: resource versions, watches, field managers.</summary>
/// <remarks>
/// <see cref="State.WorldState.Kubernetes"/> is the record and is kept in step, sorted; here
/// it is indexed. Objects handed out are the kept ones and
/// never change once they are kept: clone one, change the clone and give it to
/// <see cref="Update"/>. Operations are called inside <see cref="World.Do{T}"/>.
/// </remarks>
public sealed partial class ObjectStore
{
    private static readonly Comparer<(string Namespace, string Name)> ByName = Comparer<(string Namespace, string Name)>.Create(
        static (left, right) =>
            string.CompareOrdinal(left.Namespace, right.Namespace) is var order and not 0
                ? order
                : string.CompareOrdinal(left.Name, right.Name)
    );

    private readonly Dictionary<(string Api, string Plural), SortedDictionary<(string Namespace, string Name), JsonObject>> index = [];
    private readonly Dictionary<(string Api, string Plural), long> newest = [];
    private List<JsonObject> deleted = [];
    private bool isRehearsal;

    public ObjectStore(World world)
    {
        World = world;
        Load();
    }

    internal World World { get; }

    /// <summary>The newest resource version; grows with every change.</summary>
    public long Version { get; private set; }

    /// <summary>When an object of the kind changed last; 0 when none has since the world was loaded.</summary>
    internal long VersionOf(string api, string plural) => newest.GetValueOrDefault((api, plural));

    /// <summary>The object as it is; null when there is none. Never change it: clone it.</summary>
    public JsonObject? Find(string api, string plural, string? ns, string name) =>
        index.TryGetValue(Slot(api, plural), out var kept) ? kept.GetValueOrDefault((ns ?? "", name)) : null;

    /// <summary>Sorted by namespace and name. A snapshot: the store may be changed while it is walked.</summary>
    /// <param name="ns">Null: all namespaces.</param>
    public IEnumerable<JsonObject> List(string api, string plural, string? ns = null)
    {
        if (!index.TryGetValue(Slot(api, plural), out var kept))
        {
            return [];
        }
        return ns is null ? [.. kept.Values] : [.. kept.Where(entry => entry.Key.Namespace == ns).Select(entry => entry.Value)];
    }

    /// <summary>Keeps a new object under a uid, a creation time and a resource version of the server's choice.</summary>
    /// <param name="manager">Who writes: a field manager's name.</param>
    /// <exception cref="WorldRefusal">AlreadyExists, 409.</exception>
    public JsonObject Create(string api, string plural, JsonObject manifest, string manager)
    {
        var created = manifest.Clone();
        created["apiVersion"] = KindTable.StoredApi(api, plural);
        created["kind"] ??= KindTable.Find(api, plural)?.Kind;
        if (created["metadata"] is not JsonObject metadata)
        {
            created["metadata"] = metadata = [];
        }
        metadata.Remove("managedFields");
        ManagedFields.AfterWrite(null, created, manager, World.Clock.GetUtcNow());
        return CreateOwned(api, plural, created, manager);
    }

    /// <summary>Replaces an object, status and all. Nothing happens, and the resource version stays, when nothing is different.</summary>
    /// <param name="changed">A changed clone. A resource version in it must be the newest.</param>
    /// <exception cref="WorldRefusal">NotFound, 404; Conflict, 409, when the object has changed since it was read.</exception>
    /// <param name="subresource">Of which the write is, such as <c>status</c>: managers own fields of it apart.</param>
    public JsonObject Update(string api, string plural, JsonObject changed, string manager, string subresource = "") =>
        Write(
            api,
            plural,
            changed,
            manager,
            next =>
                ManagedFields.AfterWrite(
                    Find(api, plural, next.Namespace(), next.Name()),
                    next,
                    manager,
                    World.Clock.GetUtcNow(),
                    subresource
                )
        );

    /// <summary>Server-side apply: creates the object, or merges into it the fields that the manager
    /// wants, taking out those that it no longer names.</summary>
    /// <param name="wanted">Just the manager's fields, with name and namespace.</param>
    /// <param name="force">Takes fields that others own.</param>
    /// <exception cref="WorldRefusal">Conflict, 409, with a cause for each field that another manager owns with another value.</exception>
    public JsonObject Apply(string api, string plural, JsonObject wanted, string manager, bool force, string subresource = "")
    {
        return KeepMerged(api, plural, Merged(api, plural, wanted, manager, force, subresource), manager);
    }

    /// <summary>Deletes an object at once, or marks it when finalizers hold it. What it owns
    /// goes when the garbage collector runs.</summary>
    /// <param name="manager">Who deletes; for the history alone.</param>
    /// <exception cref="WorldRefusal">NotFound, 404.</exception>
    public void Delete(string api, string plural, string? ns, string name, string manager = "")
    {
        var live = Find(api, plural, ns, name) ?? throw NotFound(api, plural, name);
        if (live.Texts("metadata", "finalizers").Any())
        {
            if (live.Text("metadata", "deletionTimestamp") is null)
            {
                var marked = live.Clone();
                marked.Put(Manifest.Time(World.Clock.GetUtcNow()), "metadata", "deletionTimestamp");
                Write(api, plural, marked, "", ownership: null);
            }
            return;
        }
        Drop(plural, live);
        Note(manager, "delete", plural, live);
    }

    internal static WorldRefusal NotFound(string api, string plural, string name) =>
        new("NotFound", $"{Resource(api, plural)} \"{name}\" not found", 404);

    /// <summary>As messages name a resource: <c>daemonsets.apps</c>.</summary>
    internal static string Resource(string api, string plural) =>
        api.IndexOf('/', StringComparison.Ordinal) is var slash and >= 0 ? $"{plural}.{api[..slash]}" : plural;

    /// <summary>Every object of every kind, with its plural.</summary>
    internal IEnumerable<(string Plural, JsonObject Object)> Everything() =>
        index.SelectMany(kind => kind.Value.Values.Select(manifest => (kind.Key.Plural, manifest)));

    /// <summary>Keeps a status that a controller came to; nothing when it is the very object that is kept.</summary>
    internal void KeepStatus(JsonObject changed, JsonObject live)
    {
        if (!ReferenceEquals(changed, live))
        {
            Update(live.Api(), KindTable.PluralOf(live.Api(), live.Kind()), changed, Managers.Controllers, "status");
        }
    }

    /// <summary>What was deleted since this was asked last.</summary>
    internal List<JsonObject> TakeDeleted()
    {
        var taken = deleted;
        deleted = [];
        return taken;
    }

    /// <summary>Keeps a pod that follows from the world as it was loaded: no call made it, so none is recorded.</summary>
    internal void Derive(JsonObject pod)
    {
        var metadata = (JsonObject)pod["metadata"]!;
        metadata["uid"] = NewUid("v1", "pods", pod);
        metadata["creationTimestamp"] ??= Manifest.Time(World.Clock.GetUtcNow());
        Keep("pods", pod, null);
    }

    /// <summary>What an apply would make of the object; kept by <see cref="KeepMerged"/>
    /// after the server's defaults and validation.</summary>
    internal JsonObject Merged(string api, string plural, JsonObject wanted, string manager, bool force, string subresource)
    {
        var stored = wanted.Clone();
        stored["apiVersion"] = KindTable.StoredApi(api, plural);
        var live = Find(api, plural, wanted.Namespace(), wanted.Name());
        return ServerSideApply.Apply(live, stored, manager, force, World.Clock.GetUtcNow(), subresource);
    }

    internal JsonObject KeepMerged(string api, string plural, JsonObject merged, string manager) =>
        Find(api, plural, merged.Namespace(), merged.Name()) is null
            ? CreateOwned(api, plural, merged, manager)
            : Write(api, plural, merged, manager, ownership: null);

    /// <summary>Runs a write to its end without keeping anything.</summary>
    internal T Rehearse<T>(Func<T> write)
    {
        isRehearsal = true;
        try
        {
            return write();
        }
        finally
        {
            isRehearsal = false;
        }
    }

    private JsonObject CreateOwned(string api, string plural, JsonObject created, string manager)
    {
        NameFromPrefix(created, api, plural);
        if (Find(api, plural, created.Namespace(), created.Name()) is not null)
        {
            throw new WorldRefusal("AlreadyExists", $"{Resource(api, plural)} \"{created.Name()}\" already exists", 409);
        }
        var metadata = (JsonObject)created["metadata"]!;
        metadata["uid"] = NewUid(api, plural, created);
        metadata["creationTimestamp"] = Manifest.Time(World.Clock.GetUtcNow());
        metadata.Remove("deletionTimestamp");
        if (KindTable.Find(api, plural) is { HasGeneration: true })
        {
            metadata["generation"] = 1;
        }
        Keep(plural, created, null);
        Note(manager, "create", plural, created);
        return created;
    }

    private JsonObject Write(string api, string plural, JsonObject changed, string manager, Action<JsonObject>? ownership)
    {
        var live = Find(api, plural, changed.Namespace(), changed.Name()) ?? throw NotFound(api, plural, changed.Name());
        if (changed.Version() is var version and not 0 && version != live.Version())
        {
            throw new WorldRefusal(
                "Conflict",
                $"Operation cannot be fulfilled on {Resource(api, plural)} \"{changed.Name()}\": the object has been "
                    + $"modified; please apply your changes to the latest version and try again",
                409
            );
        }
        var next = changed.Clone();
        CarryOver(live, next);
        ownership?.Invoke(next);
        if (JsonNode.DeepEquals(live, next))
        {
            return live;
        }
        if (KindTable.Find(api, plural) is { HasGeneration: true } && SpecDiffers(live, next))
        {
            next.Put((live.Number("metadata", "generation") ?? 1) + 1, "metadata", "generation");
        }
        if (next.Text("metadata", "deletionTimestamp") is not null && !next.Texts("metadata", "finalizers").Any())
        {
            Drop(plural, live);
            Note(manager, "delete", plural, live);
            return next;
        }
        Keep(plural, next, live);
        Note(manager, "update", plural, next);
        return next;
    }

    private static (string Api, string Plural) Slot(string api, string plural) => (KindTable.StoredApi(api, plural), plural);

    /// <summary>What no client can change: identity, and counters that the server keeps.</summary>
    private static void CarryOver(JsonObject live, JsonObject next)
    {
        next["apiVersion"] = live.Api();
        next["kind"] = live.Kind();
        var from = (JsonObject)live["metadata"]!;
        var to = (JsonObject)next["metadata"]!;
        foreach (var key in (ReadOnlySpan<string>)["uid", "creationTimestamp", "generation", "resourceVersion"])
        {
            to.Remove(key);
            if (from[key] is { } value)
            {
                to[key] = value.DeepClone();
            }
        }
        if (to["deletionTimestamp"] is null && from["deletionTimestamp"] is { } deleted)
        {
            to["deletionTimestamp"] = deleted.DeepClone();
        }
    }

    private static bool SpecDiffers(JsonObject live, JsonObject next)
    {
        static bool Counts(string key) => key is not ("metadata" or "status" or "apiVersion" or "kind");
        return live.Select(entry => entry.Key)
            .Union(next.Select(entry => entry.Key))
            .Where(Counts)
            .Any(key => !JsonNode.DeepEquals(live[key], next[key]));
    }

    private void NameFromPrefix(JsonObject manifest, string api, string plural)
    {
        var metadata = (JsonObject)manifest["metadata"]!;
        if (metadata["name"] is null && metadata.Text("generateName") is { } prefix)
        {
            metadata["name"] = prefix + Suffix.Of(World.Hex("name", $"{api}/{plural}/{manifest.Namespace()}/{prefix}", 32));
        }
    }

    private string NewUid(string api, string plural, JsonObject manifest)
    {
        // Pods of DaemonSets are not in the file: a count of their ids there would change it whenever it is loaded.
        var hex =
            isRehearsal || IsDerived(manifest)
                ? Suffix.Hash($"{World.State.Seed}|{manifest.Namespace()}/{manifest.Name()}|{Version}")
                : World.Hex("uid", $"{KindTable.StoredApi(api, plural)}/{plural}/{manifest.Namespace()}/{manifest.Name()}", 32);
        return $"{hex[..8]}-{hex[8..12]}-{hex[12..16]}-{hex[16..20]}-{hex[20..32]}";
    }

    /// <summary>Pods of DaemonSets follow from the DaemonSet and the nodes, and are not kept in the file.</summary>
    public static bool IsDerived(JsonObject manifest) => manifest.Kind() is "Pod" && manifest.ControllerOf().Text("kind") is "DaemonSet";

    private void Keep(string plural, JsonObject next, JsonObject? before)
    {
        if (isRehearsal)
        {
            return;
        }
        Version++;
        next.Put(Version.ToString(CultureInfo.InvariantCulture), "metadata", "resourceVersion");
        Slots(next.Api(), plural)[(next.Namespace() ?? "", next.Name())] = next;
        var place = Place(next);
        if (before is null)
        {
            World.State.Kubernetes.Insert(~place, next);
        }
        else
        {
            World.State.Kubernetes[place] = next;
        }
        newest[(next.Api(), plural)] = Version;
        Log(new(Version, before is null ? ChangeKind.Added : ChangeKind.Modified, plural, next, before));
    }

    private void Drop(string plural, JsonObject live)
    {
        if (isRehearsal)
        {
            return;
        }
        Version++;
        deleted.Add(live);
        Slots(live.Api(), plural).Remove((live.Namespace() ?? "", live.Name()));
        World.State.Kubernetes.RemoveAt(Place(live));
        var last = live.Clone();
        last.Put(Version.ToString(CultureInfo.InvariantCulture), "metadata", "resourceVersion");
        newest[(live.Api(), plural)] = Version;
        Log(new(Version, ChangeKind.Deleted, plural, last, live));
    }

    private SortedDictionary<(string Namespace, string Name), JsonObject> Slots(string api, string plural)
    {
        if (!index.TryGetValue((api, plural), out var kept))
        {
            index[(api, plural)] = kept = new(ByName);
        }
        return kept;
    }

    private int Place(JsonObject manifest) => World.State.Kubernetes.BinarySearch(manifest, ManifestOrder.Instance);

    private void Note(string manager, string verb, string plural, JsonObject manifest)
    {
        if (isRehearsal)
        {
            return;
        }
        var by = manager is Managers.Controllers or Managers.Scheduler or Managers.Kubelet or Managers.Eks ? manager : "kubernetes";
        var target = manifest.Namespace() is { } ns ? $"{ns}/{manifest.Name()}" : manifest.Name();
        World.Record(by, $"{verb} {plural}", target);
    }
}
