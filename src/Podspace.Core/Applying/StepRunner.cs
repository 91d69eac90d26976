using System.Diagnostics;
using Podspace.Design;
using Podspace.Model;
using Podspace.Observed;
using Podspace.Spec;
using Podspace.Steps;
using Podspace.Steps.Calls;

namespace Podspace.Applying;

/// <summary>Makes the calls of one step, and waits until what was asked for is so.</summary>
internal sealed class StepRunner
{
    private readonly Inventory inventory;
    private readonly ICloud cloud;
    private readonly ICluster? cluster;
    private readonly Waiter waiter;
    private readonly RunContext context;
    private readonly CniWriters? cni;
    private readonly AutoModeWriter? autoMode;

    public StepRunner(OverlaySpec spec, Inventory inventory, Ids ids, ICloud cloud, ICluster? cluster, Waiter waiter)
    {
        (this.inventory, this.cloud, this.cluster, this.waiter) = (inventory, cloud, cluster, waiter);
        context = new(spec, inventory, ids, waiter.Time);
        if (cluster is not null)
        {
            cni = CniWriters.For(new(spec, inventory, cluster, context.Made), spec, cloud, cluster, waiter);
            autoMode = new(inventory, cluster, waiter);
        }
    }

    public async Task<StepReport> CarryOutAsync(Step step, CancellationToken cancel)
    {
        // Off the caller's thread at once, so that a slow first call never holds up the next step.
        await Task.Yield();
        var outcome = await waiter.RenewLockAsync(cancel) is { } lost ? Outcome.Refused(lost) : await ChangeAsync(step.Change, cancel);
        return outcome.Refusal is { } refusal
            ? new(step, StepResult.Refused, refusal.ToString(), refusal)
            : new(step, StepResult.Done, outcome.Id ?? "");
    }

    /// <summary>Most steps are their calls, one after the other; the others take more.</summary>
    private Task<Outcome> ChangeAsync(Change change, CancellationToken cancel) =>
        change switch
        {
            Change.UntagBlock it => UntagAsync(it, cancel),
            Change.CreateSubnet it => SubnetAsync(it, cancel),
            Change.DeleteRouteTable it => DeleteTableAsync(it, cancel),
            Change.CreateShare it => ToldAsync(it, it.Share, cancel),
            Change.AddToShare it => ToldAsync(it, it.Share, cancel),
            Change.SetAddonValues it => cni!.Addon.WriteAsync(it, context, cancel),
            Change.SetAwsNode it => cni!.AwsNode.WriteAsync(it, context, cancel),
            Change.ApplyNodeClass it => autoMode!.UntilReadyAsync(it.NodeClass, CallsAsync(it, cancel), cancel),
            Change.DeleteNodeClass it => autoMode!.UntilGoneAsync(ObjectKey.NodeClass(it.NodeClass), CallsAsync(it, cancel), cancel),
            Change.DeleteNodePool it => autoMode!.UntilGoneAsync(it, CallsAsync(it, cancel), cancel),
            Change.ClearRolloutMark it => ReleaseAsync(it, cancel),
            // Here it is somebody else's already, and no waiting makes it ours.
            Change.AssociateTable or Change.CreateAccessEntry => CallsAsync(change, cancel, waitsWhileInUse: false),
            _ => CallsAsync(change, cancel),
        };

    /// <summary>The record first: it says what to put back.</summary>
    private async Task<Outcome> CallsAsync(Change change, CancellationToken cancel, bool waitsWhileInUse = true)
    {
        if (change.IsRecorded && await cni!.Record.NoteAsync(data => change.Note(data, context), cancel) is { } unrecorded)
        {
            return Outcome.Refused(unrecorded);
        }
        var outcome = Outcome.Done();
        foreach (var call in change.Calls(context))
        {
            outcome = await CallAsync(call, waitsWhileInUse, cancel);
            if (outcome.Refusal is not null)
            {
                return outcome;
            }
        }
        if (change.Until(context, outcome.Id) is { } state && await waiter.UntilAsync(cloud, state, cancel) is { } refusal)
        {
            return Outcome.Refused(refusal);
        }
        if (change.Makes is { } made && outcome.Id is { } id)
        {
            context.Remember(made, new(id));
        }
        return outcome;
    }

    private Task<Outcome> CallAsync(Call call, bool waitsWhileInUse, CancellationToken cancel) =>
        call switch
        {
            CloudCall it when !waitsWhileInUse => cloud.CallAsync(it, cancel),
            CloudCall it => waiter.WhileInUseAsync(() => cloud.CallAsync(it, cancel), cancel),
            ClusterCall it => cluster!.CallAsync(it, cancel),
            _ => throw new UnreachableException($"{call.GetType().Name} is nobody's."),
        };

    private async Task<Outcome> ReleaseAsync(Change.ClearRolloutMark change, CancellationToken cancel)
    {
        var outcome = await CallsAsync(change, cancel);
        return outcome.Refusal is { Kind: RefusalKind.NotFound } ? Outcome.Done() : outcome;
    }

    /// <summary>The tag is the block's ownership: one that a stopped run left leaving keeps it
    /// until it is gone, for leaving may fail.</summary>
    private async Task<Outcome> UntagAsync(Change.UntagBlock change, CancellationToken cancel)
    {
        var isLeaving = inventory.Cloud.Vpc!.Blocks.Any(one => one.Cidr == change.Block && one.State == "disassociating");
        var gone = new CloudState.BlockGone(context.Vpc, change.Block);
        if (isLeaving && await waiter.UntilAsync(cloud, gone, cancel) is { } refusal)
        {
            return Outcome.Refused(refusal);
        }
        return await CallsAsync(change, cancel);
    }

    /// <summary>A block whose run was cut off is there when this one looks, but nothing can lie in it yet.</summary>
    private async Task<Outcome> SubnetAsync(Change.CreateSubnet change, CancellationToken cancel)
    {
        var coming = inventory.Cloud.Vpc!.Blocks.FirstOrDefault(block =>
            block.State == "associating" && block.Cidr.Contains(change.Subnet.Cidr)
        );
        if (
            coming is not null
            && await waiter.UntilAsync(cloud, new CloudState.BlockAssociated(context.Vpc, coming.Cidr), cancel) is { } refusal
        )
        {
            return Outcome.Refused(refusal);
        }
        return await CallsAsync(change, cancel);
    }

    /// <summary>Who may not share says what somebody else has to do: RAM cannot be asked beforehand.</summary>
    private async Task<Outcome> ToldAsync(Change change, SubnetShare share, CancellationToken cancel)
    {
        var outcome = await CallsAsync(change, cancel);
        if (outcome.Refusal is not { Kind: RefusalKind.Denied } refusal || inventory.Cloud.Participant is not { } participant)
        {
            return outcome;
        }
        var command = ShareChoice.Command(
            share.ShareName,
            inventory.Cloud.Region,
            inventory.Cloud.Account,
            participant.Account,
            share.Subnets.Select(subnet => context.Subnet(subnet).Text)
        );
        return Outcome.Refused(
            refusal with
            {
                Message =
                    $"{refusal.Message}\nWhoever may share subnets of account {inventory.Cloud.Account} can "
                    + $"do it instead, and apply goes on from there:\n  {command}",
            }
        );
    }

    /// <summary>A subnet that went took its association along, sooner or later; one that stays
    /// was given another table by an earlier step.</summary>
    /// <remarks>Where the table is still held, associations of our own subnets, and of such as are gone, are ended
    /// by name. Whoever else uses it keeps it, and the refusal stands.</remarks>
    private async Task<Outcome> DeleteTableAsync(Change.DeleteRouteTable change, CancellationToken cancel)
    {
        var (table, ids) = (context.Known.RouteTables[change.Table], context.Known);
        var outcome = await cloud.CallAsync(new CloudCall.DeleteRouteTable(table), cancel);
        if (outcome.Refusal is not { Kind: RefusalKind.InUse })
        {
            return outcome;
        }
        var ours = ids.SubnetAssociations.Where(one =>
            one.Value.Table == table
            && (ids.Subnets.Values.Contains(one.Key) || inventory.Cloud.Subnets.All(subnet => subnet.Id != one.Key))
        );
        foreach (var (_, association) in ours)
        {
            if ((await CallAsync(new CloudCall.DisassociateRouteTable(association.Id), true, cancel)).Refusal is not null)
            {
                return outcome;
            }
        }
        return await CallsAsync(change, cancel);
    }
}

/// <summary>The two ways to the CNI's settings, with one record between them.</summary>
internal sealed record CniWriters(AddonWriter Addon, AwsNodeWriter AwsNode, PreviousValuesWriter Record)
{
    public static CniWriters For(PreviousValuesWriter record, OverlaySpec spec, ICloud cloud, ICluster cluster, Waiter waiter) =>
        new(new(spec, cloud, cluster, record, waiter), new(cluster, record, waiter), record);
}
