namespace Podspace.Steps;

/// <summary>What of a network a step is about, as <c>verify</c> tells it: a row each.</summary>
public enum VerifiedArea
{
    Block,
    Subnets,
    NetworkAcl,
    Routes,
    Groups,
    Cni,
    Share,
    SubnetRoles,
    AutoMode,

    /// <summary>What a run that was cut off, or a node that is gone, left behind.</summary>
    Leftovers,
}
