using System.Text.Json.Nodes;
using Podspace.Model;
using Podspace.Naming;
using Podspace.Observed;
using Podspace.Spec;
using Podspace.Steps.Calls;

namespace Podspace.Applying;

/// <summary>Keeps ConfigMap kube-system/podspace-NAME: what stood there before us, and what we wrote. Written before
/// what it notes, so that a run cut off in between loses no previous value.</summary>
/// <remarks>One at a time, because steps run side by side; and only onto what this run has seen.</remarks>
/// <param name="made">What is ours by now: noted beside whatever else is.</param>
internal sealed class PreviousValuesWriter(
    OverlaySpec spec,
    Inventory inventory,
    ICluster cluster,
    Func<IEnumerable<KeyValuePair<AwsId, ResourceName>>> made
)
{
    private readonly SortedDictionary<string, string> data = Seen(inventory.Cluster?.Record);
    private Task<Refusal?> turn = Task.FromResult<Refusal?>(null);

    /// <param name="note">Changes the record's documents.</param>
    /// <returns>Null when it is written.</returns>
    public Task<Refusal?> NoteAsync(Action<IDictionary<string, string>> note, CancellationToken cancel)
    {
        lock (data)
        {
            return turn = AfterAsync(turn, note, cancel);
        }
    }

    /// <summary>Notes that what was noted before it was written never came to stand there.</summary>
    /// <param name="values">In the form of the add-on's document.</param>
    public async Task NoteRefusedAsync(string values, Waiter waiter, CancellationToken cancel)
    {
        // Where another run has taken our place, the record is that run's by now.
        if (await waiter.RenewLockAsync(cancel) is null)
        {
            await NoteAsync(data => data[RecordKeys.Refused] = values, cancel);
        }
    }

    private async Task<Refusal?> AfterAsync(Task<Refusal?> before, Action<IDictionary<string, string>> note, CancellationToken cancel)
    {
        await ((Task)before).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        var place = ObjectKey.Record(spec.Name);
        // Written without having been read, it would note our own values as those that were there before us.
        if (!inventory.Sees(Reading.Record))
        {
            return new(
                RefusalKind.Denied,
                "Unseen",
                $"ConfigMap {place} could not be read, and previous values would be lost. "
                    + $"Allow {Needs.Of(Reading.Record).Right}, then run the same command again."
            );
        }
        var (seen, refusal) = await cluster.GetAsync(place, cancel);
        if (refusal is not null)
        {
            return refusal;
        }
        if (!IsAsKnown(seen))
        {
            return new(
                RefusalKind.Conflict,
                "RecordChanged",
                $"{place} was written by another run since this one looked. To go on from what is there now, run the same command again."
            );
        }
        data.Remove(RecordKeys.Refused);
        note(data);
        NoteMade();
        return (await WriteAsync(place, seen, cancel)).Refusal;
    }

    private void NoteMade()
    {
        var ours = RecordedMade.Parse(data.TryGetValue(RecordKeys.Made, out var noted) ? noted : null).With(made());
        if (!ours.IsEmpty)
        {
            data[RecordKeys.Made] = ours.ToString();
        }
    }

    private Task<Outcome> WriteAsync(ObjectKey place, JsonObject? seen, CancellationToken cancel)
    {
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
            ["data"] = new JsonObject(data.Select(entry => KeyValuePair.Create<string, JsonNode?>(entry.Key, entry.Value))),
        };
        return cluster.CallAsync(
            seen is null
                ? new ClusterCall.Create(place, manifest.ToJsonString())
                : new ClusterCall.Apply(place, manifest.ToJsonString(), Force: true),
            cancel
        );
    }

    private bool IsAsKnown(JsonObject? seen)
    {
        var live = seen?["data"] as JsonObject ?? [];
        return live.Count == data.Count && data.All(entry => live[entry.Key]?.ToString() == entry.Value);
    }

    internal static SortedDictionary<string, string> Seen(SeenRecord? record)
    {
        var data = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var entry in record?.Entries ?? [])
        {
            data[entry.Name] = entry.Value;
        }
        if (record?.AddonValues is { } before)
        {
            data[RecordKeys.AddonValues] = before;
        }
        if (record?.WrittenValues is { } written)
        {
            data[RecordKeys.WrittenValues] = written;
        }
        return data;
    }
}
