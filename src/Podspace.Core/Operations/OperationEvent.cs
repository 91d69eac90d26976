using Podspace.Applying;
using Podspace.Planning;

namespace Podspace.Operations;

/// <summary>Something that happens while an operation runs. A closed set.</summary>
public abstract record OperationEvent
{
    private OperationEvent() { }

    /// <summary>The world was read.</summary>
    /// <param name="Account">Whose it is; empty where nobody could be asked.</param>
    public sealed record Looked(string Account) : OperationEvent;

    /// <summary>What a question will be about, before it is asked.</summary>
    public sealed record Proposed(PlannedState State, Plan Plan) : OperationEvent;

    /// <summary>Told at each look, and once more when it is over.</summary>
    public sealed record Waiting(Wait Wait) : OperationEvent;

    /// <summary>The lock is somebody else's, alive or killed: it is waited for.</summary>
    public sealed record Locked(LockHolder Holder) : OperationEvent;

    /// <summary>Somebody's update of add-on vpc-cni is under way: its end is waited for.</summary>
    public sealed record AddonUpdating : OperationEvent;

    /// <summary>Rights were asked for, but for these nobody can try.</summary>
    public sealed record RightsNotTried(EquatableArray<string> Calls) : OperationEvent;

    public sealed record Stepped(StepReport Report) : OperationEvent;

    /// <summary>The steps before a rollout's nodes ended, and not all of them were done.</summary>
    public sealed record StepsLeft : OperationEvent;

    public sealed record Rolling(RolloutReport Report) : OperationEvent;

    /// <summary>Should the first new node fail, the switch cannot be turned off from here.</summary>
    public sealed record NoWayBack(SwitchHold Hold) : OperationEvent;

    public sealed record PauseEnded(bool WasPaused) : OperationEvent;

    /// <summary>The run was stopped, and nodes stay cordoned until another one goes on, or back.</summary>
    public sealed record NodesStayCordoned : OperationEvent;

    /// <summary>Nothing that is kept says that Podspace ever made what is taken over.</summary>
    public sealed record NotKnownAsOurs(string Name) : OperationEvent;
}
