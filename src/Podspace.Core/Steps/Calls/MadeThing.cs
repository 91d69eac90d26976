using Podspace.Naming;

namespace Podspace.Steps.Calls;

/// <summary>What later calls name by an id that is known only once it is made.</summary>
public enum MadeKind
{
    Subnet,
    Table,
    Group,

    /// <summary>Named by its ARN.</summary>
    Share,
}

/// <param name="Name">Ours.</param>
public readonly record struct MadeThing(MadeKind Kind, ResourceName Name);
