using Podspace.Addressing;
using Podspace.Model;
using Podspace.Naming;

namespace Podspace.Design.Rules;

/// <summary>A gateway through which networks beside the VPC would learn of a new block.</summary>
/// <param name="Code">Of the finding that says so.</param>
internal sealed record Neighbour(string Code, string Gateway, string Problem, string Fix);

/// <summary>What networks beside the VPC would learn of a new block, before it is associated.</summary>
internal static class NeighbourRules
{
    private const string Path = "spec.addresses.blocks";

    public static void Check(DesignInput input, Network network)
    {
        foreach (var neighbour in Learning(input.Cloud, network))
        {
            input.Report.Warning(neighbour.Code, neighbour.Gateway, Path, neighbour.Problem, neighbour.Fix);
        }
    }

    /// <summary>Empty when the VPC has every block already.</summary>
    public static IEnumerable<Neighbour> Learning(CloudInventory cloud, Network network)
    {
        var live = cloud.Vpc?.LiveBlocks.Select(block => block.Cidr).ToHashSet() ?? [];
        var added = network.Blocks.Select(block => block.Cidr).Where(block => !live.Contains(block)).ToList();
        if (added.Count == 0)
        {
            return [];
        }
        return cloud
            .TransitGatewayAttachments.Where(one => one.State is "available" or "modifying" or "pending" or "pendingAcceptance")
            .Select(one => Behind(one, network.Vpc, added))
            .Concat(
                cloud
                    .VpnGateways.Where(one => one.State is "attached" or "attaching" or "available")
                    .Select(one => Behind(one, network.Vpc, added))
            );
    }

    // Source: EC2 API, CreateTransitGatewayVpcAttachment; that secondary blocks propagate by
    // themselves is widely observed, not documented (UNCONFIRMED).
    private static Neighbour Behind(SeenTransitGatewayAttachment attachment, AwsId vpc, List<Cidr> added) =>
        new(
            DesignCodes.TransitGateway,
            attachment.Gateway,
            $"{vpc} is attached to transit gateway {attachment.Gateway}; "
                + $"where its attachment propagates, {string.Join(", ", added)} becomes a route for every network behind it, "
                + "or is left out silently where another attachment has it already.",
            "Ask whoever owns the gateway to keep it out, or answer for it in 'spec.accept'. "
                + "To see what is there:\n  aws ec2 search-transit-gateway-routes --transit-gateway-route-table-id "
                + $"tgw-rtb-… --filters Name=route-search.supernet-of-match,Values={added[0]}"
        );

    private static Neighbour Behind(SeenVpnGateway gateway, AwsId vpc, List<Cidr> added) =>
        new(
            DesignCodes.VpnGateway,
            gateway.Id.Text,
            $"{vpc} has VPN gateway {gateway.Id}, which announces every block of the VPC on-premises, "
                + $"{string.Join(", ", added)} too; behind a Direct Connect gateway no other VPC may have it.",
            "Filter it there (allowed prefixes), or answer for it in 'spec.accept'."
        );
}
