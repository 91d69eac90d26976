using Podspace.Addressing;
using Podspace.Model;
using Podspace.Naming;

namespace Podspace.Reachability;

/// <summary>One compilation of an inventory into a <see cref="ForwardingModel"/>.</summary>
internal sealed class ForwardingModelBuilder
{
    private readonly Inventory inventory;
    private readonly CloudInventory cloud;
    private readonly PrefixLists lists;
    private readonly List<SeenSubnet> subnets;
    private readonly Dictionary<AwsId, int> subnetNumbers;
    private readonly Dictionary<AwsId, int> groupNumbers;
    private readonly List<SeenNode> nodes;
    private readonly Dictionary<string, int> hostNumbers;
    private readonly List<(SeenGroup Group, SeenRule Rule)> rules = [];
    private readonly List<GroupSet> groupSets = [];
    private readonly Dictionary<EquatableArray<AwsId>, int> groupSetNumbers = [];

    public ForwardingModelBuilder(Inventory inventory)
    {
        this.inventory = inventory;
        cloud = inventory.Cloud;
        lists = new(cloud.PrefixLists);
        subnets = [.. cloud.Subnets.DistinctBy(subnet => subnet.Id)];
        subnetNumbers = subnets.Select((subnet, i) => (subnet.Id, i)).ToDictionary(pair => pair.Id, pair => pair.i);
        nodes = [.. (inventory.Cluster?.Nodes ?? []).Where(node => node.InstanceId.Length > 0).DistinctBy(node => node.InstanceId)];
        hostNumbers = nodes
            .Select((node, i) => (node.InstanceId, i))
            .ToDictionary(pair => pair.InstanceId, pair => pair.i, StringComparer.Ordinal);
        groupNumbers = cloud
            .Groups.DistinctBy(group => group.Id)
            .Select((group, i) => (group.Id, i))
            .ToDictionary(pair => pair.Id, pair => pair.i);
    }

    public ForwardingModel Make()
    {
        var enis = Enis();
        var nats = Nats(enis);
        var live = (cloud.Vpc?.LiveBlocks ?? []).Select(block => block.Cidr).ToList();
        var tables = new RouteTableBuilder(cloud, lists, live, nats);
        var acls = cloud
            .NetworkAcls.Select(acl => new Acl(acl, AclFilter.Of(acl, Direction.Ingress), AclFilter.Of(acl, Direction.Egress)))
            .ToArray();
        return new()
        {
            Inventory = inventory,
            SeesInterfaces = inventory.Sees(Reading.Interfaces),
            SeesClusterIps = inventory.Sees(Reading.ClusterIps),
            Vpc = PrefixMap.Of(live.Select(block => (block, 0))),
            Interfaces = enis,
            ByAddress = PrefixMap.Of(enis.SelectMany((eni, i) => BlocksOf(cloud.Interfaces[eni.Seen]).Select(block => (block, i)))),
            GroupSets = [.. groupSets],
            Rules = [.. rules],
            Subnets =
            [
                .. subnets.Select(subnet => new ForwardingSubnet(
                    subnet,
                    subnet.Cidr.First.Number,
                    subnet.Cidr.Last.Number,
                    tables.Of(subnet.Id),
                    AclOf(subnet.Id)
                )),
            ],
            BySubnet = PrefixMap.Of(subnets.Select((subnet, i) => (subnet.Cidr, i))),
            Tables = tables.Tables,
            Acls = acls,
            Nats = nats,
            Hosts = Hosts(enis),
            ClusterIps = ClusterIps.Of(inventory),
            NodePorts = NodePorts.Of(inventory),
            Resolver = cloud.Vpc is { Primary.PrefixLength: <= 30 } vpc ? vpc.Primary.First.Plus(2).Number : 0,
        };
    }

    private static IEnumerable<Cidr> BlocksOf(SeenInterface eni) =>
        eni.Addresses.Select(address => Cidr.Containing(address, 32)).Concat(eni.Prefixes);

    private NetworkInterface[] Enis()
    {
        var enis = new List<NetworkInterface>();
        for (var i = 0; i < cloud.Interfaces.Count; i++)
        {
            var seen = cloud.Interfaces[i];
            var host = seen.Instance is { } instance && hostNumbers.TryGetValue(instance, out var number) ? number : PrefixMap.None;
            enis.Add(
                new(
                    i,
                    Kind(seen),
                    subnetNumbers.GetValueOrDefault(seen.Subnet, PrefixMap.None),
                    GroupSetOf(seen),
                    host,
                    Primary(seen, host)
                )
            );
        }
        return [.. enis];
    }

    // Addresses are sorted; where AWS did not say which is its own, a node says it of its first interface.
    private uint Primary(SeenInterface seen, int host)
    {
        if (seen.Own is { } told)
        {
            return told.Number;
        }
        if (seen.DeviceIndex == 0 && host >= 0 && nodes[host].InternalAddress is { } own && seen.Addresses.Contains(own))
        {
            return own.Number;
        }
        return seen.Addresses.IsEmpty ? 0 : seen.Addresses[0].Number;
    }

    private static NetworkInterfaceKind Kind(SeenInterface seen) =>
        seen.Type switch
        {
            "branch" => NetworkInterfaceKind.Branch,
            "nat_gateway" or "natGateway" or "transit_gateway" or "gateway_load_balancer" or "gateway_load_balancer_endpoint" =>
                NetworkInterfaceKind.Gateway,
            _ => NetworkInterfaceKind.Plain,
        };

    private int GroupSetOf(SeenInterface seen)
    {
        var ids = seen.Groups.Distinct().Order().ToEquatable();
        // A network load balancer may have none; nothing is filtered then. Source: Elastic Load
        // Balancing, "Security groups for your Network Load Balancer".
        var isFree = ids.IsEmpty && (Kind(seen) == NetworkInterfaceKind.Gateway || seen.Type == "network_load_balancer");
        if (isFree || !groupSetNumbers.TryGetValue(ids, out var number))
        {
            number = groupSets.Count;
            groupSets.Add(Set(ids, isFree));
            if (!isFree)
            {
                groupSetNumbers[ids] = number;
            }
        }
        return number;
    }

    private GroupSet Set(EquatableArray<AwsId> ids, bool isFree)
    {
        var groups = ids.Select(id => cloud.Groups.FirstOrDefault(group => group.Id == id)).ToList();
        var isPartlyUnread = ids.IsEmpty || groups.Contains(null) || !inventory.Sees(Reading.SecurityGroups);
        var numbered = new List<(SeenRule Rule, int Number)>();
        foreach (var group in groups.OfType<SeenGroup>())
        {
            foreach (var rule in group.Rules)
            {
                numbered.Add((rule, rules.Count));
                rules.Add((group, rule));
            }
        }
        GroupFilter Filter(Direction direction) =>
            GroupFilter.Of(
                numbered.Where(one => one.Rule.Direction == direction),
                lists,
                id => groupNumbers.GetValueOrDefault(id, PrefixMap.None),
                isPartlyUnread
            );
        return new(
            ids,
            [.. ids.Where(groupNumbers.ContainsKey).Select(id => groupNumbers[id])],
            Filter(Direction.Ingress),
            Filter(Direction.Egress),
            isFree
        );
    }

    private ForwardingNat[] Nats(NetworkInterface[] enis) =>
        [
            .. cloud
                .NatGateways.DistinctBy(nat => nat.Id)
                .Select(nat => new ForwardingNat(
                    nat,
                    subnetNumbers.GetValueOrDefault(nat.Subnet, PrefixMap.None),
                    // Source: EC2, an interface's description: "Interface for NAT Gateway nat-…".
                    Array.FindIndex(
                        enis,
                        eni =>
                            cloud.Interfaces[eni.Seen] is var seen
                            && seen.Description.Contains(nat.Id.Text, StringComparison.Ordinal)
                            && !seen.Addresses.IsEmpty
                    ),
                    nat.State == "available",
                    nat.Connectivity != "private"
                )),
        ];

    private int AclOf(AwsId subnet)
    {
        var own = -1;
        for (var i = 0; i < cloud.NetworkAcls.Count; i++)
        {
            if (cloud.NetworkAcls[i].Subnets.Contains(subnet))
            {
                return i;
            }
            own = cloud.NetworkAcls[i].IsDefault ? i : own;
        }
        return own;
    }

    private Host[] Hosts(NetworkInterface[] enis)
    {
        var primaries = new int[nodes.Count];
        Array.Fill(primaries, PrefixMap.None);
        for (var i = 0; i < enis.Length; i++)
        {
            if (enis[i].Host >= 0 && cloud.Interfaces[enis[i].Seen].DeviceIndex == 0)
            {
                primaries[enis[i].Host] = i;
            }
        }
        var rules = HostRules.In(inventory);
        return
        [
            .. nodes.Select(
                (node, i) =>
                    new Host(
                        node,
                        primaries[i],
                        node.InternalAddress?.Number ?? (primaries[i] >= 0 ? enis[primaries[i]].Primary : 0),
                        rules(node)
                    )
            ),
        ];
    }
}
