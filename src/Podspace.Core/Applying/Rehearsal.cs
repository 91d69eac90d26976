using Podspace.Model;
using Podspace.Naming;
using Podspace.Nodes;
using Podspace.Observed;
using Podspace.Spec;
using Podspace.Steps;

namespace Podspace.Applying;

/// <summary>What came of asking for the rights before the first change.</summary>
/// <param name="Denied">Calls that would be refused, each with AWS's or Kubernetes' words.</param>
/// <param name="NotTried">Calls that cannot be rehearsed, because AWS has no DryRun for them or they need what is not there yet.</param>
public sealed record RehearsalReport(EquatableArray<string> Denied, EquatableArray<string> NotTried)
{
    /// <summary>It is the credentials that have run out.</summary>
    public bool IsSignedOut { get; init; }
}

/// <summary>Tries one call of every kind with DryRun, and asks the cluster whether we may, so that a
/// missing right shows before anything is half done.</summary>
public static class Rehearsal
{
    /// <param name="nodes">Those that will be replaced afterwards.</param>
    public static async Task<RehearsalReport> TryAsync(
        OverlaySpec spec,
        IEnumerable<Step> steps,
        IEnumerable<SeenNode> nodes,
        Inventory inventory,
        ICloud cloud,
        ICluster? cluster,
        CancellationToken cancel
    )
    {
        var ids = ActualNetwork.From(inventory, spec.Name, spec.Cluster).Ids;
        var replaced = nodes.ToList();
        var tries = steps
            .Where(step => step.Owner == Owner.Podspace)
            .Select(step =>
                (What: $"{step.Change.Action.Text()} {step.Change.Kind}", step.Change, Call: CallOf(spec, step.Change, inventory, ids))
            )
            .ToList();
        var calls = tries
            .Select(one => one.Call)
            .Concat(cluster is null ? LockCalls(spec, inventory) : [])
            .Concat(replaced.Where(node => !node.IsAuto).Take(1).Select(node => new CloudCall.TerminateInstance(new(node.InstanceId))))
            .OfType<CloudCall>()
            .DistinctBy(Kind)
            .ToList();
        // Both doors at once, because neither answer depends on the other.
        var trying = Task.WhenAll(calls.Select(async call => (Call: call, Outcome: await cloud.RehearseAsync(call, cancel))));
        var reviews = cluster is null
            ? []
            : ClusterCalls(spec, [.. tries.Select(one => one.Change)]).Concat(NodeCalls(spec, replaced, inventory));
        var asking = Task.WhenAll(reviews.Select(call => cluster!.RehearseAsync(call, cancel)));
        var (tried, asked) = (await trying, await asking);
        var denied = tried
            .Select(one => one.Outcome?.Refusal)
            .Concat(asked.Select(outcome => outcome.Refusal))
            .OfType<Refusal>()
            .Where(refusal => refusal.Kind == RefusalKind.Denied)
            .ToList();
        // A change of the cluster's objects is asked about there.
        var untried = tries
            .Where(one =>
                one.Call is null ? !IsClusters(one.Change) : tried.Any(its => its.Outcome is null && Kind(its.Call) == Kind(one.Call))
            )
            .Select(one => one.What);
        return new(
            denied.Select(refusal => $"{refusal}").Distinct().ToEquatable(),
            untried.Distinct().Order(StringComparer.Ordinal).ToEquatable()
        )
        {
            IsSignedOut = denied.Exists(refusal => refusal.IsSignedOut),
        };
    }

    private static (Type, Direction?) Kind(CloudCall call) =>
        (
            call.GetType(),
            call switch
            {
                CloudCall.Authorize it => it.Rule.Direction,
                CloudCall.Revoke it => it.Direction,
                _ => null,
            }
        );

    private static bool IsClusters(Change change) =>
        change
            is Change.ApplyEniConfig
                or Change.DeleteEniConfig
                or Change.DeletePreviousValues
                or Change.ClearRolloutMark
                or Change.SetAwsNode
        || AppliedKey(change) is not null
        || DeletedKey(change) is not null;

    /// <summary>The change's call; null when it needs something that is not there yet, or is the cluster's.</summary>
    private static CloudCall? CallOf(OverlaySpec spec, Change change, Inventory inventory, Ids ids)
    {
        var vpc = inventory.Cloud.Vpc!.Id;
        return change switch
        {
            Change.TagBlock it => new CloudCall.Tag(vpc, [new(Tags.Block(it.Block), "")]),
            Change.TransferBlock it => new CloudCall.Tag(vpc, [new(Tags.Block(it.Block), "")]),
            Change.UntagBlock it => new CloudCall.Untag(vpc, [Tags.Block(it.Block)]),
            Change.SetSubnetRole { Role.Subnet: { IsMade: false } subnet } => new CloudCall.Tag(subnet.Id, [new(Tags.CniRole, "")]),
            Change.RestoreSubnetRole { Role.Subnet: { IsMade: false } subnet } => new CloudCall.Untag(subnet.Id, [Tags.CniRole]),
            Change.AssociateBlock it => new CloudCall.AssociateBlock(vpc, it.Block),
            Change.DisassociateBlock it => new CloudCall.DisassociateBlock(ids.Associations[it.Block]),
            Change.TakeOver it => new CloudCall.Tag(it.Subnet, it.Tags),
            Change.DeleteDuplicateRouteTable it => new CloudCall.DeleteRouteTable(it.Table),
            Change.DeleteLeakedInterface it => new CloudCall.DeleteInterface(it.Interface),
            Change.CreateSubnet it => new CloudCall.CreateSubnet(vpc, inventory.Cloud.ZoneFor(it.Subnet.Zone), it.Subnet.Cidr, it.Tags),
            Change.DeleteSubnet it => new CloudCall.DeleteSubnet(ids.Subnets[it.Subnet]),
            Change.Reserve it when ids.Subnet(it.Subnet) is { } subnet => new CloudCall.Reserve(
                subnet,
                it.Block,
                ResourceNames.TagsFor(spec, it.Subnet.Name, null)
            ),
            Change.DeleteReservation it => new CloudCall.DeleteReservation(ids.Reservations[(it.Subnet, it.Block)]),
            Change.CreateRouteTable it => new CloudCall.CreateRouteTable(vpc, "rehearsal", it.Tags),
            Change.DeleteRouteTable it => new CloudCall.DeleteRouteTable(ids.RouteTables[it.Table]),
            Change.AddRoute it when ids.RouteTable(it.Table) is { } table => new CloudCall.CreateRoute(table, it.Route),
            Change.RemoveRoute it when ids.RouteTable(it.Table) is { } table => new CloudCall.DeleteRoute(table, it.Route.To),
            Change.AssociateTable it when ids.RouteTable(it.Table) is { } table && ids.Subnet(it.Subnet) is { } subnet =>
                new CloudCall.AssociateRouteTable(
                    table,
                    subnet,
                    ids.SubnetAssociations.TryGetValue(subnet, out var present) ? present.Id : null
                ),
            Change.AssociateAcl it when ids.Subnet(it.Subnet) is { } subnet => new CloudCall.AssociateAcl(it.Acl, subnet),
            Change.CreateGroup it => new CloudCall.CreateGroup(vpc, it.Group.GroupName, it.Group.Description, it.Tags),
            Change.DeleteGroup it => new CloudCall.DeleteGroup(ids.Groups[it.Group]),
            // The right is one to the group; a peer that is not there yet may be any other.
            Change.AddRule { Rule: { Group.IsMade: false } rule } => new CloudCall.Authorize(
                rule.Peer.Group is { IsMade: true } ? rule with { Peer = inventory.Cloud.Vpc.Primary } : rule,
                ResourceNames.TagsFor(spec, ResourceNames.Of(rule), null)
            ),
            Change.TagRule it => new CloudCall.Tag(new(it.RuleId), ResourceNames.TagsFor(spec, ResourceNames.Of(it.Rule), null)),
            Change.RemoveRule it when ids.Group(it.Rule.Group) is { } group => new CloudCall.Revoke(
                group,
                it.Rule.Direction,
                ids.Rules[it.Rule.Key]
            ),
            Change.SetAddonValues it => new CloudCall.UpdateAddon(inventory.Cloud.Cluster!.Name, "vpc-cni", "{}", Conflicts.Fail, it.Id),
            _ => null,
        };
    }

    private static IEnumerable<ClusterCall> ClusterCalls(OverlaySpec spec, List<Change> changes)
    {
        var (lease, record) = (ObjectKey.Lease(spec.Name), ObjectKey.Record(spec.Name));
        yield return new ClusterCall.Create(lease, "{}");
        yield return new ClusterCall.Replace(lease, "{}");
        yield return new ClusterCall.Delete(lease);
        if (
            changes.Any(change =>
                change is Change.SetAddonValues or Change.SetAwsNode or Change.SetSubnetRole { Role.Subnet.IsMade: false }
            )
        )
        {
            yield return new ClusterCall.Apply(record, "{}", false);
        }
        if (changes.Any(change => change is Change.DeletePreviousValues))
        {
            yield return new ClusterCall.Delete(record);
        }
        if (changes.OfType<Change.ClearRolloutMark>().FirstOrDefault() is { } release)
        {
            yield return new ClusterCall.Cordon(release.Node, release.StaysCordoned, Tags.Rollout(spec.Name), null);
        }
        if (changes.Any(change => change is Change.SetAwsNode))
        {
            yield return new ClusterCall.Apply(ObjectKey.AwsNode, "{}", false) { IsThere = true };
        }
        if (changes.OfType<Change.ApplyEniConfig>().FirstOrDefault() is { } apply)
        {
            yield return new ClusterCall.Apply(ObjectKey.EniConfig(apply.EniConfig.Zone), "{}", false);
        }
        foreach (var key in changes.Select(AppliedKey).OfType<ObjectKey>().DistinctBy(key => key.Plural))
        {
            yield return new ClusterCall.Apply(key, "{}", false);
        }
        foreach (var key in changes.Select(DeletedKey).OfType<ObjectKey>().DistinctBy(key => key.Plural))
        {
            yield return new ClusterCall.Delete(key);
        }
        if (changes.OfType<Change.DeleteEniConfig>().FirstOrDefault() is { } delete)
        {
            yield return new ClusterCall.Delete(ObjectKey.EniConfig(delete.Zone));
        }
    }

    private static IEnumerable<CloudCall> LockCalls(OverlaySpec spec, Inventory inventory) =>
        [
            new CloudCall.Tag(inventory.Cloud.Vpc!.Id, [new(Tags.Lock(spec.Name), "")]),
            new CloudCall.Untag(inventory.Cloud.Vpc.Id, [Tags.Lock(spec.Name)]),
        ];

    /// <summary>A right to evict may be given namespace by namespace, so each that has pods to move is asked about.</summary>
    private static IEnumerable<ClusterCall> NodeCalls(OverlaySpec spec, IReadOnlyList<SeenNode> nodes, Inventory inventory)
    {
        if (nodes is [var first, ..])
        {
            yield return new ClusterCall.Cordon(first.Name, true, Tags.Rollout(spec.Name), "");
        }
        if (nodes.FirstOrDefault(node => node is { IsAuto: true, Claim: not null }) is { } auto)
        {
            yield return new ClusterCall.Delete(ObjectKey.NodeClaim(auto.Claim!));
        }
        foreach (var pod in nodes.SelectMany(node => RolloutPlan.MovableOn(inventory.Cluster!, node)).DistinctBy(pod => pod.Namespace))
        {
            yield return new ClusterCall.Evict(pod.Namespace, pod.Name);
        }
    }

    private static ObjectKey? AppliedKey(Change change) =>
        change switch
        {
            Change.ApplyNodeClass it => ObjectKey.NodeClass(it.NodeClass.Name),
            Change.ApplyNodePool it => ObjectKey.NodePool(it.Pool.Name),
            Change.DisableNodePool it => ObjectKey.NodePool(it.Pool.Name),
            _ => null,
        };

    private static ObjectKey? DeletedKey(Change change) =>
        change switch
        {
            Change.DeleteNodeClass it => ObjectKey.NodeClass(it.NodeClass),
            Change.DeleteNodePool it => ObjectKey.NodePool(it.Pool),
            _ => null,
        };
}
