using Podspace.Model;
using Podspace.Planning;
using Podspace.Spec;
using Podspace.Steps;

namespace Podspace.Operations;

/// <summary>What an operation is about to change, to be agreed to.</summary>
/// <param name="Steps">What is carried out at once; nodes are replaced besides.</param>
public sealed record Question(Intent Intent, string Account, OverlaySpec Spec, EquatableArray<Step> Steps)
{
    /// <summary>Nodes that will be replaced.</summary>
    public EquatableArray<SeenNode> Nodes { get; init; } = [];

    /// <summary>Pods that are evicted from them.</summary>
    public EquatableArray<SeenPod> Pods { get; init; } = [];

    /// <summary>Pods on them that nobody would make anew: they block it.</summary>
    public EquatableArray<SeenPod> Unprotected { get; init; } = [];

    /// <summary>What is wrong after the first failure, if it comes: the switch cannot be turned off from here; null: it can.</summary>
    public SwitchHold? NoWayBack { get; init; }
}

/// <summary>What is meant to be done. A closed set.</summary>
public abstract record Intent
{
    private Intent() { }

    public sealed record Apply : Intent;

    public sealed record ReplaceNodes : Intent;

    /// <param name="IsSwitchAlone">Somebody else replaces the nodes.</param>
    public sealed record GoBack(bool IsSwitchAlone) : Intent;

    public sealed record TakeBack : Intent;

    public sealed record TakeOver(string Name) : Intent;
}
