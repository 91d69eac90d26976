using System.Text.Json.Nodes;
using Podspace.Addressing;
using Podspace.Cni;
using Podspace.Simulation.Kubernetes;
using Podspace.Simulation.State;

namespace Podspace.Simulation.Nodes;

/// <summary>One node with all that stands on it, as of now.</summary>
/// <param name="Interfaces">In device order, without those that the CNI is told to leave alone.</param>
/// <param name="Pods">Bound to it, sorted by namespace and name.</param>
/// <param name="Settings">Null: there is no DaemonSet kube-system/aws-node, nor is the
/// node Auto Mode's, so nobody manages addresses.</param>
internal sealed record NodeView(
    JsonObject Node,
    Instance Instance,
    InstanceType? Type,
    IReadOnlyList<NetworkInterface> Interfaces,
    int Unmanaged,
    IReadOnlyList<JsonObject> Pods,
    IpamdSettings? Settings
)
{
    private HashSet<string>? inUse;

    /// <summary>Ids of interfaces in subnets that are kept from the agent.</summary>
    public IReadOnlySet<string> Excluded { get; init; } = new HashSet<string>();

    public bool IsReady => Node.IsReady();

    /// <summary>Of Auto Mode: no aws-node runs there.</summary>
    public bool IsAuto => AutoAgent.IsAuto(Node);

    public bool IsCordoned => Node.Is("spec", "unschedulable");

    public string? Address =>
        Node.Items("status", "addresses").FirstOrDefault(address => address.Text("type") is "InternalIP").Text("address");

    /// <summary>Addresses that pods of the node have, ended pods apart.</summary>
    public HashSet<string> InUse =>
        inUse ??= Pods.Where(pod => !pod.OnHostNetwork() && !pod.HasEnded())
            .Select(pod => pod.Text("status", "podIP"))
            .OfType<string>()
            .ToHashSet(StringComparer.Ordinal);

    /// <summary>Only under custom networking does an empty pool keep ipamd from starting, and with it the node. Source:
    /// amazon-vpc-cni-k8s v1.23.1, pkg/ipamd/ipamd.go, nodeInit. A node of Auto Mode gets ready all the same, and its pods
    /// wait.</summary>
    public bool CanBeReady =>
        Settings is { } settings && (IsAuto || !settings.CustomNetworking || Pool(settings)?.Total(settings.PrefixDelegation) > 0);

    /// <summary>Null where the type's limits are not known: then nothing can be decided.</summary>
    public Pool? Pool(IpamdSettings settings) =>
        Type is null
            ? null
            : new(
                [.. Interfaces.Select(found => PartOf(found, settings))],
                Node.Number("status", "capacity", "pods") ?? 0,
                Type.MaximumNetworkInterfaces - Unmanaged,
                Type.Ipv4AddressesPerInterface - 1,
                !IsCordoned
            );

    /// <summary>Addresses that a pod can be given now, in the order in which they are given. With prefixes in
    /// use only those in prefixes are, without only single ones.</summary>
    /// <remarks>Source: amazon-vpc-cni-k8s v1.23.1, pkg/ipamd/datastore/data_store.go, AssignPodIPv4Address.
    /// The 30 s for which a freed address rests there are left out.</remarks>
    public IEnumerable<string> FreeAddresses(IpamdSettings settings) =>
        Interfaces
            .Where(found => !Excluded.Contains(found.NetworkInterfaceId))
            .SelectMany(found =>
                settings.PrefixDelegation ? PrefixesOf(found, settings).SelectMany(AddressesIn) : found.PrivateIpAddresses.Skip(1)
            )
            .Where(address => !InUse.Contains(address));

    public static IEnumerable<string> AddressesIn(string prefix)
    {
        var first = Cidr.Parse(prefix).First;
        return Enumerable.Range(0, MaxPods.PerPrefix).Select(offset => first.Plus((uint)offset).ToString());
    }

    public static bool IsPrimary(NetworkInterface found) => found.Attachment?.DeviceIndex == 0;

    /// <summary>Those that the agent knows of.</summary>
    public static IReadOnlyList<string> PrefixesOf(NetworkInterface found, IpamdSettings settings) =>
        Ipamd.IgnoresPrefixes(settings, IsPrimary(found)) ? [] : found.Ipv4Prefixes;

    public bool IsExcluded(NetworkInterface found) => Excluded.Contains(found.NetworkInterfaceId);

    private PoolInterface PartOf(NetworkInterface found, IpamdSettings settings) =>
        new(
            IsPrimary(found),
            Math.Max(found.PrivateIpAddresses.Count - 1, 0),
            found.PrivateIpAddresses.Skip(1).Count(InUse.Contains),
            [.. PrefixesOf(found, settings).Select(prefix => AddressesIn(prefix).Count(InUse.Contains))],
            IsExcluded(found)
        );
}

/// <summary>Questions about pods that have one answer everywhere here.</summary>
internal static class PodFacts
{
    public static bool OnHostNetwork(this JsonObject pod) => pod.Is("spec", "hostNetwork");

    public static bool HasEnded(this JsonObject pod) => pod.Text("status", "phase") is "Succeeded" or "Failed";

    /// <summary>Bound, but without an address.</summary>
    public static bool WaitsForAddress(this JsonObject pod) =>
        pod.Text("status", "podIP") is null && !pod.HasEnded() && pod.Text("metadata", "deletionTimestamp") is null;
}
