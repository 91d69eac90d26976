using Podspace.Addressing;
using Podspace.Model;
using Podspace.Naming;

namespace Podspace.Tests.Reachability;

/// <summary>A VPC made by a seed: sensible or not, partly read or not. Small, so that flows often have something to meet.</summary>
public sealed class RandomVpc
{
    private static readonly string[] Zones = ["eu-west-1a", "eu-west-1b"];
    private static readonly string[] Targets =
    [
        "nat-0",
        "nat-1",
        "nat-gone",
        "igw-0",
        "tgw-0",
        "tgw-gone",
        "vgw-0",
        "pcx-0",
        "pcx-1",
        "eni-appliance",
        "local",
    ];
    private static readonly int[] Ports = [443, 53, 8080, 10250];

    private readonly Random random;
    private readonly int size;
    private readonly List<SeenSubnet> subnets = [];
    private readonly List<SeenInterface> enis = [];
    private readonly List<SeenNode> nodes = [];
    private readonly Dictionary<AwsId, uint> next = [];

    /// <param name="size">Of its parts; 1 gives a handful of each.</param>
    public RandomVpc(int seed, int size = 1)
    {
        random = new(seed);
        this.size = size;
        var blocks = Chance(3) ? new[] { "10.0.0.0/16" } : ["10.0.0.0/16", "100.64.0.0/16"];
        foreach (var block in blocks.Select(Cidr.Parse))
        {
            foreach (var cidr in block.Split(size > 10 ? 24 : 20).Take(1 + random.Next(3 * size)))
            {
                subnets.Add(new(new($"subnet-{subnets.Count}"), Pick(Zones), "az", cidr, "available", 100, "111122223333", [], []));
            }
        }
        var groups = Groups();
        Machines(groups);
        Inventory = new(
            Cloud(blocks, groups),
            new ClusterInventory { AwsNode = Chance(9) ? null : AwsNode(), Nodes = nodes.ToEquatable() }
        );
    }

    public Inventory Inventory { get; }

    /// <summary>Addresses that flows may begin and end at: of interfaces, mostly.</summary>
    public Flow Flow()
    {
        var protocol = Pick([Protocol.Tcp, Protocol.Tcp, Protocol.Udp, Protocol.Icmp]);
        return new(End(), End(), protocol, protocol == Protocol.Icmp ? (ushort)0 : (ushort)Pick(Ports));
    }

    private Address End() =>
        random.Next(12) switch
        {
            0 => Address.Parse(Pick(["8.8.8.8", "192.168.7.7", "172.31.0.9", "52.218.0.1"])),
            1 => Address.Parse(Pick(["169.254.169.254", "169.254.169.253", "169.254.170.23", "10.0.0.2", "169.254.1.1"])),
            2 => Pick(subnets).Cidr.First.Plus((uint)random.Next(200)),
            _ when enis.Count > 0 => Pick(enis) is { Addresses.IsEmpty: false } eni
                ? Pick(eni.Addresses.ToList())
                : Address.Parse("10.0.0.77"),
            _ => Address.Parse("10.0.0.5"),
        };

    private List<SeenGroup> Groups()
    {
        var groups = new List<SeenGroup>();
        var count = 1 + random.Next(4 * size);
        for (var i = 0; i < count; i++)
        {
            var rules = Enumerable.Range(0, random.Next(6)).Select(n => Rule($"sgr-{i}-{n}", count)).ToList();
            if (!Chance(4))
            {
                rules.Add(new($"sgr-{i}-out", Direction.Egress, Traffic.All, Cidr.Parse("0.0.0.0/0"), "", []));
            }
            groups.Add(new(new($"sg-{i}"), $"group {i}", "", rules.ToEquatable(), []));
        }
        return groups;
    }

    private SeenRule Rule(string id, int groups)
    {
        Peer peer = random.Next(5) switch
        {
            0 => Ref.Used($"sg-{random.Next(groups + 1)}"),
            1 => new AwsId(Pick(["pl-0", "pl-unread"])),
            2 => Cidr.Parse("0.0.0.0/0"),
            _ => Block(),
        };
        return new(id, Chance(4) ? Direction.Egress : Direction.Ingress, AnyTraffic(), peer, "", []);
    }

    private Traffic AnyTraffic() =>
        random.Next(6) switch
        {
            0 => new("icmp", Pick([-1, 0, 8]), -1),
            1 => new("udp", 53, 53),
            2 => new("tcp", 0, 65535),
            3 => new("tcp", 440 + random.Next(5), 450),
            4 => Traffic.Tcp(Pick(Ports)),
            _ => Traffic.All,
        };

    private Cidr Block() => Cidr.Containing(End(), Pick([8, 16, 20, 24, 32]));

    private void Machines(List<SeenGroup> groups)
    {
        for (var i = 0; i < 1 + random.Next(3 * size); i++)
        {
            var primary = Eni($"eni-node{i}", "interface", "", $"i-{i}", 0, groups, 1 + random.Next(2));
            nodes.Add(
                new(
                    $"node-{i}",
                    "eu-west-1b",
                    $"i-{i}",
                    "m5.large",
                    primary.Addresses.IsEmpty ? null : primary.Addresses[0],
                    29,
                    true,
                    false,
                    default,
                    [],
                    []
                )
            );
            for (var eni = 1; eni <= random.Next(3); eni++)
            {
                Eni($"eni-pods{i}-{eni}", Chance(6) ? "branch" : "interface", $"aws-K8S-i-{i}", $"i-{i}", eni, groups, 1 + random.Next(3));
            }
        }
        Eni("eni-db", "interface", "RDSNetworkInterface", null, null, groups, 1);
        Eni("eni-lb", "network_load_balancer", "ELB net/front/1", null, null, Chance(2) ? groups : [], 1);
        Eni("eni-nat0", "nat_gateway", "Interface for NAT Gateway nat-0", null, null, [], 1);
        if (Chance(2))
        {
            Eni("eni-nat1", "nat_gateway", "Interface for NAT Gateway nat-1", null, null, [], 1);
        }
    }

    private SeenInterface Eni(
        string id,
        string type,
        string description,
        string? instance,
        int? index,
        List<SeenGroup> groups,
        int addresses
    )
    {
        var subnet = Chance(30)
            ? new SeenSubnet(new("subnet-gone"), "", "", Cidr.Parse("10.0.240.0/20"), "", 0, "", [], [])
            : Pick(subnets);
        var own = Enumerable
            .Range(0, addresses)
            .Select(_ => subnet.Cidr.First.Plus(10 + (next[subnet.Id] = next.GetValueOrDefault(subnet.Id) + 1)))
            .ToEquatable();
        AwsId[] carried =
            groups.Count == 0
                ? []
                :
                [
                    Pick(groups).Id,
                    .. Chance(3) ? [Pick(groups).Id] : Array.Empty<AwsId>(),
                    .. Chance(20) ? [new AwsId("sg-gone")] : Array.Empty<AwsId>(),
                ];
        var eni = new SeenInterface(
            new(id),
            subnet.Id,
            type,
            "in-use",
            description,
            false,
            instance,
            index,
            own,
            [],
            carried.Distinct().Order().ToEquatable(),
            []
        );
        enis.Add(eni);
        return eni;
    }

    private SeenAwsNode AwsNode()
    {
        var env = new List<EnvSetting> { new("AWS_VPC_K8S_CNI_EXTERNALSNAT", Chance(3) ? "true" : "false") };
        if (Chance(3))
        {
            env.Add(new("AWS_VPC_K8S_CNI_EXCLUDE_SNAT_CIDRS", Pick(["192.168.0.0/16", "172.31.0.0/16,8.8.0.0/16"])));
        }
        if (Chance(6))
        {
            env.Add(new("AWS_EXTERNAL_SERVICE_CIDRS", Pick(["192.168.0.0/16", "10.0.0.0/18"])));
        }
        if (Chance(3))
        {
            env.Add(new("POD_SECURITY_GROUP_ENFORCING_MODE", "standard"));
        }
        return new("amazon-k8s-cni:v1.23.1", env.ToEquatable(), ["eks"], 1, 1, 1, true);
    }

    private CloudInventory Cloud(string[] blocks, List<SeenGroup> groups) =>
        new()
        {
            Account = "111122223333",
            Caller = "arn:aws:iam::111122223333:user/test",
            Region = "eu-west-1",
            ObservedAt = default,
            Vpc = new(
                new("vpc-0"),
                Cidr.Parse(blocks[0]),
                blocks.Select(block => new SeenBlock(Cidr.Parse(block), block, "associated", null)).ToEquatable(),
                [],
                "111122223333"
            ),
            Subnets = subnets.ToEquatable(),
            RouteTables = Enumerable.Range(0, 1 + random.Next(3 * size)).Select(Table).ToEquatable(),
            Groups = groups.ToEquatable(),
            NetworkAcls = Enumerable.Range(0, random.Next(9) == 0 ? 0 : 1 + random.Next(3)).Select(Acl).ToEquatable(),
            Interfaces = enis.ToEquatable(),
            NatGateways = [Nat("nat-0"), Nat("nat-1")],
            TransitGatewayAttachments = [new(new("tgw-attach-0"), "tgw-0", "available", Chance(2) ? [] : [Pick(subnets).Id])],
            VpnGateways = [new(new("vgw-0"), Chance(3) ? "detached" : "attached")],
            Peerings =
            [
                new(new("pcx-0"), "active", true, "vpc-1", [Cidr.Parse("172.31.0.0/16")]),
                new(new("pcx-1"), Chance(2) ? "active" : "deleted", true, "vpc-2", []),
            ],
            PrefixLists = [new(new("pl-0"), "s3", 10, [Cidr.Parse("52.218.0.0/17"), Cidr.Parse("100.64.16.0/20")])],
            Gaps = Chance(9) ? [new(Pick([Reading.Interfaces, Reading.SecurityGroups, Reading.NetworkAcls]), "AccessDenied")] : [],
        };

    private SeenNatGateway Nat(string id) =>
        new(
            new(id),
            enis.FirstOrDefault(eni => eni.Description.Contains(id, StringComparison.Ordinal))?.Subnet ?? Pick(subnets).Id,
            Chance(8) ? "failed" : "available",
            Chance(3) ? "private" : "public"
        );

    private SeenRouteTable Table(int number)
    {
        var routes = new List<SeenRoute>();
        if (!Chance(4))
        {
            routes.Add(new(Cidr.Parse("0.0.0.0/0"), null, Pick(Targets), "active", "CreateRoute"));
        }
        for (var i = 0; i < random.Next(4); i++)
        {
            var via = Pick(Targets);
            routes.Add(
                Chance(5) && via != "local"
                    ? new(null, new(Pick(["pl-0", "pl-unread"])), Chance(2) ? "vpce-s3" : via, "active", "CreateRoute")
                    // A route inside the VPC is only ever for a whole subnet, by a NAT gateway or an interface. A
                    // local one is never gone, and no gateway announces it.
                    : new(
                        Chance(3) ? Pick(subnets).Cidr : Block(),
                        null,
                        via,
                        Chance(9) && via != "local" ? "blackhole" : "active",
                        Chance(4) && via != "local" ? "EnableVgwRoutePropagation" : "CreateRoute"
                    )
            );
        }
        var associated = subnets
            .Where(_ => Chance(3 + size))
            .Select(subnet => new SeenAssociation($"rtbassoc-{number}-{subnet.Id}", subnet.Id, false, "associated"));
        return new(
            new($"rtb-{number}"),
            routes.ToEquatable(),
            [
                .. number == 0 && !Chance(9)
                    ? [new SeenAssociation("rtbassoc-main", null, true, "associated")]
                    : Array.Empty<SeenAssociation>(),
                .. associated,
            ],
            []
        );
    }

    private SeenNetworkAcl Acl(int number)
    {
        var entries = Enumerable
            .Range(0, random.Next(6))
            .Select(i => Entry(10 * (i + 1), Chance(2) ? Direction.Ingress : Direction.Egress, !Chance(3)))
            .ToList();
        if (!Chance(5))
        {
            entries.Add(new(1000, Direction.Ingress, "-1", -1, -1, Cidr.Parse("0.0.0.0/0"), true));
            entries.Add(new(1000, Direction.Egress, "-1", -1, -1, Cidr.Parse("0.0.0.0/0"), true));
        }
        return new(
            new($"acl-{number}"),
            number == 0,
            entries.ToEquatable(),
            subnets.Where(_ => Chance(4)).Select(subnet => subnet.Id).ToEquatable()
        );
    }

    private SeenAclEntry Entry(int number, Direction direction, bool allows)
    {
        var (protocol, from, to) = random.Next(5) switch
        {
            0 => ("tcp", 1024, 32767),
            1 => ("tcp", 32768, 65535),
            2 => ("tcp", 0, 1023),
            3 => ("icmp", Pick([-1, 0, 8]), -1),
            _ => AnyTraffic() is var any && any.Protocol == "-1" ? ("-1", -1, -1) : (any.Protocol, any.From, any.To),
        };
        return new(number, direction, protocol, from, to, Chance(2) ? Cidr.Parse("0.0.0.0/0") : Block(), allows);
    }

    private bool Chance(int oneIn) => random.Next(oneIn) == 0;

    private T Pick<T>(IReadOnlyList<T> all) => all[random.Next(all.Count)];
}
