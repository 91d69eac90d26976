using Podspace.Model;

namespace Podspace.Steps;

/// <summary>What steps are about, and what all steps about the same have in common.</summary>
/// <param name="Kind">As plans print it; part of a step's id.</param>
/// <param name="Stage">In which it is made; a plan may take it away in another.</param>
/// <param name="Part">Of the spec, whose owner does it.</param>
/// <param name="IsOfVpc">The VPC's account makes it, and not the cluster's, where the two are different.</param>
public sealed partial record Noun(string Kind, Stage Stage, SpecPart Part, VerifiedArea Area, RunbookTopic Topic, bool IsOfVpc)
{
    /// <summary>Of an object in the cluster that somebody else may write: those that are there.</summary>
    internal Func<ClusterInventory, IEnumerable<LiveObject>> Live { get; init; } = _ => [];
}

/// <param name="Overlay">Whose label it carries.</param>
/// <param name="Managers">Who writes it.</param>
internal sealed record LiveObject(string Name, string? Overlay, EquatableArray<string> Managers);
