using Podspace.Model;
using Podspace.Reachability;

namespace Podspace.Lab.Drawing;

/// <summary>What kube-proxy writes for services with an address of the service range.</summary>
internal static class Services
{
    public static EquatableArray<Translation> Of(Inventory inventory)
    {
        var translations = new List<Translation>();
        foreach (var service in (inventory.Cluster?.ClusterIps ?? []).Where(seen => seen is not { Namespace: "default", Name: "kubernetes" }))
        {
            var pod = inventory.Cluster!.Pods.FirstOrDefault(pod => pod is { IsReady: true, Address: not null } && service.Selects(pod));
            translations.AddRange(service.Ports.Where(port => pod is not null && port is { TargetPort: not null, Protocol: "TCP" or "UDP" })
                .Select(port => new Translation(service.Address, port.Protocol == "UDP" ? Protocol.Udp : Protocol.Tcp, port.Port, pod!.Address!.Value, port.TargetPort!.Value)));
        }
        // The service range's first address is the API server's. Source: Kubernetes, "Service ClusterIP allocation".
        if (inventory.Cloud.Cluster is { ServiceCidr: { PrefixLength: <= 30 } range } cluster
            && inventory.Cloud.Interfaces.FirstOrDefault(card => card.IsControlPlane(cluster.Name) && !card.Addresses.IsEmpty) is { } api)
        {
            translations.Add(new(range.First.Plus(1), Protocol.Tcp, 443, api.Addresses[0], 443));
        }
        return translations.ToEquatable();
    }

    public static IEnumerable<string> Rules(EquatableArray<Translation> translations) =>
        from one in translations
        let protocol = one.Protocol == Protocol.Udp ? "udp" : "tcp"
        select $"-A KUBE-SERVICES -d {one.Front}/32 -p {protocol} -m {protocol} --dport {one.Port} -j DNAT --to-destination {one.Backend}:{one.BackendPort}";
}
