namespace Podspace.Cni;

/// <summary>What the CNI's node agent reads from the env of container aws-node. Defaults are the code's own,
/// which differ from the manifest's in <see cref="WarmPrefixTarget"/>.</summary>
/// <remarks>Source: amazon-vpc-cni-k8s v1.23.1, README.md and pkg/ipamd/ipamd.go.</remarks>
public sealed record IpamdSettings
{
    private const string DefaultEniConfigKey = "k8s.amazonaws.com/eniConfig";

    public bool CustomNetworking { get; init; }

    public bool PrefixDelegation { get; init; }

    /// <summary>Also under custom networking: decides whether a full subnet ends growth or the next interface is tried.</summary>
    public bool SubnetDiscovery { get; init; } = true;

    /// <summary>From v1.22.1 on subnets can be kept from the agent, the node's own among them.</summary>
    public bool KnowsExclusion { get; init; }

    /// <summary>Whole interfaces of free addresses; ignored when a target in addresses is set, or with prefixes.</summary>
    public int WarmEniTarget { get; init; } = 1;

    /// <summary>Null: not set, which is not the same as 0.</summary>
    public int? WarmIpTarget { get; init; }

    /// <summary>Null: not set. Set alone it makes <see cref="WarmIpTarget"/> 0.</summary>
    public int? MinimumIpTarget { get; init; }

    /// <summary>The manifest and the chart set 1.</summary>
    public int WarmPrefixTarget { get; init; }

    /// <summary>The primary included; null: as many as the type takes.</summary>
    public int? MaxEni { get; init; }

    /// <summary>ENABLE_POD_ENI, security groups for pods: one interface of the node becomes the trunk.</summary>
    public bool PodInterfaces { get; init; }

    /// <summary>Seconds before an address that a pod gave back is given again.</summary>
    public int CooldownSeconds { get; init; } = 30;

    /// <summary>Cordoned nodes grow and shrink, too.</summary>
    public bool ManageNonSchedulable { get; init; }

    /// <summary>Key of the node label whose value names the ENIConfig.</summary>
    public string EniConfigLabel { get; init; } = DefaultEniConfigKey;

    /// <summary>Key of the node annotation whose value names the ENIConfig; it beats the label.</summary>
    public string EniConfigAnnotation { get; init; } = DefaultEniConfigKey;

    /// <summary>Empty: interfaces carry no tag for the cluster.</summary>
    public string ClusterName { get; init; } = "";

    /// <summary>What the agent makes of them on a node of this type: without Nitro there are no prefixes, only single addresses.</summary>
    public IpamdSettings On(InstanceLimits limits) =>
        PrefixDelegation && !limits.TakesPrefixes ? this with { PrefixDelegation = false } : this;

    /// <summary>What nodes of Auto Mode do, which read none of these: prefixes, or single addresses where
    /// the NodeClass asks for them (ipv4PrefixSize "32").</summary>
    /// <remarks>Source: EKS User Guide, "Learn about VPC Networking and Load Balancing in EKS Auto Mode". That its agent
    /// keeps one free prefix ahead, as the CNI does by default: DERIVED.</remarks>
    public static IpamdSettings OfAutoMode(bool takesSingles) =>
        new()
        {
            CustomNetworking = true,
            PrefixDelegation = !takesSingles,
            WarmPrefixTarget = 1,
            WarmEniTarget = 0,
            SubnetDiscovery = false,
        };

    public bool HasAddressTargets => WarmIpTarget is not null || MinimumIpTarget is not null;

    /// <summary>Values that cannot be read count as not set, as they do for the agent.</summary>
    public static IpamdSettings From(IReadOnlyDictionary<string, string> env)
    {
        var none = new IpamdSettings();
        return new()
        {
            CustomNetworking = Switch(env, "AWS_VPC_K8S_CNI_CUSTOM_NETWORK_CFG", none.CustomNetworking),
            PrefixDelegation = Switch(env, "ENABLE_PREFIX_DELEGATION", none.PrefixDelegation),
            SubnetDiscovery = Switch(env, "ENABLE_SUBNET_DISCOVERY", none.SubnetDiscovery),
            WarmEniTarget = Number(env, "WARM_ENI_TARGET") ?? none.WarmEniTarget,
            WarmIpTarget = Number(env, "WARM_IP_TARGET"),
            MinimumIpTarget = Number(env, "MINIMUM_IP_TARGET"),
            WarmPrefixTarget = Number(env, "WARM_PREFIX_TARGET") ?? none.WarmPrefixTarget,
            MaxEni = Number(env, "MAX_ENI") is > 0 and var most ? most : null,
            PodInterfaces = Switch(env, "ENABLE_POD_ENI", none.PodInterfaces),
            CooldownSeconds = Number(env, "IP_COOLDOWN_PERIOD") ?? none.CooldownSeconds,
            ManageNonSchedulable = Switch(env, "AWS_MANAGE_ENIS_NON_SCHEDULABLE", none.ManageNonSchedulable),
            EniConfigLabel = Text(env, "ENI_CONFIG_LABEL_DEF") ?? none.EniConfigLabel,
            EniConfigAnnotation = Text(env, "ENI_CONFIG_ANNOTATION_DEF") ?? none.EniConfigAnnotation,
            ClusterName = Text(env, "CLUSTER_NAME") ?? none.ClusterName,
        };
    }

    private static string? Text(IReadOnlyDictionary<string, string> env, string name) =>
        env.TryGetValue(name, out var value) && value.Length > 0 ? value : null;

    private static bool Switch(IReadOnlyDictionary<string, string> env, string name, bool usual) =>
        CniEnv.IsTrue(Text(env, name)) || (usual && !CniEnv.IsFalse(Text(env, name)));

    private static int? Number(IReadOnlyDictionary<string, string> env, string name) =>
        int.TryParse(Text(env, name), out var number) && number >= 0 ? number : null;
}
