using Podspace.Addressing;
using Podspace.Model;
using Podspace.Naming;
using Podspace.Reachability;

namespace Podspace.Tests.Reachability;

/// <summary>What security groups, network ACLs and route tables say of a packet.</summary>
public sealed partial class NaiveTracer
{
    private Verdict? Gateway(Packet packet, SeenSubnet subnet, SeenRoute route, List<SeenNatGateway> nats)
    {
        switch (route.Via.Split('-')[0])
        {
            case "igw" when nats.Count > 0:
                return nats[^1].Connectivity == "private" ? Podspace.Reachability.Verdict.NoPublicAddress : null;
            case "igw":
                if (EniOf(packet.From) is { } eni && NodeOf(eni) is { } node && node.InternalAddress != packet.From)
                {
                    return Podspace.Reachability.Verdict.NoPublicAddress;
                }
                Missed(Unread.PublicAddress);
                return null;
            case "tgw":
                var attachment = cloud.TransitGatewayAttachments.FirstOrDefault(one => one.Gateway == route.Via);
                return
                    attachment is null
                    || attachment.Subnets.IsEmpty
                    || cloud.Subnets.Any(one => attachment.Subnets.Contains(one.Id) && one.Zone == subnet.Zone)
                    ? null
                    : Podspace.Reachability.Verdict.Blackhole;
            case "pcx":
                var peering = cloud.Peerings.FirstOrDefault(one => one.Id.Text == route.Via);
                return peering is null || peering.PeerBlocks.IsEmpty || peering.PeerBlocks.Any(block => block.Contains(packet.To))
                    ? null
                    : Podspace.Reachability.Verdict.Blackhole;
            case "vgw":
            case "vpce" when route.PrefixList is not null:
                return null;
            default:
                Missed(Unread.Appliance);
                return null;
        }
    }

    private bool GroupsAdmit(SeenInterface eni, Direction direction, Packet packet, Address peer, EquatableArray<AwsId> peerGroups)
    {
        if (eni.Groups.IsEmpty && eni.Type is "nat_gateway" or "transit_gateway" or "network_load_balancer")
        {
            return true;
        }
        var groups = eni.Groups.Select(id => cloud.Groups.FirstOrDefault(group => group.Id == id)).ToList();
        var rules = groups.OfType<SeenGroup>().SelectMany(group => group.Rules).Where(rule => rule.Direction == direction).ToList();
        if (
            rules.Any(rule =>
                Fits(rule.Traffic.Protocol, rule.Traffic.From, rule.Traffic.To, packet.Protocol, packet.FirstPort)
                && PeerIs(rule.Peer, peer, peerGroups)
            )
        )
        {
            return true;
        }
        var isUnread =
            eni.Groups.IsEmpty
            || groups.Contains(null)
            || !inventory.Sees(Reading.SecurityGroups)
            || rules.Any(rule => rule.Peer.PrefixList is { } list && cloud.PrefixLists.All(seen => seen.Id != list));
        if (isUnread)
        {
            Missed(Unread.Groups);
        }
        return isUnread;
    }

    private bool PeerIs(Peer peer, Address address, EquatableArray<AwsId> groups) =>
        peer.Cidr is { } block ? block.Contains(address)
        : peer.Group is { } group ? cloud.Groups.Any(seen => seen.Id == group.Id) && groups.Contains(group.Id)
        : cloud.PrefixLists.Any(list => list.Id == peer.PrefixList && list.Entries.Any(entry => entry.Contains(address)));

    private static bool Fits(string protocol, int from, int to, string wanted, int port) =>
        protocol == "-1" || (protocol == wanted && (from == -1 || (wanted == "icmp" ? from == port : from <= port && port <= to)));

    private bool AclPasses(SeenSubnet? subnet, Direction direction, Packet packet)
    {
        var acl = subnet is null
            ? null
            : cloud.NetworkAcls.FirstOrDefault(one => one.Subnets.Contains(subnet.Id))
                ?? cloud.NetworkAcls.LastOrDefault(one => one.IsDefault);
        if (acl is null)
        {
            Missed(Unread.NetworkAcls);
            return true;
        }
        var peer = direction == Direction.Ingress ? packet.From : packet.To;
        var entries = acl
            .Entries.Where(entry => entry.Direction == direction && entry.Cidr?.Contains(peer) == true)
            .OrderBy(entry => entry.Number)
            .ToList();
        // Every port at which some entry begins, or behind which one ends, stands for those up to the next.
        var ports = entries
            .SelectMany(entry => new[] { entry.From, entry.To + 1 })
            .Append(packet.FirstPort)
            .Where(port => packet.FirstPort <= port && port <= packet.LastPort);
        return ports.All(port =>
            entries.FirstOrDefault(entry => Fits(entry.Protocol, entry.From, entry.To, packet.Protocol, port))?.Allows == true
        );
    }

    private (SeenRoute? Route, bool IsKnown) RouteFor(SeenSubnet subnet, Address to)
    {
        var table =
            cloud.RouteTables.FirstOrDefault(one => one.Associations.Any(association => association.Subnet == subnet.Id))
            ?? cloud.RouteTables.FirstOrDefault(one => one.IsMain);
        if (table is null)
        {
            Missed(Unread.RouteTables);
            return (null, false);
        }
        if (!IsInVpc(to) && table.Routes.Any(route => route.To is null && cloud.PrefixLists.All(list => list.Id != route.PrefixList)))
        {
            Missed(Unread.PrefixList);
        }
        var local = cloud
            .Vpc!.LiveBlocks.Where(block => table.Routes.All(route => route.To != block.Cidr))
            .Select(block => new SeenRoute(block.Cidr, null, "local", "active", ""));
        var fitting =
            from route in table.Routes.Concat(local)
            from block in route.To is { } one ? [one] : cloud.PrefixLists.FirstOrDefault(list => list.Id == route.PrefixList)?.Entries ?? []
            where block.Contains(to)
            orderby block.PrefixLength descending, route.Via == "local" descending, route.Origin
                == "EnableVgwRoutePropagation", route.PrefixList is not null
            select route;
        return (fitting.FirstOrDefault(), true);
    }

    private bool IsDead(SeenRoute route) =>
        route.State == "blackhole"
        || route.Via.Split('-')[0] switch
        {
            "nat" => cloud.NatGateways.All(nat => nat.Id.Text != route.Via || nat.State != "available"),
            "tgw" => cloud.TransitGatewayAttachments.All(one => one.Gateway != route.Via || one.State is not ("available" or "modifying")),
            "vgw" => cloud.VpnGateways.All(one => one.Id.Text != route.Via || one.State is not ("attached" or "available")),
            "pcx" => cloud.Peerings.All(one => one.Id.Text != route.Via || one.State != "active"),
            _ => false,
        };

    private void Missed(Unread what) => unread = unread == Unread.Nothing ? what : unread;

    private bool IsInVpc(Address address) => cloud.Vpc!.LiveBlocks.Any(block => block.Cidr.Contains(address));
}
