using Amazon.EC2.Model;
using Podspace.Model;
using Podspace.Naming;

namespace Podspace.Aws.Observing;

internal sealed partial class CloudObservation
{
    private async Task<IEnumerable<SeenEndpoint>> EndpointsAsync()
    {
        var found = await ec2.PagesAsync(
            "DescribeVpcEndpoints",
            (client, token, stop) =>
                client.DescribeVpcEndpointsAsync(
                    new()
                    {
                        Filters = [InVpc],
                        MaxResults = 1000,
                        NextToken = token,
                    },
                    stop
                ),
            answer => (answer.VpcEndpoints, answer.NextToken),
            cancel
        );
        return found.Select(Ec2Seen.Endpoint).OrderBy(endpoint => endpoint.Id);
    }

    // Filters are and-ed, so each side of a peering is asked for by itself.
    private async Task<IEnumerable<SeenPeering>> PeeringsAsync()
    {
        var sides = await Task.WhenAll(SideAsync("requester-vpc-info.vpc-id"), SideAsync("accepter-vpc-info.vpc-id"));
        return sides
            .SelectMany(side => side)
            .Select(peering => Ec2Seen.Peering(peering, scope.Vpc))
            .DistinctBy(peering => peering.Id)
            .OrderBy(peering => peering.Id);

        Task<List<VpcPeeringConnection>> SideAsync(string filter) =>
            ec2.PagesAsync(
                "DescribeVpcPeeringConnections",
                (client, token, stop) =>
                    client.DescribeVpcPeeringConnectionsAsync(
                        new()
                        {
                            Filters = [Ec2Wire.Where(filter, scope.Vpc.Text)],
                            MaxResults = 1000,
                            NextToken = token,
                        },
                        stop
                    ),
                answer => (answer.VpcPeeringConnections, answer.NextToken),
                cancel
            );
    }

    private async Task<IEnumerable<SeenTransitGatewayAttachment>> AttachmentsAsync()
    {
        var found = await ec2.PagesAsync(
            "DescribeTransitGatewayVpcAttachments",
            (client, token, stop) =>
                client.DescribeTransitGatewayVpcAttachmentsAsync(
                    new()
                    {
                        Filters = [InVpc],
                        MaxResults = 1000,
                        NextToken = token,
                    },
                    stop
                ),
            answer => (answer.TransitGatewayVpcAttachments, answer.NextToken),
            cancel
        );
        return found.Select(Ec2Seen.Attachment).OrderBy(attachment => attachment.Id);
    }

    private async Task<IEnumerable<SeenVpnGateway>> VpnGatewaysAsync()
    {
        var filter = Ec2Wire.Where("attachment.vpc-id", scope.Vpc.Text);
        var answer = await ec2.ReadAsync(
            "DescribeVpnGateways",
            (client, stop) => client.DescribeVpnGatewaysAsync(new() { Filters = [filter] }, stop),
            cancel
        );
        return answer.VpnGateways.Select(Ec2Seen.VpnGateway).OrderBy(gateway => gateway.Id);
    }

    private async Task<IEnumerable<SeenNatGateway>> NatGatewaysAsync()
    {
        var found = await ec2.PagesAsync(
            "DescribeNatGateways",
            (client, token, stop) =>
                client.DescribeNatGatewaysAsync(
                    new()
                    {
                        Filter = [InVpc],
                        MaxResults = 1000,
                        NextToken = token,
                    },
                    stop
                ),
            answer => (answer.NatGateways, answer.NextToken),
            cancel
        );
        return found.Select(Ec2Seen.NatGateway).OrderBy(gateway => gateway.Id);
    }

    /// <summary>Only the lists that a route or a rule of this VPC names: their number is the VPC's, not the zones'.</summary>
    private async Task<IEnumerable<SeenPrefixList>> PrefixListsAsync(IEnumerable<SeenRouteTable> tables, IEnumerable<SeenGroup> groups)
    {
        var named = tables
            .SelectMany(table => table.Routes)
            .Select(route => route.PrefixList)
            .Concat(groups.SelectMany(group => group.Rules).Select(rule => rule.Peer.PrefixList))
            .OfType<AwsId>()
            .Distinct()
            .Order()
            .ToList();
        if (named.Count == 0)
        {
            return [];
        }
        var lists = await ec2.PagesAsync(
            "DescribeManagedPrefixLists",
            (client, token, stop) =>
                client.DescribeManagedPrefixListsAsync(
                    new() { Filters = [Ec2Wire.Where("prefix-list-id", named.Select(id => id.Text))], NextToken = token },
                    stop
                ),
            answer => (answer.PrefixLists, answer.NextToken),
            cancel
        );
        var seen = await Task.WhenAll(
            lists.Select(async list =>
                Ec2Seen.PrefixList(
                    list,
                    await ec2.PagesAsync(
                        "GetManagedPrefixListEntries",
                        (client, token, stop) =>
                            client.GetManagedPrefixListEntriesAsync(new() { PrefixListId = list.PrefixListId, NextToken = token }, stop),
                        answer => (answer.Entries, answer.NextToken),
                        cancel
                    )
                )
            )
        );
        return seen.OrderBy(list => list.Id);
    }
}
