using Podspace.Addressing;
using Podspace.Design.Rules;
using Podspace.Model;

namespace Podspace.Design;

/// <summary>Which blocks hold the pods: the spec's; else ours; else one that the VPC has and that
/// fits; else the first of the pool that every rule allows.</summary>
internal static class BlockChoice
{
    private const string Path = "spec.addresses.blocks";

    /// <summary>Empty: none is possible, and a finding says why. Otherwise in the order in which subnets shall fill them.</summary>
    public static List<Block> Of(DesignInput input)
    {
        var spec = input.Spec.Addresses;
        if (!spec.Blocks.IsEmpty)
        {
            return Named(input);
        }
        var chosen = input.Actual.Ids.ChosenBlocks;
        var kept = chosen.Where(block => spec.Pool.Any(pool => pool.Contains(block)) && !spec.Avoid.Any(block.Overlaps)).ToList();
        if (kept.Count > 0)
        {
            kept.ForEach(block => CheckNew(input, block, Path));
            return kept.ConvertAll(block => new Block(block, true));
        }
        return Existing(input) is { } existing ? [new(existing, false)] : FirstOfPool(input);
    }

    private static List<Block> Named(DesignInput input)
    {
        var blocks = new List<Block>();
        for (var i = 0; i < input.Spec.Addresses.Blocks.Count; i++)
        {
            var (block, path) = (input.Spec.Addresses.Blocks[i], $"{Path}[{i}]");
            var isLive = Array.IndexOf(input.LiveBlocks, block) >= 0;
            if (block == input.Vpc.Primary)
            {
                input.Report.Error(
                    DesignCodes.BlockIsPrimary,
                    block.ToString(),
                    path,
                    $"{block} is the primary block of {input.Vpc.Id}, the routable one that pods shall stop using up.",
                    "Take a block of 100.64.0.0/10."
                );
                continue;
            }
            CheckNew(input, block, path);
            blocks.Add(new(block, !isLive || input.Actual.Ids.ChosenBlocks.Contains(block)));
        }
        return blocks;
    }

    // Also for a block of ours whose association is still to come: what AWS would refuse may have changed since it was chosen.
    private static void CheckNew(DesignInput input, Cidr block, string path)
    {
        if (Array.IndexOf(input.LiveBlocks, block) >= 0)
        {
            return;
        }
        foreach (var seen in input.Vpc.Blocks)
        {
            if (seen.Cidr == block && seen.State is "disassociating" or "failing")
            {
                input.Report.Error(
                    DesignCodes.BlockNotUsable,
                    block.ToString(),
                    path,
                    $"{block} is {seen.State} in {input.Vpc.Id}{(seen.Message is { Length: > 0 } why ? $" ({why})" : "")}; "
                        + $"it cannot be associated meanwhile.",
                    "Try again in a minute."
                );
            }
        }
        Say(input, BlockRules.Forbidden(input, block), path);
        Say(input, BlockRules.Discouraged(input, block), path);
    }

    private static void Say(DesignInput input, Objection? objection, string path)
    {
        if (objection is not null)
        {
            input.Report.Add(objection.Code, objection.Severity, objection.About, path, objection.Problem, objection.Fix);
        }
    }

    /// <summary>A secondary block that somebody else gave the VPC and that is for pods: one with subnets of ours; else one with
    /// those that the spec or ENIConfigs name; else one that holds nothing but what fits.</summary>
    private static Cidr? Existing(DesignInput input)
    {
        var secondary = input.LiveBlocks.Where(block => block != input.Vpc.Primary && IsOpen(input, block)).Order().ToList();
        if (secondary.Count == 0)
        {
            return null;
        }
        var (ours, hinted) = (input.Actual.Ids.Subnets.Values.ToHashSet(), SubnetChoice.HintedIds(input));
        return First(inside => inside.Exists(subnet => ours.Contains(subnet.Id)))
            ?? First(inside => inside.Exists(subnet => hinted.Contains(subnet.Id)))
            ?? First(inside => inside.TrueForAll(subnet => SubnetChoice.IsForPodsOnly(input, subnet)));

        Cidr? First(Predicate<List<SeenSubnet>> fits)
        {
            foreach (var block in secondary)
            {
                if (fits([.. input.Cloud.Subnets.Where(subnet => block.Contains(subnet.Cidr))]))
                {
                    return block;
                }
            }
            return null;
        }
    }

    private static bool IsOpen(DesignInput input, Cidr block) =>
        input.Spec.Addresses.Pool.Any(pool => pool.Contains(block))
        && !input.Spec.Addresses.Avoid.Any(block.Overlaps)
        && !BlockRules.IsClaimed(input, block);

    /// <summary>Empty: none is left, and a finding says why.</summary>
    internal static List<Block> FirstOfPool(DesignInput input)
    {
        Cidr? second = null;
        Objection? last = null;
        foreach (var pool in input.Spec.Addresses.Pool)
        {
            foreach (var candidate in pool.Split(Math.Max(16, (int)pool.PrefixLength)))
            {
                // One that the VPC has and that was not fit to be used is somebody else's.
                if (input.Spec.Addresses.Avoid.Any(candidate.Overlaps) || Array.IndexOf(input.LiveBlocks, candidate) >= 0)
                {
                    continue;
                }
                if (BlockRules.Forbidden(input, candidate) is { } objection)
                {
                    last = objection;
                }
                else if (BlockRules.Discouraged(input, candidate) is null)
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
            Say(input, BlockRules.Discouraged(input, discouraged), Path);
            return [new(discouraged, true)];
        }
        // One reason that holds for every block, such as a pending peering, is the reason; otherwise the last stands for all.
        input.Report.Error(
            last?.Code is DesignCodes.PeeringPending ? last.Code : DesignCodes.NoBlockFits,
            last?.About ?? input.Vpc.Id.Text,
            "spec.addresses",
            $"No block of the pool ({string.Join(", ", input.Spec.Addresses.Pool)}) can join "
                + $"{input.Vpc.Id}{(last is null ? ": 'avoid' covers all of it" : $". The last one tried: {last.Problem}")}",
            last?.Fix ?? "Shorten 'spec.addresses.avoid', or widen 'pool'."
        );
        return [];
    }
}
