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

    /// <summary>Two clocks are never further apart: AWS refuses requests five minutes off. Source: IAM User Guide, "AWS Signature Version 4 for API requests".</summary>
    private static readonly TimeSpan ClocksApart = TimeSpan.FromMinutes(10);

    private readonly ObjectKey key = ObjectKey.Lease(overlay);
    private DateTimeOffset renewed;
    private string? version;
    private Refusal? lost;
    private bool isHeld;

    /// <returns>Null when the lock is ours; else who holds it.</returns>
    public async Task<Refusal?> AcquireAsync(CancellationToken cancel)
    {
        var patience = time.GetUtcNow() + (Duration * 1.5);
        (string? Mark, DateTimeOffset Since) seen = (null, default);
        while (true)
        {
            var (lease, refusal) = await cluster.GetAsync(key, cancel);
            if (refusal is not null)
            {
                return refusal;
            }
            var other = HolderOf(lease);
            if (MarkOf(lease) is var mark && mark != seen.Mark)
            {
                seen = (mark, time.GetUtcNow());
            }
            if (other.Length == 0 || other == holder || IsOver(lease!, seen.Since))
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

    /// <summary>Renews it when it is time to.</summary>
    /// <returns>Null while the lock is ours; else that it is lost, and nothing more may be changed: what this run knows may be over.</returns>
    public async Task<Refusal?> BeatAsync(CancellationToken cancel)
    {
        var last = renewed;
        if (!isHeld || time.GetUtcNow() - last < RenewAfter)
        {
            return lost;
        }
        var (lease, refusal) = await cluster.GetAsync(key, cancel);
        if (refusal is not null)
        {
            return time.GetUtcNow() - last < Duration ? null : Lost($"the Lease could not be renewed for {Duration.TotalSeconds:0} s ({refusal})");
        }
        if (HolderOf(lease) != holder)
        {
            return Lost($"this run stood still for longer than {Duration.TotalSeconds:0} s, and {(lease is null ? "another one came and went" : $"{HolderOf(lease)} took its place")}");
        }
        await TakeAsync(lease, cancel);
        return null;
    }

    /// <summary>Removes the Lease of a run that was killed, once it has expired; waits for a run that is alive.</summary>
    /// <returns>Null when there is none any more; else why it is still there.</returns>
    public async Task<Refusal?> ClearAsync(CancellationToken cancel)
    {
        var (lease, refusal) = await cluster.GetAsync(key, cancel);
        if (lease is null)
        {
            // Who may not even read Leases has left none behind.
            return refusal is { Kind: RefusalKind.Denied } ? null : refusal;
        }
        return await AcquireAsync(cancel) ?? await ReleaseAsync(cancel);
    }

    /// <summary>The Lease is deleted: nothing of a run stays behind it.</summary>
    /// <returns>Null when it is not ours any more; else why it is still there.</returns>
    public async Task<Refusal?> ReleaseAsync(CancellationToken cancel)
    {
        if (!isHeld)
        {
            return null;
        }
        isHeld = false;
        var refusal = await DeleteAsync(version, cancel);
        if (refusal is not { Kind: RefusalKind.Conflict })
        {
            return refusal;
        }
        // Somebody else's by now: then it stays. Or we renewed it, and the answer with its version was lost.
        var (lease, unseen) = await cluster.GetAsync(key, cancel);
        return unseen ?? (HolderOf(lease) == holder ? await DeleteAsync(lease!["metadata"]!["resourceVersion"]!.ToString(), cancel) : null);
    }

    private async Task<Refusal?> DeleteAsync(string? seen, CancellationToken cancel) =>
        (await cluster.CallAsync(new ClusterCall.Delete(key, seen), cancel)).Refusal;

    private Refusal Lost(string why)
    {
        isHeld = false;
        return lost = new(RefusalKind.Conflict, "LockLost", $"{why}. To go on from what is there now, run the same command again.");
    }

    private async Task<Outcome> TakeAsync(JsonObject? lease, CancellationToken cancel)
    {
        var outcome = await WriteAsync(lease, cancel);
        version = outcome.Refusal is null ? outcome.Id : version;
        return outcome;
    }

    private Task<Outcome> WriteAsync(JsonObject? lease, CancellationToken cancel)
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

    private static string MarkOf(JsonObject? lease) => $"{HolderOf(lease)} {lease?["spec"]?["renewTime"]}";

    /// <summary>Reports whether its holder has stood still for the Lease's length by our own clock, for the holder's may be another.</summary>
    private bool IsOver(JsonObject lease, DateTimeOffset unchangedSince)
    {
        var (now, length) = (time.GetUtcNow(), TimeSpan.FromSeconds(lease["spec"]?["leaseDurationSeconds"]?.GetValue<int>() ?? 0));
        return now - unchangedSince >= length
            || !DateTimeOffset.TryParse(lease["spec"]?["renewTime"]?.ToString(), CultureInfo.InvariantCulture, out var renewed)
            || now - renewed > length + ClocksApart;
    }
}
