using Podspace.Addressing;

namespace Podspace.Design.Rules;

/// <summary>Which ranges a VPC can be given beside those that it has. Source: VPC User Guide,
/// "IPv4 CIDR block association restrictions" (2023-06).</summary>
internal static class RestrictionTable
{
    private static readonly Cidr Ten = Cidr.Parse("10.0.0.0/8");
    private static readonly Cidr FirstOfTen = Cidr.Parse("10.0.0.0/15");
    private static readonly Cidr LowestOfTen = Cidr.Parse("10.0.0.0/16");
    private static readonly Cidr OneSevenTwo = Cidr.Parse("172.16.0.0/12");
    private static readonly Cidr DefaultVpcs = Cidr.Parse("172.31.0.0/16");
    private static readonly Cidr OneNineTwo = Cidr.Parse("192.168.0.0/16");
    private static readonly Cidr Benchmarks = Cidr.Parse("198.19.0.0/16");
    private static readonly Cidr[] Private = [Ten, OneSevenTwo, OneNineTwo];

    // The first stands in the guide; the others are refused in practice, and no document says with which code (UNCONFIRMED).
    private static readonly Cidr[] NeverUsable =
    [
        Cidr.Parse("169.254.0.0/16"),
        Cidr.Parse("0.0.0.0/8"),
        Cidr.Parse("127.0.0.0/8"),
        Cidr.Parse("224.0.0.0/4"),
        Cidr.Parse("240.0.0.0/4"),
    ];

    /// <summary>Why the block cannot join these; null when it can.</summary>
    public static string? Forbids(ReadOnlySpan<Cidr> existing, Cidr block)
    {
        if (Overlapping(NeverUsable, block) is { } never)
        {
            return $"{never} can never be part of a VPC";
        }
        var isPrivateVpc = false;
        foreach (var own in existing)
        {
            isPrivateVpc |= Overlapping(Private, own) is not null;
            if (ForbiddenBeside(own, block) is { } forbidden)
            {
                return $"a VPC with {own} takes nothing of {forbidden}";
            }
        }
        // A VPC that began in a public range or in 100.64.0.0/10 never takes a private one; one that began private and has
        // such a block already takes more of its own family (UNCONFIRMED, but such VPCs exist).
        if (
            existing.Length > 0
            && !isPrivateVpc
            && !existing.Contains(Benchmarks)
            && (Overlapping(Private, block) ?? (block.Overlaps(Benchmarks) ? Benchmarks : null)) is { } range
        )
        {
            return $"a VPC with {existing[0]} takes nothing of {range}";
        }
        return null;
    }

    private static Cidr? ForbiddenBeside(Cidr own, Cidr block)
    {
        if (Ten.Contains(own))
        {
            return First(block, OneSevenTwo, OneNineTwo, Benchmarks) ?? (FirstOfTen.Contains(own) ? First(block, LowestOfTen) : null);
        }
        if (OneSevenTwo.Contains(own))
        {
            return First(block, Ten, OneNineTwo, DefaultVpcs, Benchmarks);
        }
        if (OneNineTwo.Contains(own))
        {
            return First(block, Ten, OneSevenTwo, Benchmarks);
        }
        return Benchmarks.Contains(own) ? First(block, Ten, OneSevenTwo, OneNineTwo) : null;
    }

    private static Cidr? First(Cidr block, params ReadOnlySpan<Cidr> forbidden) => Overlapping(forbidden, block);

    private static Cidr? Overlapping(ReadOnlySpan<Cidr> ranges, Cidr block)
    {
        foreach (var range in ranges)
        {
            if (range.Overlaps(block))
            {
                return range;
            }
        }
        return null;
    }
}
