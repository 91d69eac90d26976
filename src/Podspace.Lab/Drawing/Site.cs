using Podspace.Addressing;
using Podspace.Model;

namespace Podspace.Lab.Drawing;

/// <summary>An interface of the VPC with its place in the lab.</summary>
/// <param name="Number">Of its cable: <c>c3</c> on the router.</param>
/// <param name="Owner">The namespace that it stands in.</param>
/// <param name="Device">Its name there.</param>
internal sealed record Nic(int Number, SeenInterface Seen, SeenSubnet Subnet, string Owner, string Device)
{
    public string Port => $"c{Number}";

    /// <summary>The implicit router's address in every subnet. Source: VPC User Guide, "Subnet sizing": base + 1.</summary>
    public Address Gateway => Subnet.Cidr.First.Plus(1);

    /// <summary>AWS delivers to an interface whatever its holder says of neighbours, so the
    /// router knows the hardware address beforehand.</summary>
    public string Mac => $"02:00:00:00:{Number >> 8:x2}:{Number & 255:x2}";

    public bool IsGateway =>
        Seen.Type is "nat_gateway" or "natGateway" or "transit_gateway" or "gateway_load_balancer" or "gateway_load_balancer_endpoint";

    public bool IsBranch => Seen.Type == "branch";

    public bool Holds(Address address) => Seen.Addresses.Contains(address) || Seen.Prefixes.Any(prefix => prefix.Contains(address));
}

internal sealed record PodPlace(SeenPod Pod, Nic Nic)
{
    public Address Address => Pod.Address!.Value;

    public string Owner => $"pod/{Pod.Namespace}/{Pod.Name}";
}

internal sealed record NodePlace(SeenNode Node, Nic Primary, EquatableArray<Nic> Nics, EquatableArray<PodPlace> Pods)
{
    public string Owner => $"node/{Node.Name}";

    public Address Address => Node.InternalAddress ?? Primary.Seen.Addresses[0];
}

/// <summary>What of an inventory can be built: interfaces whose subnet was seen, nodes with a first
/// interface, pods with an address that a node holds.</summary>
internal sealed class Site
{
    private readonly List<Nic> nics = [];

    public Site(Inventory inventory)
    {
        Inventory = inventory;
        var nodes = (inventory.Cluster?.Nodes ?? [])
            .Where(node => node.InstanceId.Length > 0)
            .DistinctBy(node => node.InstanceId)
            .ToDictionary(node => node.InstanceId, StringComparer.Ordinal);
        foreach (var seen in inventory.Cloud.Interfaces.Where(seen => !seen.Addresses.IsEmpty))
        {
            // A smaller one has no room for the router's address, and AWS makes none. Source: VPC User Guide, "Subnet sizing".
            if (inventory.Cloud.Subnets.FirstOrDefault(subnet => subnet.Id == seen.Subnet) is { Cidr.PrefixLength: <= 28 } subnet)
            {
                var node = seen.Instance is { } instance ? nodes.GetValueOrDefault(instance) : null;
                nics.Add(new(nics.Count, seen, subnet, OwnerOf(seen, node), node is null ? "eth0" : DeviceOf(seen)));
            }
        }
        Nodes = [.. nodes.Values.Select(Place).OfType<NodePlace>()];
        Hosts =
        [
            .. nics.Where(nic =>
                nic.Owner.StartsWith("eni/", StringComparison.Ordinal) || nic.Owner.StartsWith("nat/", StringComparison.Ordinal)
            ),
        ];
        Built = [.. Hosts, .. Nodes.SelectMany(node => node.Nics)];
    }

    public Inventory Inventory { get; }

    public IReadOnlyList<NodePlace> Nodes { get; }

    /// <summary>Interfaces that are alone in their namespace: databases, endpoints, control plane, load balancers, NAT gateways.</summary>
    public IReadOnlyList<Nic> Hosts { get; }

    public IReadOnlyList<Nic> Built { get; }

    public IEnumerable<Cidr> VpcBlocks => (Inventory.Cloud.Vpc?.LiveBlocks ?? []).Select(block => block.Cidr);

    /// <summary>All by themselves, and of its prefixes those that pods have.</summary>
    public IEnumerable<Address> AddressesOf(Nic nic) =>
        nic.Seen.Addresses.Concat(Nodes.SelectMany(node => node.Pods).Where(pod => pod.Nic == nic).Select(pod => pod.Address)).Distinct();

    private NodePlace? Place(SeenNode node)
    {
        var own = nics.Where(nic => nic.Seen.Instance == node.InstanceId).DistinctBy(nic => nic.Device).ToList();
        if (own.Find(nic => nic.Seen.DeviceIndex == 0) is not { } primary)
        {
            return null;
        }
        var pods =
            from pod in Inventory.Cluster!.Pods
            where pod.Node == node.Name && pod is { HostNetwork: false, Phase: "Running", IsTerminating: false, Address: not null }
            let nic = own.Find(nic => nic.Holds(pod.Address!.Value))
            where nic is not null
            select new PodPlace(pod, nic);
        // eth0 is there before all others: masquerading by an interface without an address takes the first.
        return new(node, primary, [primary, .. own.Where(nic => nic != primary)], pods.DistinctBy(pod => pod.Address).ToEquatable());
    }

    // Source: EC2, an interface's description: "Interface for NAT Gateway nat-…".
    private string OwnerOf(SeenInterface seen, SeenNode? node)
    {
        if (node is not null)
        {
            return $"node/{node.Name}";
        }
        var nat = Inventory.Cloud.NatGateways.FirstOrDefault(nat => seen.Description.Contains(nat.Id.Text, StringComparison.Ordinal));
        return nat is null ? $"eni/{seen.Id}" : $"nat/{nat.Id}";
    }

    private static string DeviceOf(SeenInterface seen) =>
        seen.Type == "branch" ? $"vlan.eth.{seen.DeviceIndex ?? 9}" : $"eth{seen.DeviceIndex ?? 9}";
}
