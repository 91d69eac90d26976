using Podspace.Addressing;
using Podspace.Model;

namespace Podspace.Reachability;

/// <summary>What kube-proxy makes of packets to the cluster's service range: they go to a pod, or to the control plane.</summary>
internal sealed class ClusterIps
{
    private readonly Cidr? range;
    private readonly PrefixMap fronts;
    private readonly Front[] all;

    private ClusterIps(Cidr? range, List<Front> all) =>
        (this.range, this.all, fronts) = (range, [.. all], PrefixMap.Of(all.Select((front, i) => (Cidr.Containing(front.Address, 32), i))));

    public bool Holds(uint address) => range?.Contains(new Address(address)) is true;

    /// <summary>The name behind an address of the range; null when there is none.</summary>
    public string? NameOf(uint address) => fronts[address] is >= 0 and var front ? all[front].Name : null;

    /// <summary>Everything that stands behind an address and a port; empty when nothing does.</summary>
    public ReadOnlySpan<Backend> Behind(uint address, Protocol protocol, ushort port)
    {
        if (fronts[address] is >= 0 and var front)
        {
            foreach (var behind in all[front].Ports)
            {
                if (behind.Protocol == protocol && behind.Port == port)
                {
                    return behind.Backends;
                }
            }
        }
        return [];
    }

    public static ClusterIps Of(Inventory inventory)
    {
        var pods = (inventory.Cluster?.Pods ?? [])
            .Where(pod => pod is { IsReady: true, Address: not null })
            .ToLookup(pod => pod.Namespace, StringComparer.Ordinal);
        var fronts = (inventory.Cluster?.ClusterIps ?? [])
            .Where(seen => seen is not { Namespace: "default", Name: "kubernetes" })
            .Select(seen => Seen(seen, pods[seen.Namespace]))
            .ToList();
        if (inventory.Cloud.Cluster is not { ServiceCidr: { PrefixLength: <= 30 } service } cluster)
        {
            return new(inventory.Cloud.Cluster?.ServiceCidr, fronts);
        }
        // The range's first address is the API server's, and its endpoints are the control plane's own
        // interfaces. Source: Kubernetes, "Service ClusterIP allocation".
        var api = inventory.Cloud.Interfaces.Where(eni => eni.IsControlPlane(cluster.Name)).SelectMany(eni => eni.Addresses);
        fronts.Add(
            new(
                "default/kubernetes",
                service.First.Plus(1),
                [new(Protocol.Tcp, 443, [.. api.Select(address => new Backend(address.Number, 443))])]
            )
        );
        return new(service, fronts);
    }

    private static Front Seen(SeenClusterIp seen, IEnumerable<SeenPod> there)
    {
        var pods = there.Where(seen.Selects).ToList();
        return new(
            $"{seen.Namespace}/{seen.Name}",
            seen.Address,
            [
                .. seen
                    .Ports.Where(port => port.Protocol is "TCP" or "UDP")
                    .Select(port => new FrontPort(
                        port.Protocol == "UDP" ? Protocol.Udp : Protocol.Tcp,
                        (ushort)port.Port,
                        Backend.Of(pods, port)
                    )),
            ]
        );
    }

    private sealed record Front(string Name, Address Address, FrontPort[] Ports);

    private sealed record FrontPort(Protocol Protocol, ushort Port, Backend[] Backends);
}

/// <param name="Port">0: named in the pod, and so not known here.</param>
internal readonly record struct Backend(uint Address, ushort Port)
{
    public static Backend[] Of(IEnumerable<SeenPod> pods, SeenClusterPort port) =>
        [.. pods.Select(pod => new Backend(pod.Address!.Value.Number, (ushort)(port.TargetPort ?? 0)))];
}
