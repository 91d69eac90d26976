using Podspace.Cni;
using Podspace.Model;
using Podspace.Naming;

namespace Podspace.Nodes;

/// <summary>What a rollout writes on a node in the call that cordons it: that this node goes, whatever its interfaces say later.</summary>
/// <remarks>A node that was emptied has given its addresses back and may look like one that was never old: cut off
/// between emptying and ending it, the next run would take it for done.</remarks>
/// <param name="Goal">The state that its replacement shall be in:
/// <see cref="NodeState.InOverlay"/> or <see cref="NodeState.InNodeSubnet"/>.</param>
/// <param name="WasCordoned">Somebody else had cordoned the node before: a node that stays keeps that.</param>
internal sealed record RolloutAnnotation(NodeState Goal, bool WasCordoned)
{
    private const string There = "to-overlay";
    private const string Back = "to-node-subnet";
    private const string Before = "cordoned-before";

    public static RolloutAnnotation? On(SeenNode node, string overlay)
    {
        var words = (node.Annotation(Tags.Rollout(overlay)) ?? "").Split(' ');
        return words[0] switch
        {
            There => new(NodeState.InOverlay, words.Contains(Before)),
            Back => new(NodeState.InNodeSubnet, words.Contains(Before)),
            _ => null,
        };
    }

    /// <summary>Where rollouts that were stopped on the way lead; empty: none was.</summary>
    /// <remarks>A mark on a node that takes pods, with the switch off, is of one that did not begin.</remarks>
    public static EquatableArray<NodeState> UnderWay(Inventory inventory, string overlay)
    {
        var isOn = CniEnv.IsTrue(inventory.Cluster?.AwsNode?.Setting(CniEnv.CustomNetworking));
        return (inventory.Cluster?.Nodes ?? [])
            .Where(node => isOn || node.IsCordoned)
            .Select(node => On(node, overlay)?.Goal)
            .OfType<NodeState>()
            .Distinct()
            .Order()
            .ToEquatable();
    }

    public override string ToString() => (Goal == NodeState.InOverlay ? There : Back) + (WasCordoned ? $" {Before}" : "");
}
