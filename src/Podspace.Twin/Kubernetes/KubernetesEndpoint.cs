using System.Text.Json.Nodes;
using Podspace.Simulation;
using Podspace.Simulation.Kubernetes;

namespace Podspace.Twin.Kubernetes;

/// <summary>One call that reached the endpoint. Discovery and versions are not among them.</summary>
/// <param name="Verb">As RBAC names it: <c>get</c>, <c>list</c>, <c>watch</c>, <c>create</c>,
/// <c>update</c>, <c>patch</c>, <c>delete</c>, <c>deletecollection</c>.</param>
/// <param name="Resource">With group and subresource: <c>daemonsets.apps</c>, <c>pods/eviction</c>.</param>
public sealed record KubernetesCall(string Verb, string Resource, string? Namespace, string? Name, bool IsWrite);

/// <summary>The Kubernetes API over the world, as far as kubectl and our own client need it.</summary>
public sealed class KubernetesEndpoint(World world) : IEndpoint
{
    private readonly ApiServer api = new(world);
    private readonly Watching watching = new(world);
    private readonly List<KubernetesCall> calls = [];

    /// <summary>A snapshot of what was asked so far, in its order.</summary>
    public IReadOnlyList<KubernetesCall> Calls
    {
        get
        {
            lock (calls)
            {
                return [.. calls];
            }
        }
    }

    public Task<TwinResponse> HandleAsync(TwinRequest request, CancellationToken cancel)
    {
        try
        {
            return Task.FromResult(Answer(new KubeRequest(request), cancel));
        }
        catch (WorldRefusal refusal)
        {
            return Task.FromResult(Answers.Json(refusal.Status, StatusObject.Of(refusal)));
        }
    }

    private TwinResponse Answer(KubeRequest request, CancellationToken cancel)
    {
        if (Discovery.Answer(request, world) is { } discovered)
        {
            return discovered;
        }
        if (request.Target is not { } target)
        {
            throw new WorldRefusal("NotFound", "the server could not find the requested resource", 404);
        }
        var verb = request.Verb;
        Note(target, verb);
        try
        {
            return Answer(request, target, verb, cancel);
        }
        catch (WorldRefusal refusal)
        {
            return Answers.Json(refusal.Status, StatusObject.Of(refusal, target));
        }
    }

    private TwinResponse Answer(KubeRequest request, Target target, string verb, CancellationToken cancel)
    {
        if (target.Kind.Plural is "selfsubjectaccessreviews")
        {
            return AccessReview(request);
        }
        if (target is { Kind.Namespaced: true, Namespace: null } && verb is not ("list" or "watch"))
        {
            throw NotAllowed();
        }
        if (Refused(target) is { } refusal)
        {
            throw refusal;
        }
        return verb switch
        {
            "watch" => watching.Start(request, target, cancel),
            "get" => world.Do(() => Reading.Shown(request, target, api.Get(target), 200, world)),
            "list" => world.Do(() => Reading.List(request, target, world)),
            "create" when target.Subresource is "eviction" => Evict(request, target),
            "create" when target.Name is null => world.Do(() =>
                Reading.Shown(request, target, api.Create(target, request.Manifest(), request.Options()), 201, world)
            ),
            "update" => world.Do(() =>
                Reading.Shown(request, target, api.Replace(target, request.Manifest(), request.Options()), 200, world)
            ),
            "patch" => Patch(request, target),
            "delete" => Delete(request, target),
            "deletecollection" => DeleteAll(request, target),
            _ => throw NotAllowed(),
        };
    }

    private static WorldRefusal NotAllowed() =>
        new("MethodNotAllowed", "the server does not allow this method on the requested resource", 405);

    /// <summary>What only a running kubelet could answer.</summary>
    private static WorldRefusal? Refused(Target target) =>
        (target.Kind.Plural, target.Subresource) switch
        {
            (_, "" or "status") => null,
            ("pods", "eviction") => null,
            ("deployments" or "replicasets" or "statefulsets", "scale") => null,
            ("namespaces", "finalize") => null,
            ("pods", "log" or "exec" or "attach" or "portforward" or "proxy") => new(
                "MethodNotAllowed",
                $"this cluster is simulated: its pods run no containers, so there is no {target.Subresource} of pod \"{target.Name}\"",
                405
            ),
            _ => new("NotFound", "the server could not find the requested resource", 404),
        };

    private TwinResponse Patch(KubeRequest request, Target target) =>
        world.Do(() =>
        {
            var (patched, created) = api.Patch(target, request.PatchKind(), request.Body(), request.Options());
            return Reading.Shown(request, target, patched, created ? 201 : 200, world);
        });

    private TwinResponse Delete(KubeRequest request, Target target) =>
        world.Do(() =>
        {
            var deletion = request.Deletion();
            var deleted = api.Delete(target, deletion, request.Options(deletion));
            return Answers.Json(200, StatusObject.Success(target, deleted));
        });

    private TwinResponse DeleteAll(KubeRequest request, Target target) =>
        world.Do(() =>
        {
            var deletion = request.Deletion();
            var gone = Reading.Selected(request, target, world).ToList();
            foreach (var item in gone)
            {
                api.Delete(target with { Namespace = item.Namespace(), Name = item.Name() }, deletion, request.Options(deletion));
            }
            return Answers.Json(200, Reading.ListObject(target.Kind, gone, world.Objects.Version));
        });

    private TwinResponse Evict(KubeRequest request, Target target)
    {
        var eviction = request.Body();
        return world.Do(() =>
        {
            var options = request.Options(eviction.At("deleteOptions"));
            Eviction.Evict(world, target.Namespace ?? "", target.Name!, options.DryRun);
            return Answers.Json(
                201,
                new JsonObject
                {
                    ["kind"] = "Status",
                    ["apiVersion"] = "v1",
                    ["metadata"] = new JsonObject(),
                    ["status"] = "Success",
                    ["code"] = 201,
                }
            );
        });
    }

    // Whoever asks may do everything here: this is a rehearsal, and who may what is the real cluster's to say.
    private static TwinResponse AccessReview(KubeRequest request)
    {
        var review = request.Manifest();
        review["status"] = new JsonObject { ["allowed"] = true };
        return Answers.Json(201, review);
    }

    private void Note(Target target, string verb)
    {
        var resource = target.Subresource.Length == 0 ? target.Kind.Resource : $"{target.Kind.Resource}/{target.Subresource}";
        // A question, whatever its method.
        var isWrite = verb is not ("get" or "list" or "watch") && target.Kind.Plural is not "selfsubjectaccessreviews";
        lock (calls)
        {
            calls.Add(new(verb, resource, target.Namespace, target.Name, isWrite));
        }
    }
}
