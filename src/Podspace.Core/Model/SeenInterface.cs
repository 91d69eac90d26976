using Podspace.Addressing;
using Podspace.Naming;

namespace Podspace.Model;

/// <param name="Type">interface, branch, trunk, nat_gateway, network_load_balancer, vpc_endpoint…</param>
/// <param name="Status">available or in-use, mostly.</param>
/// <param name="DeviceIndex">0 is an instance's primary; null when not attached to an instance.</param>
public sealed record SeenInterface(
    AwsId Id,
    AwsId Subnet,
    string Type,
    string Status,
    string Description,
    bool RequesterManaged,
    string? Instance,
    int? DeviceIndex,
    EquatableArray<Address> Addresses,
    EquatableArray<Cidr> Prefixes,
    EquatableArray<AwsId> Groups,
    EquatableArray<SeenTag> Tags
)
{
    /// <summary>The interface's own address, among <see cref="Addresses"/>; null where AWS told none.</summary>
    public Address? Own { get; init; }

    /// <summary>The beginning of what the VPC CNI writes on interfaces it makes for a node; the node's
    /// instance follows. Source: amazon-vpc-cni-k8s, pkg/awsutils.</summary>
    public const string CniDescription = "aws-K8S-";

    public bool IsOfCni => Description.StartsWith(CniDescription, StringComparison.Ordinal);

    /// <summary>Every address but the primary interface's own may be a pod's.</summary>
    public bool MayHoldPods => DeviceIndex != 0 || Addresses.Count > 1 || !Prefixes.IsEmpty;

    /// <summary>Put by EKS into the cluster's subnets for the control plane. Source: EKS User Guide, network requirements.</summary>
    public bool IsControlPlane(string cluster) => ClusterOfControlPlane == cluster;

    /// <summary>Null: it is no control plane's.</summary>
    public string? ClusterOfControlPlane => Description.StartsWith(OfEks, StringComparison.Ordinal) ? Description[OfEks.Length..] : null;

    private const string OfEks = "Amazon EKS ";
}

public sealed record SeenInstance(
    AwsId Id,
    string Type,
    string Zone,
    AwsId Subnet,
    string State,
    DateTimeOffset LaunchedAt,
    EquatableArray<SeenTag> Tags
);

/// <param name="Interfaces">Of the default network card.</param>
/// <param name="AddressesPerInterface">IPv4, the interface's own included.</param>
public sealed record SeenInstanceType(
    string Name,
    int Interfaces,
    int AddressesPerInterface,
    string Hypervisor,
    bool IsBareMetal,
    int VCpus
);
