using System.Text.Json.Nodes;
using Podspace.Design;
using Podspace.Model;
using Podspace.Planning;
using Podspace.Spec;

namespace Podspace.Applying;

/// <summary>Writes the add-on's values: first the record of what was there, then the values, then it waits until every node's aws-node has them.</summary>
internal sealed class AddonWriter(OverlaySpec spec, Inventory inventory, ICloud cloud, ICluster cluster, Patience patience)
{
    private const string Addon = "vpc-cni";

    private string written = inventory.Cluster?.Record?.WrittenValues ?? "";

    public async Task<Outcome> WriteAsync(Change.SetAddonValues change, Func<Ref, string> id, CancellationToken cancel)
    {
        // Written without having been read, the record would note our own values as those that were there before us.
        if (!inventory.Sees(Reading.Record))
        {
            return Outcome.Refused(new(RefusalKind.Denied, "Unseen", $"ConfigMap {ObjectKey.Record(spec.Name)} could not be read, and previous values would be lost. Allow {Needs.Of(Reading.Record).Right}, then run the same command again."));
        }
        var recorded = await RecordAsync(change.Document, id, cancel);
        if (recorded.Refusal is not null)
        {
            return recorded;
        }
        var name = spec.Cluster!;
        // Someone else's update, or our own of a run that was cut off, must end first: EKS takes one at a time.
        if (await patience.UntilAsync(cloud, new CloudState.AddonAtRest(name, Addon), cancel) is { } busy)
        {
            return Outcome.Refused(busy);
        }
        // Waiting may have taken long enough for another run to take our place.
        if (await patience.BeatAsync(cancel) is { } lost)
        {
            return Outcome.Refused(lost);
        }
        var values = change.Document.Compose(id);
        var token = $"podspace-{spec.Name}-{patience.Time.GetUtcNow().ToUnixTimeMilliseconds()}";
        var update = await cloud.CallAsync(new CloudCall.UpdateAddon(name, Addon, values, change.Conflicts, token), cancel);
        if (update.Refusal is not null)
        {
            return update;
        }
        var failed = await patience.UntilAsync(cloud, new CloudState.AddonUpdated(name, Addon, update.Id!), cancel);
        return failed is null ? await RolledOutAsync(update, cancel) : Outcome.Refused(failed);
    }

    /// <summary>The record is written before the values, so that a run cut off in between loses no previous value.</summary>
    private async Task<Outcome> RecordAsync(AddonDocument document, Func<Ref, string> id, CancellationToken cancel)
    {
        var place = ObjectKey.Record(spec.Name);
        var (seen, refusal) = await cluster.GetAsync(place, cancel);
        if (refusal is not null)
        {
            return Outcome.Refused(refusal);
        }
        if ((seen?["data"]?["written-values"]?.ToString() ?? "") != written)
        {
            return Outcome.Refused(new(RefusalKind.Conflict, "RecordChanged", $"{place} was written by another run since this one looked. To go on from what is there now, run the same command again."));
        }
        var ours = CniValues.Parse(written);
        foreach (var (key, value) in CniValues.Parse(document.Ours(id)))
        {
            if (value is JsonObject more && ours[key] is JsonObject present && key == "env")
            {
                foreach (var (setting, text) in more)
                {
                    present[setting] = text?.DeepClone();
                }
            }
            else
            {
                ours[key] = value?.DeepClone();
            }
        }
        written = ours.ToJsonString();
        var metadata = new JsonObject
        {
            ["name"] = place.Name,
            ["namespace"] = place.Namespace,
            ["labels"] = new JsonObject { [Tags.Overlay] = spec.Name },
        };
        if (seen is not null)
        {
            metadata["resourceVersion"] = seen["metadata"]!["resourceVersion"]!.ToString();
        }
        var manifest = new JsonObject
        {
            ["apiVersion"] = place.Api,
            ["kind"] = "ConfigMap",
            ["metadata"] = metadata,
            ["data"] = new JsonObject { ["addon-values"] = document.Original, ["written-values"] = written },
        };
        return await cluster.CallAsync(
            seen is null ? new ClusterCall.Create(place, manifest.ToJsonString()) : new ClusterCall.Apply(place, manifest.ToJsonString(), Force: true), cancel);
    }

    /// <summary>EKS calls an update successful when it has written the DaemonSet; nodes follow one by one.</summary>
    private async Task<Outcome> RolledOutAsync(Outcome update, CancellationToken cancel)
    {
        var refusal = await patience.UntilAsync(async () =>
        {
            var (daemonSet, refused) = await cluster.GetAsync(ObjectKey.AwsNode, cancel);
            return refused is not null ? new Progress.Failed(refused)
                : daemonSet is null || IsRolledOut(daemonSet) ? new Progress.Reached()
                : new Progress.Pending("aws-node is being restarted on the nodes");
        }, "DaemonSet kube-system/aws-node", cancel);
        return refusal is null ? update : Outcome.Refused(refusal);
    }

    private static bool IsRolledOut(JsonObject daemonSet)
    {
        var status = daemonSet["status"];
        int Number(string name) => status?[name]?.GetValue<int>() ?? 0;
        var generation = daemonSet["metadata"]?["generation"]?.GetValue<long>() ?? 0;
        var observed = status?["observedGeneration"]?.GetValue<long>() ?? 0;
        return observed >= generation && Number("updatedNumberScheduled") >= Number("desiredNumberScheduled");
    }
}
