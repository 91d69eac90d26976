using System.Text.Json.Nodes;
using Podspace.Model;
using Podspace.Steps;

namespace Podspace.Applying;

/// <summary>Waits until each of Auto Mode's objects is as it was asked for.</summary>
internal sealed class AutoModeWriter(Inventory inventory, ICluster cluster, Waiter waiter)
{
    /// <summary>A class that selects nothing never gets ready, and its pools start no node.</summary>
    public async Task<Outcome> UntilReadyAsync(NodeClass nodeClass, Task<Outcome> written, CancellationToken cancel)
    {
        var outcome = await written;
        if (outcome.Refusal is not null)
        {
            return outcome;
        }
        var refusal = await waiter.UntilAsync(
            async () =>
            {
                var (seen, refused) = await cluster.GetAsync(ObjectKey.NodeClass(nodeClass.Name), cancel);
                if (refused is not null)
                {
                    return new Progress.Failed(refused);
                }
                return IsReady(seen)
                    ? new Progress.Reached()
                    : new Progress.Pending($"NodeClass {nodeClass.Name} is not Ready: kubectl describe nodeclass {nodeClass.Name}");
            },
            $"NodeClass {nodeClass.Name}",
            cancel
        );
        return refusal is null ? outcome : Outcome.Refused(refusal);
    }

    /// <summary>Its NodeClaims go with it, and with each its node, as far as disruption budgets allow.</summary>
    public async Task<Outcome> UntilGoneAsync(Change.DeleteNodePool change, Task<Outcome> deleted, CancellationToken cancel)
    {
        var outcome = await UntilGoneAsync(ObjectKey.NodePool(change.Pool), deleted, cancel);
        foreach (var claim in inventory.Cluster!.NodeClaims.Where(claim => outcome.Refusal is null && claim.NodePool == change.Pool))
        {
            outcome = await GoneAsync(ObjectKey.NodeClaim(claim.Name), cancel);
        }
        return outcome;
    }

    public async Task<Outcome> UntilGoneAsync(ObjectKey key, Task<Outcome> deleted, CancellationToken cancel)
    {
        var outcome = await deleted;
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
                if (refused is not null)
                {
                    return new Progress.Failed(refused);
                }
                return seen is null ? new Progress.Reached() : new Progress.Pending("being deleted");
            },
            key.ToString(),
            cancel
        );

    private static bool IsReady(JsonObject? seen) =>
        (seen?["status"]?["conditions"] as JsonArray ?? []).Any(condition =>
            condition?["type"]?.ToString() == "Ready" && condition["status"]?.ToString() == "True"
        );
}
