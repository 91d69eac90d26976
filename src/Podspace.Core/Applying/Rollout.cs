using System.Runtime.CompilerServices;
using Podspace.Design;
using Podspace.Model;
using Podspace.Rolling;

namespace Podspace.Applying;

/// <summary>Replaces running nodes one at a time: cordon all old ones, evict through the eviction API, terminate, wait for the replacement, prove it.</summary>
/// <remarks>Holds no state of its own: started again, it looks which nodes are left. Right for node groups that replace what is terminated.</remarks>
/// <param name="overlay">Its name: the mark on what is cordoned carries it.</param>
public sealed class Rollout(ICloud cloud, ICluster cluster, Patience patience, string overlay, Func<CancellationToken, Task<Inventory>> observe)
{
    /// <summary>As long as EKS itself waits for a pod to leave. Source: EKS User Guide, managed node update behaviour.</summary>
    private static readonly TimeSpan EvictionBudget = TimeSpan.FromMinutes(15);

    /// <param name="statesOf">Says of an inventory where its nodes stand.</param>
    /// <param name="onCanaryFailed">What puts things back when the first new node of a zone fails; null: nothing does.</param>
    public async IAsyncEnumerable<RolloutReport> RollAsync(
        Func<Inventory, NodeStates> statesOf, NodeState goal, Func<CancellationToken, Task<Refusal?>>? onCanaryFailed, [EnumeratorCancellation] CancellationToken cancel)
    {
        var inventory = await observe(cancel);
        if (Unseen(inventory) is { } blind)
        {
            yield return new("nothing was changed", blind);
            yield break;
        }
        var plan = RollPlan.For(inventory, statesOf(inventory), goal, overlay);
        if (plan.Unprotected is [var bare, ..])
        {
            yield return new($"pod {bare} has no controller", Bare(plan.Unprotected));
            yield break;
        }
        foreach (var node in plan.Kept)
        {
            if (await ReleaseAsync(node, cancel) is { } refusal)
            {
                yield return new($"{node.Name} could not be uncordoned", refusal);
                yield break;
            }
        }
        foreach (var node in plan.Nodes)
        {
            if (await CordonAsync(node, goal, cancel) is { } refusal)
            {
                yield return new($"{node.Name} could not be cordoned", refusal);
                yield break;
            }
        }
        if (plan.Nodes.Count > 0)
        {
            yield return new($"cordoned {plan.Nodes.Count} nodes that are to be replaced");
        }
        var zonesDone = new HashSet<string>();
        for (var (i, all) = (1, plan.Nodes.Count); i <= all; i++)
        {
            inventory = await observe(cancel);
            if ((Unseen(inventory) ?? await patience.BeatAsync(cancel)) is { } lost)
            {
                yield return new($"stopped before node {i}/{all}", lost);
                yield break;
            }
            plan = RollPlan.For(inventory, statesOf(inventory), goal, overlay);
            if (plan.Nodes.IsEmpty)
            {
                break;
            }
            var (node, isCanary) = plan.Next(inventory.Cluster!, zonesDone);
            yield return new($"{i}/{all} {node.Name} in {node.Zone}{(isCanary ? " (canary)" : "")}: moving its pods");
            var (replacement, failure) = await ReplaceAsync(node, inventory, statesOf, goal, cancel);
            if (failure is null)
            {
                zonesDone.Add(node.Zone);
                yield return new($"{i}/{all} {replacement ?? "whatever now runs its pods"} {(replacement is null ? "is" : "took its place and is")} {Say(goal)}");
                continue;
            }
            if (isCanary && onCanaryFailed is not null)
            {
                yield return new($"the canary of {node.Zone} failed; putting the switch back");
                failure = await PutBackAsync(plan, node, onCanaryFailed, failure, cancel);
            }
            yield return new($"stopped at {node.Name}", failure);
            yield break;
        }
        yield return await SettleAsync(cancel);
    }

    private async Task<Refusal?> CordonAsync(SeenNode node, NodeState goal, CancellationToken cancel)
    {
        var present = RollMark.On(node, overlay);
        var mark = new RollMark(goal, present?.WasCordoned ?? node.IsCordoned);
        return mark == present && node.IsCordoned
            ? null
            : (await cluster.CallAsync(new ClusterCall.Cordon(node.Name, true, Tags.Rollout(overlay), mark.ToString()), cancel)).Refusal;
    }

    /// <summary>A node that stays takes pods again, unless somebody else had cordoned it before.</summary>
    private async Task<Refusal?> ReleaseAsync(SeenNode node, CancellationToken cancel)
    {
        var stays = RollMark.On(node, overlay) is { WasCordoned: true };
        var outcome = await cluster.CallAsync(new ClusterCall.Cordon(node.Name, stays, Tags.Rollout(overlay), null), cancel);
        return outcome.Refusal is { Kind: not RefusalKind.NotFound } refusal ? refusal : null;
    }

    private async Task<(string? Name, Refusal? Refusal)> ReplaceAsync(
        SeenNode node, Inventory before, Func<Inventory, NodeStates> statesOf, NodeState goal, CancellationToken cancel)
    {
        // Not by name: with the address of one that is gone a node gets its name, too.
        var known = before.Cluster!.Nodes.Select(one => one.InstanceId).ToHashSet();
        if (await DrainAsync(node, cancel) is { } stuck)
        {
            return (null, stuck);
        }
        if (node is { IsAuto: true, Claim: { } claim })
        {
            return (null, await ReplaceClaimAsync(node, claim, statesOf, goal, cancel));
        }
        var terminated = await cloud.CallAsync(new CloudCall.TerminateInstance(new(node.InstanceId)), cancel);
        if (terminated.Refusal is not null)
        {
            return (null, terminated.Refusal);
        }
        if (await patience.UntilAsync(cloud, new CloudState.InstanceGone(new(node.InstanceId)), cancel) is { } alive)
        {
            return (null, alive);
        }
        string? name = null;
        var refusal = await patience.UntilAsync(async () =>
        {
            var now = await observe(cancel);
            if (Unseen(now) is { } blind)
            {
                return new Progress.Pending(blind.Message);
            }
            var fresh = now.Cluster!.Nodes.FirstOrDefault(one => one.Zone == node.Zone && !known.Contains(one.InstanceId));
            name = fresh?.Name;
            return fresh is null ? new Progress.Pending("no new node yet")
                : !fresh.IsReady ? new Progress.Pending($"{fresh.Name} is NotReady")
                : statesOf(now).Of(fresh) is var state && state == goal ? new Progress.Reached()
                : new Progress.Pending($"{fresh.Name} is {Say(state)}");
        }, $"replacement of {node.Name} in {node.Zone}", cancel);
        return (name, refusal);
    }

    /// <summary>Auto Mode's instances are not ours to terminate: it does so when their NodeClaim is deleted, and starts another where pods need one, in whatever zone.</summary>
    private async Task<Refusal?> ReplaceClaimAsync(SeenNode node, string claim, Func<Inventory, NodeStates> statesOf, NodeState goal, CancellationToken cancel)
    {
        if ((await cluster.CallAsync(new ClusterCall.Delete(ObjectKey.NodeClaim(claim)), cancel)).Refusal is { } refused)
        {
            return refused;
        }
        return await AutoModeWriter.GoneAsync(cluster, patience, ObjectKey.NodeClaim(claim), cancel) ?? await patience.UntilAsync(async () =>
        {
            var now = await observe(cancel);
            if (Unseen(now) is { } blind)
            {
                return new Progress.Pending(blind.Message);
            }
            var states = statesOf(now);
            var wrong = now.Cluster!.Nodes.FirstOrDefault(one => one is { IsAuto: true, IsCordoned: false } && states.Concerns(one) && (!one.IsReady || states.Of(one) != goal));
            var waiting = now.Cluster.Pods.Count(pod => pod.Phase == "Pending");
            return wrong is not null ? new Progress.Pending(wrong.IsReady ? $"{wrong.Name} of NodePool {wrong.Label(SeenNode.PoolLabel)} is {Say(states.Of(wrong))}" : $"{wrong.Name} is NotReady")
                : waiting > 0 ? new Progress.Pending($"{waiting} pods are not running yet") : new Progress.Reached();
        }, $"nodes for the pods of {node.Name}", cancel);
    }

    private async Task<Refusal?> DrainAsync(SeenNode node, CancellationToken cancel)
    {
        var drain = patience.With(EvictionBudget);
        return await drain.UntilAsync(async () =>
        {
            var now = await observe(cancel);
            if (Unseen(now) is { } blind)
            {
                return new Progress.Pending(blind.Message);
            }
            var pods = RollPlan.MovableOn(now.Cluster!, node);
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
            return pods.Count == 0 ? new Progress.Reached()
                : new Progress.Pending(held.Count == 0 ? "pods are leaving" : $"a disruption budget holds {string.Join(", ", held)}");
        }, $"draining {node.Name}", cancel);
    }

    private async Task<Refusal> PutBackAsync(
        RollPlan plan, SeenNode failed, Func<CancellationToken, Task<Refusal?>> putBack, Refusal failure, CancellationToken cancel)
    {
        if (await putBack(cancel) is { } refusal)
        {
            return failure with { Message = $"{failure.Message} The switch could not be put back either: {refusal}" };
        }
        // The failed node itself may still be there: it is uncordoned too, unless its instance is gone already.
        foreach (var node in plan.Nodes)
        {
            if (await ReleaseAsync(node, cancel) is { } stuck && node.Name != failed.Name)
            {
                return failure with { Message = $"{failure.Message} The switch is put back, but {node.Name} is still cordoned: {stuck}" };
            }
        }
        return failure with { Message = $"{failure.Message} The switch is put back and the old nodes take pods again." };
    }

    /// <summary>The last pods to move may still be starting.</summary>
    private async Task<RolloutReport> SettleAsync(CancellationToken cancel)
    {
        var refusal = await patience.UntilAsync(async () =>
        {
            var now = await observe(cancel);
            if (Unseen(now) is { } blind)
            {
                return new Progress.Pending(blind.Message);
            }
            var waiting = now.Cluster!.Pods.Where(pod => pod.Phase == "Pending").ToList();
            return waiting.Count == 0 ? new Progress.Reached() : new Progress.Pending($"{waiting.Count} pods are not running yet, {waiting[0]} among them");
        }, "pods", cancel);
        return new(refusal is null ? "all nodes are replaced and no pod waits" : "all nodes are replaced, but pods wait", refusal);
    }

    /// <summary>Unseen is not absent: a node whose pods could not be listed is not empty, and one whose interfaces could not is not old.</summary>
    private static Refusal? Unseen(Inventory inventory) =>
        inventory.Gaps.FirstOrDefault(gap => gap.Reading is Reading.Nodes or Reading.Pods or Reading.Interfaces) is { } gap
            ? new(RefusalKind.Unavailable, "Unseen", $"{gap.Reading} could not be read ({gap.Why}), and no node is judged without them. {(gap.Cause == GapCause.NotAllowed ? $"Allow {Needs.Of(gap.Reading).Right}, then start again." : GapWords.Mend(gap))}")
            : null;

    private static Refusal Bare(EquatableArray<SeenPod> pods) => new(
        RefusalKind.Final, "BarePods",
        $"Nobody would make these pods anew after their node is gone: {string.Join(", ", pods)}. Delete them or give them a controller, then start again; nothing was changed.");

    private static string Say(NodeState state) => state switch
    {
        NodeState.InOverlay => "in the pod subnets",
        NodeState.Outdated => "in the pod subnets with settings of before",
        NodeState.InNodeSubnet => "in the node subnets",
        NodeState.Mixed => "in both",
        NodeState.NoAddresses => "without interfaces for pods",
    };
}
