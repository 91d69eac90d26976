using Podspace.Addressing;
using Podspace.Model;

namespace Podspace.Lab.Drawing;

/// <summary>Draws an inventory as network namespaces: the VPC's router, nodes with the CNI's
/// rules, pods, gateways, and everybody beyond.</summary>
/// <remarks>Made from AWS's and the CNI's documentation, and on purpose from nothing that the
/// tracer compiles: the two shall be able to disagree.</remarks>
public static class LabDrawing
{
    /// <param name="outside">Addresses beyond the VPC that shall answer.</param>
    public static LabNetwork Of(Inventory inventory, IEnumerable<Address> outside)
    {
        var site = new Site(inventory);
        var translations = Services.Of(inventory);
        var beyond = outside
            .Where(address =>
                !site.VpcBlocks.Any(block => block.Contains(address))
                && translations.All(one => one.Front != address)
                && !IsLinkLocal(address)
            )
            .Distinct()
            .Order()
            .ToEquatable();
        var gateways = Gateways.Of(inventory.Cloud);
        return new(
            [
                VpcRouter.Draw(site, gateways),
                Amazon(inventory.Cloud),
                Beyond(beyond, gateways),
                .. site.Hosts.Select(nic => Host(nic)),
                .. site.Nodes.SelectMany(node => NodeDrawing.Draw(site, node, translations)),
            ],
            [
                .. translations,
                .. site.Nodes.SelectMany(node => Services.On(inventory, node)).Where(one => !one.IsEmpty).Select(one => one.Port),
            ],
            inventory
                .Cloud.Interfaces.SelectMany(card => card.Addresses.Select(address => Cidr.Containing(address, 32)).Concat(card.Prefixes))
                .Distinct()
                .ToEquatable()
        );
    }

    private static bool IsLinkLocal(Address address) => address.Number >> 16 == 0xA9FE;

    /// <summary>Resolver, metadata and time. Source: VPC User Guide, "DNS attributes"; EC2
    /// User Guide, instance metadata and time sync.</summary>
    internal static IEnumerable<Address> AmazonAddresses(CloudInventory cloud) =>
        [
            .. cloud.Vpc is { Primary.PrefixLength: <= 30 } vpc ? [vpc.Primary.First.Plus(2)] : Array.Empty<Address>(),
            Address.Parse("169.254.169.253"),
            Address.Parse("169.254.169.254"),
            Address.Parse("169.254.169.123"),
        ];

    private static Netns Amazon(CloudInventory cloud)
    {
        var addresses = AmazonAddresses(cloud).ToEquatable();
        return new(LabNetwork.Amazon)
        {
            Settings = Netns.Quiet,
            Lines =
            [
                "link set lo up",
                .. addresses.Select(address => $"addr add {address}/32 dev lo"),
                "link set eth0 up",
                "route add default dev eth0",
            ],
            Addresses = addresses,
        };
    }

    /// <summary>Every network behind a gateway at once: what leads where is the router's
    /// business. It answers by a cable of its own.</summary>
    private static Netns Beyond(EquatableArray<Address> addresses, EquatableArray<Gateway> gateways) =>
        new(LabNetwork.Beyond)
        {
            Settings = Netns.Quiet,
            Lines =
            [
                "link set lo up",
                .. addresses.Select(address => $"addr add {address}/32 dev lo"),
                .. gateways.Select(gateway => $"link set g{gateway.Number} up"),
                "link set back up",
                "route add default dev back",
            ],
            Addresses = addresses,
        };

    private static Netns Host(Nic nic)
    {
        var isNat = nic.Owner.StartsWith("nat/", StringComparison.Ordinal);
        var own = nic.Seen.Own ?? nic.Seen.Addresses[0];
        var netns = new Netns(nic.Owner)
        {
            Settings = isNat ? Netns.Forwarding : Netns.Quiet,
            Lines =
            [
                "link set lo up",
                $"link set eth0 address {nic.Mac}",
                .. nic.Seen.Addresses.Select(address =>
                    $"addr add {address}/{(address == own ? nic.Subnet.Cidr.PrefixLength : 32)} dev eth0"
                ),
                "link set eth0 up",
                $"route add default via {nic.Gateway} dev eth0 src {own} onlink",
            ],
        };
        return !isNat ? netns with { Addresses = nic.Seen.Addresses } : netns with { Nft = Translating(own) };
    }

    // What no connection knows a NAT gateway drops. Source: VPC User Guide, "NAT gateways".
    private static string Translating(Address own) =>
        $$"""
            table ip nat-gateway {
              chain forward {
                type filter hook forward priority 0; policy accept;
                ct state invalid drop
              }
              chain postrouting {
                type nat hook postrouting priority 100; policy accept;
                ip saddr != {{own}} snat to {{own}}
              }
            }

            """;
}
