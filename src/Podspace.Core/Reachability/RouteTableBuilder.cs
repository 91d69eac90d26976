using Podspace.Addressing;
using Podspace.Model;
using Podspace.Naming;

namespace Podspace.Reachability;

/// <summary>Compiles route tables, and knows which subnet follows which.</summary>
internal sealed class RouteTableBuilder
{
    private readonly CloudInventory cloud;
    private readonly PrefixLists lists;
    private readonly ForwardingNat[] nats;
    private readonly Dictionary<AwsId, int> bySubnet = [];
    private readonly int main = PrefixMap.None;

    public RouteTableBuilder(CloudInventory cloud, PrefixLists lists, List<Cidr> live, ForwardingNat[] nats)
    {
        this.cloud = cloud;
        this.lists = lists;
        this.nats = nats;
        Tables = [.. cloud.RouteTables.Select(table => Compile(table, live))];
        for (var i = 0; i < Tables.Length; i++)
        {
            foreach (var association in Tables[i].Seen.Associations.Where(one => one.Subnet is not null))
            {
                bySubnet.TryAdd(association.Subnet!.Value, i);
            }
            main = Tables[i].Seen.IsMain && main < 0 ? i : main;
        }
    }

    public Table[] Tables { get; }

    /// <summary>The explicit association, else the main table. Source: VPC User Guide, "Route tables".</summary>
    public int Of(AwsId subnet) => bySubnet.TryGetValue(subnet, out var number) ? number : main;

    private Table Compile(SeenRouteTable table, List<Cidr> live)
    {
        // Local routes come by themselves with every block; worlds and tests may leave them out.
        var routes = table
            .Routes.Concat(
                live.Where(block => !table.Routes.Any(route => route.To == block))
                    .Select(block => new SeenRoute(block, null, "local", "active", "CreateRouteTable"))
            )
            .OrderBy(Rank)
            .ToList();
        var targets = routes.Select(TargetOf).ToArray();
        var isPartlyUnread = false;
        var blocks = new List<(Cidr, int)>();
        for (var i = 0; i < routes.Count; i++)
        {
            if (routes[i].To is { } to)
            {
                blocks.Add((to, i));
            }
            else if (routes[i].PrefixList is { } list)
            {
                isPartlyUnread |= !lists.TryFind(list, out var entries);
                blocks.AddRange(entries.Select(entry => (entry, i)));
            }
        }
        return new(table, PrefixMap.Of(blocks), targets, isPartlyUnread);
    }

    private static int Rank(SeenRoute route) =>
        route switch
        {
            { Via: "local" } => 0,
            { Origin: "EnableVgwRoutePropagation" } => 3,
            { PrefixList: null } => 1,
            _ => 2,
        };

    private Target TargetOf(SeenRoute route)
    {
        var kind = route.Via.Split('-')[0] switch
        {
            "local" => TargetKind.Local,
            "nat" => TargetKind.Nat,
            "igw" => TargetKind.InternetGateway,
            "tgw" => TargetKind.TransitGateway,
            "vgw" => TargetKind.VpnGateway,
            "pcx" => TargetKind.Peering,
            "vpce" when route.PrefixList is not null => TargetKind.Endpoint,
            _ => TargetKind.Appliance,
        };
        var nat = kind == TargetKind.Nat ? Array.FindIndex(nats, one => one.Seen.Id.Text == route.Via) : PrefixMap.None;
        return new(route, kind, nat, route.State == "blackhole" || IsGone(kind, route.Via, nat));
    }

    // A list that was not read says nothing about what is gone.
    private bool IsGone(TargetKind kind, string via, int nat) =>
        kind switch
        {
            TargetKind.Nat => nat >= 0 ? !nats[nat].IsAvailable : Sees(Reading.NatGateways),
            TargetKind.TransitGateway => Sees(Reading.TransitGatewayAttachments)
                && !cloud.TransitGatewayAttachments.Any(one => one.Gateway == via && one.State is "available" or "modifying"),
            TargetKind.VpnGateway => Sees(Reading.VpnGateways)
                && !cloud.VpnGateways.Any(one => one.Id.Text == via && one.State is "attached" or "available"),
            TargetKind.Peering => Sees(Reading.Peerings) && !cloud.Peerings.Any(one => one.Id.Text == via && one.State == "active"),
            TargetKind.Local or TargetKind.InternetGateway or TargetKind.Endpoint or TargetKind.Appliance => false,
        };

    private bool Sees(Reading reading) => cloud.Gaps.All(gap => gap.Reading != reading);
}
