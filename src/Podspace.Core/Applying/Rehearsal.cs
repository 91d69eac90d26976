using Podspace.Model;
using Podspace.Naming;
using Podspace.Nodes;
using Podspace.Observed;
using Podspace.Spec;
using Podspace.Steps;
using Podspace.Steps.Calls;

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
            .Select(step => Attempt.Of(step.Change, new RehearsalContext(spec, inventory, ids)))
            .ToList();
        var calls = tries
            .Where(one => !one.IsTooEarly)
            .SelectMany(one => one.Calls.OfType<CloudCall>())
            .Concat(cluster is null ? LockCalls(spec, inventory) : [])
            .Concat(replaced.Where(node => !node.IsAuto).Take(1).Select(node => new CloudCall.TerminateInstance(new(node.InstanceId))))
            .DistinctBy(Kind)
            .ToList();
        // Both doors at once, because neither answer depends on the other.
        var trying = Task.WhenAll(calls.Select(async call => (Call: call, Outcome: await cloud.RehearseAsync(call, cancel))));
        var reviews = cluster is null ? [] : ClusterCalls(spec, tries).Concat(NodeCalls(spec, replaced, inventory));
        var asking = Task.WhenAll(reviews.Select(call => cluster!.RehearseAsync(call, cancel)));
        var (tried, asked) = (await trying, await asking);
        var denied = tried
            .Select(one => one.Outcome?.Refusal)
            .Concat(asked.Select(outcome => outcome.Refusal))
            .OfType<Refusal>()
            .Where(refusal => refusal.Kind == RefusalKind.Denied)
            .ToList();
        var unanswered = tried.Where(one => one.Outcome is null).Select(one => Kind(one.Call)).ToHashSet();
        var untried = tries.Where(one => one.IsUntried(unanswered)).Select(one => one.What);
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

    /// <summary>A step whose calls are tried.</summary>
    /// <param name="IsTooEarly">They name what is not there yet.</param>
    private sealed record Attempt(Change Change, EquatableArray<Call> Calls, bool IsTooEarly)
    {
        public string What => $"{Change.Action.Text()} {Change.Kind}";

        public static Attempt Of(Change change, RehearsalContext context)
        {
            var calls = change.Calls(context).ToEquatable();
            return new(change, calls, context.HasMissed);
        }

        /// <summary>A change of the cluster's objects is asked about there.</summary>
        public bool IsUntried(HashSet<(Type, Direction?)> unanswered) =>
            Calls.OfType<CloudCall>().Any(call => IsTooEarly || unanswered.Contains(Kind(call)));
    }

    private static IEnumerable<ClusterCall> ClusterCalls(OverlaySpec spec, List<Attempt> tries)
    {
        var (lease, record) = (ObjectKey.Lease(spec.Name), ObjectKey.Record(spec.Name));
        IEnumerable<ClusterCall> ours =
        [
            new ClusterCall.Create(lease, "{}"),
            new ClusterCall.Replace(lease, "{}"),
            new ClusterCall.Delete(lease),
            .. tries.Exists(one => one.Change.IsRecorded) ? (ClusterCall[])[new ClusterCall.Apply(record, "{}", false)] : [],
        ];
        return ours.Concat(tries.SelectMany(one => one.Calls.OfType<ClusterCall>())).DistinctBy(call => string.Join(' ', call.Rights));
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
}
