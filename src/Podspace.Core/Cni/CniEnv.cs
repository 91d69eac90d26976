using System.Collections.Frozen;

namespace Podspace.Cni;

/// <summary>Settings of container aws-node that make a pod network. Source: amazon-vpc-cni-k8s v1.23.1, README.md.</summary>
internal static class CniEnv
{
    /// <summary>The words that Go's strconv.ParseBool takes, by which the CNI reads its switches.</summary>
    public static bool IsTrue(string? value) => value is "1" or "t" or "T" or "true" or "TRUE" or "True";

    public static bool IsFalse(string? value) => value is "0" or "f" or "F" or "false" or "FALSE" or "False";

    public const string CustomNetworking = "AWS_VPC_K8S_CNI_CUSTOM_NETWORK_CFG";
    public const string EniConfigLabel = "ENI_CONFIG_LABEL_DEF";
    public const string EniConfigAnnotation = "ENI_CONFIG_ANNOTATION_DEF";
    public const string SubnetDiscovery = "ENABLE_SUBNET_DISCOVERY";
    public const string ClusterName = "CLUSTER_NAME";
    public const string PrefixDelegation = "ENABLE_PREFIX_DELEGATION";
    public const string WarmPrefixes = "WARM_PREFIX_TARGET";
    public const string WarmAddresses = "WARM_IP_TARGET";
    public const string LeastAddresses = "MINIMUM_IP_TARGET";
    public const string ExternalSnat = "AWS_VPC_K8S_CNI_EXTERNALSNAT";
    public const string ExcludedFromSnat = "AWS_VPC_K8S_CNI_EXCLUDE_SNAT_CIDRS";
    public const string PodInterfaces = "ENABLE_POD_ENI";

    /// <summary>The label that the cloud controller puts on every node; its value is the zone's name.</summary>
    public const string ZoneLabel = "topology.kubernetes.io/zone";

    /// <summary>What a design may set. The others above are only read.</summary>
    public static readonly FrozenSet<string> Known = FrozenSet.Create(
        CustomNetworking,
        SubnetDiscovery,
        EniConfigLabel,
        PrefixDelegation,
        WarmPrefixes,
        ExternalSnat,
        ExcludedFromSnat
    );
}
