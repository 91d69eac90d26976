using Podspace.Planning;
using Podspace.Spec;
using Podspace.Steps;

namespace Podspace.Operations;

/// <summary>Why no node is touched.</summary>
public abstract partial record Reason
{
    public sealed record NodesOfOthers(Owner Owner) : Reason
    {
        public override string Text =>
            $"replacing nodes is left to {Owners.Whose(Owner)} ('spec.owners.nodes'), so none is touched here. "
            + $"Roll the node groups there; how far it is:\n  podspace rollout status";
    }

    /// <summary>Something that comes before the nodes is somebody else's, and not done.</summary>
    public sealed record LeftToOthersFirst(Step Step) : Reason
    {
        public override string Text =>
            $"\"{Step.Change.Phrase}\" is left to {Owners.Whose(Step.Owner)}, "
            + $"and nodes are replaced only once it is done. To see what to write there:\n  podspace plan";
    }

    /// <summary>A rollout disturbs pods that move, and no others.</summary>
    public sealed record DisturbsOthers(Step Step) : Reason
    {
        public override string Text =>
            $"\"{Step.Change.Phrase}\" disturbs pods that run now, and not only those that move. "
            + $"If that is meant, do it first:\n  podspace apply --stage switch --allow running-pods";
    }

    /// <summary>Something of ours that comes before the switch is not done.</summary>
    public sealed record UndoneFirst(Step Step) : Reason
    {
        public override string Text => $"\"{Step.Change.Phrase}\" has to be done before nodes are replaced. Do it first:\n  podspace apply";
    }

    /// <summary>Told before the first node is cordoned.</summary>
    /// <param name="IsOn">It cannot be turned on; else off.</param>
    public sealed record SwitchHeld(SwitchHold Hold, bool IsOn) : Reason
    {
        public override string Text => $"the switch cannot be turned {(IsOn ? "on" : "off")}, so no node was touched. {Hold}";
    }
}
