using System.Collections.Concurrent;
using System.Diagnostics;
using Podspace.Addressing;
using Podspace.Design;
using Podspace.Model;
using Podspace.Naming;
using Podspace.Observed;
using Podspace.Spec;
using Podspace.Steps;

namespace Podspace.Applying;

/// <summary>Turns one step into calls: names into ids, and waits until what was asked for is so.</summary>
internal sealed class StepRunner
{
    private readonly OverlaySpec spec;
    private readonly Inventory inventory;
    private readonly Ids ids;
    private readonly ICloud cloud;
    private readonly ICluster? cluster;
    private readonly Waiter waiter;

    // Ids of what this run has made; read before the inventory's.
    private readonly ConcurrentDictionary<string, AwsId> made = new();
    private readonly CniWriters? cni;
    private readonly AutoModeWriter? autoMode;

    public StepRunner(OverlaySpec spec, Inventory inventory, Ids ids, ICloud cloud, ICluster? cluster, Waiter waiter)
    {
        (this.spec, this.inventory, this.ids, this.cloud, this.cluster, this.waiter) = (spec, inventory, ids, cloud, cluster, waiter);
        if (cluster is not null)
        {
            cni = CniWriters.For(new(spec, inventory, cluster, Made), spec, cloud, cluster, waiter);
            autoMode = new(spec, inventory, cloud, cluster, waiter);
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

    /// <summary>Subnets, route tables and groups of ours: those that were there, and those of this run.</summary>
    private IEnumerable<KeyValuePair<AwsId, ResourceName>> Made() =>
        ids
            .Subnets.Concat(ids.RouteTables)
            .Concat(ids.Groups)
            .Select(pair => KeyValuePair.Create(pair.Value, pair.Key))
            .Concat(
                from pair in made
                let parts = pair.Key.Split('/')
                where parts[0] != "share"
                select KeyValuePair.Create(pair.Value, new ResourceName(parts[1]))
            );

    private AwsId Vpc => inventory.Cloud.Vpc!.Id;

    private Task<Outcome> ChangeAsync(Change change, CancellationToken cancel) =>
        change switch
        {
            Change.TagBlock it => CallAsync(
                new CloudCall.Tag(Vpc, [new(Tags.Block(it.Block), Tags.BlockValue(spec.Name, waiter.Time.GetUtcNow()))]),
                cancel
            ),
            Change.TransferBlock it => CallAsync(new CloudCall.Tag(Vpc, [new(Tags.Block(it.Block), $"{it.To}@{it.Since}")]), cancel),
            Change.UntagBlock it => UntagAsync(it.Block, cancel),
            Change.AssociateBlock it => CallAndWaitAsync(
                new CloudCall.AssociateBlock(Vpc, it.Block),
                _ => new CloudState.BlockAssociated(Vpc, it.Block),
                cancel
            ),
            Change.DisassociateBlock it => CallAndWaitAsync(
                new CloudCall.DisassociateBlock(ids.Associations[it.Block]),
                _ => new CloudState.BlockGone(Vpc, it.Block),
                cancel
            ),
            Change.CreateSubnet it => MakeAsync("subnet", it.Subnet.Ref.Name, SubnetAsync(it, cancel)),
            Change.DeleteSubnet it => CallAsync(new CloudCall.DeleteSubnet(ids.Subnets[it.Subnet]), cancel),
            Change.Reserve it => CallAsync(
                new CloudCall.Reserve(Id("subnet", it.Subnet), it.Block, ResourceNames.TagsFor(spec, it.Subnet.Name, null)),
                cancel
            ),
            Change.DeleteReservation it => CallAsync(new CloudCall.DeleteReservation(ids.Reservations[(it.Subnet, it.Block)]), cancel),
            Change.CreateRouteTable it => MakeAsync(
                "table",
                it.Table,
                CallAsync(new CloudCall.CreateRouteTable(Vpc, TokenOf(it), it.Tags), cancel)
            ),
            Change.DeleteRouteTable it => DeleteTableAsync(ids.RouteTables[it.Table], cancel),
            Change.AddRoute it => CallAsync(new CloudCall.CreateRoute(Id("table", it.Table), it.Route), cancel),
            Change.RemoveRoute it => CallAsync(new CloudCall.DeleteRoute(Id("table", it.Table), it.Route.To), cancel),
            Change.AssociateTable it => AssociateAsync(Id("table", it.Table), Id("subnet", it.Subnet), cancel),
            Change.AssociateAcl it => CallAsync(new CloudCall.AssociateAcl(it.Acl, Id("subnet", it.Subnet)), cancel),
            Change.CreateShare it => MakeAsync("share", it.Share.Ref.Name, ShareAsync(it, cancel)),
            Change.AddToShare it => ShareAsync(it, cancel),
            Change.RemoveFromShare it => CallAndWaitAsync(
                new CloudCall.RemoveFromShare(ids.Shares[it.Share], ids.Subnets[it.Subnet]),
                _ => new CloudState.SubnetUnshared(ids.Shares[it.Share], ids.Subnets[it.Subnet]),
                cancel
            ),
            Change.DeleteShare it => CallAndWaitAsync(
                new CloudCall.DeleteShare(ids.Shares[it.Share]),
                _ => new CloudState.ShareGone(ids.Shares[it.Share]),
                cancel
            ),
            Change.CreateGroup it => MakeAsync(
                "group",
                it.Group.Ref.Name,
                CallAsync(new CloudCall.CreateGroup(Vpc, it.Group.GroupName, it.Group.Description, it.Tags), cancel)
            ),
            Change.TakeOver it => CallAsync(new CloudCall.Tag(it.Subnet, it.Tags), cancel),
            Change.DeleteDuplicateRouteTable it => CallAsync(new CloudCall.DeleteRouteTable(it.Table), cancel),
            Change.DeleteLeakedInterface it => CallAsync(new CloudCall.DeleteInterface(it.Interface), cancel),
            Change.DeleteGroup it => CallAsync(new CloudCall.DeleteGroup(ids.Groups[it.Group]), cancel),
            Change.AddRule it => CallAsync(new CloudCall.Authorize(Resolved(it.Rule), TagsOf(it.Rule), it.Rule.Group.IsMade), cancel),
            Change.TagRule it => CallAsync(new CloudCall.Tag(new(it.RuleId), TagsOf(it.Rule)), cancel),
            Change.RemoveRule it => CallAsync(
                new CloudCall.Revoke(Id("group", it.Rule.Group), it.Rule.Direction, ids.Rules[it.Rule.Key]),
                cancel
            ),
            Change.SetAddonValues it => cni!.Addon.WriteAsync(it, AnyId, cancel),
            Change.SetAwsNode it => cni!.AwsNode.WriteAsync(it.Settings, cancel),
            Change.SetSubnetRole it => SetRoleAsync(it, cancel),
            Change.RestoreSubnetRole { Before: { } before } it => CallAsync(
                new CloudCall.Tag(Id("subnet", it.Role.Subnet), [new(Tags.CniRole, before)]),
                cancel
            ),
            Change.RestoreSubnetRole it => CallAsync(
                new CloudCall.Untag(Id("subnet", it.Role.Subnet), it.Role.Tags(spec.Cluster).Select(tag => tag.Key).ToEquatable()),
                cancel
            ),
            Change.ApplyEniConfig it => cluster!.CallAsync(EniConfigManifest.Apply(spec, it.EniConfig, AnyId), cancel),
            Change.DeleteEniConfig it => cluster!.CallAsync(new ClusterCall.Delete(ObjectKey.EniConfig(it.Zone)), cancel),
            Change.CreateAccessEntry it => autoMode!.AdmitAsync(it, cancel),
            Change.DeleteAccessEntry it => CallAsync(new CloudCall.DeleteAccessEntry(spec.Cluster!, it.PrincipalArn), cancel),
            Change.ApplyNodeClass it => autoMode!.WriteAsync(it.NodeClass, AnyId, cancel),
            Change.DeleteNodeClass it => autoMode!.DeleteAsync(ObjectKey.NodeClass(it.NodeClass), cancel),
            Change.ApplyNodePool it => autoMode!.WriteAsync(it.Pool, cancel),
            Change.DisableNodePool it => autoMode!.WriteAsync(it.Pool, cancel),
            Change.DeleteNodePool it => autoMode!.DeletePoolAsync(it.Pool, cancel),
            Change.ClearRolloutMark it => ReleaseAsync(it, cancel),
            Change.DeletePreviousValues => cluster!.CallAsync(new ClusterCall.Delete(ObjectKey.Record(spec.Name)), cancel),
            _ => throw new UnreachableException($"{change.GetType().Name} has no call."),
        };

    private Task<Outcome> CallAsync(CloudCall call, CancellationToken cancel) =>
        waiter.WhileInUseAsync(() => cloud.CallAsync(call, cancel), cancel);

    private EquatableArray<SeenTag> TagsOf(GroupRule rule) => ResourceNames.TagsFor(spec, ResourceNames.Of(rule), null);

    private async Task<Outcome> ReleaseAsync(Change.ClearRolloutMark change, CancellationToken cancel)
    {
        var outcome = await cluster!.CallAsync(
            new ClusterCall.Cordon(change.Node, change.StaysCordoned, Tags.Rollout(spec.Name), null),
            cancel
        );
        return outcome.Refusal is { Kind: RefusalKind.NotFound } ? Outcome.Done() : outcome;
    }

    /// <summary>On a subnet that is not ours the record first: it says what to put back.</summary>
    private async Task<Outcome> SetRoleAsync(Change.SetSubnetRole change, CancellationToken cancel)
    {
        var (subnet, tags) = (Id("subnet", change.Role.Subnet), change.Role.Tags(spec.Cluster));
        if (!change.Role.Subnet.IsMade)
        {
            var value = tags.First(tag => tag.Key == Tags.CniRole).Value;
            if (await cni!.Record.NoteAsync(data => Note(data, subnet, change.Before, value), cancel) is { } unrecorded)
            {
                return Outcome.Refused(unrecorded);
            }
        }
        return await CallAsync(new CloudCall.Tag(subnet, tags), cancel);
    }

    internal static void Note(IDictionary<string, string> data, AwsId subnet, string? before, string value) =>
        data[RecordKeys.SubnetRoles] = RecordedRoles
            .Parse(data.TryGetValue(RecordKeys.SubnetRoles, out var roles) ? roles : null)
            .With(subnet, before, value)
            .ToString();

    /// <summary>The tag is the block's ownership: one that a stopped run left leaving keeps it
    /// until it is gone, for leaving may fail.</summary>
    private async Task<Outcome> UntagAsync(Cidr block, CancellationToken cancel)
    {
        var isLeaving = inventory.Cloud.Vpc!.Blocks.Any(one => one.Cidr == block && one.State == "disassociating");
        if (isLeaving && await waiter.UntilAsync(cloud, new CloudState.BlockGone(Vpc, block), cancel) is { } refusal)
        {
            return Outcome.Refused(refusal);
        }
        return await CallAsync(new CloudCall.Untag(Vpc, [Tags.Block(block)]), cancel);
    }

    private async Task<Outcome> CallAndWaitAsync(CloudCall call, Func<string?, CloudState> state, CancellationToken cancel)
    {
        var outcome = await CallAsync(call, cancel);
        if (outcome.Refusal is not null)
        {
            return outcome;
        }
        return await waiter.UntilAsync(cloud, state(outcome.Id), cancel) is { } refusal ? Outcome.Refused(refusal) : outcome;
    }

    private async Task<Outcome> SubnetAsync(Change.CreateSubnet change, CancellationToken cancel)
    {
        // A block whose run was cut off is there when this one looks, but nothing can lie in it yet.
        var coming = inventory.Cloud.Vpc!.Blocks.FirstOrDefault(block =>
            block.State == "associating" && block.Cidr.Contains(change.Subnet.Cidr)
        );
        if (coming is not null && await waiter.UntilAsync(cloud, new CloudState.BlockAssociated(Vpc, coming.Cidr), cancel) is { } refusal)
        {
            return Outcome.Refused(refusal);
        }
        return await CallAndWaitAsync(
            new CloudCall.CreateSubnet(Vpc, inventory.Cloud.ZoneFor(change.Subnet.Zone), change.Subnet.Cidr, change.Tags),
            id => new CloudState.SubnetAvailable(new(id!)),
            cancel
        );
    }

    private Task<Outcome> ShareAsync(Change.CreateShare change, CancellationToken cancel)
    {
        var (share, subnets) = (change.Share, SubnetIds(change.Share));
        var token = $"podspace-{spec.Name}-{share.Ref}-{inventory.Cloud.ObservedAt.ToUnixTimeSeconds()}";
        return ToldAsync(
            share,
            subnets,
            CallAndWaitAsync(
                new CloudCall.CreateShare(share.ShareName, share.Account, subnets, token, change.Tags),
                arn => new CloudState.SubnetsShared(new(arn!), subnets),
                cancel
            )
        );
    }

    private Task<Outcome> ShareAsync(Change.AddToShare change, CancellationToken cancel)
    {
        var (share, arn, subnets) = (change.Share, ids.Shares[change.Share.Ref.Name], SubnetIds(change.Share));
        return ToldAsync(
            share,
            subnets,
            CallAndWaitAsync(new CloudCall.AddToShare(arn, share.Account, subnets), _ => new CloudState.SubnetsShared(arn, subnets), cancel)
        );
    }

    /// <summary>Who may not share says what somebody else has to do: RAM cannot be asked beforehand.</summary>
    private async Task<Outcome> ToldAsync(SubnetShare share, EquatableArray<AwsId> subnets, Task<Outcome> call)
    {
        var outcome = await call;
        if (outcome.Refusal is not { Kind: RefusalKind.Denied } refusal || inventory.Cloud.Participant is not { } participant)
        {
            return outcome;
        }
        var command = ShareChoice.Command(
            share.ShareName,
            inventory.Cloud.Region,
            inventory.Cloud.Account,
            participant.Account,
            subnets.Select(id => id.Text)
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

    private EquatableArray<AwsId> SubnetIds(SubnetShare share) => share.Subnets.Select(subnet => Id("subnet", subnet)).ToEquatable();

    private async Task<Outcome> MakeAsync(string kind, ResourceName name, Task<Outcome> call)
    {
        var outcome = await call;
        if (outcome.Id is { } id)
        {
            made[$"{kind}/{name}"] = new(id);
        }
        return outcome;
    }

    private AwsId Id(string kind, Ref reference)
    {
        if (!reference.IsMade)
        {
            return reference.Id;
        }
        if (made.TryGetValue($"{kind}/{reference}", out var id))
        {
            return id;
        }
        var known = kind switch
        {
            "subnet" => ids.Subnets,
            "table" => ids.RouteTables,
            _ => ids.Groups,
        };
        return known[reference.Name];
    }

    /// <summary>For documents that name subnets and groups alike: a made name is a subnet's where there is one, else a group's.</summary>
    private string AnyId(Ref reference) =>
        (
            reference.IsMade && !made.ContainsKey($"subnet/{reference}") && !ids.Subnets.ContainsKey(reference.Name)
                ? Id("group", reference)
                : Id("subnet", reference)
        ).Text;

    private GroupRule Resolved(GroupRule rule) =>
        rule with
        {
            Group = Ref.Used(Id("group", rule.Group).Text),
            Peer = rule.Peer.Group is { } peer ? Ref.Used(Id("group", peer).Text) : rule.Peer,
        };

    /// <summary>A subnet that went took its association along, sooner or later; one that stays
    /// was given another table by an earlier step.</summary>
    /// <remarks>Where the table is still held, associations of our own subnets, and of such as are gone, are ended
    /// by name. Whoever else uses it keeps it, and the refusal stands.</remarks>
    private async Task<Outcome> DeleteTableAsync(AwsId table, CancellationToken cancel)
    {
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
            if ((await CallAsync(new CloudCall.DisassociateRouteTable(association.Id), cancel)).Refusal is not null)
            {
                return outcome;
            }
        }
        return await CallAsync(new CloudCall.DeleteRouteTable(table), cancel);
    }

    private Task<Outcome> AssociateAsync(AwsId table, AwsId subnet, CancellationToken cancel)
    {
        var present = ids.SubnetAssociations.TryGetValue(subnet, out var association) ? association.Id : null;
        return cloud.CallAsync(new CloudCall.AssociateRouteTable(table, subnet, present), cancel);
    }

    /// <summary>The same table gets the same token for as long as nothing like it is there; a
    /// table deleted and wanted again is a new wish.</summary>
    private string TokenOf(Change.CreateRouteTable change) =>
        $"podspace-{spec.Name}-{change.Name}-{inventory.Cloud.ObservedAt.ToUnixTimeSeconds()}";
}

/// <summary>The two ways to the CNI's settings, with one record between them.</summary>
internal sealed record CniWriters(AddonWriter Addon, AwsNodeWriter AwsNode, PreviousValuesWriter Record)
{
    public static CniWriters For(PreviousValuesWriter record, OverlaySpec spec, ICloud cloud, ICluster cluster, Waiter waiter) =>
        new(new(spec, cloud, cluster, record, waiter), new(cluster, record, waiter), record);
}
