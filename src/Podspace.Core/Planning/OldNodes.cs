using Podspace.Cni;
using Podspace.Findings;
using Podspace.Nodes;
using Podspace.Spec;
using Podspace.Steps;

namespace Podspace.Planning;

/// <summary>Nodes that are older than the network. Replacing them is never part of a plan, but <c>rollout</c>'s; what
/// becomes of them is said.</summary>
internal sealed class OldNodes(PlanInput input)
{
    private readonly int ofVpcCni = input.Desired.Cni is null ? 0 : Count(input, isAuto: false);
    private readonly int ofAutoMode = input.Desired.NodePools.IsEmpty ? 0 : Count(input, isAuto: true);

    public bool Any => ofVpcCni + ofAutoMode > 0;

    /// <summary>Reports whether nodes of the VPC CNI take pods' addresses from the pod subnets from this change on.</summary>
    public static bool ThrowsSwitch(Change change) => change.ThrowsSwitch && change is not Change.ApplyNodePool;

    /// <summary>What starts nodes that would take more pods than they have addresses for, once the switch is thrown.</summary>
    public IEnumerable<Finding> LaunchPathFindings(IReadOnlyCollection<Change> changes) =>
        changes.Any(ThrowsSwitch) ? LaunchPaths.Findings(input.Desired, input.Inventory, input.States) : [];

    public IEnumerable<Finding> FindingsOfVpcCni(IReadOnlyCollection<Change> changes)
    {
        if (ofVpcCni > 0)
        {
            yield return changes.Any(ThrowsSwitch) ? BeforeTheSwitch() : AfterTheSwitch();
        }
    }

    public IEnumerable<Finding> FindingsOfAutoMode()
    {
        if (ofAutoMode > 0)
        {
            yield return new(
                "PS2322",
                Severity.Warning,
                "nodes",
                null,
                $"{ofAutoMode} nodes of Auto Mode give pods addresses of the node subnets, and Auto Mode leaves them be: "
                    + "only nodes that start anew come from our pools.",
                input.HowToReplaceNodes()
            );
        }
    }

    private static int Count(PlanInput input, bool isAuto) =>
        input.Inventory.Cluster?.Nodes.Count(node =>
            node.IsAuto == isAuto && input.States.Concerns(node) && input.States.Of(node) != NodeState.InOverlay
        )
        ?? 0;

    private Finding BeforeTheSwitch()
    {
        var hasPrefixes = input.Desired.Cni!.Env.Any(setting => setting is { Name: CniEnv.PrefixDelegation, Value: "true" });
        var starved = hasPrefixes ? ", or start no new pods at all, because they have no whole /28 to take prefixes from" : "";
        return new(
            "PS2304",
            Severity.Warning,
            "nodes",
            null,
            $"Once the switch is thrown, the {ofVpcCni} nodes that run now keep their addresses and take further ones from the pod "
                + $"subnets{starved}.",
            input.Spec.Owners.Nodes == Owner.Podspace
                ? "Leave no time between: podspace rollout start cordons them, throws the switch and replaces them."
                : input.HowToReplaceNodes()
        );
    }

    private Finding AfterTheSwitch() =>
        new(
            "PS2305",
            Severity.Warning,
            "nodes",
            null,
            $"{ofVpcCni} of {input.Inventory.Cluster!.Nodes.Count(node => node.RunsAwsNode)} nodes are older than the setting: "
                + "they still give pods other addresses, or other groups, or take more pods than they have addresses for.",
            input.HowToReplaceNodes()
        );
}
