using Podspace.Model;

namespace Podspace.Design.Rules;

/// <summary>What networks beside the VPC would learn of a new block, before it is associated.</summary>
internal static class NeighbourRules
{
    private const string Path = "spec.addresses.blocks";

    public static void Check(DesignInput input, Network network)
    {
        var added = network.Blocks.Where(block => Array.IndexOf(input.LiveBlocks, block.Cidr) < 0).Select(block => block.Cidr).ToList();
        if (added.Count == 0)
        {
            return;
        }
        var blocks = string.Join(", ", added);
        foreach (var attachment in input.Cloud.TransitGatewayAttachments)
        {
            if (attachment.State is "available" or "modifying" or "pending" or "pendingAcceptance")
            {
                // Source: EC2 API, CreateTransitGatewayVpcAttachment; that secondary blocks propagate by
                // themselves is widely observed, not documented (UNCONFIRMED).
                input.Report.Warning(
                    DesignCodes.TransitGateway,
                    attachment.Gateway,
                    Path,
                    $"{input.Vpc.Id} is attached to transit gateway {attachment.Gateway}; "
                        + $"where its attachment propagates, {blocks} becomes a route for every network behind it, "
                        + $"or is left out silently where another attachment has it already.",
                    $"Ask whoever owns the gateway to keep it out, or answer for it in 'spec.accept'. "
                        + $"To see what is there:\n  aws ec2 search-transit-gateway-routes --transit-gateway-route-table-id "
                        + $"tgw-rtb-… --filters Name=route-search.supernet-of-match,Values={added[0]}"
                );
            }
        }
        foreach (var gateway in input.Cloud.VpnGateways)
        {
            if (gateway.State is "attached" or "attaching" or "available")
            {
                input.Report.Warning(
                    DesignCodes.VpnGateway,
                    gateway.Id.Text,
                    Path,
                    $"{input.Vpc.Id} has VPN gateway {gateway.Id}, which announces every block of the VPC on-premises, "
                        + $"{blocks} too; behind a Direct Connect gateway no other VPC may have it.",
                    "Filter it there (allowed prefixes), or answer for it in 'spec.accept'."
                );
            }
        }
    }
}
