using Podspace.Addressing;
using Podspace.Naming;

namespace Podspace.Model;

/// <param name="State">associating, associated, disassociating, disassociated, failing or failed. Entries
/// of the last three stay visible for a while and mean nothing.</param>
public sealed record SeenBlock(Cidr Cidr, string AssociationId, string State, string? Message);

/// <param name="Blocks">All, the primary among them.</param>
public sealed record SeenVpc(AwsId Id, Cidr Primary, EquatableArray<SeenBlock> Blocks, EquatableArray<SeenTag> Tags, string OwnerAccount)
{
    /// <summary>Blocks in use or about to be: associating or associated.</summary>
    public IEnumerable<SeenBlock> LiveBlocks => Blocks.Where(block => block.State is "associating" or "associated");
}

public readonly record struct SeenTag(string Key, string Value);

/// <param name="Type">availability-zone, local-zone or wavelength-zone.</param>
public sealed record SeenZone(string Name, string Id, string Type, string State);
