using Podspace.Addressing;
using Podspace.Model;
using Podspace.Naming;

namespace Podspace.Bench;

/// <summary>A VPC as wide as the bar asks: 200 subnets, each with a table of its own, 1,000
/// rules in 40 groups, 200 nodes, 2,000 pods.</summary>
internal static class WideVpc
{
    private const int Pairs = 100;
    private const int Groups = 40;
    private const int RulesPerGroup = 25;
    private const int PodsPerNode = 10;

    private static readonly Cidr Everywhere = Cidr.Parse("0.0.0.0/0");

    /// <summary>The same VPC with 5,000 nodes and three pods on each, and a control plane: what a doctor would be called to.</summary>
    public static Inventory Crowded()
    {
        var wide = Inventory(50, 4);
        var api = Eni("eni-api", wide.Cloud.Subnets[1], null, null, 1, [wide.Cloud.Subnets[1].Cidr.First.Plus(240)]) with
        {
            Description = "Amazon EKS prod",
        };
        var pods = wide
            .Cloud.Interfaces.Where(eni => eni.DeviceIndex == 1)
            .SelectMany(
                eni => eni.Addresses.Skip(1),
                (eni, address) =>
                    new SeenPod(
                        "shop",
                        $"pod-{address}",
                        $"node-{eni.Instance![2..]}",
                        address,
                        false,
                        "Running",
                        true,
                        "ReplicaSet",
                        false,
                        false,
                        [new("k8s-app", address.Number % 5000 == 11 ? "kube-dns" : "web")]
                    )
            );
        return new(
            wide.Cloud with
            {
                Interfaces = [.. wide.Cloud.Interfaces, api],
                Cluster = new(
                    "prod",
                    "1.33",
                    "ACTIVE",
                    new("vpc-0"),
                    "ipv4",
                    Cidr.Parse("172.20.0.0/16"),
                    "https://prod.example",
                    "",
                    [],
                    new("sg-0"),
                    [],
                    false
                ),
            },
            wide.Cluster! with
            {
                Pods = pods.ToEquatable(),
            }
        );
    }

    public static Inventory Inventory() => Inventory(2, PodsPerNode);

    private static Inventory Inventory(int nodesPerSubnet, int addresses)
    {
        var (nodeBlock, podBlock) = (Cidr.Parse("10.0.0.0/16"), Cidr.Parse("100.64.0.0/16"));
        var subnets = nodeBlock
            .Split(24)
            .Take(Pairs)
            .Concat(podBlock.Split(24).Take(Pairs))
            .Select(
                (cidr, i) =>
                    new SeenSubnet(new($"subnet-{i}"), $"eu-west-1{"abc"[i % 3]}", "az", cidr, "available", 100, "111122223333", [], [])
            )
            .ToList();
        var (enis, nodes) = Nodes(subnets, nodesPerSubnet, addresses);
        var cloud = new CloudInventory
        {
            Account = "111122223333",
            Caller = "arn:aws:iam::111122223333:user/bench",
            Region = "eu-west-1",
            ObservedAt = default,
            Vpc = new(
                new("vpc-0"),
                nodeBlock,
                [new(nodeBlock, "a", "associated", null), new(podBlock, "b", "associated", null)],
                [],
                "111122223333"
            ),
            Subnets = subnets.ToEquatable(),
            RouteTables = subnets.Select((subnet, i) => Table(subnet, i)).ToEquatable(),
            Groups = Enumerable.Range(0, Groups).Select(Group).ToEquatable(),
            NetworkAcls = [Acl()],
            Interfaces = enis.ToEquatable(),
            NatGateways = [new(new("nat-0"), new("subnet-0"), "available", "public")],
            TransitGatewayAttachments = [new(new("tgw-attach-0"), "tgw-0", "available", subnets.Select(subnet => subnet.Id).ToEquatable())],
        };
        return new(cloud, new() { AwsNode = new("amazon-k8s-cni:v1.23.1", [], ["eks"], 1, 1, 1, true), Nodes = nodes.ToEquatable() });
    }

    /// <summary>Pods to pods, nodes, and beyond the VPC, all over it; the same ones every time.</summary>
    public static Flow[] Flows(Inventory inventory)
    {
        var random = new Random(24);
        var held = inventory.Cloud.Interfaces.SelectMany(eni => eni.Addresses).ToArray();
        Address Any() => held[random.Next(held.Length)];
        return
        [
            .. Enumerable
                .Range(0, 10_000)
                .Select(i => new Flow(
                    Any(),
                    i % 4 == 0 ? new Address((uint)random.Next()) : Any(),
                    Protocol.Tcp,
                    (ushort)(440 + (i % 50))
                )),
        ];
    }

    private static (List<SeenInterface> Enis, List<SeenNode> Nodes) Nodes(List<SeenSubnet> subnets, int nodesPerSubnet, int addresses)
    {
        var enis = new List<SeenInterface>();
        var nodes = new List<SeenNode>();
        for (var i = 0; i < nodesPerSubnet * Pairs; i++)
        {
            var (own, pods) = (subnets[i % Pairs], subnets[Pairs + (i % Pairs)]);
            var offset = 10u + (uint)(i / Pairs * (nodesPerSubnet == 2 ? 20 : addresses));
            nodes.Add(new($"node-{i}", own.Zone, $"i-{i}", "m5.large", own.Cidr.First.Plus(offset), 20, true, false, default, [], []));
            enis.Add(Eni($"eni-{i}", own, $"i-{i}", 0, i, [own.Cidr.First.Plus(offset)]));
            enis.Add(
                Eni(
                    $"eni-pods-{i}",
                    pods,
                    $"i-{i}",
                    1,
                    i + 7,
                    Enumerable.Range(0, addresses).Select(n => pods.Cidr.First.Plus(offset + (uint)n))
                )
            );
        }
        enis.Add(
            Eni("eni-nat", subnets[0], null, null, 0, [subnets[0].Cidr.First.Plus(200)]) with
            {
                Type = "nat_gateway",
                Description = "Interface for NAT Gateway nat-0",
                Groups = [],
            }
        );
        return (enis, nodes);
    }

    private static SeenInterface Eni(
        string id,
        SeenSubnet subnet,
        string? instance,
        int? index,
        int group,
        IEnumerable<Address> addresses
    ) =>
        new(
            new(id),
            subnet.Id,
            "interface",
            "in-use",
            "",
            false,
            instance,
            index,
            addresses.ToEquatable(),
            [],
            new[] { group % Groups, (group * 3) % Groups }.Distinct().Select(n => new AwsId($"sg-{n}")).Order().ToEquatable(),
            []
        );

    private static SeenRouteTable Table(SeenSubnet subnet, int number) =>
        new(
            new($"rtb-{number}"),
            [
                new(Everywhere, null, number == 0 ? "igw-0" : "nat-0", "active", "CreateRoute"),
                .. Enumerable
                    .Range(0, 20)
                    .Select(i => new SeenRoute(Cidr.Parse($"10.{100 + i}.0.0/16"), null, "tgw-0", "active", "CreateRoute")),
            ],
            [new($"rtbassoc-{number}", subnet.Id, false, "associated")],
            []
        );

    private static SeenGroup Group(int number) =>
        new(
            new($"sg-{number}"),
            $"group {number}",
            "",
            [
                new($"sgr-{number}-pods", Direction.Ingress, new("tcp", 440, 470), Cidr.Parse("100.64.0.0/10"), "", []),
                .. Enumerable
                    .Range(0, RulesPerGroup - 2)
                    .Select(i => new SeenRule(
                        $"sgr-{number}-{i}",
                        Direction.Ingress,
                        new("tcp", 440 + i, 445 + i),
                        i % 3 == 0
                            ? Ref.Used($"sg-{(number + i) % Groups}")
                            : Cidr.Containing(new(0x0A00_0000u + (uint)((number * 31) + i << 8)), 16 + (i % 9)),
                        "",
                        []
                    )),
                new($"sgr-{number}-out", Direction.Egress, Traffic.All, Everywhere, "", []),
            ],
            []
        );

    private static SeenNetworkAcl Acl() =>
        new(
            new("acl-0"),
            true,
            [
                .. Enumerable
                    .Range(1, 9)
                    .SelectMany(i =>
                        new[] { Direction.Ingress, Direction.Egress }.Select(direction => new SeenAclEntry(
                            i,
                            direction,
                            "tcp",
                            i,
                            i,
                            Everywhere,
                            false
                        ))
                    ),
                new(100, Direction.Ingress, "-1", -1, -1, Everywhere, true),
                new(100, Direction.Egress, "-1", -1, -1, Everywhere, true),
            ],
            []
        );
}
