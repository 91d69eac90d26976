using Podspace.Design;
using Podspace.Findings;
using Podspace.Model;
using Podspace.Nodes;
using Podspace.Observed;
using Podspace.Reachability;
using Podspace.Spec;
using Podspace.Steps;

namespace Podspace.Planning;

/// <summary>One thing that was looked at.</summary>
/// <param name="Detail">What is so, or what is wrong and what to do.</param>
public sealed record VerifiedPart(string What, bool IsRight, string Detail);

/// <summary>Proof that the overlay works, from what is seen: parts, settings, every node, every pod.</summary>
public static class Verification
{
    public static EquatableArray<VerifiedPart> Of(OverlaySpec spec, Network desired, Inventory inventory, Plan plan)
    {
        var checks = Parts(desired, inventory, plan).ToList();
        if (!desired.NodePools.IsEmpty)
        {
            checks.Add(ClassReady(inventory, desired));
        }
        if (inventory.Cluster is not null && (desired.Cni is not null || !desired.NodePools.IsEmpty))
        {
            var states = new NodeStates(inventory, desired, ActualNetwork.From(inventory, spec.Name, spec.Cluster).Ids);
            if (desired.Cni is { } cni)
            {
                checks.Add(LiveEnv(inventory, cni));
            }
            checks.Add(Nodes(inventory, states));
            if (desired.Cni is not null)
            {
                checks.Add(NodeLimits(inventory, states));
                checks.Add(LaunchLimits(spec, desired, inventory, states));
            }
            checks.Add(Pods(inventory, states));
            checks.Add(Flows(inventory));
        }
        return checks.ToEquatable();
    }

    /// <summary>A row for all that the design has, and one for whatever else the plan would change: no step is passed over.</summary>
    private static IEnumerable<VerifiedPart> Parts(Network desired, Inventory inventory, Plan plan)
    {
        var steps = plan.Steps.ToLookup(step => step.Change.Noun.Area);
        foreach (var (area, what, count, isAlwaysShown) in Rows(desired))
        {
            if (area == VerifiedArea.Subnets && Unseen(inventory, what, Reading.Reservations) is { } unseen)
            {
                yield return unseen;
            }
            else if (isAlwaysShown || count > 0 || steps.Contains(area))
            {
                yield return Part(what, count, [.. steps[area]]);
            }
        }
    }

    private static IEnumerable<(VerifiedArea Area, string What, int Count, bool IsAlwaysShown)> Rows(Network desired) =>
        [
            (VerifiedArea.Block, "block", desired.Blocks.Count, true),
            (VerifiedArea.Subnets, "subnets", desired.Subnets.Count, true),
            (VerifiedArea.NetworkAcl, "network ACL", 0, false),
            (VerifiedArea.Routes, "routes", desired.RouteTables.Count, true),
            (VerifiedArea.Groups, "groups and rules", desired.Rules.Count, true),
            (VerifiedArea.Cni, CniTitle(desired), desired.EniConfigs.Count, true),
            (VerifiedArea.Share, "share", desired.Shares.Sum(share => share.Subnets.Count), false),
            (VerifiedArea.SubnetRoles, "subnet roles", desired.SubnetRoles.Count, false),
            (VerifiedArea.AutoMode, "NodeClass and NodePools", AutoModeParts(desired), false),
            (VerifiedArea.Leftovers, "left behind", 0, false),
        ];

    private static string CniTitle(Network desired) =>
        desired.Cni is { IsAddon: false } ? "ENIConfigs and aws-node's settings" : "ENIConfigs and add-on values";

    private static int AutoModeParts(Network desired) =>
        desired.NodePools.IsEmpty ? 0 : desired.NodeClasses.Count + desired.NodePools.Count;

    private static VerifiedPart Part(string what, int count, List<Step> missing)
    {
        if (missing.Count == 0)
        {
            return new(what, true, count == 0 ? "none needed" : $"{count} as designed");
        }
        var more = missing.Count > 1 ? $", and {missing.Count - 1} more" : "";
        return new(what, false, $"{missing[0].Change.Phrase} is not as designed{more}{Waits(missing)}. To see all:\n  podspace plan");
    }

    private static VerifiedPart ClassReady(Inventory inventory, Network desired)
    {
        var unready = desired.NodeClasses.FirstOrDefault(wanted =>
            inventory.Cluster?.NodeClasses.Any(seen => seen.Name == wanted.Name && seen.IsReady) is not true
        );
        return unready is null
            ? new("NodeClass status", true, "Ready")
            : new(
                "NodeClass status",
                false,
                $"{unready.Name} is not Ready, and its pools start no node. To see why:\n  kubectl describe nodeclass {unready.Name}"
            );
    }

    private static string Waits(List<Step> missing) =>
        StepsByOwner.Of(missing.ToEquatable()) is { External.IsEmpty: false } byOwner ? $"; this waits for {byOwner.Others}" : "";

    private static VerifiedPart LiveEnv(Inventory inventory, CniSettings cni)
    {
        const string What = "aws-node's live settings";
        if (inventory.Cluster!.AwsNode is not { } node)
        {
            return new(What, false, "there is no DaemonSet kube-system/aws-node, or it could not be read");
        }
        if (cni.Env.FirstOrDefault(setting => node.Setting(setting.Name) != setting.Value) is { Name: not null } wrong)
        {
            return new(What, false, $"{wrong.Name} is {node.Setting(wrong.Name) ?? "not set"}, not {wrong.Value}");
        }
        return node.Updated < node.Desired
            ? new(What, false, $"{node.Desired - node.Updated} of {node.Desired} nodes still run aws-node with older settings")
            : new(What, true, $"{cni.Env.Count} settings on {node.Desired} nodes");
    }

    private static VerifiedPart Nodes(Inventory inventory, NodeStates states)
    {
        if (Unseen(inventory, "nodes", Reading.Nodes, Reading.Interfaces) is { } unseen)
        {
            return unseen;
        }
        var nodes = inventory.Cluster!.Nodes.Where(states.Concerns).ToList();
        var wrong = nodes.Where(node => states.Of(node) != NodeState.InOverlay).ToList();
        var mixing = nodes.Count(states.Mixes);
        if (wrong.Count > 0)
        {
            return new(
                "nodes",
                false,
                $"{wrong.Count} of {nodes.Count} are older than the setting or not ready, {wrong[0].Name} among them. "
                    + $"To replace them:\n  podspace rollout start"
            );
        }
        return mixing > 0
            ? new(
                "nodes",
                true,
                $"{mixing} of {nodes.Count} give pods addresses of their own "
                    + $"subnet before those of the overlay, because it could not be closed (PS2411)"
            )
            : new("nodes", true, $"{nodes.Count} of {nodes.Count} give pods addresses of the overlay");
    }

    /// <summary>More pods than addresses: those beyond hang in ContainerCreating.</summary>
    private static VerifiedPart NodeLimits(Inventory inventory, NodeStates states)
    {
        foreach (var node in inventory.Cluster!.Nodes.Where(node => !node.IsAuto && states.Concerns(node)))
        {
            if (states.LimitOf(node) is not { } limit)
            {
                return new("max-pods", false, $"the limits of {node.InstanceType} ({node.Name}) could not be read");
            }
            if (node.MaxPods > limit)
            {
                return new(
                    "max-pods",
                    false,
                    $"{node.Name} ({node.InstanceType}) takes {node.MaxPods} pods and has addresses for {limit}: "
                        + $"replace it, or lower its max-pods"
                );
            }
        }
        return new("max-pods", true, "no node takes more pods than it has addresses for");
    }

    /// <summary>The next node is not there yet to be looked at: what would start it is.</summary>
    private static VerifiedPart LaunchLimits(OverlaySpec spec, Network desired, Inventory inventory, NodeStates states)
    {
        const string What = "launch paths";
        var found = Acceptances
            .Of(spec, inventory.Cloud.ObservedAt, LaunchPaths.Findings(desired, inventory, states, isThrown: true))
            .ToList();
        if (found.Find(finding => finding.Severity >= Severity.Warning) is { } wrong)
        {
            return new(What, false, $"{wrong.Problem}\n{wrong.Fix}");
        }
        var unknown = found.Find(finding => finding.Code == LaunchPaths.Code);
        return new(What, true, unknown?.Problem ?? "none starts nodes with more pods than fit");
    }

    private static VerifiedPart Pods(Inventory inventory, NodeStates states)
    {
        if (Unseen(inventory, "pods", Reading.Pods) is { } unseen)
        {
            return unseen;
        }
        var others = inventory.Cluster!.Nodes.Where(node => !states.Concerns(node)).Select(node => node.Name).ToHashSet();
        var pods = inventory
            .Cluster.Pods.Where(pod => !pod.HostNetwork && pod.Phase is "Running" or "Pending" && !others.Contains(pod.Node ?? ""))
            .ToList();
        var mixing = inventory.Cluster.Nodes.Where(states.Mixes).Select(node => node.Name).ToHashSet();
        var outside = pods.Where(pod =>
                pod.Address is not { } address || (!states.IsInOverlay(address) && !mixing.Contains(pod.Node ?? ""))
            )
            .ToList();
        var inOverlay = pods.Count(pod => pod.Address is { } address && states.IsInOverlay(address));
        return outside.Count == 0
            ? new("pods", true, $"{inOverlay} of {pods.Count} have an address of the overlay (pods on hostNetwork apart)")
            : new(
                "pods",
                false,
                $"{outside.Count} of {pods.Count} have none of the overlay's addresses: "
                    + $"{outside[0]} has {outside[0].Address?.ToString() ?? "none"}"
            );
    }

    /// <summary>What a cluster lives by must work; what else does not is told.</summary>
    private static VerifiedPart Flows(Inventory inventory)
    {
        var answers = EssentialFlows.Ask(inventory);
        var vital = answers.Where(answer => answer.Question.IsVital).ToList();
        var bad =
            vital.Find(answer => answer.Trace.Outcome.IsBlocked)
            ?? vital.Find(answer => answer.Trace.Outcome.Verdict == Verdict.CannotTell);
        if (bad is not null)
        {
            return new(
                "flows",
                false,
                $"{bad.Question}: {VerdictText.Short(bad.Trace.Outcome)}. To see where:\n "
                    + $" podspace trace {bad.Trace.Flow.From} {bad.Trace.Flow.To} --port {bad.Trace.Flow.Port}"
            );
        }
        var refused = answers
            .Where(answer => answer.Trace.Outcome.IsBlocked)
            .Select(answer => $"{answer.Question}: {VerdictText.Short(answer.Trace.Outcome)}")
            .ToList();
        return new(
            "flows",
            true,
            $"{vital.Count} of {vital.Count} that a cluster lives "
                + $"by{(refused.Count == 0 ? "" : $"; others that do not work: {string.Join("; ", refused)}")}"
        );
    }

    /// <summary>What could not be looked at proves nothing.</summary>
    private static VerifiedPart? Unseen(Inventory inventory, string what, params ReadOnlySpan<Reading> readings)
    {
        foreach (var gap in inventory.Gaps)
        {
            if (readings.Contains(gap.Reading))
            {
                return new(what, false, $"not looked at: {gap.Reading} could not be read ({gap.Why}). {GapText.Fix(gap).TrimEnd('.')}");
            }
        }
        return null;
    }
}
