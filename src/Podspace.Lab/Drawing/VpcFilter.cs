using System.Text;
using Podspace.Addressing;
using Podspace.Model;
using Podspace.Naming;

namespace Podspace.Lab.Drawing;

/// <summary>Source check, network ACLs and security groups as one nftables table of the router.</summary>
/// <remarks>
/// ACLs judge every packet that crosses a subnet's edge, and know no connections. Groups judge
/// what begins a connection, when it leaves the sender's
/// interface and when it enters the receiver's. AWS's own addresses meet neither. Source: VPC User Guide.
/// </remarks>
internal sealed class VpcFilter
{
    private readonly Site site;
    private readonly CloudInventory cloud;
    private readonly EquatableArray<Gateway> gateways;
    private readonly List<SeenSubnet> subnets;
    private readonly StringBuilder chains = new();
    private readonly Dictionary<(EquatableArray<AwsId>, Direction), string> groupChains = [];
    private readonly Dictionary<(AwsId, Direction), string> aclChains = [];

    private VpcFilter(Site site, EquatableArray<Gateway> gateways, List<SeenSubnet> subnets) =>
        (this.site, cloud, this.gateways, this.subnets) = (site, site.Inventory.Cloud, gateways, subnets);

    public static string Draw(Site site, EquatableArray<Gateway> gateways, List<SeenSubnet> subnets) =>
        new VpcFilter(site, gateways, subnets).Draw();

    private string Draw()
    {
        var forward = Edges().Concat(Attachments()).Concat(["ct state established,related accept"]).Concat(Groups()).ToList();
        return $$"""
            table ip vpc {
            {{chains}}
              chain prerouting {
                type filter hook prerouting priority -150; policy accept;
            {{Indented(SourceChecks())}}
              }
              chain forward {
                type filter hook forward priority 0; policy accept;
                iifname "amazon" accept
                oifname "amazon" accept
            {{Indented(forward)}}
              }
            }

            """;
    }

    // A gateway sends what it did not begin; everybody else only what is his.
    private IEnumerable<string> SourceChecks() =>
        site
            .Built.Where(nic => !nic.IsGateway)
            .Select(nic =>
                $"iifname \"{nic.Port}\" ip saddr != "
                + $"{Set(nic.Seen.Addresses.Select(address => $"{address}").Concat(nic.Seen.Prefixes.Select(prefix => $"{prefix}")))} "
                + $"drop"
            );

    private IEnumerable<string> Edges()
    {
        foreach (var subnet in subnets)
        {
            var inside = Set(site.Built.Where(nic => nic.Subnet == subnet).Select(nic => $"\"{nic.Port}\""));
            if (AclOf(subnet) is { } acl)
            {
                yield return $"iifname {inside} oifname != {inside} jump {Chain(acl, Direction.Egress)}";
                yield return $"oifname {inside} iifname != {inside} jump {Chain(acl, Direction.Ingress)}";
            }
        }
    }

    private SeenNetworkAcl? AclOf(SeenSubnet subnet) =>
        cloud.NetworkAcls.FirstOrDefault(acl => acl.Subnets.Contains(subnet.Id)) ?? cloud.NetworkAcls.LastOrDefault(acl => acl.IsDefault);

    private string Chain(SeenNetworkAcl acl, Direction direction)
    {
        if (!aclChains.TryGetValue((acl.Id, direction), out var name))
        {
            name = aclChains[(acl.Id, direction)] = $"acl{aclChains.Count}";
            Add(
                name,
                acl.Entries.Where(entry => entry.Direction == direction && entry.Cidr is not null)
                    .OrderBy(entry => entry.Number)
                    .Select(entry =>
                        $"{Peer(direction)} {entry.Cidr} {Matching(entry.Protocol, entry.From, entry.To)} "
                        + $"{(entry.Allows ? "return" : "drop")}"
                    )
            );
        }
        return name;
    }

    private IEnumerable<string> Attachments()
    {
        foreach (var gateway in gateways)
        {
            var refused = gateway.Kind switch
            {
                // A public address has who is a public NAT gateway; of machines nothing is known, and pods never have one.
                "igw" => site
                    .Hosts.Where(nic => cloud.NatGateways.Any(nat => nic.Owner == $"nat/{nat.Id}" && nat.Connectivity != "private"))
                    .Select(nic => $"{nic.Seen.Own ?? nic.Seen.Addresses[0]}")
                    .ToList()
                    is { Count: > 0 } open
                    ? $"ip saddr != {Set(open)} drop"
                    : "drop",
                // Source: VPC transit gateways, "VPC attachments": only in zones in which the attachment has a subnet.
                "tgw" => ZonesWithout(gateway.Id) is { Count: > 0 } ports ? $"iifname {Set(ports)} drop" : null,
                // Source: VPC Peering Guide, "Limitations": to the other VPC's own blocks and no further.
                "pcx" => cloud.Peerings.FirstOrDefault(one => one.Id.Text == gateway.Id) is { PeerBlocks.IsEmpty: false } peering
                    ? $"ip daddr != {Set(peering.PeerBlocks.Select(block => $"{block}"))} drop"
                    : null,
                _ => null,
            };
            if (refused is not null)
            {
                yield return $"oifname \"{gateway.Port}\" {refused}";
            }
        }
    }

    private List<string> ZonesWithout(string gateway)
    {
        var attachment = cloud.TransitGatewayAttachments.FirstOrDefault(one => one.Gateway == gateway);
        var zones = cloud
            .Subnets.Where(subnet => attachment?.Subnets.Contains(subnet.Id) == true)
            .Select(subnet => subnet.Zone)
            .ToHashSet();
        return attachment is null || attachment.Subnets.IsEmpty
            ? []
            : [.. site.Built.Where(nic => !zones.Contains(nic.Subnet.Zone)).Select(nic => $"\"{nic.Port}\"")];
    }

    private IEnumerable<string> Groups()
    {
        foreach (
            var (nic, word, direction) in site
                .Built.Select(nic => (nic, "iifname", Direction.Egress))
                .Concat(site.Built.Select(nic => (nic, "oifname", Direction.Ingress)))
        )
        {
            // A network load balancer may have none, and gateways have none: nothing is filtered then.
            if (!(nic.Seen.Groups.IsEmpty && (nic.IsGateway || nic.Seen.Type == "network_load_balancer")))
            {
                yield return $"{word} \"{nic.Port}\" jump {Chain(nic.Seen.Groups.Distinct().Order().ToEquatable(), direction)}";
            }
        }
    }

    private string Chain(EquatableArray<AwsId> groups, Direction direction)
    {
        if (!groupChains.TryGetValue((groups, direction), out var name))
        {
            name = groupChains[(groups, direction)] = $"groups{groupChains.Count}";
            Add(
                name,
                cloud
                    .Groups.Where(group => groups.Contains(group.Id))
                    .SelectMany(group => group.Rules)
                    .Where(rule => rule.Direction == direction)
                    .Select(rule => (rule, Peers: PeersOf(rule.Peer).ToList()))
                    .Where(one => one.Peers.Count > 0)
                    .Select(one =>
                        $"{Peer(direction)} {Set(one.Peers)} "
                        + $"{Matching(one.rule.Traffic.Protocol, one.rule.Traffic.From, one.rule.Traffic.To)} return"
                    )
            );
        }
        return name;
    }

    /// <summary>A group that is referred to stands for the addresses of the interfaces that carry it.</summary>
    private IEnumerable<string> PeersOf(Peer peer) =>
        peer switch
        {
            { Cidr: { } block } => [$"{block}"],
            { PrefixList: { } list } => Distinct(cloud.PrefixLists.Where(seen => seen.Id == list).SelectMany(seen => seen.Entries)),
            { Group: { IsMade: false } group } => site
                .Built.Where(nic => nic.Seen.Groups.Contains(group.Id))
                .SelectMany(nic =>
                    nic.Seen.Addresses.Select(address => $"{address}").Concat(nic.Seen.Prefixes.Select(prefix => $"{prefix}"))
                )
                .Distinct(),
            _ => [],
        };

    // Blocks within blocks say nothing new, and a set of nftables takes no two that overlap.
    private static IEnumerable<string> Distinct(IEnumerable<Cidr> blocks)
    {
        var all = blocks.Distinct().ToList();
        return all.Where(block => !all.Exists(other => other != block && other.Contains(block))).Select(block => $"{block}");
    }

    private void Add(string name, IEnumerable<string> rules) =>
        chains.Append($"  chain {name} {{\n{Indented(rules.Append("drop"))}\n  }}\n");

    private static string Peer(Direction direction) => direction == Direction.Ingress ? "ip saddr" : "ip daddr";

    private static string Matching(string protocol, int from, int to) =>
        protocol switch
        {
            "-1" or "all" => "",
            "icmp" => from < 0 ? "ip protocol icmp" : $"icmp type {from}",
            "tcp" or "udp" => from < 0 ? $"ip protocol {protocol}" : $"{protocol} dport {from}-{to}",
            _ => $"ip protocol {protocol}",
        };

    private static string Set(IEnumerable<string> members) => $"{{ {string.Join(", ", members.Distinct())} }}";

    private static string Indented(IEnumerable<string> lines) => string.Join('\n', lines.Select(line => $"    {line}"));
}
