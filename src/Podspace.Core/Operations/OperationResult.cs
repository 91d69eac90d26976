using Podspace.Applying;
using Podspace.Findings;
using Podspace.Planning;

namespace Podspace.Operations;

public enum Ending
{
    /// <summary>It is as it was asked for.</summary>
    Fine,

    /// <summary>Nothing went wrong, and something is left.</summary>
    Left,

    /// <summary>It was not done, or not wholly.</summary>
    Failed,
}

/// <summary>What came of an operation. A closed set.</summary>
public abstract partial record OperationResult
{
    private OperationResult(Ending ending) => Ending = ending;

    public Ending Ending { get; }

    /// <summary>There is nothing that could be done: the findings say why.</summary>
    public sealed record NoPlan(EquatableArray<Finding> Findings) : OperationResult(Ending.Failed);

    /// <summary>Nothing was changed, for a reason of the world's or the plan's.</summary>
    public sealed record NotDone(Reason Reason) : OperationResult(Ending.Failed);

    /// <summary>Nothing was changed: somebody said no.</summary>
    public sealed record Declined() : OperationResult(Ending.Failed);

    /// <summary>Nothing was changed: rights are missing.</summary>
    public sealed record NotAllowed(RehearsalReport Report) : OperationResult(Ending.Failed);

    /// <summary>Nothing was changed: the lock, or the pause, was refused.</summary>
    public sealed record NotBegun(Refusal Refusal) : OperationResult(Ending.Failed);

    /// <summary>Some of the steps were done; the same operation goes on from there.</summary>
    /// <param name="Refusal">Told with its step; null: no step was refused, but some are left to others.</param>
    public sealed record Incomplete(Refusal? Refusal) : OperationResult(Ending.Failed);

    /// <summary>The lock is still there when the work is over.</summary>
    public sealed record LockLeft(Refusal Refusal, OperationResult Work) : OperationResult(Ending.Failed);

    public sealed record Planned(PlannedState State, Plan Plan) : OperationResult(State.HasErrors ? Ending.Failed : Ending.Fine);

    public sealed record Verified(EquatableArray<VerifiedPart> Parts, string Summary)
        : OperationResult(Parts.All(part => part.IsRight) ? Ending.Fine : Ending.Left);
}
