using System.Globalization;
using System.Text.Json.Nodes;
using Podspace.Model;

namespace Podspace.Applying;

/// <summary>Lets one run through at a time: Lease kube-system/podspace-NAME, 30 s, renewed while the run goes on.</summary>
/// <remarks>A run that was killed holds it until it expires; the next run waits that long and no longer.</remarks>
public sealed class RunLock(ICluster cluster, string overlay, string holder, TimeProvider time)
{
    public static readonly TimeSpan Duration = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan RenewAfter = TimeSpan.FromSeconds(10);

    private readonly ObjectKey key = ObjectKey.Lease(overlay);
    private DateTimeOffset renewed;
    private bool isHeld;

    /// <returns>Null when the lock is ours; else who holds it.</returns>
    public async Task<Refusal?> AcquireAsync(CancellationToken cancel)
    {
        var patience = time.GetUtcNow() + (Duration * 1.5);
        while (true)
        {
            var (lease, refusal) = await cluster.GetAsync(key, cancel);
            if (refusal is not null)
            {
                return refusal;
            }
            var other = HolderOf(lease);
            if (other.Length == 0 || other == holder || ExpiryOf(lease!) <= time.GetUtcNow())
            {
                var outcome = await TakeAsync(lease, cancel);
                if (outcome.Refusal is not { Kind: RefusalKind.Conflict })
                {
                    isHeld = outcome.Refusal is null;
                    return outcome.Refusal;
                }
            }
            else if (time.GetUtcNow() > patience)
            {
                return new(RefusalKind.Conflict, "Held", $"{other} is changing overlay \"{overlay}\" right now and goes on renewing its Lease. Wait for it to end, then run this again.");
            }
            await Task.Delay(TimeSpan.FromSeconds(2), time, cancel);
        }
    }

    public async Task BeatAsync(CancellationToken cancel)
    {
        if (isHeld && time.GetUtcNow() - renewed >= RenewAfter)
        {
            var (lease, _) = await cluster.GetAsync(key, cancel);
            if (lease is not null && HolderOf(lease) == holder)
            {
                await TakeAsync(lease, cancel);
            }
        }
    }

    /// <summary>Removes the Lease of a run that was killed, once it has expired; waits for a run that is alive.</summary>
    public async Task ClearAsync(CancellationToken cancel)
    {
        var (lease, _) = await cluster.GetAsync(key, cancel);
        if (lease is not null && await AcquireAsync(cancel) is null)
        {
            await ReleaseAsync(cancel);
        }
    }

    /// <summary>The Lease is deleted: nothing of a run stays behind it.</summary>
    public async Task ReleaseAsync(CancellationToken cancel)
    {
        if (isHeld)
        {
            isHeld = false;
            await cluster.CallAsync(new ClusterCall.Delete(key), cancel);
        }
    }

    private Task<Outcome> TakeAsync(JsonObject? lease, CancellationToken cancel)
    {
        renewed = time.GetUtcNow();
        var now = renewed.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.ffffffZ", CultureInfo.InvariantCulture);
        var metadata = new JsonObject
        {
            ["name"] = key.Name,
            ["namespace"] = key.Namespace,
            ["labels"] = new JsonObject { [Tags.Overlay] = overlay },
        };
        var manifest = new JsonObject
        {
            ["apiVersion"] = key.Api,
            ["kind"] = "Lease",
            ["metadata"] = metadata,
            ["spec"] = new JsonObject
            {
                ["holderIdentity"] = holder,
                ["leaseDurationSeconds"] = (int)Duration.TotalSeconds,
                ["acquireTime"] = HolderOf(lease) == holder ? lease!["spec"]!["acquireTime"]?.DeepClone() ?? now : now,
                ["renewTime"] = now,
            },
        };
        if (lease is null)
        {
            return cluster.CallAsync(new ClusterCall.Create(key, manifest.ToJsonString()), cancel);
        }
        metadata["resourceVersion"] = lease["metadata"]!["resourceVersion"]!.ToString();
        return cluster.CallAsync(new ClusterCall.Replace(key, manifest.ToJsonString()), cancel);
    }

    private static string HolderOf(JsonObject? lease) => lease?["spec"]?["holderIdentity"]?.ToString() ?? "";

    private static DateTimeOffset ExpiryOf(JsonObject lease) =>
        DateTimeOffset.TryParse(lease["spec"]?["renewTime"]?.ToString(), CultureInfo.InvariantCulture, out var renewed)
            ? renewed + TimeSpan.FromSeconds(lease["spec"]?["leaseDurationSeconds"]?.GetValue<int>() ?? 0)
            : DateTimeOffset.MinValue;
}
