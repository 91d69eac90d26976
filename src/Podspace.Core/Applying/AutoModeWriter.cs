using System.Text.Json.Nodes;
using Podspace.Model;
using Podspace.Naming;
using Podspace.Spec;
using Podspace.Steps;

namespace Podspace.Applying;

/// <summary>Carries out what concerns Auto Mode's objects, and waits until each is as it was asked for.</summary>
internal sealed class AutoModeWriter(OverlaySpec spec, Inventory inventory, ICloud cloud, ICluster cluster, Waiter waiter)
{
    /// <summary>Entry and policy are two calls; cut between them, the next run finds the entry
    /// without its policy and makes both again.</summary>
    public async Task<Outcome> AdmitAsync(Change.CreateAccessEntry change, CancellationToken cancel)
    {
        var made = await cloud.CallAsync(new CloudCall.CreateAccessEntry(spec.Cluster!, change.Entry.PrincipalArn, change.Tags), cancel);
        return made.Refusal is null
            ? await cloud.CallAsync(
                new CloudCall.AssociateAccessPolicy(spec.Cluster!, change.Entry.PrincipalArn, AccessEntry.Policy),
                cancel
            )
            : made;
    }

    /// <summary>A class that selects nothing never gets ready, and its pools start no node.</summary>
    public async Task<Outcome> WriteAsync(NodeClass nodeClass, Func<Ref, string> id, CancellationToken cancel)
    {
        var outcome = await cluster.CallAsync(AutoModeManifest.Apply(spec, nodeClass, id), cancel);
        if (outcome.Refusal is not null)
        {
            return outcome;
        }
        var refusal = await waiter.UntilAsync(
            async () =>
            {
                var (seen, refused) = await cluster.GetAsync(ObjectKey.NodeClass(nodeClass.Name), cancel);
                return refused is not null ? new Progress.Failed(refused)
                    : IsReady(seen) ? new Progress.Reached()
                    : new Progress.Pending($"NodeClass {nodeClass.Name} is not Ready: kubectl describe nodeclass {nodeClass.Name}");
            },
            $"NodeClass {nodeClass.Name}",
            cancel
        );
        return refusal is null ? outcome : Outcome.Refused(refusal);
    }

    public Task<Outcome> WriteAsync(NodePool pool, CancellationToken cancel) =>
        cluster.CallAsync(AutoModeManifest.Apply(spec, pool), cancel);

    /// <summary>Its NodeClaims go with it, and with each its node, as far as disruption budgets allow.</summary>
    public async Task<Outcome> DeletePoolAsync(string name, CancellationToken cancel)
    {
        var outcome = await DeleteAsync(ObjectKey.NodePool(name), cancel);
        foreach (var claim in inventory.Cluster!.NodeClaims.Where(claim => outcome.Refusal is null && claim.NodePool == name))
        {
            outcome = await GoneAsync(ObjectKey.NodeClaim(claim.Name), cancel);
        }
        return outcome;
    }

    public async Task<Outcome> DeleteAsync(ObjectKey key, CancellationToken cancel)
    {
        var outcome = await cluster.CallAsync(new ClusterCall.Delete(key), cancel);
        return outcome.Refusal is null ? await GoneAsync(key, cancel) : outcome;
    }

    private async Task<Outcome> GoneAsync(ObjectKey key, CancellationToken cancel) =>
        await GoneAsync(cluster, waiter, key, cancel) is { } refusal ? Outcome.Refused(refusal) : Outcome.Done();

    /// <summary>Waits until an object that finalizers may hold is gone.</summary>
    public static Task<Refusal?> GoneAsync(ICluster cluster, Waiter waiter, ObjectKey key, CancellationToken cancel) =>
        waiter.UntilAsync(
            async () =>
            {
                var (seen, refused) = await cluster.GetAsync(key, cancel);
                return refused is not null ? new Progress.Failed(refused)
                    : seen is null ? new Progress.Reached()
                    : new Progress.Pending("being deleted");
            },
            key.ToString(),
            cancel
        );

    private static bool IsReady(JsonObject? seen) =>
        (seen?["status"]?["conditions"] as JsonArray ?? []).Any(condition =>
            condition?["type"]?.ToString() == "Ready" && condition["status"]?.ToString() == "True"
        );
}
