using Podspace.Addressing;
using Podspace.Model;
using Podspace.Reachability;
using Podspace.Tests.Reachability;

namespace Podspace.Tests.Packets;

/// <summary>A <see cref="RandomVpc"/> in which somebody answers: pods, services, a control plane; and flows between them.</summary>
internal sealed class RandomLab
{
    private static readonly string[] Outside = ["8.8.8.8", "192.168.7.7", "172.31.0.9", "52.218.0.1"];
    private static readonly string[] Amazon = ["169.254.169.254", "169.254.169.253", "169.254.170.23", "10.0.0.2"];
    private static readonly int[] Ports = [443, 53, 8080, 10250];

    private readonly Random random;
    private readonly List<Address> ends;

    public RandomLab(int seed)
    {
        random = new(seed);
        Inventory = Peopled(new RandomVpc(seed).Inventory, random);
        var held = Inventory.Cloud.Interfaces.Where(card => card.Type != "nat_gateway").SelectMany(card => card.Addresses);
        ends = [.. held, .. Outside.Select(Address.Parse), .. Amazon.Select(Address.Parse), Address.Parse("10.0.0.77"), .. Inventory.Cluster!.ClusterIps.Select(service => service.Address), Address.Parse("172.20.0.1")];
    }

    public Inventory Inventory { get; }

    public static IEnumerable<Address> Outsiders => Outside.Select(Address.Parse);

    /// <summary>Of those that arrive as many as of those that do not, where there are as many.</summary>
    public IReadOnlyList<Flow> Flows(int count, Func<Flow, bool> canSend)
    {
        var tracer = Tracer.Of(Inventory);
        var found = Enumerable.Range(0, 60 * count).Select(_ => Flow()).DistinctBy(flow => (flow.Protocol, flow.To, flow.Port)).Where(canSend)
            .Select(flow => tracer.Explain(flow)).Where(trace => Podspace.Lab.Comparison.Predict(trace) is not null && !IsLostBeyond(trace)).ToList();
        return [.. found.Where(trace => !trace.Outcome.IsBlocked).Take(count / 2).Concat(found.Where(trace => trace.Outcome.IsBlocked)).Take(count).Select(trace => trace.Flow)];
    }

    // It leaves for an address that nobody out there has: one of the VPC, by a route more specific than local, or a ClusterIP asked by no node.
    private static bool IsLostBeyond(Trace trace) =>
        !Outsiders.Contains(trace.Flow.To) && !Outsiders.Contains(trace.Flow.From) && trace.Hops.Any(hop => hop is { Kind: HopKind.Edge, IsAnswer: false });

    private Flow Flow()
    {
        var protocol = Pick([Protocol.Tcp, Protocol.Udp, Protocol.Icmp]);
        return new(Pick(ends), Pick(ends), protocol, protocol == Protocol.Icmp ? (ushort)0 : (ushort)Pick(Ports));
    }

    private static Inventory Peopled(Inventory inventory, Random random)
    {
        var pods = inventory.Cluster!.Nodes.SelectMany(node => PodsOf(inventory.Cloud, node)).ToEquatable();
        var hasControlPlane = random.Next(2) == 0;
        return new(
            inventory.Cloud with
            {
                Cluster = new("prod", "1.33", "ACTIVE", new("vpc-0"), "ipv4", Cidr.Parse("172.20.0.0/16"), "https://prod.example", "", [], new("sg-0"), [], false),
                Interfaces = inventory.Cloud.Interfaces.Select(card => hasControlPlane && card.Id.Text == "eni-db" ? card with { Description = "Amazon EKS prod" } : card).ToEquatable(),
            },
            inventory.Cluster with
            {
                Pods = pods,
                ClusterIps = [.. pods.Take(2).Select((pod, i) => new SeenClusterIp(pod.Namespace, pod.Name, Address.Parse($"172.20.7.{i + 1}"), pod.Labels, [new("TCP", 443, 8080, 0), new("UDP", 53, 53, 0)]))],
                AwsNode = inventory.Cluster.AwsNode is not { } awsNode ? null : awsNode with
                {
                    // Ports that the node chooses by chance would tell ranges of ports apart that the lab means to ask for.
                    Env = [.. awsNode.Env, new("AWS_VPC_K8S_CNI_RANDOMIZESNAT", "none")],
                    Image = random.Next(2) == 0 ? "amazon-k8s-cni:v1.21.1" : awsNode.Image,
                },
            });
    }

    /// <summary>On every address but the interfaces' own; a branch has one pod, on its own address.</summary>
    private static IEnumerable<SeenPod> PodsOf(CloudInventory cloud, SeenNode node) =>
        from card in cloud.Interfaces
        where card.Instance == node.InstanceId
        from address in card.Type == "branch" ? card.Addresses.Take(1) : card.Addresses.Skip(1)
        let name = $"pod-{address}"
        select new SeenPod("shop", name, node.Name, address, false, "Running", true, "ReplicaSet", false, false, [new("pod", name)]);

    private T Pick<T>(IReadOnlyList<T> all) => all[random.Next(all.Count)];
}
