using Podspace.Spec;

namespace Podspace.Steps;

/// <summary>The four stages of every plan, in order. A change window usually lies between them.</summary>
public enum Stage
{
    /// <summary>The VPC only; no cluster is needed.</summary>
    Network,

    /// <summary>Rules in other groups, and ENIConfigs.</summary>
    Admit,

    /// <summary>The CNI's settings: from here on new interfaces come from the pod subnets.</summary>
    Switch,

    /// <summary>Replacement of running nodes, which <c>rollout</c> does.</summary>
    Nodes,
}

/// <summary>Whom a step disturbs; computed, never assumed.</summary>
public enum Disruption
{
    None,

    /// <summary>Pods that start while or after it happens.</summary>
    NewPods,

    RunningPods,
}

/// <summary>One change, why it is needed, whom it disturbs, and what has to be done before it.</summary>
/// <param name="Id">Stable and readable: <c>create/subnet/pods-eu-west-1b-0</c>.</param>
/// <param name="After">Ids of steps of the same plan.</param>
public sealed record Step(
    string Id,
    Stage Stage,
    Change Change,
    string Why,
    Disruption Disruption,
    Owner Owner,
    EquatableArray<string> After
);
