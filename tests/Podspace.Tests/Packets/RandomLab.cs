using Podspace.Addressing;
using Podspace.Model;
using Podspace.Reachability;
using Podspace.Tests.Reachability;

namespace Podspace.Tests.Packets;

/// <summary>A <see cref="RandomVpc"/> in which somebody answers: pods, services, a control
/// plane, nodes of Auto Mode; and flows between them.</summary>
internal sealed class RandomLab
{
    private static readonly string[] Outside = ["8.8.8.8", "192.168.7.7", "172.31.0.9", "52.218.0.1"];
    private static readonly string[] Amazon = ["169.254.169.254", "169.254.169.253", "169.254.170.23", "10.0.0.2"];
    private static readonly int[] Ports = [443, 53, 8080, 10250];

    private readonly Random random;
    private readonly List<Address> ends;
    private readonly List<Address> nodes;
    private readonly List<SeenClusterPort> nodePorts;

    public RandomLab(int seed)
    {
        random = new(seed);
        Inventory = Peopled(new RandomVpc(seed).Inventory);
        nodePorts = [.. Inventory.Cluster!.ClusterIps.SelectMany(service => service.Ports).Where(port => port.NodePort > 0)];
        nodes = [.. Inventory.Cluster.Nodes.Select(node => node.InternalAddress).OfType<Address>()];
        var held = Inventory.Cloud.Interfaces.Where(eni => eni.Type != "nat_gateway").SelectMany(eni => eni.Addresses);
        var inPrefixes = Inventory.Cluster.Pods.Select(pod => pod.Address!.Value);
        ends =
        [
            .. held.Concat(inPrefixes).Distinct(),
            .. Outside.Select(Address.Parse),
            .. Amazon.Select(Address.Parse),
            Address.Parse("10.0.0.77"),
            .. Inventory.Cluster!.ClusterIps.Select(service => service.Address),
            Address.Parse("172.20.0.1"),
        ];
    }

    public Inventory Inventory { get; }

    public static IEnumerable<Address> Outsiders => Outside.Select(Address.Parse);

    /// <summary>As different as they can be: one of each way that packets take, then a second one. Of those that
    /// arrive as many as of those that do not, where there are as many.</summary>
    public IReadOnlyList<Flow> Flows(int count, Func<Flow, bool> canSend)
    {
        var tracer = Tracer.Of(Inventory);
        var found = Enumerable
            .Range(0, 60 * count)
            .Select(_ => Flow())
            .Distinct()
            .Where(canSend)
            .Select(flow => tracer.Explain(flow))
            .Where(trace => Podspace.Lab.Comparison.Predict(trace) is not null && !IsLostBeyond(trace))
            .GroupBy(Way)
            .SelectMany(same => same.Select((trace, i) => (trace, i)))
            .OrderBy(one => one.i)
            .Select(one => one.trace)
            .DistinctBy(trace => (trace.Flow.Protocol, trace.Flow.To, trace.Flow.Port))
            .ToList();
        return
        [
            .. found
                .Where(trace => !trace.Outcome.IsBlocked)
                .Take(count / 2)
                .Concat(found.Where(trace => trace.Outcome.IsBlocked))
                .Take(count)
                .Select(trace => trace.Flow),
        ];
    }

    /// <summary>What happened to it, without the names of whom it happened to.</summary>
    private static string Way(Trace trace) =>
        string.Join(
            '|',
            trace
                .Hops.Select(hop => string.Concat($"{hop.Kind} {hop.At.Split('-')[0]} {hop.Why}".Where(letter => !char.IsDigit(letter))))
                .Append($"{trace.Outcome.Verdict} {trace.Outcome.IsOnTheWayBack}")
        );

    // It leaves for an address that nobody out there has: one of the VPC, by a route more
    // specific than local, or a ClusterIP asked by no node.
    private static bool IsLostBeyond(Trace trace) =>
        trace.Hops.Any(hop =>
            hop is { Kind: HopKind.Edge, IsAnswer: false } && hop.At != $"{trace.Flow.From}" && !Outsiders.Contains(hop.Destination)
        );

    private Flow Flow()
    {
        if (nodePorts.Count > 0 && nodes.Count > 0 && Chance(4))
        {
            var port = Pick(nodePorts);
            return new(Pick(ends), Pick(nodes), port.Protocol == "UDP" ? Protocol.Udp : Protocol.Tcp, (ushort)port.NodePort);
        }
        var protocol = Pick([Protocol.Tcp, Protocol.Udp, Protocol.Icmp]);
        return new(Pick(ends), Pick(ends), protocol, protocol == Protocol.Icmp ? (ushort)0 : (ushort)Pick(Ports));
    }

    private Inventory Peopled(Inventory inventory)
    {
        var enis = inventory.Cloud.Interfaces.Select(eni => WithPrefix(inventory.Cloud, eni)).ToEquatable();
        var nodes = inventory
            .Cluster!.Nodes.Select(node => Chance(6) ? node with { Labels = [new(SeenNode.ComputeTypeLabel, "auto")] } : node)
            .ToEquatable();
        var pods = nodes.SelectMany(node => PodsOf(enis, node)).ToEquatable();
        var hasControlPlane = Chance(2);
        return new(
            inventory.Cloud with
            {
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
                RouteTables = inventory.Cloud.RouteTables.Select(WithWaysOut).ToEquatable(),
                Interfaces = enis.Select(eni =>
                        hasControlPlane && eni.Id.Text == "eni-db" ? eni with { Description = "Amazon EKS prod" } : eni
                    )
                    .ToEquatable(),
            },
            inventory.Cluster with
            {
                Nodes = nodes,
                Pods = pods,
                NodeClasses = [NodeClass("translates", "Random"), NodeClass("keeps", "Disabled")],
                NodeClaims =
                [
                    .. nodes
                        .Where(node => node.IsAuto)
                        .Select(node => new SeenNodeClaim($"claim-{node.Name}", "", Pick(["translates", "keeps"]), node.Name, false)),
                ],
                ClusterIps = [.. Services(pods)],
                AwsNode = inventory.Cluster.AwsNode is not { } awsNode
                    ? null
                    : awsNode with
                    {
                        // Ports that the node chooses by chance would tell ranges of ports apart that the lab means to ask for.
                        Env = [.. awsNode.Env, new("AWS_VPC_K8S_CNI_RANDOMIZESNAT", "none")],
                        Image = Chance(2) ? "amazon-k8s-cni:v1.21.1" : awsNode.Image,
                    },
            }
        );
    }

    /// <summary>Of any two pods one each, and one of all: behind a port of every node, by either policy.</summary>
    private IEnumerable<SeenClusterIp> Services(EquatableArray<SeenPod> pods)
    {
        foreach (var (pod, i) in pods.OrderBy(_ => random.Next()).Take(2).Select((pod, i) => (pod, i)))
        {
            yield return new(
                pod.Namespace,
                pod.Name,
                Address.Parse($"172.20.7.{i + 1}"),
                [new("pod", pod.Name)],
                [new("TCP", 443, 8080, 30080 + i), new("UDP", 53, 53, 30053 + i)]
            )
            {
                KeepsClients = Chance(3),
            };
        }
        yield return new("shop", "all", Address.Parse("172.20.7.9"), [new("all", "yes")], [new("TCP", 443, 8080, 30090)])
        {
            KeepsClients = Chance(2),
        };
        yield return new("shop", "nobody", Address.Parse("172.20.7.10"), [new("pod", "nobody")], [new("TCP", 443, 8080, 30091)])
        {
            KeepsClients = Chance(2),
        };
    }

    /// <summary>Most random routes lead nowhere that anybody asks: every other table has one more, to an address beyond.</summary>
    private SeenRouteTable WithWaysOut(SeenRouteTable table)
    {
        var route = new SeenRoute(
            Cidr.Containing(Address.Parse(Pick(Outside)), Pick([12, 16, 24])),
            null,
            Pick(["vgw-0", "tgw-0", "nat-0", "nat-1", "igw-0", "pcx-0"]),
            "active",
            "CreateRoute"
        );
        return Chance(2) && table.Routes.All(one => one.To != route.To) ? table with { Routes = [.. table.Routes, route] } : table;
    }

    /// <summary>Prefix delegation: a /28 beyond all single addresses of its subnet.</summary>
    private SeenInterface WithPrefix(CloudInventory cloud, SeenInterface eni) =>
        eni is { DeviceIndex: > 0, Type: "interface" }
        && Chance(4)
        && cloud.Subnets.FirstOrDefault(subnet => subnet.Id == eni.Subnet) is { } subnet
            ? eni with
            {
                Prefixes =
                [
                    Cidr.Containing(
                        subnet.Cidr.First.Plus(1024 + (16 * (uint)cloud.Interfaces.Select(one => one.Id).ToList().IndexOf(eni.Id))),
                        28
                    ),
                ],
            }
            : eni;

    /// <summary>On every address but the interfaces' own, on two of a prefix, and one on the
    /// node's; a branch has one pod, on its own address.</summary>
    private IEnumerable<SeenPod> PodsOf(EquatableArray<SeenInterface> enis, SeenNode node)
    {
        var there =
            from eni in enis
            where eni.Instance == node.InstanceId
            from address in eni.Type == "branch"
                ? eni.Addresses.Take(1)
                : eni.Addresses.Skip(1).Concat(eni.Prefixes.SelectMany(prefix => (Address[])[prefix.First, prefix.First.Plus(5)]))
            select Pod(node, address, $"pod-{address}");
        return node.InternalAddress is { } own && Chance(3)
            ? there.Append(Pod(node, own, $"agent-{node.Name}") with { HostNetwork = true })
            : there;
    }

    private static SeenPod Pod(SeenNode node, Address address, string name) =>
        new("shop", name, node.Name, address, false, "Running", true, "ReplicaSet", false, false, [new("all", "yes"), new("pod", name)]);

    private static SeenNodeClass NodeClass(string name, string snat) =>
        new(name, "role", [], [], [], [], [], [], false, snat, "Auto", true, null, []);

    private bool Chance(int oneIn) => random.Next(oneIn) == 0;

    private T Pick<T>(IReadOnlyList<T> all) => all[random.Next(all.Count)];
}
