using System.Collections.Frozen;
using Podspace.Model;

namespace Podspace.Cni;

/// <summary>What aws-node's settings are when nobody sets them. Source: amazon-vpc-cni-k8s
/// README.md and charts/aws-vpc-cni/values.yaml, v1.23.1.</summary>
internal static class CniDefaults
{
    private static readonly FrozenDictionary<string, string> Values = new Dictionary<string, string>
    {
        ["ADDITIONAL_ENI_TAGS"] = "{}",
        ["ANNOTATE_POD_IP"] = "false",
        ["AWS_MANAGE_ENIS_NON_SCHEDULABLE"] = "false",
        ["AWS_VPC_CNI_NODE_PORT_SUPPORT"] = "true",
        ["AWS_VPC_ENI_MTU"] = "9001",
        ["AWS_VPC_K8S_CNI_CONFIGURE_RPFILTER"] = "false",
        ["AWS_VPC_K8S_CNI_CONNMARK"] = "0x80",
        [CniEnv.CustomNetworking] = "false",
        [CniEnv.ExternalSnat] = "false",
        ["AWS_VPC_K8S_CNI_LOGLEVEL"] = "DEBUG",
        ["AWS_VPC_K8S_CNI_LOG_FILE"] = "/host/var/log/aws-routed-eni/ipamd.log",
        ["AWS_VPC_K8S_CNI_RANDOMIZESNAT"] = "prng",
        ["AWS_VPC_K8S_CNI_VETHPREFIX"] = "eni",
        ["AWS_VPC_K8S_PLUGIN_LOG_FILE"] = "/var/log/aws-routed-eni/plugin.log",
        ["AWS_VPC_K8S_PLUGIN_LOG_LEVEL"] = "DEBUG",
        ["DISABLE_INTROSPECTION"] = "false",
        ["DISABLE_METRICS"] = "false",
        ["DISABLE_NETWORK_RESOURCE_PROVISIONING"] = "false",
        ["ENABLE_BANDWIDTH_PLUGIN"] = "false",
        ["ENABLE_IMDS_ONLY_MODE"] = "false",
        ["ENABLE_IPv4"] = "true",
        ["ENABLE_IPv6"] = "false",
        ["ENABLE_MULTI_NIC"] = "false",
        [CniEnv.PodInterfaces] = "false",
        [CniEnv.PrefixDelegation] = "false",
        ["ENABLE_SUBNET_DISCOVERY"] = "true",
        [CniEnv.EniConfigAnnotation] = "k8s.amazonaws.com/eniConfig",
        [CniEnv.EniConfigLabel] = "k8s.amazonaws.com/eniConfig",
        ["IP_COOLDOWN_PERIOD"] = "30",
        ["NETWORK_POLICY_ENFORCING_MODE"] = "standard",
        ["POD_SECURITY_GROUP_ENFORCING_MODE"] = "strict",
        ["WARM_ENI_TARGET"] = "1",
        [CniEnv.WarmPrefixes] = "1",
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>EKS fills these in by itself in every cluster; they are nobody's choice.
    /// Source: the DaemonSet of the managed add-on.</summary>
    private static readonly FrozenSet<string> FilledInByEks = FrozenSet.Create(
        "CLUSTER_ENDPOINT",
        "CLUSTER_NAME",
        "VPC_CNI_VERSION",
        "VPC_ID"
    );

    public static bool Is(EnvSetting setting) =>
        setting.Value.Length == 0
        || FilledInByEks.Contains(setting.Name)
        || (Values.TryGetValue(setting.Name, out var value) && value == setting.Value);
}
