using System.Collections.Frozen;
using Podspace.Model;

namespace Podspace.Reachability;

/// <summary>Ports that kube-proxy takes on every node, and who stands behind them.</summary>
/// <remarks>Source: Kubernetes, pkg/proxy/iptables/proxier.go: KUBE-NODEPORTS, KUBE-EXT-…, KUBE-SVL-….</remarks>
internal sealed class NodePorts
{
    private readonly FrozenDictionary<(Protocol, ushort), int> numbers;
    private readonly NodePort[] all;

    private NodePorts(NodePort[] all) =>
        (this.all, numbers) = (
            all,
            all.Select((one, i) => KeyValuePair.Create((one.Protocol, one.Port), i)).DistinctBy(pair => pair.Key).ToFrozenDictionary()
        );

    public ref readonly NodePort this[int number] => ref all[number];

    /// <returns>Negative: no node takes it.</returns>
    public int Find(Protocol protocol, ushort port) =>
        numbers.Count > 0 && numbers.TryGetValue((protocol, port), out var number) ? number : PrefixMap.None;

    public static NodePorts Of(Inventory inventory)
    {
        var pods = (inventory.Cluster?.Pods ?? [])
            .Where(pod => pod is { IsReady: true, Address: not null })
            .ToLookup(pod => pod.Namespace, StringComparer.Ordinal);
        return new([
            .. from seen in inventory.Cluster?.ClusterIps ?? []
            from port in seen.Ports
            where port is { NodePort: > 0 and <= ushort.MaxValue, Protocol: "TCP" or "UDP" }
            let behind = pods[seen.Namespace].Where(seen.Selects)
            select new NodePort(
                $"{seen.Namespace}/{seen.Name}",
                port.Protocol == "UDP" ? Protocol.Udp : Protocol.Tcp,
                (ushort)port.NodePort,
                seen.KeepsClients,
                Backend.Of(behind, port)
            ),
        ]);
    }
}

/// <param name="KeepsClients">externalTrafficPolicy Local: pods of that node alone, and nobody's address is exchanged.</param>
internal readonly record struct NodePort(string Service, Protocol Protocol, ushort Port, bool KeepsClients, Backend[] Backends);
