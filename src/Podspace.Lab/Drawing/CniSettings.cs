using Podspace.Addressing;
using Podspace.Model;

namespace Podspace.Lab.Drawing;

/// <summary>What a node's CNI was told, as far as packets are concerned.</summary>
/// <param name="Translates">AWS_VPC_K8S_CNI_EXTERNALSNAT is false.</param>
/// <param name="RandomPorts">The option of SNAT: AWS_VPC_K8S_CNI_RANDOMIZESNAT, prng where nothing is said.</param>
/// <param name="FindsOwnSocketsFirst">tcp_early_demux, which DISABLE_TCP_EARLY_DEMUX turns off.</param>
/// <param name="IsNft">Its connection marks stand in nftables: v1.23.0 and later.</param>
internal sealed record CniSettings(
    bool Translates,
    EquatableArray<Cidr> Excluded,
    EquatableArray<Cidr> External,
    bool IsStrict,
    string RandomPorts,
    bool IsNft,
    bool FindsOwnSocketsFirst
)
{
    public static CniSettings Of(Inventory inventory, SeenNode node) =>
        node.IsAuto ? OfAutoMode(inventory.Cluster!, node) : OfAwsNode(inventory.Cluster?.AwsNode);

    private static CniSettings OfAwsNode(SeenAwsNode? awsNode) =>
        new(
            awsNode?.Setting("AWS_VPC_K8S_CNI_EXTERNALSNAT") is not ("1" or "t" or "T" or "true" or "TRUE" or "True"),
            Blocks(awsNode?.Setting("AWS_VPC_K8S_CNI_EXCLUDE_SNAT_CIDRS")),
            Blocks(awsNode?.Setting("AWS_EXTERNAL_SERVICE_CIDRS")),
            awsNode?.Setting("POD_SECURITY_GROUP_ENFORCING_MODE") != "standard",
            awsNode?.Setting("AWS_VPC_K8S_CNI_RANDOMIZESNAT") switch
            {
                "none" => "",
                "hashrandom" => " --random",
                _ => " --random-fully",
            },
            IsNftVersion(awsNode?.Image ?? ""),
            awsNode is not { DisablesEarlyDemux: true }
        );

    /// <summary>That Auto Mode's data path is otherwise the CNI's is assumed (UNCONFIRMED).</summary>
    private static CniSettings OfAutoMode(ClusterInventory cluster, SeenNode node)
    {
        var name = cluster.NodeClaims.FirstOrDefault(claim => claim.Node == node.Name)?.NodeClass;
        return new(
            cluster.NodeClasses.FirstOrDefault(one => one.Name == name)?.SnatPolicy != "Disabled",
            [],
            [],
            true,
            " --random-fully",
            true,
            true
        );
    }

    private static bool IsNftVersion(string image) =>
        image.LastIndexOf(":v", StringComparison.Ordinal) is >= 0 and var at
        && image[(at + 2)..].Split('.', '-') is [var major, var minor, ..]
        && int.TryParse(major, out var first)
        && int.TryParse(minor, out var second)
        && (first, second).CompareTo((1, 23)) >= 0;

    private static EquatableArray<Cidr> Blocks(string? text) =>
        (text ?? "")
            .Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Select(part => Cidr.TryParse(part, out var block, out _) ? block : (Cidr?)null)
            .OfType<Cidr>()
            .Distinct()
            .ToEquatable();
}
