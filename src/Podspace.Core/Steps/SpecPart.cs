using System.Diagnostics;
using Podspace.Spec;

namespace Podspace.Steps;

/// <summary>The parts of a spec that can be given to an owner each.</summary>
public enum SpecPart
{
    Network,

    /// <summary>Rules in groups that are used.</summary>
    Rules,
    Cni,

    /// <summary>What Podspace alone writes, whoever owns the rest.</summary>
    OwnRecords,
}

internal static class SpecParts
{
    public static Owner OwnerOf(this SpecPart part, OwnersSpec owners) =>
        part switch
        {
            SpecPart.Network => owners.Network,
            SpecPart.Rules => owners.Rules,
            SpecPart.Cni => owners.Cni,
            SpecPart.OwnRecords => Owner.Podspace,
            _ => throw new UnreachableException($"{part} has no owner."),
        };
}
