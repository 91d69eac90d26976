using System.Text.Json.Nodes;

namespace Podspace.Simulation.Kubernetes;

/// <summary>What a request is about.</summary>
/// <param name="Namespace">Null for cluster-scoped kinds and for all namespaces.</param>
/// <param name="Name">Null for a collection.</param>
/// <param name="Subresource">Empty for the object itself.</param>
public sealed record Target(KindEntry Kind, string? Namespace, string? Name, string Subresource = "");

/// <param name="Manager">Field manager.</param>
/// <param name="DryRun">Everything is done but kept.</param>
/// <param name="Force">Server-side apply only: takes fields from others.</param>
public sealed record WriteOptions(string Manager, bool DryRun = false, bool Force = false);

public enum PatchKind
{
    Merge,
    StrategicMerge,
    Json,
    Apply,
}

/// <summary>The verbs as clients send them: defaults, validation, the wall between an object and its
/// status, dry runs. Called inside <see cref="World.Do{T}"/>.</summary>
public sealed class ApiServer(World world)
{
    private ObjectStore Objects => world.Objects;

    /// <exception cref="WorldRefusal">NotFound, 404.</exception>
    public JsonObject Get(Target target)
    {
        var live = Live(target);
        return target.Subresource is "scale" ? Scale(live) : live;
    }

    public JsonObject Create(Target target, JsonObject body, WriteOptions options)
    {
        var created = Placed(target, body);
        Prepare(target, created);
        return Run(options, () => Objects.Create(target.Kind.Api, target.Kind.Plural, created, options.Manager));
    }

    /// <summary>Replaces the object, or its status, by a whole one.</summary>
    public JsonObject Replace(Target target, JsonObject body, WriteOptions options)
    {
        var live = Live(target);
        if (target.Subresource is "scale")
        {
            return Rescale(target, live, body, options);
        }
        return Write(target, live, Placed(target, body), options);
    }

    /// <returns>The object, and whether an apply created it.</returns>
    public (JsonObject Object, bool Created) Patch(Target target, PatchKind kind, JsonNode? body, WriteOptions options)
    {
        if (kind is PatchKind.Apply)
        {
            return Apply(target, body, options);
        }
        var live = Live(target);
        if (target.Subresource is "scale")
        {
            return (Rescale(target, live, Patched(target, Scale(live), kind, body), options), false);
        }
        return (Write(target, live, Placed(target, Patched(target, Shown(target, live), kind, body)), options), false);
    }

    /// <summary>Deletes one object with what its deletion brings: a namespace takes its contents along, orphans lose their owner.</summary>
    /// <param name="deletion">The DeleteOptions, or null.</param>
    /// <returns>The object as it was.</returns>
    public JsonObject Delete(Target target, JsonNode? deletion, WriteOptions options)
    {
        var live = Live(target);
        CheckPreconditions(live, target, deletion);
        return Run(
            options,
            () =>
            {
                if (deletion.Text("propagationPolicy") is "Orphan" || deletion.Is("orphanDependents"))
                {
                    Orphan(live);
                }
                if (live.Kind() is "Namespace")
                {
                    Empty(live.Name());
                }
                Objects.Delete(target.Kind.Api, target.Kind.Plural, live.Namespace(), live.Name());
                return live;
            }
        );
    }

    private (JsonObject Object, bool Created) Apply(Target target, JsonNode? body, WriteOptions options)
    {
        if (options.Manager.Length == 0)
        {
            throw new WorldRefusal(
                "Invalid",
                "PatchOptions.meta.k8s.io \"\" is invalid: fieldManager: Required value: is required for apply patch",
                422
            );
        }
        var wanted = Placed(
            target,
            body as JsonObject ?? throw new WorldRefusal("BadRequest", "an apply patch is a manifest with apiVersion and kind")
        );
        if (wanted.At("metadata", "managedFields") is JsonArray { Count: > 0 })
        {
            throw new WorldRefusal("BadRequest", "metadata.managedFields must be nil");
        }
        if (wanted.Text("apiVersion") is null || wanted.Text("kind") is null)
        {
            throw new WorldRefusal("BadRequest", "an apply patch needs apiVersion and kind");
        }
        Separate(target, null, wanted);
        var live = Objects.Find(target.Kind.Api, target.Kind.Plural, target.Namespace, target.Name!);
        var applied = Run(
            options,
            () =>
            {
                var merged = Objects.Merged(
                    target.Kind.Api,
                    target.Kind.Plural,
                    wanted,
                    options.Manager,
                    options.Force,
                    target.Subresource
                );
                CheckNamespace(target);
                if (live is null)
                {
                    ApiRules.Default(merged);
                }
                ApiRules.Validate(live, merged);
                return Objects.KeepMerged(target.Kind.Api, target.Kind.Plural, merged, options.Manager);
            }
        );
        return (applied, live is null);
    }

    private JsonObject Write(Target target, JsonObject live, JsonObject next, WriteOptions options)
    {
        Separate(target, live, next);
        if (target.Subresource.Length == 0)
        {
            ApiRules.Validate(live, next);
        }
        return Run(options, () => Objects.Update(target.Kind.Api, target.Kind.Plural, next, options.Manager, target.Subresource));
    }

    private void Prepare(Target target, JsonObject created)
    {
        CheckNamespace(target);
        // Kubelets register with a status; everything else starts without one.
        if (target.Kind.HasStatus && created.Kind() is not "Node")
        {
            created.Remove("status");
        }
        if (created.Kind() is "Pod")
        {
            created.Put("Pending", "status", "phase");
        }
        foreach (var key in (string[])["uid", "resourceVersion", "generation", "creationTimestamp", "deletionTimestamp"])
        {
            (created["metadata"] as JsonObject)?.Remove(key);
        }
        ApiRules.Default(created);
        if (created.At("metadata", "name") is not null || created.At("metadata", "generateName") is null)
        {
            ApiRules.Validate(null, created);
        }
    }

    private void CheckNamespace(Target target)
    {
        if (target.Namespace is { } ns && Objects.List("v1", "namespaces").Any() && Objects.Find("v1", "namespaces", null, ns) is null)
        {
            throw ObjectStore.NotFound("v1", "namespaces", ns);
        }
    }

    private JsonObject Live(Target target) =>
        Objects.Find(target.Kind.Api, target.Kind.Plural, target.Namespace, target.Name!)
        ?? throw ObjectStore.NotFound(target.Kind.Api, target.Kind.Plural, target.Name!);

    /// <summary>The body, in the place that the path names. What it says itself must agree.</summary>
    private static JsonObject Placed(Target target, JsonObject body)
    {
        var kind = target.Kind;
        if (body.Text("apiVersion") is { } api && api != kind.Api)
        {
            throw new WorldRefusal(
                "BadRequest",
                $"the API version in the data ({api}) does not match the expected API version ({kind.Api})"
            );
        }
        if (body.Text("kind") is { } said && said != kind.Kind)
        {
            throw new WorldRefusal(
                "BadRequest",
                $"{said} in version \"{kind.Version}\" cannot be handled as a {kind.Kind}: converting it is not possible"
            );
        }
        var placed = body.Clone();
        placed["apiVersion"] = kind.Api;
        placed["kind"] = kind.Kind;
        if (placed["metadata"] is not JsonObject metadata)
        {
            placed["metadata"] = metadata = [];
        }
        PlaceName(target, metadata);
        PlaceNamespace(target, metadata);
        return placed;
    }

    private static void PlaceName(Target target, JsonObject metadata)
    {
        if (target.Name is null)
        {
            return;
        }
        if (metadata.Text("name") is { } name && name != target.Name)
        {
            throw new WorldRefusal("BadRequest", $"the name of the object ({name}) does not match the name on the URL ({target.Name})");
        }
        metadata["name"] = target.Name;
    }

    private static void PlaceNamespace(Target target, JsonObject metadata)
    {
        if (!target.Kind.Namespaced)
        {
            metadata.Remove("namespace");
            return;
        }
        if (metadata.Text("namespace") is { } ns && ns != target.Namespace)
        {
            throw new WorldRefusal(
                "BadRequest",
                $"the namespace of the provided object ({ns}) does not match the namespace sent on the request ({target.Namespace})"
            );
        }
        metadata["namespace"] = target.Namespace;
    }

    /// <summary>A write to the object leaves status alone, one to its status leaves all else.</summary>
    private static void Separate(Target target, JsonObject? live, JsonObject next)
    {
        if (target.Subresource is "status")
        {
            foreach (
                var key in next.Select(entry => entry.Key)
                    .Where(key => key is not ("status" or "metadata" or "apiVersion" or "kind"))
                    .ToList()
            )
            {
                Restore(live, next, key);
            }
            foreach (var key in (live ?? []).Select(entry => entry.Key).Where(key => key is not ("status" or "metadata")).ToList())
            {
                Restore(live, next, key);
            }
        }
        else if (target.Kind.HasStatus)
        {
            Restore(live, next, "status");
        }
    }

    private static void Restore(JsonObject? live, JsonObject next, string key)
    {
        next.Remove(key);
        if (live?[key] is { } value)
        {
            next[key] = value.DeepClone();
        }
    }

    private static JsonObject Patched(Target target, JsonObject live, PatchKind kind, JsonNode? body)
    {
        if (kind is PatchKind.Json)
        {
            return JsonPatch.Apply(live, body);
        }
        var changes = body as JsonObject ?? throw new WorldRefusal("BadRequest", "the patch is no object");
        if (kind is PatchKind.Merge)
        {
            return (JsonObject)MergePatch.Apply(live, changes)!;
        }
        return target.Kind.IsCustom
            ? throw new WorldRefusal(
                "UnsupportedMediaType",
                "the body of the request was in an unknown format - accepted media types include: "
                    + "application/json-patch+json, application/merge-patch+json, application/apply-patch+yaml",
                415
            )
            : StrategicMergePatch.Apply(live, changes);
    }

    /// <summary>Under the version that was asked for.</summary>
    private static JsonObject Shown(Target target, JsonObject live)
    {
        var shown = live.Clone();
        shown["apiVersion"] = target.Kind.Api;
        return shown;
    }

    private static JsonObject Scale(JsonObject live) =>
        new()
        {
            ["apiVersion"] = "autoscaling/v1",
            ["kind"] = "Scale",
            ["metadata"] = new JsonObject
            {
                ["name"] = live.Name(),
                ["namespace"] = live.Namespace(),
                ["uid"] = live.Uid(),
                ["resourceVersion"] = live.Text("metadata", "resourceVersion"),
            },
            ["spec"] = new JsonObject { ["replicas"] = live.Number("spec", "replicas") ?? 1 },
            ["status"] = new JsonObject
            {
                ["replicas"] = live.Number("status", "replicas") ?? 0,
                ["selector"] = string.Join(',', live.Map("spec", "selector", "matchLabels").Select(label => $"{label.Key}={label.Value}")),
            },
        };

    private JsonObject Rescale(Target target, JsonObject live, JsonObject scale, WriteOptions options)
    {
        var next = live.Clone();
        next.Put(scale.Number("spec", "replicas") ?? 0, "spec", "replicas");
        if (scale.Text("metadata", "resourceVersion") is { } version)
        {
            next.Put(version, "metadata", "resourceVersion");
        }
        return Scale(Run(options, () => Objects.Update(target.Kind.Api, target.Kind.Plural, next, options.Manager, "scale")));
    }

    private static void CheckPreconditions(JsonObject live, Target target, JsonNode? deletion)
    {
        foreach (var key in (string[])["uid", "resourceVersion"])
        {
            if (deletion.Text("preconditions", key) is { } wanted && wanted != live.Text("metadata", key))
            {
                throw new WorldRefusal(
                    "Conflict",
                    $"Operation cannot be fulfilled on {target.Kind.Resource} \"{target.Name}\": Precondition failed: "
                        + $"{key} in precondition: {wanted}, {key} in object meta: {live.Text("metadata", key)}",
                    409
                );
            }
        }
    }

    private void Orphan(JsonObject owner)
    {
        foreach (
            var (plural, dependent) in Objects
                .Everything()
                .Where(kept => kept.Object.Items("metadata", "ownerReferences").Any(reference => reference.Text("uid") == owner.Uid()))
                .ToList()
        )
        {
            var freed = dependent.Clone();
            ((JsonArray)freed.At("metadata", "ownerReferences")!).RemoveAll(reference => reference.Text("uid") == owner.Uid());
            Objects.Update(dependent.Api(), plural, freed, Managers.Controllers);
        }
    }

    private void Empty(string ns)
    {
        foreach (var (plural, inside) in Objects.Everything().Where(kept => kept.Object.Namespace() == ns).ToList())
        {
            Objects.Delete(inside.Api(), plural, ns, inside.Name());
        }
    }

    private T Run<T>(WriteOptions options, Func<T> write) => options.DryRun ? Objects.Rehearse(write) : write();
}
