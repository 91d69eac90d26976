using System.Globalization;
using System.Text.Json.Nodes;
using Podspace.Model;
using Podspace.Naming;
using Podspace.Steps.Calls;

namespace Podspace.Applying;

/// <summary>Lease kube-system/podspace-NAME. The API server lets one of two writers through.</summary>
internal sealed class LeasePlace(ICluster cluster, string overlay, TimeProvider time) : ILockPlace
{
    private readonly ObjectKey key = ObjectKey.Lease(overlay);

    public async Task<(LockNote? Note, Refusal? Refusal)> ReadAsync(CancellationToken cancel)
    {
        var (lease, refusal) = await cluster.GetAsync(key, cancel);
        return (lease is null ? null : Note(lease), refusal);
    }

    public Task<Outcome> WriteAsync(LockNote? over, string holder, CancellationToken cancel)
    {
        var now = time.GetUtcNow().UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.ffffffZ", CultureInfo.InvariantCulture);
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
                // A pause is not renewed: it lasts until somebody ends it.
                ["leaseDurationSeconds"] = (int)
                    (holder.StartsWith(RunLock.PausedBy, StringComparison.Ordinal) ? RunLock.Pause : RunLock.Duration).TotalSeconds,
                ["acquireTime"] = over?.Holder == holder ? over.Since ?? now : now,
                ["renewTime"] = now,
            },
        };
        if (over is null)
        {
            return cluster.CallAsync(new ClusterCall.Create(key, manifest.ToJsonString()), cancel);
        }
        metadata["resourceVersion"] = over.Version;
        return cluster.CallAsync(new ClusterCall.Replace(key, manifest.ToJsonString()), cancel);
    }

    public async Task<Refusal?> DropAsync(string? version, CancellationToken cancel) =>
        (await cluster.CallAsync(new ClusterCall.Delete(key, version), cancel)).Refusal;

    private static LockNote Note(JsonObject lease)
    {
        var spec = lease["spec"];
        return new(
            spec?["holderIdentity"]?.ToString() ?? "",
            DateTimeOffset.TryParse(spec?["renewTime"]?.ToString(), CultureInfo.InvariantCulture, out var renewed) ? renewed : null,
            TimeSpan.FromSeconds(spec?["leaseDurationSeconds"]?.GetValue<int>() ?? 0),
            lease["metadata"]!["resourceVersion"]!.ToString()
        )
        {
            Since = spec?["acquireTime"]?.ToString(),
        };
    }
}
