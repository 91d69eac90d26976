using Podspace.Addressing;
using Podspace.Findings;
using Podspace.Observed;

namespace Podspace.Design.Rules;

/// <summary>Why a block cannot, or should not, join the VPC.</summary>
internal sealed record Objection(string Code, Severity Severity, string About, string Problem, string Fix);

/// <summary>What AWS would refuse about a block that is to be associated, each rule on its own. Runs for
/// every candidate of the pool: no allocation unless it objects.</summary>
internal static class BlockRules
{
    /// <summary>The first objection that forbids the block; null when AWS would take it.</summary>
    public static Objection? Forbidden(DesignInput input, Cidr block) =>
        Restricted(input, block)
        ?? Overlapping(input, block)
        ?? UnderRoute(input, block)
        ?? OfPeer(input, block)
        ?? OfServices(input, block)
        ?? Claimed(input, block);

    /// <summary>The first objection that makes another block the better choice.</summary>
    public static Objection? Discouraged(DesignInput input, Cidr block) => HidesRoute(input, block) ?? OfPendingPeer(input, block);

    /// <summary>Reports whether another overlay has the block, or part of it.</summary>
    public static bool IsClaimed(DesignInput input, Cidr block) => Claimed(input, block) is not null;

    private static Objection? Restricted(DesignInput input, Cidr block) =>
        RestrictionTable.Forbids(input.LiveBlocks, block) is { } why
            ? new(
                DesignCodes.BlockRestricted,
                Severity.Error,
                block.ToString(),
                $"AWS refuses {block} for {input.Vpc.Id}: {why}.",
                "Take a block of 100.64.0.0/10, which every VPC takes."
            )
            : null;

    private static Objection? Overlapping(DesignInput input, Cidr block)
    {
        foreach (var own in input.LiveBlocks)
        {
            if (own != block && own.Overlaps(block))
            {
                return new(
                    DesignCodes.BlockOverlaps,
                    Severity.Error,
                    block.ToString(),
                    $"{block} overlaps {own}, which {input.Vpc.Id} has already.",
                    $"Take another block, or name {own} itself to use it."
                );
            }
        }
        return null;
    }

    // Source: VPC User Guide, "VPC CIDR blocks": not the same as, or larger than, the destination of a route in any of the VPC's tables.
    private static Objection? UnderRoute(DesignInput input, Cidr block)
    {
        foreach (var table in input.Cloud.RouteTables)
        {
            foreach (var route in table.Routes)
            {
                if (route is { To: { } to, Via: not "local" } && block.Contains(to))
                {
                    return new(
                        DesignCodes.BlockUnderRoute,
                        Severity.Error,
                        block.ToString(),
                        $"AWS refuses {block} for {input.Vpc.Id}: "
                            + $"route table {table.Id} has a route to {to} (via {route.Via}), which lies in it.",
                        $"Take another block, or delete that route:\n "
                            + $" aws ec2 delete-route --route-table-id {table.Id} --destination-cidr-block {to}"
                    );
                }
            }
        }
        return null;
    }

    // Source: VPC User Guide, "VPC CIDR blocks", on peerings.
    private static Objection? OfPeer(DesignInput input, Cidr block)
    {
        foreach (var peering in input.Cloud.Peerings)
        {
            if (peering is { State: "pending-acceptance", IsRequester: true })
            {
                return new(
                    DesignCodes.PeeringPending,
                    Severity.Error,
                    peering.Id.Text,
                    $"AWS refuses any new block for {input.Vpc.Id} while peering {peering.Id} with {peering.PeerVpc}, "
                        + $"which it asked for, waits to be accepted.",
                    "Let it be accepted, or delete the request."
                );
            }
            if (peering.State is "active" or "provisioning" && OverlapsAny(peering.PeerBlocks, block) is { } theirs)
            {
                return new(
                    DesignCodes.BlockOfPeer,
                    Severity.Error,
                    block.ToString(),
                    $"AWS refuses {block} for {input.Vpc.Id}: the peered {peering.PeerVpc} has {theirs} ({peering.Id}).",
                    "Take a block that no peer has."
                );
            }
        }
        return null;
    }

    // Pods could not tell a Service's address from another pod's.
    private static Objection? OfServices(DesignInput input, Cidr block) =>
        input.Cluster?.ServiceCidr is { } services && services.Overlaps(block)
            ? new(
                DesignCodes.BlockOfServices,
                Severity.Error,
                block.ToString(),
                $"{block} overlaps {services}, the Service range of cluster {input.Cluster.Name}, which can never be changed.",
                "Take another block."
            )
            : null;

    private static Objection? Claimed(DesignInput input, Cidr block)
    {
        foreach (var tag in input.Vpc.Tags)
        {
            if (Ownership.BlockOf(tag) is { } claim && claim.Overlay != input.Spec.Name && claim.Block.Overlaps(block))
            {
                return new(
                    DesignCodes.BlockClaimed,
                    Severity.Error,
                    block.ToString(),
                    $"{claim.Block} belongs to overlay {claim.Overlay} (tag {tag.Key} of {input.Vpc.Id}).",
                    "Take another block, or destroy that overlay first."
                );
            }
        }
        return null;
    }

    // The new local route is more specific than the old one and wins for the whole block.
    private static Objection? HidesRoute(DesignInput input, Cidr block)
    {
        foreach (var table in input.Cloud.RouteTables)
        {
            foreach (var route in table.Routes)
            {
                if (route is { To: { PrefixLength: > 0 } to, Via: not "local" } && to != block && to.Contains(block))
                {
                    return new(
                        DesignCodes.RouteHidden,
                        Severity.Warning,
                        block.ToString(),
                        $"Route table {table.Id} sends {to} to {route.Via}; "
                            + $"once {block} is the VPC's own, its local route wins and that part of {to} is no longer reached.",
                        $"Make sure that nothing behind {route.Via} uses {block}, or take another block."
                    );
                }
            }
        }
        return null;
    }

    private static Objection? OfPendingPeer(DesignInput input, Cidr block)
    {
        foreach (var peering in input.Cloud.Peerings)
        {
            if (peering is { State: "pending-acceptance", IsRequester: false } && OverlapsAny(peering.PeerBlocks, block) is { } theirs)
            {
                return new(
                    DesignCodes.PeeringOpen,
                    Severity.Warning,
                    peering.Id.Text,
                    $"Peering {peering.Id} waits to be accepted, and {peering.PeerVpc} has {theirs}: with {block} here it can never be.",
                    "Take another block, or reject the request."
                );
            }
        }
        return null;
    }

    private static Cidr? OverlapsAny(EquatableArray<Cidr> blocks, Cidr block)
    {
        foreach (var other in blocks)
        {
            if (other.Overlaps(block))
            {
                return other;
            }
        }
        return null;
    }
}
