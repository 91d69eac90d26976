using Podspace.Cni;
using Podspace.Findings;
using Podspace.Model;

namespace Podspace.Diagnosis;

/// <summary>Releases of the CNI and of what works with it, that do not fit together.</summary>
internal static class ReleaseChecks
{
    // amazon-vpc-cni-k8s #1623 was written against v1.9; which release mended it is UNCONFIRMED, so all before v1.12 are told.
    private static readonly CniVersion ExcludesUnderCustomNetworking = new(1, 12, 0);

    /// <summary>Its connection marks stand in nftables where the node's iptables do. Source: amazon-vpc-cni-k8s v1.23.0, #3588.</summary>
    private static readonly CniVersion MarksInNft = new(1, 23, 0);

    /// <summary>Source: amazon-vpc-cni-k8s CHANGELOG, v1.23.0.</summary>
    private static readonly CniVersion AgentForNft = new(1, 4, 1);

    public static readonly EquatableArray<Check> All =
    [
        new(
            DoctorCodes.ExclusionWithoutEffect,
            "A release of the CNI that translates what it was told not to",
            Severity.Warning,
            [Reading.AwsNode],
            ExclusionWithoutEffect
        ),
        new(
            DoctorCodes.MixedPacketFilters,
            "Nodes of two kinds of packet filter under one CNI",
            Severity.Warning,
            [Reading.AwsNode, Reading.Nodes],
            MixedFilters
        ),
        new(
            DoctorCodes.OldPolicyAgent,
            "The network policy agent is older than the CNI wants",
            Severity.Error,
            [Reading.AwsNode],
            OldPolicyAgent
        ),
    ];

    private static IEnumerable<Symptom> ExclusionWithoutEffect(DoctorInput input)
    {
        if (
            input.UsesEniConfigs
            && input.Env(CniEnv.ExcludedFromSnat) is { Length: > 0 } excluded
            && input.Release is { } release
            && release.CompareTo(ExcludesUnderCustomNetworking) < 0
        )
        {
            yield return new(
                $"env/{CniEnv.ExcludedFromSnat}",
                $"{CniEnv.ExcludedFromSnat} is {excluded}, and VPC CNI {release} with custom networking may translate "
                    + $"pods' addresses there all the same (amazon-vpc-cni-k8s #1623): the other side sees nodes.",
                "Update the CNI:\n  aws eks describe-addon-versions --addon-name vpc-cni"
            );
        }
    }

    // Amazon Linux 2 has legacy iptables, everything newer the nft kind; the CNI's image chooses when it
    // starts. Source: amazon-vpc-cni-k8s, docs/troubleshooting.md.
    private static IEnumerable<Symptom> MixedFilters(DoctorInput input)
    {
        var told = input.CniNodes.Where(node => node.OsImage.Length > 0).ToLookup(node => node.OsImage.TrimEnd() == "Amazon Linux 2");
        if (input.Release is { } release && release.CompareTo(MarksInNft) >= 0 && told.Contains(true) && told.Contains(false))
        {
            yield return new(
                told[true].First().Name,
                $"{CniChecks.Some(told[true].Select(node => node.Name))} runs Amazon "
                    + $"Linux 2, whose iptables are of the legacy kind, beside {told[false].First().OsImage}; "
                    + $"VPC CNI {release} keeps its connection marks in nftables on the one and in iptables on the other. A node on "
                    + $"which CNI image, kube-proxy and host differ loses answers of NodePorts and of translated connections.",
                "Replace the older nodes; until then see on one of each kind that the marks are there:\n"
                    + "  nft list table ip aws-cni\n  iptables -t nat -S AWS-CONNMARK-CHAIN-0"
            );
        }
    }

    private static IEnumerable<Symptom> OldPolicyAgent(DoctorInput input)
    {
        if (
            input.Release is { } release
            && release.CompareTo(MarksInNft) >= 0
            && CniVersion.OfImage(input.Cluster.AwsNode?.AgentImage) is { } agent
            && agent.CompareTo(AgentForNft) < 0
        )
        {
            yield return new(
                "daemonset/aws-node",
                $"VPC CNI {release} stands beside network policy agent {agent}, and wants {AgentForNft} at least: "
                    + $"network policies are not enforced as written.",
                "Update both; the managed add-on does, a manifest of one's own names the image of container "
                    + "aws-eks-nodeagent:\n  kubectl -n kube-system get daemonset aws-node -o "
                    + "jsonpath='{.spec.template.spec.containers[*].image}'"
            );
        }
    }
}
