using Podspace.Addressing;

namespace Podspace.Lab.Drawing;

/// <summary>The CNI's chains, and kube-proxy's beside them.</summary>
/// <remarks>Source: amazon-vpc-cni-k8s v1.23.1, pkg/networkutils: network.go, iptables_connmark.go, nftables_connmark.go.</remarks>
internal static class CniChains
{
    private const string PrimaryEni = "-m comment --comment \"AWS, primary ENI\"";

    public static string Iptables(
        EquatableArray<Cidr> vpc,
        Address node,
        CniSettings settings,
        EquatableArray<Translation> translations,
        IReadOnlyList<(Translation Port, bool KeepsClients, bool IsEmpty)> ports
    ) =>
        $"""
            *mangle
            -A PREROUTING -i eth0 {PrimaryEni} -m addrtype --dst-type LOCAL --limit-iface-in -j CONNMARK --set-mark 0x80/0x80
            -A PREROUTING -i eni+ {PrimaryEni} -j CONNMARK --restore-mark --mask 0x80
            -A PREROUTING -i vlan+ {PrimaryEni} -j CONNMARK --restore-mark --mask 0x80
            COMMIT
            *nat
            :KUBE-SERVICES - [0:0]
            :KUBE-NODEPORTS - [0:0]
            :KUBE-POSTROUTING - [0:0]
            :AWS-SNAT-CHAIN-0 - [0:0]
            :AWS-CONNMARK-CHAIN-0 - [0:0]
            -A PREROUTING -j KUBE-SERVICES
            -A OUTPUT -j KUBE-SERVICES
            {string.Join('\n', Services.Rules(translations, ports).Concat(Outbound(vpc, settings)).Concat(Translated(vpc, node, settings)))}
            COMMIT
            {string.Join('\n', Services.Refusals(ports).Prepend("*filter").Append("COMMIT"))}

            """;

    /// <summary>Behind kube-proxy's translation (-100), so that it sees the backend; iptables'
    /// nat chains end where kube-proxy translates.</summary>
    public static string Nft(EquatableArray<Cidr> vpc, CniSettings settings) =>
        !settings.IsNft || !settings.Translates
            ? ""
            : $$"""
                table ip aws-cni {
                  chain snat-mark {
                    {{string.Join(
                    "\n    ",
                    vpc.Concat(settings.Excluded).Select(block => $"ip daddr {block} return").Append("ct mark set ct mark | 0x80")
                )}}
                  }
                  chain nat-prerouting {
                    type nat hook prerouting priority -90; policy accept;
                    fib daddr type local accept
                    iifname "eni*" jump snat-mark
                    meta mark set ct mark & 0x80
                  }
                }

                """;

    private static IEnumerable<string> Outbound(EquatableArray<Cidr> vpc, CniSettings settings)
    {
        if (settings.IsNft || !settings.Translates)
        {
            return [];
        }
        return
        [
            "-A PREROUTING -i eni+ -m comment --comment \"AWS, outbound connections\" -j AWS-CONNMARK-CHAIN-0",
            "-A PREROUTING -m comment --comment \"AWS, CONNMARK\" -j CONNMARK --restore-mark --mask 0x80",
            .. vpc.Concat(settings.Excluded)
                .Select(block => $"-A AWS-CONNMARK-CHAIN-0 -d {block} -m comment --comment \"AWS CONNMARK CHAIN\" -j RETURN"),
            "-A AWS-CONNMARK-CHAIN-0 -m comment --comment \"AWS, CONNMARK\" -j CONNMARK --set-xmark 0x80/0x80",
        ];
    }

    private static IEnumerable<string> Translated(EquatableArray<Cidr> vpc, Address node, CniSettings settings) =>
        !settings.Translates
            ? []
            :
            [
                "-A POSTROUTING -m comment --comment \"AWS SNAT CHAIN\" -j AWS-SNAT-CHAIN-0",
                .. vpc.Select(block => $"-A AWS-SNAT-CHAIN-0 -d {block} -m comment --comment \"AWS SNAT CHAIN\" -j RETURN"),
                .. settings.Excluded.Select(block =>
                    $"-A AWS-SNAT-CHAIN-0 -d {block} -m comment --comment \"AWS SNAT CHAIN EXCLUSION\" -j RETURN"
                ),
                $"-A AWS-SNAT-CHAIN-0 ! -o vlan+ -m comment --comment \"AWS, "
                    + $"SNAT\" -m addrtype ! --dst-type LOCAL -j SNAT --to-source {node}{settings.RandomPorts}",
            ];
}
