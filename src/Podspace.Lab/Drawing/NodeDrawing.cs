using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;
using Podspace.Addressing;

namespace Podspace.Lab.Drawing;

/// <summary>A node and its pods, wired as the VPC CNI wires them.</summary>
/// <remarks>Source: amazon-vpc-cni-k8s v1.23.1, pkg/networkutils/network.go and cmd/routed-eni-cni-plugin/driver/driver.go.</remarks>
internal static class NodeDrawing
{
    private const string PodGateway = "169.254.1.1";

    public static IEnumerable<Netns> Draw(Site site, NodePlace node, EquatableArray<Translation> translations)
    {
        var settings = CniSettings.Of(site.Inventory, node.Node);
        yield return new(node.Owner)
        {
            Settings = [.. Netns.Forwarding, ("ipv4/tcp_early_demux", settings.FindsOwnSocketsFirst ? "1" : "0")],
            DeviceSettings = [("ipv4/conf/eth0/rp_filter", "2")],
            Cables =
            [
                .. node.Pods.Select(pod =>
                    $"link add {HostEnd(pod, settings)} mtu 9001 address {HostMac} type veth peer name eth0 mtu 9001 netns {{{pod.Owner}}}"
                ),
            ],
            Lines =
            [
                .. Own(node),
                .. node.Nics.Where(nic => nic != node.Primary).SelectMany(nic => Secondary(nic, node, settings)),
                .. Rules(node, settings),
                .. node.Pods.SelectMany(pod => Wiring(pod, node, settings)),
            ],
            Iptables = CniChains.Iptables(
                site.VpcBlocks.ToEquatable(),
                node.Address,
                settings,
                translations,
                [.. Services.On(site.Inventory, node)]
            ),
            Nft = CniChains.Nft(site.VpcBlocks.ToEquatable(), settings),
            Addresses = [node.Address],
        };
        foreach (var pod in node.Pods)
        {
            yield return Pod(pod) with
            {
                Node = node.Owner,
            };
        }
    }

    private const string HostMac = "02:00:00:01:00:01";

    private static Netns Pod(PodPlace pod) =>
        new(pod.Owner)
        {
            Settings = Netns.Quiet,
            Lines =
            [
                "link set lo up",
                $"addr add {pod.Address}/32 dev eth0",
                "link set eth0 up",
                $"route add {PodGateway} dev eth0 scope link",
                $"route add default via {PodGateway} dev eth0",
                $"neigh add {PodGateway} lladdr {HostMac} dev eth0 nud permanent",
            ],
            Addresses = [pod.Address],
        };

    // Pod Identity's agent is on hostNetwork and answers on an address of its own. Masquerading must not
    // take it for the node's: there it stands on a link behind eth0.
    private static IEnumerable<string> Own(NodePlace node) =>
        [
            "link set lo up",
            "addr add 169.254.170.23/32 scope host dev lo",
            $"link set eth0 address {node.Primary.Mac}",
            $"addr add {node.Address}/{node.Primary.Subnet.Cidr.PrefixLength} dev eth0",
            "link set eth0 up",
            $"route add default via {node.Primary.Gateway} dev eth0 onlink",
        ];

    private static IEnumerable<string> Secondary(Nic nic, NodePlace node, CniSettings settings)
    {
        var table = TableOf(nic);
        yield return $"link set {nic.Device} address {nic.Mac}";
        if (OwnOf(nic, node) is { } own && !nic.IsBranch)
        {
            // The kernel's own route would send what is for that subnet by this interface, whoever sends it.
            yield return $"addr add {own}/{nic.Subnet.Cidr.PrefixLength} dev {nic.Device} noprefixroute";
            yield return $"rule add pref 32765 from {own}/32 lookup {table}";
        }
        yield return $"link set {nic.Device} up";
        yield return $"route add {nic.Gateway}/32 dev {nic.Device} scope link table {table}";
        yield return $"route add default via {nic.Gateway} dev {nic.Device} table {table}";
        if (nic.IsBranch && settings.IsStrict)
        {
            yield return $"rule add pref 10 iif {nic.Device} lookup {table}";
        }
    }

    private static IEnumerable<string> Rules(NodePlace node, CniSettings settings)
    {
        // Either of NODE_PORT_SUPPORT, which is on by default, and translation wants it.
        yield return "rule add pref 1024 fwmark 0x80/0x80 lookup main";
        foreach (var block in settings.External)
        {
            yield return $"rule add pref 1535 to {block} lookup main";
        }
        if (settings.IsStrict && node.Pods.Any(pod => pod.Nic.IsBranch))
        {
            yield return "rule add pref 20 lookup local";
            yield return "rule del pref 0 lookup local";
        }
    }

    private static IEnumerable<string> Wiring(PodPlace pod, NodePlace node, CniSettings settings)
    {
        var device = HostEnd(pod, settings);
        yield return $"link set {device} up";
        var isApart = pod.Nic.IsBranch && settings.IsStrict;
        yield return $"route add {pod.Address}/32 dev {device} scope link{(isApart ? $" table {TableOf(pod.Nic)}" : "")}";
        if (isApart)
        {
            yield return $"rule add pref 10 iif {device} lookup {TableOf(pod.Nic)}";
            yield break;
        }
        yield return $"rule add pref 512 to {pod.Address}/32 lookup main";
        if (pod.Nic != node.Primary)
        {
            yield return $"rule add pref 1536 from {pod.Address}/32 lookup {TableOf(pod.Nic)}";
        }
    }

    /// <summary>Device number + 1 on the first network card, the VLAN's number + 100 for branches.</summary>
    private static int TableOf(Nic nic) => nic.IsBranch ? 100 + (nic.Seen.DeviceIndex ?? 9) : (nic.Seen.DeviceIndex ?? 9) + 1;

    /// <summary>The interface's own address, which no pod gets; AWS tells it, or it is the first that no pod has.</summary>
    private static Address? OwnOf(Nic nic, NodePlace node) =>
        nic.Seen.Own
        ?? nic.Seen.Addresses.Where(address => node.Pods.All(pod => pod.Address != address))
            .Select(address => (Address?)address)
            .FirstOrDefault();

    [SuppressMessage(
        "Security",
        "CA5350:Do Not Use Weak Cryptographic Algorithms",
        Justification = "A name as the CNI makes it, no secret."
    )]
    private static string HostEnd(PodPlace pod, CniSettings settings) =>
        (pod.Nic.IsBranch && settings.IsStrict ? "vlan" : "eni")
        + Convert.ToHexStringLower(SHA1.HashData(Encoding.UTF8.GetBytes($"{pod.Pod.Namespace}.{pod.Pod.Name}")))[..11];
}
