using Podspace.Model;

namespace Podspace.Lab.Drawing;

/// <summary>What kube-proxy writes for services: addresses of the service range, and ports of nodes.</summary>
/// <remarks>
/// Source: Kubernetes, pkg/proxy/iptables/proxier.go. Its masquerading may keep ports here, which
/// it otherwise takes at random (--random-fully): network ACLs
/// that tell ports apart could not be asked then.
/// </remarks>
internal static class Services
{
    private const string ToBeMasqueraded = "0x4000/0x4000";

    public static EquatableArray<Translation> Of(Inventory inventory)
    {
        var translations = new List<Translation>();
        foreach (var service in Known(inventory))
        {
            var pod = Behind(inventory, service).FirstOrDefault();
            translations.AddRange(
                service
                    .Ports.Where(port => pod is not null && port is { TargetPort: not null, Protocol: "TCP" or "UDP" })
                    .Select(port => new Translation(
                        service.Address,
                        ProtocolOf(port),
                        port.Port,
                        pod!.Address!.Value,
                        port.TargetPort!.Value
                    ))
            );
        }
        // The service range's first address is the API server's. Source: Kubernetes, "Service ClusterIP allocation".
        if (
            inventory.Cloud.Cluster is { ServiceCidr: { PrefixLength: <= 30 } range } cluster
            && inventory.Cloud.Interfaces.FirstOrDefault(card => card.IsControlPlane(cluster.Name) && !card.Addresses.IsEmpty) is { } api
        )
        {
            translations.Add(new(range.First.Plus(1), Protocol.Tcp, 443, api.Addresses[0], 443));
        }
        return translations.ToEquatable();
    }

    /// <summary>The ports that a node takes; without a backend where it drops what comes to them.</summary>
    public static IEnumerable<(Translation Port, bool KeepsClients, bool IsEmpty)> On(Inventory inventory, NodePlace node) =>
        from service in Known(inventory)
        from port in service.Ports
        where port is { NodePort: > 0, TargetPort: not null, Protocol: "TCP" or "UDP" }
        let pod = Behind(inventory, service).FirstOrDefault(pod => !service.KeepsClients || pod.Node == node.Node.Name)
        select (
            new Translation(
                node.Address,
                ProtocolOf(port),
                port.NodePort,
                pod?.Address ?? node.Address,
                pod is null ? port.NodePort : port.TargetPort!.Value
            ),
            service.KeepsClients,
            pod is null
        );

    /// <summary>Lines of the table nat, without the jumps to KUBE-SERVICES.</summary>
    public static IEnumerable<string> Rules(
        EquatableArray<Translation> translations,
        IReadOnlyList<(Translation Port, bool KeepsClients, bool IsEmpty)> ports
    ) =>
        [
            .. translations.Select(one =>
                $"-A KUBE-SERVICES -d {one.Front}/32 {Asked(one)} -j DNAT --to-destination {one.Backend}:{one.BackendPort}"
            ),
            "-A KUBE-SERVICES -m addrtype --dst-type LOCAL -j KUBE-NODEPORTS",
            .. ports
                .Where(one => !one.IsEmpty)
                .SelectMany(one =>
                    (string[])
                        [
                            .. one.KeepsClients
                                ? []
                                : (string[])[$"-A KUBE-NODEPORTS {Asked(one.Port)} -j MARK --set-xmark {ToBeMasqueraded}"],
                            $"-A KUBE-NODEPORTS {Asked(one.Port)} -j DNAT --to-destination {one.Port.Backend}:{one.Port.BackendPort}",
                        ]
                ),
            "-A POSTROUTING -j KUBE-POSTROUTING",
            $"-A KUBE-POSTROUTING -m mark ! --mark {ToBeMasqueraded} -j RETURN",
            "-A KUBE-POSTROUTING -j MARK --set-xmark 0x0/0x4000",
            "-A KUBE-POSTROUTING -j MASQUERADE",
        ];

    /// <summary>Lines of the table filter: nobody behind a port.</summary>
    public static IEnumerable<string> Refusals(IEnumerable<(Translation Port, bool KeepsClients, bool IsEmpty)> ports) =>
        ports
            .Where(one => one.IsEmpty)
            .Select(one => $"-A INPUT -m addrtype --dst-type LOCAL {Asked(one.Port)} -j {(one.KeepsClients ? "DROP" : "REJECT")}");

    private static IEnumerable<SeenClusterIp> Known(Inventory inventory) =>
        (inventory.Cluster?.ClusterIps ?? []).Where(seen => seen is not { Namespace: "default", Name: "kubernetes" });

    private static IEnumerable<SeenPod> Behind(Inventory inventory, SeenClusterIp service) =>
        inventory.Cluster!.Pods.Where(pod => pod is { IsReady: true, Address: not null } && service.Selects(pod));

    private static Protocol ProtocolOf(SeenClusterPort port) => port.Protocol == "UDP" ? Protocol.Udp : Protocol.Tcp;

    private static string Asked(Translation one)
    {
        var protocol = one.Protocol == Protocol.Udp ? "udp" : "tcp";
        return $"-p {protocol} -m {protocol} --dport {one.Port}";
    }
}
