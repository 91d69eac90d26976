using Podspace.Model;
using Podspace.Nodes;

namespace Podspace.Applying;

/// <summary>Where a rollout leads: into the overlay, or back.</summary>
/// <param name="StatesOf">Says of an inventory where its nodes stand.</param>
/// <param name="Goal">The state every node shall be in.</param>
/// <param name="ThrowSwitch">Has new nodes start in that state; null when it is so.</param>
/// <param name="OnCanaryFailed">What puts things back when the first new node of a zone fails; null: nothing does.</param>
public sealed record RolloutDirection(
    Func<Inventory, NodeStates> StatesOf,
    NodeState Goal,
    Func<CancellationToken, Task<Refusal?>> ThrowSwitch,
    Func<CancellationToken, Task<Refusal?>>? OnCanaryFailed
);
