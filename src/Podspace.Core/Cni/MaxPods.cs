namespace Podspace.Cni;

/// <summary>How many pods a kubelet is told to take. Source: max-pods-calculator.sh of amazon-eks-ami;
/// EKS User Guide, "Increase the available IP addresses".</summary>
public static class MaxPods
{
    /// <summary>aws-node and kube-proxy, which stand on the node's own address.</summary>
    public const int OnHostNetwork = 2;

    /// <summary>Addresses in a /28.</summary>
    public const int PerPrefix = 16;

    private const int ManyCores = 30;
    private const int CapForFewCores = 110;
    private const int CapForManyCores = 250;

    /// <summary>What is recommended at most, whatever the interfaces would hold: 110, with more than 30 vCPUs 250.</summary>
    public static int Cap(InstanceLimits limits) => limits.VCpus > ManyCores ? CapForManyCores : CapForFewCores;

    /// <summary>What the interfaces hold, and two on the host network. Null: no pod fits, because
    /// the type's only interface is the node's own.</summary>
    /// <param name="customNetworking">The primary interface then holds no pods.</param>
    /// <param name="prefixes">Left out of account on types that take none, as the CNI does.</param>
    public static int? Uncapped(InstanceLimits limits, bool customNetworking, bool prefixes) =>
        Uncapped(limits, new IpamdSettings { CustomNetworking = customNetworking, PrefixDelegation = prefixes });

    /// <summary>The same with everything that takes interfaces away: MAX_ENI, and the trunk of security groups for pods.</summary>
    public static int? Uncapped(InstanceLimits limits, IpamdSettings settings)
    {
        var interfaces = InterfacesFor(limits, settings) - (settings.CustomNetworking ? 1 : 0);
        var perInterface = (limits.AddressesPerInterface - 1) * (settings.On(limits).PrefixDelegation ? PerPrefix : 1);
        return interfaces < 1 ? null : (interfaces * perInterface) + OnHostNetwork;
    }

    /// <summary>Interfaces, the primary included, that may hold addresses of the pool.</summary>
    /// <remarks>Source: amazon-vpc-cni-k8s v1.23.1, pkg/ipamd: the limit is the lesser of the type's and
    /// MAX_ENI; a slot is kept for the trunk where the type takes one.</remarks>
    public static int InterfacesFor(InstanceLimits limits, IpamdSettings settings) =>
        Math.Min(settings.MaxEni ?? int.MaxValue, limits.Interfaces) - (settings.PodInterfaces && limits.TakesTrunk ? 1 : 0);

    /// <summary>What to tell a kubelet: never more than fits, never more than <see cref="Cap"/>. Two where no pod fits.</summary>
    public static int Advised(InstanceLimits limits, IpamdSettings settings) =>
        Math.Min(Uncapped(limits, settings) ?? OnHostNetwork, Cap(limits));

    /// <summary>What Auto Mode gives its nodes; it cannot be set. With pod subnets the primary interface holds no pods.</summary>
    /// <remarks>Source: EKS User Guide, Auto Mode networking: at most 110, by the type's addresses (that prefixes count into
    /// it: DERIVED). Its node agents are no pods, so none is added for them.</remarks>
    public static int OfAutoMode(InstanceLimits limits, bool podSubnets, bool prefixes) =>
        Math.Min(Math.Max(0, (Uncapped(limits, podSubnets, prefixes) ?? 0) - OnHostNetwork), CapForFewCores);

    /// <summary>What a managed node group without an AMI of its own gives its nodes: the
    /// formula, never more than <see cref="Cap"/>.</summary>
    /// <remarks>
    /// Third-party knowledge, UNCONFIRMED: that EKS takes one interface off when it finds custom
    /// networking switched on, and that it caps plain secondary addresses, too.
    /// The node's own capacity is the truth. A type on which no pod fits still takes the two on the host network.
    /// </remarks>
    public static int OfManagedNode(InstanceLimits limits, bool customNetworking, bool prefixes) =>
        Math.Min(Uncapped(limits, customNetworking, prefixes) ?? OnHostNetwork, Cap(limits));
}
