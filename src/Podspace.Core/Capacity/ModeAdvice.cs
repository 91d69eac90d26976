using Podspace.Cni;
using Podspace.Model;
using Podspace.Naming;
using Podspace.Spec;

namespace Podspace.Capacity;

/// <summary>Which way of giving pods subnets of their own suits a cluster.</summary>
/// <param name="Mode">A value of <c>spec.mode</c>, or what to do instead.</param>
/// <param name="Traps">What depends on versions or is easily got wrong.</param>
public sealed record ModeAdvice(string Mode, EquatableArray<string> Reasons, EquatableArray<string> Traps)
{
    private const string EniConfig = "eniConfig",
        Discovery = "subnetDiscovery",
        Auto = "autoMode",
        Six = "none: the cluster uses IPv6";

    // Source: amazon-vpc-cni-k8s, CHANGELOG.
    private static readonly CniVersion FindsSubnets = new(1, 18, 0),
        LeavesNodeSubnet = new(1, 22, 1);

    public static ModeAdvice Of(OverlaySpec spec, Inventory inventory)
    {
        var (cluster, node) = (inventory.Cloud.Cluster, inventory.Cluster?.AwsNode);
        var hasCni = inventory.Cloud.VpcCni is not null || node is not null;
        if (cluster is null)
        {
            return new(
                EniConfig,
                [
                    "There is no cluster yet: eniConfig works with every CNI version "
                        + "and gives pods subnets and security groups of their own.",
                    "A new cluster could use IPv6 instead, if all that its pods talk to speaks IPv6: then nothing here is needed.",
                ],
                [.. Elsewhere]
            );
        }
        if (cluster.IpFamily == "ipv6")
        {
            return new(
                Six,
                ["Pods have addresses of their own that nobody runs out of, and the CNI refuses custom networking with IPv6."],
                ["An IP family is chosen when a cluster is made and cannot be changed."]
            );
        }
        if (cluster.IsAutoMode)
        {
            var auto = new ModeAdvice(
                Auto,
                [
                    $"Auto Mode is on in {cluster.Name}: its nodes run "
                        + $"no aws-node and read neither ENIConfigs nor discovery tags; a NodeClass of one's own "
                        + $"selects pod subnets.",
                ],
                [.. AutoTraps]
            );
            return !hasCni
                ? auto
                : new(
                    $"[{Auto}, {EniConfig}]",
                    [.. auto.Reasons, "Nodes outside of Auto Mode run aws-node beside it: they need ENIConfigs."],
                    [.. auto.Traps, .. TrapsOf(inventory)]
                );
        }
        if (!hasCni)
        {
            return new(
                "none",
                [
                    $"Cluster {cluster.Name} runs no Amazon "
                        + $"VPC CNI (no add-on, no DaemonSet aws-node), and another CNI addresses pods in its own way.",
                ],
                []
            );
        }
        var (mode, reasons) = WithCni(spec, Version(inventory));
        return new(mode, reasons, [.. TrapsOf(inventory)]);
    }

    private static (string, EquatableArray<string>) WithCni(OverlaySpec spec, CniVersion? version)
    {
        if (version is not { } cni)
        {
            return (EniConfig, ["The CNI's version could not be read; eniConfig works with all of them."]);
        }
        if (cni.CompareTo(FindsSubnets) < 0)
        {
            return (EniConfig, [$"The VPC CNI is {cni}; subnet discovery came with {FindsSubnets}."]);
        }
        if (cni.CompareTo(LeavesNodeSubnet) < 0)
        {
            return (
                EniConfig,
                [$"The VPC CNI is {cni}; before {LeavesNodeSubnet} subnet discovery could not keep pods off the node's own subnet."]
            );
        }
        if (spec.Security.Pods is PodGroups.Dedicated or PodGroups.Listed or PodGroups.Cluster)
        {
            return (
                EniConfig,
                [
                    "Pods shall have security groups other than their nodes'; interfaces in "
                        + "discovered subnets carry the nodes' groups whatever one wants.",
                ]
            );
        }
        return cni == CniVersion.ToAvoid
            ? (
                EniConfig,
                [$"The VPC CNI is {cni}, whose discovery of security groups the next version took back; eniConfig is not touched by that."]
            )
            : (
                Discovery,
                [
                    $"The VPC CNI is {cni}: tags on subnets are enough ({Tags.CniRole}: 1 on pod subnets, 0 on "
                        + $"node subnets), with no ENIConfig for each zone, several pod subnets a zone, and growth by one more "
                        + $"tagged subnet.",
                    "eniConfig does as well; choose it where pods shall have security groups of their own.",
                ]
            );
    }

    private static IEnumerable<string> TrapsOf(Inventory inventory)
    {
        if (Version(inventory) is { } version && version == CniVersion.ToAvoid)
        {
            yield return $"{version} finds security groups by tag, and v1.22.2 does so no more: update past it before relying on either.";
        }
        yield return "Both keep pods off the primary interface: one interface fewer for pods, so max-pods sinks. "
            + "Prefixes make up for it on Nitro types.";
        if (
            (inventory.Cluster?.Nodes ?? []).Any(node => node.IsWindows)
            || inventory.Cloud.Nodegroups.Any(group => group.AmiType.StartsWith("WINDOWS_", StringComparison.Ordinal))
        )
        {
            yield return "Windows nodes take part in neither: their pods keep addresses of the node's subnet.";
        }
        if (CniEnv.IsTrue(inventory.Cluster?.AwsNode?.Setting(CniEnv.PodInterfaces)))
        {
            yield return "Security groups for pods take one interface more for the trunk: types with two interfaces run no pods then.";
        }
        foreach (var other in Elsewhere)
        {
            yield return other;
        }
    }

    private static readonly string[] Elsewhere =
    [
        "Simpler where nodes too may leave the routable range: "
            + "put nodes and pods into 100.64 subnets behind a private NAT gateway; "
            + "no ENIConfig and no interface lost to it, but the gateway costs, and all that leaves the VPC passes it.",
    ];

    private static readonly string[] AutoTraps =
    [
        "podSubnetSelectorTerms and podSecurityGroupSelectorTerms only work together.",
        "Every zone of the node subnets needs a pod subnet, or pods there get no address (awsdocs/amazon-eks-user-guide #1088).",
        "A role of one's own needs an access entry of type EC2 with AmazonEKSAutoNodePolicy: without it instances start and never join.",
        "The built-in NodeClass \"default\" cannot be edited; changing a NodeClass replaces its nodes.",
    ];

    private static CniVersion? Version(Inventory inventory)
    {
        if (inventory.Cloud.VpcCni is { } addon)
        {
            return CniVersion.Parse(addon.Version);
        }
        var image = inventory.Cluster?.AwsNode?.Image;
        return image is null ? null : CniVersion.Parse(image[(image.LastIndexOf(':') + 1)..]);
    }
}
