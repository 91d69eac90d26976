using Podspace.Applying;
using Podspace.Model;
using Podspace.Nodes;
using Podspace.Planning;
using Podspace.Spec;
using Podspace.Steps;

namespace Podspace.Operations;

/// <summary>What came of an operation that changes something, and was let.</summary>
public abstract partial record OperationResult
{
    /// <summary>The network is as the spec says.</summary>
    public sealed record NothingToDo() : OperationResult(Ending.Fine);

    public sealed record Applied(int Steps) : OperationResult(Ending.Fine);

    /// <summary>All of ours that could be done is; some steps are others', and some of ours may wait for those.</summary>
    public sealed record LeftToOthers(StepsByOwner Steps) : OperationResult(Steps.Blocked.IsEmpty ? Ending.Fine : Ending.Left);

    /// <summary>All before the switch is done.</summary>
    /// <param name="Others">Who throws it; null: a rollout of ours.</param>
    public sealed record SwitchLeft(int Steps, string? Others) : OperationResult(Ending.Fine);

    /// <summary>The network is as the spec says, and nodes are older than it.</summary>
    /// <param name="Steps">How many were done.</param>
    public sealed record NodesLeft(int Steps) : OperationResult(Ending.Fine);

    public sealed record OursAlready(string Name) : OperationResult(Ending.Fine);

    public sealed record TakenOver(string Name) : OperationResult(Ending.Fine);

    /// <summary>Nothing was taken back.</summary>
    public sealed record LivedIn(Residents Residents) : OperationResult(Ending.Left);

    public sealed record NothingToTakeBack(string Vpc) : OperationResult(Ending.Fine);

    /// <summary>What of ours could be taken back is.</summary>
    /// <param name="Plan">With what it could not take, and why.</param>
    public sealed record TakenBack(Plan Plan, StepsByOwner Steps)
        : OperationResult(Steps.Blocked.IsEmpty && Plan.Kept.IsEmpty ? Ending.Fine : Ending.Left);

    /// <summary>Every node is in the state that was asked for.</summary>
    public sealed record Rolled(NodeState Goal) : OperationResult(Ending.Fine);

    /// <summary>It did not come to its end; the same operation goes on from there.</summary>
    /// <param name="IsTold">With the step that was refused.</param>
    public sealed record RolloutStopped(Refusal Refusal, bool IsTold) : OperationResult(Ending.Failed);

    /// <summary>The switch was to be turned off, nodes being others', and was not.</summary>
    /// <param name="IsTold">With the step that was refused.</param>
    public sealed record SwitchStays(Refusal Refusal, bool IsTold) : OperationResult(Ending.Failed);

    /// <summary>The switch is off; replacing nodes is another's.</summary>
    /// <param name="Nodes">How many are left to be replaced.</param>
    public sealed record SwitchedOff(int Nodes, Owner Owner) : OperationResult(Nodes == 0 ? Ending.Fine : Ending.Left);

    public sealed record Paused() : OperationResult(Ending.Fine);

    /// <summary>There is nothing to resume.</summary>
    public sealed record NoRollout() : OperationResult(Ending.Fine);

    /// <summary>A run was cut off while it took over the nodes of one that led the other way: a person has to say which.</summary>
    public sealed record BothWays() : OperationResult(Ending.Left);

    /// <param name="IsWaiting">Nodes are cordoned by a rollout, which may still run.</param>
    public sealed record RolloutStatus(EquatableArray<NodeStatus> Nodes, bool IsWaiting) : OperationResult(Ending.Fine);

    /// <summary>The change of the spec that gives pods more room, and the plan that follows from it.</summary>
    /// <param name="Changes">Keys with their new values.</param>
    public sealed record Grown(SourceText Source, EquatableArray<string> Changes, PlannedState State, Plan Plan)
        : OperationResult(State.HasErrors ? Ending.Failed : Ending.Fine);
}

/// <summary>Where one node stands.</summary>
/// <param name="Pods">How many are on it, beside those on the host's network.</param>
public sealed record NodeStatus(SeenNode Node, NodeState State, int Pods);
