using Podspace.Addressing;
using Podspace.Design.Rules;
using Podspace.Model;

namespace Podspace.Design;

/// <summary>Which blocks hold the pods: the spec's; else ours; else one that the VPC has and that fits; else the first of the pool that every rule allows.</summary>
internal static class BlockChoice
{
    private const string Path = "spec.addresses.blocks";

    /// <summary>Empty: none is possible, and a finding says why. Otherwise in the order in which subnets shall fill them.</summary>
    public static List<Block> Of(Ground ground)
    {
        var spec = ground.Spec.Addresses;
        if (!spec.Blocks.IsEmpty)
        {
            return Named(ground);
        }
        var chosen = ground.Actual.Ids.ChosenBlocks;
        var kept = chosen.Where(block => spec.Pool.Any(pool => pool.Contains(block)) && !spec.Avoid.Any(block.Overlaps)).ToList();
        if (kept.Count > 0)
        {
            kept.ForEach(block => CheckNew(ground, block, Path));
            return kept.ConvertAll(block => new Block(block, true));
        }
        return Existing(ground) is { } existing ? [new(existing, false)] : FirstOfPool(ground);
    }

    private static List<Block> Named(Ground ground)
    {
        var blocks = new List<Block>();
        for (var i = 0; i < ground.Spec.Addresses.Blocks.Count; i++)
        {
            var (block, path) = (ground.Spec.Addresses.Blocks[i], $"{Path}[{i}]");
            var isLive = Array.IndexOf(ground.LiveBlocks, block) >= 0;
            if (block == ground.Vpc.Primary)
            {
                ground.Report.Error(DesignCodes.BlockIsPrimary, block.ToString(), path, $"{block} is the primary block of {ground.Vpc.Id}, the routable one that pods shall stop using up.", "Take a block of 100.64.0.0/10.");
                continue;
            }
            CheckNew(ground, block, path);
            blocks.Add(new(block, !isLive || ground.Actual.Ids.ChosenBlocks.Contains(block)));
        }
        return blocks;
    }

    // Also for a block of ours whose association is still to come: what AWS would refuse may have changed since it was chosen.
    private static void CheckNew(Ground ground, Cidr block, string path)
    {
        if (Array.IndexOf(ground.LiveBlocks, block) >= 0)
        {
            return;
        }
        foreach (var seen in ground.Vpc.Blocks)
        {
            if (seen.Cidr == block && seen.State is "disassociating" or "failing")
            {
                ground.Report.Error(DesignCodes.BlockNotUsable, block.ToString(), path, $"{block} is {seen.State} in {ground.Vpc.Id}{(seen.Message is { Length: > 0 } why ? $" ({why})" : "")}; it cannot be associated meanwhile.", "Try again in a minute.");
            }
        }
        Say(ground, BlockRules.Forbidden(ground, block), path);
        Say(ground, BlockRules.Discouraged(ground, block), path);
    }

    private static void Say(Ground ground, Objection? objection, string path)
    {
        if (objection is not null)
        {
            ground.Report.Add(objection.Code, objection.Severity, objection.About, path, objection.Problem, objection.Fix);
        }
    }

    /// <summary>A secondary block that somebody else gave the VPC and that is for pods: one with subnets of ours; else one with those that the spec or ENIConfigs name; else one that holds nothing but what fits.</summary>
    private static Cidr? Existing(Ground ground)
    {
        var secondary = ground.LiveBlocks.Where(block => block != ground.Vpc.Primary && IsOpen(ground, block)).Order().ToList();
        if (secondary.Count == 0)
        {
            return null;
        }
        var (ours, hinted) = (ground.Actual.Ids.Subnets.Values.ToHashSet(), SubnetChoice.HintedIds(ground));
        return First(inside => inside.Exists(subnet => ours.Contains(subnet.Id)))
            ?? First(inside => inside.Exists(subnet => hinted.Contains(subnet.Id)))
            ?? First(inside => inside.TrueForAll(subnet => SubnetChoice.IsForPodsOnly(ground, subnet)));

        Cidr? First(Predicate<List<SeenSubnet>> fits)
        {
            foreach (var block in secondary)
            {
                if (fits([.. ground.Cloud.Subnets.Where(subnet => block.Contains(subnet.Cidr))]))
                {
                    return block;
                }
            }
            return null;
        }
    }

    private static bool IsOpen(Ground ground, Cidr block) =>
        ground.Spec.Addresses.Pool.Any(pool => pool.Contains(block)) && !ground.Spec.Addresses.Avoid.Any(block.Overlaps) && !BlockRules.IsClaimed(ground, block);

    /// <summary>Empty: none is left, and a finding says why.</summary>
    internal static List<Block> FirstOfPool(Ground ground)
    {
        Cidr? second = null;
        Objection? last = null;
        foreach (var pool in ground.Spec.Addresses.Pool)
        {
            foreach (var candidate in pool.Split(Math.Max(16, (int)pool.PrefixLength)))
            {
                // One that the VPC has and that was not fit to be used is somebody else's.
                if (ground.Spec.Addresses.Avoid.Any(candidate.Overlaps) || Array.IndexOf(ground.LiveBlocks, candidate) >= 0)
                {
                    continue;
                }
                if (BlockRules.Forbidden(ground, candidate) is { } objection)
                {
                    last = objection;
                }
                else if (BlockRules.Discouraged(ground, candidate) is null)
                {
                    return [new(candidate, true)];
                }
                else
                {
                    second ??= candidate;
                }
            }
        }
        if (second is { } discouraged)
        {
            Say(ground, BlockRules.Discouraged(ground, discouraged), Path);
            return [new(discouraged, true)];
        }
        // One reason that holds for every block, such as a pending peering, is the reason; otherwise the last stands for all.
        ground.Report.Error(last?.Code is DesignCodes.PeeringPending ? last.Code : DesignCodes.NoBlockFits, last?.About ?? ground.Vpc.Id.Text, "spec.addresses",
            $"No block of the pool ({string.Join(", ", ground.Spec.Addresses.Pool)}) can join {ground.Vpc.Id}{(last is null ? ": 'avoid' covers all of it" : $". The last one tried: {last.Problem}")}",
            last?.Fix ?? "Shorten 'spec.addresses.avoid', or widen 'pool'.");
        return [];
    }
}
