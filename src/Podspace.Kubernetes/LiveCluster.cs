using System.Diagnostics;
using System.Text.Json.Nodes;
using Podspace.Applying;
using Podspace.Model;
using Podspace.Steps.Calls;

namespace Podspace.Kubernetes;

/// <summary>A cluster, by its API server. The twin stands behind <see cref="ClusterConnection.Handler"/> or an address.</summary>
public sealed class LiveCluster : ICluster, IDisposable
{
    private readonly ClusterConnection connection;
    private readonly KubernetesApi api;
    private string? evictionApi;

    /// <summary>Asks nobody: what is wrong with the connection is the first call's to say.</summary>
    public LiveCluster(ClusterConnection connection)
    {
        this.connection = connection;
        api = new(connection);
    }

    public string Endpoint => connection.Server.Authority;

    public Task<ClusterInventory> ObserveAsync(string overlay, CancellationToken cancel) =>
        new ClusterObservation(api, overlay, cancel).LookAsync();

    public Task<(IReadOnlyList<JsonObject> Objects, IReadOnlyList<string> Unseen)> CopyAsync(string overlay, CancellationToken cancel) =>
        new ClusterCopy(api, overlay, cancel).CopyAsync();

    public Task<(IReadOnlyList<JsonObject> Objects, IReadOnlyList<string> Unseen)> ListAsync(
        EquatableArray<ObjectKind> kinds,
        CancellationToken cancel
    ) => new ClusterCopy(api, "", cancel).ListAsync(kinds);

    public async Task<(JsonObject? Object, Refusal? Refusal)> GetAsync(ObjectKey key, CancellationToken cancel)
    {
        try
        {
            return (await api.GetAsync(key, cancel), null);
        }
        catch (Refused refused)
        {
            return (null, refused.Refusal.Kind == RefusalKind.NotFound ? null : refused.Refusal);
        }
    }

    public async Task<Outcome> CallAsync(ClusterCall call, CancellationToken cancel)
    {
        try
        {
            return await MakeAsync(call, cancel);
        }
        catch (Refused refused)
        {
            return Outcome.Refused(refused.Refusal);
        }
    }

    public async Task<Outcome> RehearseAsync(ClusterCall call, CancellationToken cancel)
    {
        try
        {
            var answers = await Task.WhenAll(
                Right.Of(call).Select(async right => (Right: right, Status: (await api.SendAsync(right.Review(), cancel))["status"]))
            );
            return answers.FirstOrDefault(answer => (bool?)answer.Status?["allowed"] != true) is { Right: { } missing, Status: var status }
                ? Outcome.Refused(missing.Missing((string?)status?["reason"]))
                : Outcome.Done();
        }
        catch (Refused refused)
        {
            return Outcome.Refused(refused.Refusal);
        }
    }

    public void Dispose() => api.Dispose();

    private async Task<Outcome> MakeAsync(ClusterCall call, CancellationToken cancel) =>
        call switch
        {
            ClusterCall.Apply apply => await OnceAsync(
                new(
                    HttpMethod.Patch,
                    $"{ObjectPath.Of(apply.Key)}?fieldManager={KubernetesApi.FieldManager}&force={(apply.Force ? "true" : "false")}",
                    new Expected.One(apply.Key),
                    apply.Manifest,
                    "application/apply-patch+yaml"
                ),
                apply.Key,
                apply.Manifest,
                cancel
            ),
            ClusterCall.Create create => await OnceAsync(
                new(
                    HttpMethod.Post,
                    $"{ObjectPath.CollectionOf(create.Key)}?fieldManager={KubernetesApi.FieldManager}",
                    new Expected.One(create.Key),
                    create.Manifest
                ),
                create.Key,
                create.Manifest,
                cancel
            ),
            ClusterCall.Replace replace => await OnceAsync(
                new(
                    HttpMethod.Put,
                    $"{ObjectPath.Of(replace.Key)}?fieldManager={KubernetesApi.FieldManager}",
                    new Expected.One(replace.Key),
                    replace.Manifest
                ),
                replace.Key,
                replace.Manifest,
                cancel
            ),
            ClusterCall.Delete delete => await UnlessGoneAsync(
                new(HttpMethod.Delete, ObjectPath.Of(delete.Key), new Expected.Taken(delete.Key), Conditions(delete.Version)),
                cancel
            ),
            ClusterCall.Cordon cordon => await CordonAsync(cordon, cancel),
            ClusterCall.Evict evict => await EvictAsync(evict, cancel),
            _ => throw new UnreachableException($"{call.GetType().Name} has no request."),
        };

    private async Task<Outcome> SendAsync(ApiCall call, CancellationToken cancel)
    {
        var answer = await api.SendAsync(call, cancel);
        return Outcome.Done(Version(answer));
    }

    private static string? Version(JsonObject found) =>
        Expected.Text(found["metadata"], "resourceVersion") is { Length: > 0 } version ? version : null;

    private static string? Conditions(string? version) =>
        version is null
            ? null
            : new JsonObject
            {
                ["apiVersion"] = "v1",
                ["kind"] = "DeleteOptions",
                ["preconditions"] = new JsonObject { ["resourceVersion"] = version },
            }.ToJsonString();

    private async Task<Outcome> UnlessGoneAsync(ApiCall call, CancellationToken cancel)
    {
        try
        {
            await api.SendAsync(call, cancel);
            return Outcome.Done();
        }
        catch (Refused refused) when (refused.Refusal.Kind == RefusalKind.NotFound)
        {
            return Outcome.Done();
        }
    }

    /// <summary>A conflict after an attempt without an answer may be with ourselves: then the object is as the manifest says.</summary>
    private async Task<Outcome> OnceAsync(ApiCall call, ObjectKey key, string manifest, CancellationToken cancel)
    {
        try
        {
            return await SendAsync(call, cancel);
        }
        catch (Refused refused) when (refused.Refusal.Kind == RefusalKind.Conflict && call.WasLost)
        {
            var found = await api.GetAsync(key, cancel);
            return Manifests.Holds(found, JsonNode.Parse(manifest)) ? Outcome.Done(Version(found)) : Outcome.Refused(refused.Refusal);
        }
    }

    private Task<Outcome> CordonAsync(ClusterCall.Cordon call, CancellationToken cancel)
    {
        // Null takes the field away, which is what kubectl uncordon leaves.
        var body = new JsonObject
        {
            ["metadata"] = new JsonObject { ["annotations"] = new JsonObject { [call.Mark] = call.Value } },
            ["spec"] = new JsonObject { ["unschedulable"] = call.IsCordoned ? true : null },
        };
        var node = new ObjectKey("v1", "nodes", null, call.Node);
        var path = $"{ObjectPath.Of(node)}?fieldManager={KubernetesApi.FieldManager}";
        return SendAsync(new(HttpMethod.Patch, path, new Expected.One(node), body.ToJsonString(), "application/merge-patch+json"), cancel);
    }

    private async Task<Outcome> EvictAsync(ClusterCall.Evict call, CancellationToken cancel)
    {
        var body = new JsonObject
        {
            ["apiVersion"] = evictionApi ??= await FindEvictionApiAsync(cancel),
            ["kind"] = "Eviction",
            ["metadata"] = new JsonObject { ["name"] = call.Pod, ["namespace"] = call.Namespace },
        };
        var pod = new ObjectKey("v1", "pods", call.Namespace, call.Pod);
        var path = $"{ObjectPath.Of(pod)}/eviction";
        var request = new ApiCall(HttpMethod.Post, path, new Expected.Taken(pod), body.ToJsonString()) { IsEviction = true };
        return await UnlessGoneAsync(request, cancel);
    }

    // Eviction is served as policy/v1 from Kubernetes 1.22 on and as policy/v1beta1 before; the list of v1's resources says which.
    private async Task<string> FindEvictionApiAsync(CancellationToken cancel)
    {
        var resources = await api.SendAsync(new(HttpMethod.Get, "/api/v1", new Expected.Resources()), cancel);
        var eviction = resources["resources"]!.AsArray().FirstOrDefault(resource => Expected.Text(resource, "name") == "pods/eviction");
        return Expected.Text(eviction, "version") is { Length: > 0 } version ? $"policy/{version}" : "policy/v1";
    }
}
