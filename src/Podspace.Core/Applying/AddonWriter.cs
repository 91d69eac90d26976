using Podspace.Spec;
using Podspace.Steps;
using Podspace.Steps.Calls;

namespace Podspace.Applying;

/// <summary>Writes the add-on's values: first the record of what was there, then the values, then
/// it waits until every node's aws-node has them.</summary>
internal sealed class AddonWriter(OverlaySpec spec, ICloud cloud, ICluster cluster, PreviousValuesWriter record, Waiter waiter)
{
    private const string Addon = "vpc-cni";

    public async Task<Outcome> WriteAsync(Change.SetAddonValues change, StepContext context, CancellationToken cancel)
    {
        if (await record.NoteAsync(data => change.Note(data, context), cancel) is { } unrecorded)
        {
            return Outcome.Refused(unrecorded);
        }
        var update = await UpdateAsync(change, context, cancel);
        // Without an answer nobody knows whether it was done.
        if (update.Refusal is { Kind: not RefusalKind.Unavailable })
        {
            await record.NoteRefusedAsync(change.Document.Ours(context.Any), waiter, cancel);
        }
        return update.Refusal is null ? await EndAsync(change, update, context, cancel) : update;
    }

    private async Task<Outcome> EndAsync(Change.SetAddonValues change, Outcome update, StepContext context, CancellationToken cancel)
    {
        var failed = await waiter.UntilAsync(cloud, new CloudState.AddonUpdated(spec.Cluster!, Addon, update.Id!), cancel);
        // EKS's own no, and not that it could not be looked at.
        if (failed is { Kind: RefusalKind.Final or RefusalKind.Conflict })
        {
            await record.NoteRefusedAsync(change.Document.Ours(context.Any), waiter, cancel);
        }
        // EKS calls an update successful when it has written the DaemonSet; nodes follow one by one.
        failed ??= await AwsNodeRestart.UntilDoneAsync(cluster, waiter, cancel);
        return failed is null ? update : Outcome.Refused(failed);
    }

    private async Task<Outcome> UpdateAsync(Change.SetAddonValues change, StepContext context, CancellationToken cancel)
    {
        var name = spec.Cluster!;
        // Someone else's update, or our own of a run that was cut off, must end first: EKS takes one at a time.
        if (await waiter.UntilAsync(cloud, new CloudState.AddonAtRest(name, Addon), cancel) is { } busy)
        {
            return Outcome.Refused(busy);
        }
        // Waiting may have taken long enough for another run to take our place.
        if (await waiter.RenewLockAsync(cancel) is { } lost)
        {
            return Outcome.Refused(lost);
        }
        return await cloud.CallAsync(change.Update(context), cancel);
    }
}
