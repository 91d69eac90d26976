using Podspace.Addressing;
using Podspace.Model;
using Podspace.Naming;

namespace Podspace.Reachability;

/// <summary>Finds the ends that people name, in an inventory.</summary>
public sealed class Ends(Inventory inventory)
{
    private static readonly (Protocol, int) Https = (Protocol.Tcp, 443);
    private static readonly (Protocol, int) Dns = (Protocol.Udp, 53);

    /// <summary>What a name may look like, for people.</summary>
    public const string Forms = """
        pod[@ZONE]        any running pod           pod/[NAMESPACE/]NAME that one; the beginning of its name will do
        newpod[@ZONE]     a pod on a new node       node[@ZONE], node/NAME
        api               the control plane         dns                  the cluster's DNS pods
        svc/NAMESPACE/NAME                          lb[/NAME]            load balancers
        eni-…  i-…  vpce-…  pcx-…                   10.1.2.3             any address
        resolver, imds    AWS's own                 onprem, internet     beyond the VPC
        """;

    private readonly CloudInventory cloud = inventory.Cloud;

    private IEnumerable<SeenPod> Pods =>
        (inventory.Cluster?.Pods ?? []).Where(pod => pod is { Address: not null, Phase: "Running", IsTerminating: false });

    private IEnumerable<SeenNode> Nodes => (inventory.Cluster?.Nodes ?? []).Where(node => node.InternalAddress is not null);

    /// <summary>The end of that name; without addresses when it stands for nothing here, null when it is no name at all.</summary>
    public End? Find(string text)
    {
        if (Address.TryParse(text, out var address))
        {
            return new(text, [address], Https);
        }
        var (word, zone) = text.Split('@', 2) is [var before, var behind] ? (before, behind) : (text, null);
        return word switch
        {
            "pod" => PodsIn(zone),
            "newpod" => NewPodsIn(zone),
            "node" => NodesIn(zone),
            _ when zone is not null => null,
            "api" => Api(),
            "dns" => new("dns", Pods.Where(pod => IsDns(pod)).Select(pod => pod.Address!.Value).ToEquatable(), Dns),
            "resolver" => new("resolver", [Address.Parse("169.254.169.253")], Dns),
            "imds" => new("imds", [Address.Parse("169.254.169.254")], (Protocol.Tcp, 80)),
            "internet" => Internet,
            "onprem" => OnPremises(),
            "lb" => LoadBalancers(""),
            _ => Named(text),
        };
    }

    /// <summary>The end with the pod's own name behind its word, where the word stands for whichever pod it may be.</summary>
    public End Taken(End end, Address address) =>
        end.Name.Split('@')[0] == "pod" && Pods.FirstOrDefault(pod => !pod.HostNetwork && pod.Address == address) is { } pod
            ? end with
            {
                Name = $"{end.Name} {pod}",
            }
            : end;

    /// <summary>TEST-NET-1 stands for the Internet: nobody's address. Source: RFC 5737.</summary>
    public static End Internet { get; } = new("internet", [Address.Parse("192.0.2.1")], Https);

    public static bool IsDns(SeenPod pod) =>
        pod.Namespace == "kube-system" && pod.Labels.Any(label => label is { Key: "k8s-app", Value: "kube-dns" });

    public End Api() =>
        new("api", cloud.Cluster is not { } cluster ? [] : Of(cloud.Interfaces.Where(eni => eni.IsControlPlane(cluster.Name))), Https);

    /// <param name="zone">Null: wherever.</param>
    public End PodsIn(string? zone) => new(At("pod", zone), OfPods(zone, isNew: false), (Protocol.Tcp, 8080));

    public End NewPodsIn(string? zone) => new(At("newpod", zone), OfPods(zone, isNew: true), (Protocol.Tcp, 8080));

    public End NodesIn(string? zone) =>
        new(
            At("node", zone),
            Nodes
                .Where(node => !NewNodes.IsNew(node) && (zone is null || node.Zone == zone))
                .Select(node => node.InternalAddress!.Value)
                .ToEquatable(),
            (Protocol.Tcp, 10250)
        );

    /// <summary>The first address behind every route to a transit or VPN gateway; where such a gateway is only the
    /// way to everywhere, a private address that is nobody's here.</summary>
    public End OnPremises()
    {
        var routes = cloud
            .RouteTables.SelectMany(table => table.Routes)
            .Where(route => route.To is { PrefixLength: < 32 } && route.Via.Split('-')[0] is "tgw" or "vgw")
            .ToList();
        var behind = routes
            .Where(route => route.To!.Value.PrefixLength > 0)
            .Select(route => route.To!.Value.First.Plus(1))
            .Distinct()
            .Order()
            .ToEquatable();
        return new("onprem", behind.IsEmpty && routes.Count > 0 ? ElsewherePrivate() : behind, Https);
    }

    // Source of the three ranges: RFC 1918.
    private EquatableArray<Address> ElsewherePrivate()
    {
        var here = (cloud.Vpc?.LiveBlocks ?? [])
            .Select(block => block.Cidr)
            .Concat(cloud.Peerings.SelectMany(peering => peering.PeerBlocks))
            .ToList();
        return Private.Where(address => !here.Exists(block => block.Contains(address))).Take(1).ToEquatable();
    }

    private static readonly EquatableArray<Address> Private =
    [
        Address.Parse("10.0.0.1"),
        Address.Parse("172.16.0.1"),
        Address.Parse("192.168.0.1"),
    ];

    private EquatableArray<Address> OfPods(string? zone, bool isNew)
    {
        var nodes = (inventory.Cluster?.Nodes ?? [])
            .Where(node => NewNodes.IsNew(node) == isNew && (zone is null || node.Zone == zone))
            .Select(node => node.Name)
            .ToHashSet();
        return Pods.Where(pod => !pod.HostNetwork && pod.Node is { } node && nodes.Contains(node))
            .Select(pod => pod.Address!.Value)
            .ToEquatable();
    }

    private End LoadBalancers(string name) =>
        new(
            name.Length == 0 ? "lb" : $"lb/{name}",
            // Source: Elastic Load Balancing names its interfaces "ELB app/NAME/ID", "ELB net/NAME/ID" or "ELB NAME".
            Of(
                cloud.Interfaces.Where(eni =>
                    eni.Description.StartsWith("ELB ", StringComparison.Ordinal)
                    && (name.Length == 0 || eni.Description.Split(' ', '/').Contains(name))
                )
            ),
            Https
        );

    private End? Named(string text)
    {
        var parts = text.Split('/');
        return parts switch
        {
            ["pod", var space, var name] => Pod(text, space, name),
            ["pod", var name] => Pod(text, null, name),
            ["node", var name] => new(
                text,
                Nodes.Where(node => node.Name == name).Select(node => node.InternalAddress!.Value).ToEquatable(),
                (Protocol.Tcp, 10250)
            ),
            ["svc", var space, var name] => Front(text, space, name),
            ["lb", var name] => LoadBalancers(name),
            [var space, var name] when space.Length > 0 => Pod(text, space, name),
            [_] => ById(text),
            _ => null,
        };
    }

    /// <param name="space">Null: of whichever namespace.</param>
    private End Pod(string text, string? space, string name)
    {
        var there = Pods.Where(pod => space is null || pod.Namespace == space).ToList();
        var found = there.Find(pod => pod.Name == name) ?? there.Find(pod => pod.Name.StartsWith(name, StringComparison.Ordinal));
        return found is null ? new(text, [], (Protocol.Tcp, 8080)) : new($"pod/{found}", [found.Address!.Value], (Protocol.Tcp, 8080));
    }

    private End Front(string text, string space, string name)
    {
        if ((space, name) == ("default", "kubernetes") && cloud.Cluster?.ServiceCidr is { PrefixLength: <= 30 } range)
        {
            // Source: Kubernetes, "Service ClusterIP allocation": the range's first address.
            return new(text, [range.First.Plus(1)], Https);
        }
        var front = inventory.Cluster?.ClusterIps.FirstOrDefault(seen => seen.Namespace == space && seen.Name == name);
        return new(text, front is null ? [] : [front.Address], front is { Ports.IsEmpty: false } ? PortOf(front.Ports[0]) : Https);
    }

    private static (Protocol, int) PortOf(SeenClusterPort port) => (port.Protocol == "UDP" ? Protocol.Udp : Protocol.Tcp, port.Port);

    private End? ById(string text) =>
        text.Split('-')[0] switch
        {
            "eni" => new(text, Of(cloud.Interfaces.Where(eni => eni.Id.Text == text)), Https),
            "i" => new(text, Of(cloud.Interfaces.Where(eni => eni.Instance == text && eni.DeviceIndex == 0)), Https),
            "vpce" => Endpoint(text),
            "pcx" => new(
                text,
                cloud
                    .Peerings.Where(peering => peering.Id.Text == text)
                    .SelectMany(peering => peering.PeerBlocks)
                    .Select(block => block.First.Plus(block.PrefixLength < 32 ? 1u : 0))
                    .ToEquatable(),
                Https
            ),
            _ => null,
        };

    private End Endpoint(string text)
    {
        var endpoint = cloud.Endpoints.FirstOrDefault(seen => seen.Id.Text == text);
        // A gateway endpoint has no address: what its prefix list names stands for it.
        var lists = endpoint is null
            ? []
            : cloud
                .RouteTables.SelectMany(table => table.Routes)
                .Where(route => route.Via == text)
                .Select(route => route.PrefixList)
                .OfType<AwsId>()
                .ToHashSet();
        var gateways = cloud
            .PrefixLists.Where(list => lists.Contains(list.Id))
            .SelectMany(list => list.Entries.Take(1))
            .Select(entry => entry.First);
        return new(text, [.. Of(cloud.Interfaces.Where(eni => endpoint?.Interfaces.Contains(eni.Id) == true)), .. gateways], Https);
    }

    private static EquatableArray<Address> Of(IEnumerable<SeenInterface> enis) =>
        enis.Where(eni => !eni.Addresses.IsEmpty).Select(eni => eni.Addresses[0]).ToEquatable();

    private static string At(string word, string? zone) => zone is null ? word : $"{word}@{zone}";
}
