using Podspace.Addressing;
using Podspace.Model;

namespace Podspace.Lab.Drawing;

/// <summary>The VPC's implicit router: a cable to every interface, a table for every subnet,
/// and the filters of <see cref="VpcFilter"/>.</summary>
/// <remarks>
/// Order of the rules: AWS's own addresses; within a subnet nothing is routed; the subnet's
/// table, in which a local route throws the packet on to the table
/// of interfaces, so that a route more specific than local wins. Source: VPC User Guide, "Route tables", "Longest prefix match".
/// </remarks>
internal static class VpcRouter
{
    private const int Interfaces = 900;
    private const int FirstSubnet = 1000;

    public static Netns Draw(Site site, EquatableArray<Gateway> gateways)
    {
        var subnets = site.Built.Select(nic => nic.Subnet).Distinct().ToList();
        return new("vpc")
        {
            Settings = [.. Netns.Forwarding, ("ipv4/conf/default/proxy_arp", "1")],
            // Answering for others waits up to 0.8 s otherwise.
            DeviceSettings =
            [
                .. site.Built.Select(nic => nic.Port).Concat(["amazon", "back"]).Select(port => ($"ipv4/neigh/{port}/proxy_delay", "0")),
            ],
            Cables =
            [
                .. site.Built.Select(nic =>
                    $"link add {nic.Port} mtu 9001 type veth peer name {nic.Device} mtu 9001 netns {{{nic.Owner}}}"
                ),
                .. gateways.Select(gateway => $"link add {gateway.Port} type veth peer name g{gateway.Number} netns {{beyond}}"),
                "link add back type veth peer name back netns {beyond}",
                "link add amazon type veth peer name eth0 netns {amazon}",
            ],
            Lines =
            [
                "link set lo up",
                "link set back up",
                "link set amazon up",
                .. gateways.Select(gateway => $"link set {gateway.Port} up"),
                .. site.Built.SelectMany(nic => Cable(nic, site.AddressesOf(nic))),
                .. AmazonRules(site),
                .. subnets.SelectMany((subnet, i) => Table(site, gateways, subnet, FirstSubnet + i)),
                $"rule add pref 5000 lookup {Interfaces}",
                $"route add blackhole default table {Interfaces}",
            ],
            Nft = VpcFilter.Draw(site, gateways, subnets),
        };
    }

    private static IEnumerable<string> Cable(Nic nic, IEnumerable<Address> addresses) =>
        [
            $"addr add {nic.Gateway}/32 dev {nic.Port}",
            $"link set {nic.Port} up",
            .. addresses.SelectMany(address =>
                (string[])
                    [
                        $"route add {address}/32 dev {nic.Port} table {Interfaces}",
                        $"neigh add {address} lladdr {nic.Mac} dev {nic.Port} nud permanent",
                    ]
            ),
            .. nic
                .Seen.Prefixes.Where(prefix => !nic.Seen.Addresses.Any(address => prefix == Cidr.Containing(address, 32)))
                .Select(prefix => $"route add {prefix} dev {nic.Port} table {Interfaces}"),
        ];

    private static IEnumerable<string> AmazonRules(Site site) =>
        LabDrawing
            .AmazonAddresses(site.Inventory.Cloud)
            .SelectMany(address =>
                (string[])
                    [$"rule add pref 100 to {address}/32 lookup {Interfaces}", $"route add {address}/32 dev amazon table {Interfaces}"]
            );

    private static IEnumerable<string> Table(Site site, EquatableArray<Gateway> gateways, SeenSubnet subnet, int number)
    {
        foreach (var nic in site.Built.Where(nic => nic.Subnet == subnet))
        {
            yield return $"rule add pref 200 iif {nic.Port} to {subnet.Cidr} lookup {Interfaces}";
            yield return $"rule add pref 1000 iif {nic.Port} lookup {number}";
        }
        var routes = Routes(site, TableOf(site.Inventory.Cloud, subnet)).ToList();
        foreach (var (to, route) in routes)
        {
            yield return $"route add {Way(site, gateways, to, route)} table {number}";
        }
        if (routes.TrueForAll(route => route.To.PrefixLength > 0))
        {
            yield return $"route add blackhole default table {number}";
        }
    }

    /// <summary>The explicit association, else the main table.</summary>
    private static SeenRouteTable? TableOf(CloudInventory cloud, SeenSubnet subnet) =>
        cloud.RouteTables.FirstOrDefault(table =>
            table.Associations.Any(association => association.Subnet == subnet.Id && association.State is not ("disassociated" or "failed"))
        ) ?? cloud.RouteTables.FirstOrDefault(table => table.IsMain);

    /// <summary>One for each destination: local, static, by a prefix list, announced. Source: VPC User Guide, "Route priority".</summary>
    private static IEnumerable<(Cidr To, SeenRoute Route)> Routes(Site site, SeenRouteTable? table)
    {
        // A local route is always there, unless somebody has put another target in its place. Source: EC2 API, ReplaceRoute.
        var local = site
            .VpcBlocks.Where(block => table?.Routes.Any(route => route.To == block) != true)
            .Select(block => (To: block, Route: new SeenRoute(block, null, "local", "active", "CreateRouteTable"), Rank: 0));
        var others =
            from route in table?.Routes ?? []
            from to in route.To is { } one
                ? [one]
                : site.Inventory.Cloud.PrefixLists.Where(list => list.Id == route.PrefixList).SelectMany(list => list.Entries)
            select (To: to, Route: route, Rank: Rank(route));
        return local.Concat(others).OrderBy(one => one.Rank).DistinctBy(one => one.To).Select(one => (one.To, one.Route));
    }

    private static int Rank(SeenRoute route) =>
        route switch
        {
            { Via: "local" } => 0,
            { Origin: "EnableVgwRoutePropagation" } => 3,
            { PrefixList: null } => 1,
            _ => 2,
        };

    private static string Way(Site site, EquatableArray<Gateway> gateways, Cidr to, SeenRoute route)
    {
        if (route.Via == "local")
        {
            return $"throw {to}";
        }
        if (route.State != "blackhole" && gateways.FirstOrDefault(gateway => gateway.Id == route.Via) is { } gateway)
        {
            return $"{to} dev {gateway.Port}";
        }
        return route.State != "blackhole" && Nat(site, route.Via) is { } nat
            ? $"{to} via {nat.Seen.Own ?? nat.Seen.Addresses[0]} dev {nat.Port} onlink"
            : $"blackhole {to}";
    }

    private static Nic? Nat(Site site, string id) =>
        site.Inventory.Cloud.NatGateways.Any(nat => nat.Id.Text == id && nat.State == "available")
            ? site.Hosts.FirstOrDefault(nic => nic.Owner == $"nat/{id}")
            : null;
}
