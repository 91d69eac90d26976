using Podspace.Addressing;
using Podspace.Cni;
using Podspace.Model;

namespace Podspace.Reachability;

/// <summary>How a node sends packets on: by which interface, and with whose address.</summary>
/// <remarks>Source: amazon-vpc-cni-k8s v1.23.1, pkg/networkutils/network.go: ip rules, and chain AWS-SNAT-CHAIN-0.</remarks>
internal sealed record Host(SeenNode Node, int PrimaryEni, uint Address, HostRules Rules);

/// <summary>What the CNI's settings make of packets that leave the VPC.</summary>
/// <param name="Translates">AWS_VPC_K8S_CNI_EXTERNALSNAT is false: they leave by the node's own interface, with its address.</param>
/// <param name="Excluded">AWS_VPC_K8S_CNI_EXCLUDE_SNAT_CIDRS: those keep the pod's address and interface.</param>
/// <param name="External">AWS_EXTERNAL_SERVICE_CIDRS: those leave by the node's own interface in any case.</param>
/// <param name="FindsOwnSocketsFirst">DISABLE_TCP_EARLY_DEMUX of the init container is not set.</param>
/// <param name="IsKnown">False: the settings were not read; the CNI's defaults stand in their place.</param>
internal sealed record HostRules(
    bool Translates,
    PrefixMap Excluded,
    PrefixMap External,
    bool KeepsBranchesApart,
    bool FindsOwnSocketsFirst,
    bool IsKnown
)
{
    private const string ExternalServices = "AWS_EXTERNAL_SERVICE_CIDRS";
    private const string EnforcingMode = "POD_SECURITY_GROUP_ENFORCING_MODE";

    private static readonly PrefixMap Nothing = PrefixMap.Of([]);

    public static Func<SeenNode, HostRules> In(Inventory inventory)
    {
        var ofCni = OfCni(inventory.Cluster?.AwsNode);
        return node => node.IsAuto ? OfAutoMode(node, inventory.Cluster!) : ofCni;
    }

    /// <summary>Of nodes whose CNI is the DaemonSet aws-node.</summary>
    private static HostRules OfCni(SeenAwsNode? awsNode) =>
        new(
            !CniEnv.IsTrue(awsNode?.Setting(CniEnv.ExternalSnat)),
            Blocks(awsNode?.Setting(CniEnv.ExcludedFromSnat)),
            Blocks(awsNode?.Setting(ExternalServices)),
            // Source: amazon-vpc-cni-k8s README: strict is the default, and branch interfaces are never translated in it.
            awsNode?.Setting(EnforcingMode) != "standard",
            awsNode is not { DisablesEarlyDemux: true },
            awsNode is not null
        );

    /// <summary>Of Auto Mode's nodes, as their class says. That their data path is otherwise the CNI's is assumed (UNCONFIRMED).</summary>
    private static HostRules OfAutoMode(SeenNode node, ClusterInventory cluster)
    {
        var name = cluster.NodeClaims.FirstOrDefault(claim => claim.Node == node.Name)?.NodeClass;
        var seen = cluster.NodeClasses.FirstOrDefault(one => one.Name == name);
        return new(seen?.SnatPolicy != "Disabled", Nothing, Nothing, true, true, seen is not null);
    }

    /// <summary>Entries that cannot be read are left out, as the CNI leaves them out.</summary>
    private static PrefixMap Blocks(string? text) =>
        PrefixMap.Of(
            (text ?? "")
                .Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
                .Select(part => Cidr.TryParse(part, out var block, out _) ? block : (Cidr?)null)
                .OfType<Cidr>()
                .Select(block => (block, 0))
        );
}
