using Podspace.Model;
using Podspace.Nodes;

namespace Podspace.Applying;

/// <summary>One line of a rollout's story. A closed set; the last one says how it ended.</summary>
public abstract record RolloutReport
{
    private RolloutReport() { }

    public abstract string Text { get; }

    /// <summary>Old nodes take no new pods from now on.</summary>
    public sealed record Cordoned(int Nodes) : RolloutReport
    {
        public override string Text => $"cordoned {Nodes} nodes that are to be replaced";
    }

    /// <param name="IsCanary">The first of its zone and kind.</param>
    public sealed record Draining(int Number, int Of, SeenNode Node, bool IsCanary) : RolloutReport
    {
        public override string Text => $"{Number}/{Of} {Node.Name} in {Node.Zone}{(IsCanary ? " (canary)" : "")}: moving its pods";
    }

    /// <param name="Replacement">Null: its pods run elsewhere, on whatever took them.</param>
    /// <param name="IsCanary">The first of its zone and kind has passed.</param>
    public sealed record Replaced(int Number, int Of, SeenNode Node, string? Replacement, NodeState Goal, bool IsCanary) : RolloutReport
    {
        public override string Text =>
            $"{Number}/{Of} {Replacement ?? "whatever now runs its pods"} "
            + $"{(Replacement is null ? "is" : "took its place and is")} {NodeStateText.Of(Goal)}";
    }

    public sealed record CanaryFailed(string? Zone) : RolloutReport
    {
        public override string Text => $"the canary of {Zone} failed; putting the switch back";
    }

    /// <summary>It did not come to its end.</summary>
    /// <param name="At">Where it stopped, in words.</param>
    public sealed record Stopped(string At, Refusal Refusal) : RolloutReport
    {
        public override string Text => At;
    }

    public sealed record Ended : RolloutReport
    {
        public override string Text => "all nodes are replaced and no pod waits";
    }
}

internal static class NodeStateText
{
    public static string Of(NodeState state) =>
        state switch
        {
            NodeState.InOverlay => "in the pod subnets",
            NodeState.Outdated => "in the pod subnets with settings of before",
            NodeState.InNodeSubnet => "in the node subnets",
            NodeState.Mixed => "in both",
            NodeState.NoAddresses => "without interfaces for pods",
        };
}
