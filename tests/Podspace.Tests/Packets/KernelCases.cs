using Podspace.Addressing;
using Podspace.Model;
using Podspace.Tests.Reachability;

namespace Podspace.Tests.Packets;

/// <summary>What tracer and kernel once differed in, and what is of the kind to differ in: small enough to be understood.</summary>
internal static class KernelCases
{
    private const string Outsider = "192.168.7.7";
    private const string FirstOnNode = "100.64.0.21";
    private const string LoadBalancer = "10.0.0.50";

    public static readonly IReadOnlyDictionary<string, (Inventory Inventory, Flow[] Flows)> All = new Dictionary<
        string,
        (Inventory, Flow[])
    >
    {
        [
            "a pod asks the resolver, and AWS_EXTERNAL_SERVICE_CIDRS names its block: "
                + "it leaves by the wrong interface, and the source check drops it"
        ] = (
            TracedVpc.Inventory(("AWS_EXTERNAL_SERVICE_CIDRS", "10.0.0.0/18"), ("AWS_VPC_K8S_CNI_EXTERNALSNAT", "true")),
            [Udp(TracedVpc.Pod, "10.0.0.2", 53)]
        ),
        ["a pod with a branch asks Pod Identity's agent: rule 10 sends it out before the node looks for its own addresses"] = (
            Branched(TracedVpc.Inventory()),
            [Tcp(TracedVpc.Pod, "169.254.170.23", 80)]
        ),
        ["a node asks a pod of its own that has a branch: the node drops the answer"] = (
            Branched(TracedVpc.Inventory()),
            [Tcp(TracedVpc.Node, TracedVpc.Pod, 8080), Udp(TracedVpc.Node, TracedVpc.Pod, 53)]
        ),
        ["pods ask a ClusterIP, and the pod behind it has a branch"] = (
            Branched(Exposed(keepsClients: false)),
            [Tcp(FirstOnNode, "172.20.7.7", 80), Tcp(TracedVpc.OtherPod, "172.20.7.7", 80), Udp(TracedVpc.OtherPod, "172.20.7.7", 53)]
        ),
        ["a node asks the ClusterIP of a pod of its own that has a branch: its socket waits for the ClusterIP, and nothing is dropped"] = (
            Branched(Exposed(keepsClients: false)),
            [Tcp(TracedVpc.Node, "172.20.7.7", 80)]
        ),
        [
            "a pod with a branch asks the ClusterIP of a pod on its node's hostNetwork: connection "
                + "tracking gives it another port on its second way in, and nothing is dropped"
        ] = (OnHostNetwork(Branched(Exposed(keepsClients: false))), [Tcp(TracedVpc.Pod, "172.20.7.7", 80)]),
        ["a pod with a branch asks its own node: the node drops what belongs to a socket of its own"] = (
            Branched(TracedVpc.Inventory()),
            [Tcp(TracedVpc.Pod, TracedVpc.Node, 10250)]
        ),
        ["a port of nodes: a load balancer, the other node, pods here and there, and on-premises ask, and the pod sees a node"] = (
            Exposed(keepsClients: false),
            Everybody()
        ),
        ["the same in nodes that keep their marks in iptables"] = (
            WithImage(Exposed(keepsClients: false), "amazon-k8s-cni:v1.22.3"),
            Everybody()
        ),
        ["the same where nodes translate nothing: only the mark brings answers back through the first interface"] = (
            Exposed(keepsClients: false, ("AWS_VPC_K8S_CNI_EXTERNALSNAT", "true")),
            Everybody()
        ),
        ["externalTrafficPolicy Local: the pod sees who asks, and a node without a pod drops it"] = (
            Exposed(keepsClients: true),
            Everybody()
        ),
        ["externalTrafficPolicy Local, and the pod has a branch: the node sends on what its own interface may not send"] = (
            Branched(Exposed(keepsClients: true)),
            Everybody()
        ),
        ["a port of nodes, and the pod has a branch"] = (Branched(Exposed(keepsClients: false)), Everybody()),
        ["a port of nodes, asked by a pod of that node, and the pod behind it is elsewhere: it is seen as its interface"] = (
            Elsewhere(Exposed(keepsClients: false)),
            [Tcp(TracedVpc.Pod, TracedVpc.Node, 30080), Tcp(LoadBalancer, TracedVpc.Node, 30080), Udp(TracedVpc.Pod, TracedVpc.Node, 30053)]
        ),
        [
            "the same, and who asks has a branch in standard mode, which has no address on "
                + "the node: the node's is taken, and the source check drops it"
        ] = (
            Elsewhere(Branched(Exposed(keepsClients: false, ("POD_SECURITY_GROUP_ENFORCING_MODE", "standard")))),
            [Tcp(TracedVpc.Pod, TracedVpc.Node, 30080), Tcp(TracedVpc.Pod, "10.0.16.10", 30080)]
        ),
        ["a port of nodes that nobody stands behind"] = (
            WithoutPods(Exposed(keepsClients: false)),
            [Tcp(LoadBalancer, TracedVpc.Node, 30080), Tcp(TracedVpc.Pod, TracedVpc.Node, 30080)]
        ),
    };

    private static Flow[] Everybody() =>
        [
            Tcp(LoadBalancer, TracedVpc.Node, 30080),
            Tcp(LoadBalancer, "10.0.16.10", 30080),
            Udp(LoadBalancer, TracedVpc.Node, 30053),
            Tcp("10.0.16.10", TracedVpc.Node, 30080),
            Tcp(FirstOnNode, TracedVpc.Node, 30080),
            Tcp(TracedVpc.OtherPod, TracedVpc.Node, 30080),
            Tcp(Outsider, TracedVpc.Node, 30080),
            Udp(Outsider, TracedVpc.Node, 30053),
        ];

    /// <summary>web-1 on node-b alone stands behind 30080 and 30053 of every node; groups admit everybody.</summary>
    private static Inventory Exposed(bool keepsClients, params (string, string)[] env)
    {
        var open = new SeenRule("sgr-open", Direction.Ingress, Traffic.All, Cidr.Parse("0.0.0.0/0"), "", []);
        var inventory = TracedVpc
            .Inventory(env)
            .With(cloud =>
                cloud with
                {
                    Groups = cloud.Groups.Select(group => group with { Rules = [.. group.Rules, open] }).ToEquatable(),
                    Interfaces =
                    [
                        .. cloud.Interfaces,
                        cloud.Interfaces.First(eni => eni.Id.Text == "eni-db") with
                        {
                            Id = new("eni-lb"),
                            Subnet = new("subnet-nodes-b"),
                            Description = "ELB net/front/1",
                            Addresses = [Address.Parse(LoadBalancer)],
                        },
                    ],
                }
            );
        var web = new SeenClusterIp(
            "shop",
            "web",
            Address.Parse("172.20.7.7"),
            [new("app", "exposed")],
            [new("TCP", 80, 8080, 30080), new("UDP", 53, 53, 30053)]
        )
        {
            KeepsClients = keepsClients,
        };
        return WithPods(
            inventory with
            {
                Cluster = inventory.Cluster! with { ClusterIps = [web] },
            },
            pods =>
                [
                    pods[0] with
                    {
                        Labels = [new("app", "exposed")],
                    },
                    pods[1],
                    pods[0] with
                    {
                        Name = "asks-1",
                        Address = Address.Parse(FirstOnNode),
                        Labels = [],
                    },
                ]
        );
    }

    private static Inventory Elsewhere(Inventory inventory) =>
        WithPods(inventory, pods => [pods[0] with { Labels = [] }, pods[1] with { Labels = [new("app", "exposed")] }]);

    private static Inventory OnHostNetwork(Inventory inventory) =>
        WithPods(
            inventory,
            pods =>
                [
                    pods[0] with
                    {
                        Labels = [],
                    },
                    pods[0] with
                    {
                        Name = "agent-1",
                        Address = Address.Parse(TracedVpc.Node),
                        HostNetwork = true,
                    },
                    .. pods.Skip(1),
                ]
        );

    private static Inventory WithoutPods(Inventory inventory) =>
        WithPods(inventory, pods => pods.Select(pod => pod with { Labels = [] }).ToEquatable());

    private static Inventory WithPods(Inventory inventory, Func<EquatableArray<SeenPod>, EquatableArray<SeenPod>> change) =>
        inventory with
        {
            Cluster = inventory.Cluster! with { Pods = change(inventory.Cluster.Pods) },
        };

    private static Inventory WithImage(Inventory inventory, string image) =>
        inventory with
        {
            Cluster = inventory.Cluster! with { AwsNode = inventory.Cluster!.AwsNode! with { Image = image } },
        };

    /// <summary>web-1 has an interface of its own, beside the one that other pods of the node share.</summary>
    private static Inventory Branched(Inventory inventory) =>
        inventory.With(cloud =>
            cloud with
            {
                Interfaces =
                [
                    .. cloud.Interfaces.Select(eni =>
                        eni.Id.Text == "eni-pods-b"
                            ? eni with
                            {
                                Addresses = [Address.Parse("100.64.0.19"), Address.Parse(FirstOnNode)],
                            }
                            : eni
                    ),
                    cloud.Interfaces.First(eni => eni.Id.Text == "eni-pods-b") with
                    {
                        Id = new("eni-branch"),
                        Type = "branch",
                        DeviceIndex = 3,
                        Addresses = [Address.Parse(TracedVpc.Pod)],
                    },
                ],
            }
        );

    private static Flow Tcp(string from, string to, int port) => Flow.Tcp(Address.Parse(from), Address.Parse(to), port);

    private static Flow Udp(string from, string to, int port) => Flow.Udp(Address.Parse(from), Address.Parse(to), port);
}
