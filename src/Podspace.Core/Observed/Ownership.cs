using Podspace.Addressing;
using Podspace.Model;
using Podspace.Naming;

namespace Podspace.Observed;

/// <summary>Whose a thing is, by its tags. A tag alone is not enough:
/// <see cref="ActualNetwork"/> also asks whether the shape fits.</summary>
/// <param name="Cluster">Null: the spec names none.</param>
internal readonly record struct Ownership(string Overlay, string? Cluster)
{
    /// <summary>Our name for it, or null when its tags do not make it this overlay's.</summary>
    public string? NameOf(EquatableArray<SeenTag> tags)
    {
        string? overlay = null,
            cluster = null,
            name = null;
        foreach (var tag in tags)
        {
            switch (tag.Key)
            {
                case Tags.Overlay:
                    overlay = tag.Value;
                    break;
                case Tags.Cluster:
                    cluster = tag.Value;
                    break;
                case Tags.Name:
                    name = tag.Value;
                    break;
            }
        }
        return overlay == Overlay && Fits(cluster) ? name : null;
    }

    public bool Owns(EquatableArray<SeenTag> tags) => NameOf(tags) is not null;

    /// <summary>Blocks that the VPC's tags give to this overlay. What does not parse back to the tag it stands in is not ours.</summary>
    public List<Cidr> BlocksOf(EquatableArray<SeenTag> vpcTags)
    {
        var blocks = new List<Cidr>();
        foreach (var tag in vpcTags)
        {
            if (BlockOf(tag) is { } claim && claim.Overlay == Overlay)
            {
                blocks.Add(claim.Block);
            }
        }
        blocks.Sort();
        return blocks;
    }

    /// <summary>The block and overlay that a tag of a VPC names; null for any other tag.</summary>
    public static (Cidr Block, string Overlay)? BlockOf(SeenTag tag)
    {
        const string prefix = Tags.Prefix + "block.";
        if (
            !tag.Key.StartsWith(prefix, StringComparison.Ordinal)
            || tag.Value.IndexOf('@', StringComparison.Ordinal) is not (> 0 and var at)
        )
        {
            return null;
        }
        return Cidr.TryParse(tag.Key[prefix.Length..].Replace('_', '/'), out var block, out _) ? (block, tag.Value[..at]) : null;
    }

    // An overlay that began without a cluster carries the empty name; it stays ours when the spec names the cluster later.
    private bool Fits(string? cluster) => cluster is not null && (cluster.Length == 0 || cluster == (Cluster ?? ""));
}
