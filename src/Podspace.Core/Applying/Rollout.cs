using System.Runtime.CompilerServices;
using Podspace.Model;
using Podspace.Naming;
using Podspace.Nodes;
using Podspace.Observed;
using Podspace.Steps.Calls;

namespace Podspace.Applying;

/// <summary>Replaces running nodes one at a time: cordon all old ones, throw the switch, evict through the
/// eviction API, terminate, wait for the replacement, prove it.</summary>
/// <remarks>Holds no state of its own: started again, it looks which nodes are left. Right for
/// node groups that replace what is terminated.</remarks>
/// <param name="overlay">Its name: the mark on what is cordoned carries it.</param>
public sealed class Rollout(ICloud cloud, ICluster cluster, Waiter waiter, string overlay, Func<CancellationToken, Task<Inventory>> observe)
{
    /// <summary>As long as EKS itself waits for a pod to leave. Source: EKS User Guide, managed node update behaviour.</summary>
    private static readonly TimeSpan EvictionBudget = TimeSpan.FromMinutes(15);

    /// <param name="direction">Where the rollout leads.</param>
    public async IAsyncEnumerable<RolloutReport> RollAsync(RolloutDirection direction, [EnumeratorCancellation] CancellationToken cancel)
    {
        var inventory = await observe(cancel);
        if (Unseen(inventory) is { } blind)
        {
            yield return new RolloutReport.Stopped("nothing was changed", blind);
            yield break;
        }
        var waited = Names(Waiting(inventory));
        var plan = PlanFor(inventory, direction);
        if (plan.Unprotected is [var bare, ..])
        {
            yield return new RolloutReport.Stopped($"pod {bare} has no controller", Bare(plan.Unprotected));
            yield break;
        }
        if (plan.Nodes.Any(node => !node.IsAuto) && Hidden(inventory, Reading.Instances) is { } hidden)
        {
            yield return new RolloutReport.Stopped("nothing was changed", hidden);
            yield break;
        }
        // Before the switch, because after it a node without pods soon looks as if it had never been old. Auto
        // Mode would start more of the old kind for pods that find no place.
        var first = plan.Nodes.Where(node => !node.IsAuto).ToList();
        if (await ReleaseAsync(plan.Kept, null, cancel) is { } kept)
        {
            yield return new RolloutReport.Stopped("a node could not be uncordoned", kept);
            yield break;
        }
        if (await CordonAsync(first, direction.Goal, cancel) is { } refused)
        {
            yield return new RolloutReport.Stopped("not all nodes could be cordoned", refused);
            yield break;
        }
        if (await direction.ThrowSwitch(cancel) is { } stuck)
        {
            await OpenAsync(first, direction.Goal, cancel);
            yield return new RolloutReport.Stopped("the nodes take pods as before", stuck);
            yield break;
        }
        inventory = await observe(cancel);
        if (Unseen(inventory) is { } unseen)
        {
            yield return new RolloutReport.Stopped("no node was replaced", unseen);
            yield break;
        }
        plan = PlanFor(inventory, direction);
        if (await CordonAsync(plan.Nodes, direction.Goal, cancel) is { } rest)
        {
            yield return new RolloutReport.Stopped("not all nodes could be cordoned", rest);
            yield break;
        }
        if (plan.Nodes.Count > 0)
        {
            yield return new RolloutReport.Cordoned(plan.Nodes.Count);
        }
        var done = new HashSet<RolloutPlan.CanaryGroup>();
        for (var (i, all) = (1, plan.Nodes.Count); i <= all; i++)
        {
            inventory = await observe(cancel);
            if ((Unseen(inventory) ?? await waiter.RenewLockAsync(cancel)) is { } lost)
            {
                yield return new RolloutReport.Stopped($"stopped before node {i}/{all}", lost);
                yield break;
            }
            plan = PlanFor(inventory, direction);
            if (plan.Nodes.IsEmpty)
            {
                break;
            }
            var (node, isCanary) = plan.Next(inventory.Cluster!, done);
            yield return new RolloutReport.Draining(i, all, node, isCanary);
            var (replacement, failure) = await ReplaceAsync(node, inventory, direction, cancel);
            if (failure is null)
            {
                done.Add(RolloutPlan.CanaryGroup.Of(node));
                yield return new RolloutReport.Replaced(i, all, node, replacement, direction.Goal, isCanary);
                continue;
            }
            if (isCanary && direction.OnCanaryFailed is { } putBack)
            {
                yield return new RolloutReport.CanaryFailed(node.Zone);
                failure = await PutBackAsync(plan, node, putBack, failure, cancel);
            }
            yield return new RolloutReport.Stopped($"stopped at {node.Name}", failure);
            yield break;
        }
        yield return await SettleAsync(waited, cancel);
    }

    private RolloutPlan PlanFor(Inventory inventory, RolloutDirection direction) =>
        RolloutPlan.For(inventory, direction.StatesOf(inventory), direction.Goal, overlay);

    private async Task<Refusal?> CordonAsync(IEnumerable<SeenNode> nodes, NodeState goal, CancellationToken cancel)
    {
        foreach (var node in nodes)
        {
            var present = RolloutAnnotation.On(node, overlay);
            var mark = new RolloutAnnotation(goal, present?.WasCordoned ?? node.IsCordoned);
            if (mark == present && node.IsCordoned)
            {
                continue;
            }
            if (
                (
                    await cluster.CallAsync(new ClusterCall.Cordon(node.Name, true, Tags.Rollout(overlay), mark.ToString()), cancel)
                ).Refusal is
                { } refusal
            )
            {
                return refusal;
            }
        }
        return null;
    }

    /// <summary>Nodes that stay take pods again, unless somebody else had cordoned them before.</summary>
    /// <param name="failed">May stay as it is.</param>
    private async Task<Refusal?> ReleaseAsync(IEnumerable<SeenNode> nodes, SeenNode? failed, CancellationToken cancel)
    {
        foreach (var node in nodes)
        {
            var stays = RolloutAnnotation.On(node, overlay) is { WasCordoned: true };
            var outcome = await cluster.CallAsync(new ClusterCall.Cordon(node.Name, stays, Tags.Rollout(overlay), null), cancel);
            if (outcome.Refusal is { Kind: not RefusalKind.NotFound } refusal && node.Name != failed?.Name)
            {
                return refusal;
            }
        }
        return null;
    }

    /// <summary>The switch stays where it was: until the next run they take pods. Their mark stays,
    /// too, because part of the switch may have been thrown.</summary>
    private async Task OpenAsync(IEnumerable<SeenNode> nodes, NodeState goal, CancellationToken cancel)
    {
        foreach (var node in nodes)
        {
            // Another run that has the lock by now decides on them.
            if (await waiter.RenewLockAsync(cancel) is not null)
            {
                return;
            }
            var mark = new RolloutAnnotation(goal, RolloutAnnotation.On(node, overlay)?.WasCordoned ?? node.IsCordoned);
            await cluster.CallAsync(new ClusterCall.Cordon(node.Name, mark.WasCordoned, Tags.Rollout(overlay), mark.ToString()), cancel);
        }
    }

    private async Task<(string? Name, Refusal? Refusal)> ReplaceAsync(
        SeenNode node,
        Inventory before,
        RolloutDirection direction,
        CancellationToken cancel
    )
    {
        // Not by name: with the address of one that is gone a node gets its name, too.
        var known = before.Cluster!.Nodes.Select(one => one.InstanceId).ToHashSet();
        if (await DrainAsync(node, cancel) is { } stuck)
        {
            return (null, stuck);
        }
        if (node is { IsAuto: true, Claim: { } claim })
        {
            return (null, await ReplaceClaimAsync(node, claim, before, direction, cancel));
        }
        var terminated = await cloud.CallAsync(new CloudCall.TerminateInstance(new(node.InstanceId)), cancel);
        if (terminated.Refusal is not null)
        {
            return (null, terminated.Refusal);
        }
        if (await waiter.UntilAsync(cloud, new CloudState.InstanceGone(new(node.InstanceId)), cancel) is { } alive)
        {
            return (null, alive);
        }
        string? name = null;
        var refusal = await waiter.UntilAsync(
            async () =>
            {
                var now = await observe(cancel);
                if (Unseen(now) is { } blind)
                {
                    return new Progress.Pending(blind.Message);
                }
                var states = direction.StatesOf(now);
                // Evicted pods make Auto Mode, or Karpenter, start nodes of other kinds meanwhile.
                var fresh = now.Cluster!.Nodes.FirstOrDefault(one =>
                    one.Zone == node.Zone && one.IsAuto == node.IsAuto && !known.Contains(one.InstanceId) && states.Concerns(one)
                );
                name = fresh?.Name;
                return fresh is null ? new Progress.Pending("no new node yet") : ProgressOf(fresh, states, direction.Goal);
            },
            $"replacement of {node.Name} in {node.Zone}",
            cancel
        );
        return (name, refusal);
    }

    private static Progress ProgressOf(SeenNode node, NodeStates states, NodeState goal)
    {
        if (!node.IsReady)
        {
            return new Progress.Pending($"{node.Name} is NotReady");
        }
        var state = states.Of(node);
        return state == goal ? new Progress.Reached() : new Progress.Pending($"{node.Name} is {NodeStateText.Of(state)}");
    }

    /// <summary>Auto Mode's instances are not ours to terminate: it does so when their NodeClaim is deleted,
    /// and starts another where pods need one, in whatever zone.</summary>
    private async Task<Refusal?> ReplaceClaimAsync(
        SeenNode node,
        string claim,
        Inventory before,
        RolloutDirection direction,
        CancellationToken cancel
    )
    {
        // What waited before, for a GPU say, does not wait for this.
        var waited = Names(Waiting(before));
        if ((await cluster.CallAsync(new ClusterCall.Delete(ObjectKey.NodeClaim(claim)), cancel)).Refusal is { } refused)
        {
            return refused;
        }
        return await AutoModeWriter.GoneAsync(cluster, waiter, ObjectKey.NodeClaim(claim), cancel)
            ?? await waiter.UntilAsync(
                async () =>
                {
                    var now = await observe(cancel);
                    if (Unseen(now) is { } blind)
                    {
                        return new Progress.Pending(blind.Message);
                    }
                    var states = direction.StatesOf(now);
                    var wrong = now.Cluster!.Nodes.FirstOrDefault(one =>
                        one is { IsAuto: true, IsCordoned: false }
                        && states.Concerns(one)
                        && (!one.IsReady || states.Of(one) != direction.Goal)
                    );
                    var waiting = Waiting(now, waited).Count();
                    if (wrong is { IsReady: true })
                    {
                        var state = NodeStateText.Of(states.Of(wrong));
                        return new Progress.Pending($"{wrong.Name} of NodePool {wrong.Label(SeenNode.PoolLabel)} is {state}");
                    }
                    if (wrong is not null)
                    {
                        return new Progress.Pending($"{wrong.Name} is NotReady");
                    }
                    return waiting > 0 ? new Progress.Pending($"{waiting} pods are not running yet") : new Progress.Reached();
                },
                $"nodes for the pods of {node.Name}",
                cancel
            );
    }

    /// <param name="before">Names of those that waited before, which are left out; null: none.</param>
    private static IEnumerable<SeenPod> Waiting(Inventory inventory, HashSet<string>? before = null) =>
        inventory.Cluster!.Pods.Where(pod => pod.Phase == "Pending" && before?.Contains(pod.ToString()) != true);

    private static HashSet<string> Names(IEnumerable<SeenPod> pods) => [.. pods.Select(pod => pod.ToString())];

    private async Task<Refusal?> DrainAsync(SeenNode node, CancellationToken cancel)
    {
        var drain = waiter.With(EvictionBudget);
        return await drain.UntilAsync(
            async () =>
            {
                var now = await observe(cancel);
                if (Unseen(now) is { } blind)
                {
                    return new Progress.Pending(blind.Message);
                }
                var pods = RolloutPlan.MovableOn(now.Cluster!, node);
                var held = new List<string>();
                foreach (var pod in pods.Where(pod => !pod.IsTerminating))
                {
                    var outcome = await cluster.CallAsync(new ClusterCall.Evict(pod.Namespace, pod.Name), cancel);
                    if (outcome.Refusal is { Kind: not (RefusalKind.Conflict or RefusalKind.NotFound) } refusal)
                    {
                        return new Progress.Failed(refusal);
                    }
                    if (outcome.Refusal is { Kind: RefusalKind.Conflict })
                    {
                        held.Add($"{pod}");
                    }
                }
                var state = held.Count == 0 ? "pods are leaving" : $"a disruption budget holds {string.Join(", ", held)}";
                return pods.Count == 0 ? new Progress.Reached() : new Progress.Pending(state);
            },
            $"draining {node.Name}",
            cancel
        );
    }

    private async Task<Refusal> PutBackAsync(
        RolloutPlan plan,
        SeenNode failed,
        Func<CancellationToken, Task<Refusal?>> putBack,
        Refusal failure,
        CancellationToken cancel
    )
    {
        if (await putBack(cancel) is { } refusal)
        {
            return failure with { Message = $"{failure.Message} The switch could not be put back either: {refusal}" };
        }
        // The failed node itself may still be there: it is uncordoned too, unless its instance is gone already.
        if (await ReleaseAsync(plan.Nodes, failed, cancel) is { } stuck)
        {
            return failure with { Message = $"{failure.Message} The switch is put back, but not all nodes take pods again: {stuck}" };
        }
        return failure with { Message = $"{failure.Message} The switch is put back and the old nodes take pods again." };
    }

    /// <summary>The last pods to move may still be starting.</summary>
    private async Task<RolloutReport> SettleAsync(HashSet<string> waited, CancellationToken cancel)
    {
        var refusal = await waiter.UntilAsync(
            async () =>
            {
                var now = await observe(cancel);
                if (Unseen(now) is { } blind)
                {
                    return new Progress.Pending(blind.Message);
                }
                var waiting = Waiting(now, waited).ToList();
                return waiting.Count == 0
                    ? new Progress.Reached()
                    : new Progress.Pending($"{waiting.Count} pods are not running yet, {waiting[0]} among them");
            },
            "pods",
            cancel
        );
        return refusal is null ? new RolloutReport.Ended() : new RolloutReport.Stopped("all nodes are replaced, but pods wait", refusal);
    }

    /// <summary>Unseen is not absent: a node whose pods could not be listed is not empty, and
    /// one whose interfaces could not is not old.</summary>
    private static Refusal? Unseen(Inventory inventory) => Hidden(inventory, Reading.Nodes, Reading.Pods, Reading.Interfaces);

    private static Refusal? Hidden(Inventory inventory, params Reading[] readings) =>
        inventory.Gaps.FirstOrDefault(gap => readings.Contains(gap.Reading)) is { } gap
            ? new(
                RefusalKind.Unavailable,
                "Unseen",
                $"{gap.Reading} could not be read ({gap.Why}), and no node is judged without them. {MendOf(gap)}"
            )
            : null;

    private static string MendOf(Gap gap) =>
        gap.Cause == GapCause.NotAllowed ? $"Allow {Needs.Of(gap.Reading).Right}, then start again." : GapText.Fix(gap);

    private static Refusal Bare(EquatableArray<SeenPod> pods) =>
        new(
            RefusalKind.Final,
            "BarePods",
            $"Nobody would make these pods anew after their node is gone: {string.Join(", ", pods)}. "
                + $"Delete them or give them a controller, then start again; nothing was changed."
        );
}
