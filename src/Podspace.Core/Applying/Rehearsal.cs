using Podspace.Model;
using Podspace.Planning;
using Podspace.Spec;

namespace Podspace.Applying;

/// <summary>What came of asking for the rights before the first change.</summary>
/// <param name="Denied">Calls that would be refused, each with AWS's or Kubernetes' words.</param>
/// <param name="NotTried">Calls that cannot be rehearsed, because AWS has no DryRun for them or they need what is not there yet.</param>
public sealed record RehearsalReport(EquatableArray<string> Denied, EquatableArray<string> NotTried);

/// <summary>Tries one call of every kind with DryRun, and asks the cluster whether we may, so that a missing right shows before anything is half done.</summary>
public static class Rehearsal
{
    public static async Task<RehearsalReport> TryAsync(
        OverlaySpec spec, IEnumerable<Step> steps, Inventory inventory, ICloud cloud, ICluster? cluster, CancellationToken cancel)
    {
        var mine = steps.Where(step => step.Owner == Owner.Podspace).Select(step => step.Change).ToList();
        var calls = mine.Select(change => CallOf(change, inventory)).OfType<CloudCall>().DistinctBy(call => call.GetType()).ToList();
        // Both doors at once, because neither answer depends on the other.
        var trying = Task.WhenAll(calls.Select(async call => (Call: call, Outcome: await cloud.RehearseAsync(call, cancel))));
        var asking = cluster is null ? Task.FromResult<Outcome[]>([]) : Task.WhenAll(ClusterCalls(spec, mine).Select(call => cluster.RehearseAsync(call, cancel)));
        var (tried, asked) = (await trying, await asking);
        var denied = tried.Select(one => one.Outcome?.Refusal).Concat(asked.Select(outcome => outcome.Refusal))
            .Where(refusal => refusal is { Kind: RefusalKind.Denied })
            .Select(refusal => $"{refusal}");
        var missing = mine.Where(change => CallOf(change, inventory) is null).Select(change => $"{change.Action} {change.Kind}")
            .Concat(mine.Where(change => tried.Any(one => one.Outcome is null && one.Call.GetType() == CallOf(change, inventory)?.GetType())).Select(change => $"{change.Action} {change.Kind}"));
        return new(denied.ToEquatable(), missing.Distinct().Order(StringComparer.Ordinal).ToEquatable());
    }

    /// <summary>A call of the change's kind whose ids are known; null when all of them need something that is not there yet.</summary>
    private static CloudCall? CallOf(Change change, Inventory inventory)
    {
        var vpc = inventory.Cloud.Vpc!.Id;
        return change switch
        {
            Change.TagBlock it => new CloudCall.Tag(vpc, [new(Tags.Block(it.Block), "")]),
            Change.UntagBlock it => new CloudCall.Untag(vpc, [Tags.Block(it.Block)]),
            Change.AssociateBlock it => new CloudCall.AssociateBlock(vpc, it.Block),
            Change.CreateSubnet it => new CloudCall.CreateSubnet(vpc, it.Subnet.Zone, it.Subnet.Cidr, it.Tags),
            Change.CreateRouteTable it => new CloudCall.CreateRouteTable(vpc, "rehearsal", it.Tags),
            Change.CreateGroup it => new CloudCall.CreateGroup(vpc, it.Group.GroupName, it.Group.Description, it.Tags),
            Change.AddRule { Rule: { Group.IsMade: false, Peer.Cidr: not null } rule } => new CloudCall.Authorize(rule, []),
            _ => null,
        };
    }

    private static IEnumerable<ClusterCall> ClusterCalls(OverlaySpec spec, List<Change> changes)
    {
        yield return new ClusterCall.Create(ObjectKey.Lease(spec.Name), "{}");
        if (changes.Any(change => change is Change.SetAddonValues or Change.SetAwsNode))
        {
            yield return new ClusterCall.Apply(ObjectKey.Record(spec.Name), "{}", false);
        }
        if (changes.Any(change => change is Change.SetAwsNode))
        {
            yield return new ClusterCall.Apply(ObjectKey.AwsNode, "{}", false) { IsThere = true };
        }
        if (changes.OfType<Change.ApplyEniConfig>().FirstOrDefault() is { } apply)
        {
            yield return new ClusterCall.Apply(ObjectKey.EniConfig(apply.EniConfig.Zone), "{}", false);
        }
        if (changes.OfType<Change.DeleteEniConfig>().FirstOrDefault() is { } delete)
        {
            yield return new ClusterCall.Delete(ObjectKey.EniConfig(delete.Zone));
        }
    }
}
