using Podspace.Findings;
using Podspace.Steps;

namespace Podspace.Planning;

/// <summary>What to change, in an order that works, and what is to be said about it. Data:
/// nothing is left for applying to decide.</summary>
/// <param name="Fingerprint">Over exactly what was read to decide; <c>apply</c> refuses a saved plan when that has changed.</param>
/// <param name="Uses">What fits but is not ours: never tagged, never deleted.</param>
/// <param name="Summary">The number people came for.</param>
public sealed record Plan(
    string Overlay,
    string? Cluster,
    string Account,
    string Region,
    string Fingerprint,
    EquatableArray<Step> Steps,
    EquatableArray<string> Uses,
    EquatableArray<Finding> Findings,
    string Summary
)
{
    /// <summary>What the fingerprint is made of, part by part.</summary>
    public EquatableArray<FingerprintPart> FingerprintInput { get; init; }

    /// <summary>What taking back leaves where it is, each with why; empty: nothing.</summary>
    public EquatableArray<KeptPart> Kept { get; init; } = [];

    public bool IsEmpty => Steps.IsEmpty;

    /// <summary>Once all is done, nodes that are older than the network still run: replacing them is no step of a plan.</summary>
    public bool LeavesOldNodes { get; init; }

    /// <summary>Why the switch has to wait, whoever throws it; null: nothing is in its way, or somebody answers for it.</summary>
    public Finding? SwitchObstacle { get; init; }

    /// <summary>The steps up to and with a stage. No step depends on one of a later stage.</summary>
    public EquatableArray<Step> UpTo(Stage stage) => Steps.Where(step => step.Stage <= stage).ToEquatable();
}

/// <summary>Something of ours that a plan to take it back leaves.</summary>
/// <param name="Why">The finding that says so: as found, before anybody accepted it.</param>
public sealed record KeptPart(KeptFor For, Finding Why)
{
    /// <summary>Reports whether a finding of the plan is about it.</summary>
    public bool IsTold(Finding finding) => finding.Code == Why.Code && finding.Object == Why.Object;
}

/// <summary>For whom it is left.</summary>
public enum KeptFor
{
    /// <summary>Nodes still have interfaces in it.</summary>
    Nodes,

    /// <summary>Interfaces that nodes left behind when they went.</summary>
    LeakedInterfaces,

    /// <summary>Subnets of others, in one of our blocks.</summary>
    SubnetsOfOthers,
}
