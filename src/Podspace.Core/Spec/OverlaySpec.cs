using Podspace.Addressing;
using Podspace.Findings;

namespace Podspace.Spec;

/// <summary>What a person asked for, and nothing derived from it. The same document is a file and the operator's custom resource.</summary>
/// <remarks>Every key of the document has its place here; docs/overlay.md explains them and
/// overlaynetwork.schema.json is held against them by a test.</remarks>
public sealed record OverlaySpec
{
    /// <summary>A DNS label of at most 40 characters; it is part of tags and object names.</summary>
    public required string Name { get; init; }

    public required string Region { get; init; }

    /// <summary>Twelve digits, or null when any account will do.</summary>
    public string? Account { get; init; }

    public required string Vpc { get; init; }

    /// <summary>Null: no cluster is named, and only the network stage is planned. A named cluster may not exist yet.</summary>
    public string? Cluster { get; init; }

    /// <summary>Empty means auto. More than one is for a mixed cluster.</summary>
    public EquatableArray<PodMode> Modes { get; init; }

    /// <summary>Zone names of this account, sorted. Empty: every zone in which the cluster's nodes can start.</summary>
    public EquatableArray<string> Zones { get; init; }

    public AddressesSpec Addresses { get; init; } = new();

    public SubnetsSpec Subnets { get; init; } = new();

    public RoutingSpec Routing { get; init; } = new();

    public SecuritySpec Security { get; init; } = new();

    public CniSpec Cni { get; init; } = new();

    public AutoModeSpec AutoMode { get; init; } = new();

    public RolloutSpec Rollout { get; init; } = new();

    public OwnersSpec Owners { get; init; } = new();

    public NamesSpec Names { get; init; } = new();

    /// <summary>Sent in the call that creates; sorted by key.</summary>
    public EquatableArray<Tag> Tags { get; init; }

    public AccessSpec Access { get; init; } = new();

    public EquatableArray<Acceptance> Accept { get; init; }

    /// <summary>Where each setting stands in the file, so that findings of later stages still point at a line.</summary>
    public Places Places { get; init; } = Places.None;
}

public enum PodMode
{
    EniConfig,
    SubnetDiscovery,
    AutoMode,
}

public readonly record struct Tag(string Key, string Value);

/// <param name="Blocks">Empty: the first /16 of the pool that every rule allows.</param>
/// <param name="Avoid">In use elsewhere: VPN, mesh, on-premises, other VPCs.</param>
/// <param name="SubnetPrefixLength">Null: room for one more zone than there are.</param>
public sealed record AddressesSpec(
    EquatableArray<Cidr> Blocks = default,
    EquatableArray<Cidr> Pool = default,
    EquatableArray<Cidr> Avoid = default,
    int? SubnetPrefixLength = null
)
{
    /// <summary>Shared address space for carrier-grade NAT. Source: RFC 6598.</summary>
    public static readonly Cidr CarrierGradeNat = Cidr.Parse("100.64.0.0/10");

    public EquatableArray<Cidr> Pool { get; init; } = Pool.IsEmpty ? [CarrierGradeNat] : Pool;
}

public readonly record struct ExistingSubnet(string Zone, string Id);

public sealed record SubnetsSpec(EquatableArray<ExistingSubnet> Existing = default, string? NetworkAcl = null);

/// <summary>Whose address leaves the VPC.</summary>
public enum PacketSource
{
    /// <summary>The CNI translates to the node's address.</summary>
    Node,
    Pod,
}

/// <param name="Zone">Null: in every zone's table.</param>
/// <param name="Via">An id: tgw-, nat-, pcx- or vgw-.</param>
public sealed record RouteSpec(Cidr To, string Via, string? Zone);

public sealed record RoutingSpec(
    PacketSource Source = PacketSource.Node,
    EquatableArray<Cidr> KeepPodAddressTo = default,
    EquatableArray<RouteSpec> Routes = default
);

public enum PodGroups
{
    /// <summary>Left out: kept as found, else sameAsNode for a cluster that has nodes and dedicated for a new one.</summary>
    Unset,
    Dedicated,
    SameAsNode,
    Cluster,

    /// <summary>The ids in <see cref="SecuritySpec.GroupIds"/>.</summary>
    Listed,
}

public sealed record SecuritySpec(PodGroups Pods = PodGroups.Unset, EquatableArray<string> GroupIds = default);

public enum EniConfigWriter
{
    Auto,

    /// <summary>In the managed add-on's configuration values.</summary>
    Addon,

    /// <summary>As Kubernetes objects of our own.</summary>
    Objects,
}

/// <summary>What UpdateAddon does with fields that someone else changed. Source: EKS API, UpdateAddon.resolveConflicts.</summary>
public enum Conflicts
{
    Fail,
    Preserve,
    Overwrite,
}

/// <param name="PrefixDelegation">Null is auto.</param>
public sealed record CniSpec(
    bool? PrefixDelegation = null,
    EniConfigWriter EniConfigs = EniConfigWriter.Auto,
    Conflicts Conflicts = Conflicts.Fail
);

public sealed record NodePoolSpec(string Name, string Like);

public sealed record AutoModeSpec(
    string? NodeClassName = null,
    string? NodeClassRole = null,
    EquatableArray<NodePoolSpec> NodePools = default
);

/// <param name="Window">As written, for instance <c>Sat 02:00-06:00 Europe/Dublin</c>; null: at any time.</param>
public sealed record RolloutSpec(int MaxUnavailable = 1, string? Window = null);

public enum Owner
{
    Podspace,
    Terraform,
    Git,
    Existing,
}

public sealed record OwnersSpec(
    Owner Network = Owner.Podspace,
    Owner Rules = Owner.Podspace,
    Owner Cni = Owner.Podspace,
    Owner Nodes = Owner.Podspace
);

/// <summary>Templates for the Name tag or group name; <c>{name} {zone} {cluster}</c> are filled in. Null: the design's own.</summary>
public sealed record NamesSpec(string? Subnet = null, string? RouteTable = null, string? SecurityGroup = null);

public sealed record AccessRole(string RoleArn, string? ExternalId);

public sealed record AccessSpec(AccessRole? Network = null, AccessRole? Cluster = null)
{
    /// <summary>Both roles are named, and are of different accounts: the VPC is shared by the one with the other.</summary>
    public bool AreTwoAccounts() => Network is not null && Cluster is not null && Account(Network) != Account(Cluster);

    // arn:aws:iam::111122223333:role/network
    private static string Account(AccessRole role) => role.RoleArn.Split(':') is [_, _, _, _, var account, ..] ? account : "";
}

/// <summary>A person answers for what cannot be seen or will not be changed, until a day.</summary>
public sealed record Acceptance(string Finding, string On, string Reason, DateOnly Until);

/// <summary>Key paths of a document and where they stand. Two documents that say the same are equal wherever their lines are.</summary>
public sealed class Places(IReadOnlyDictionary<string, Place> places) : IEquatable<Places>
{
    public static readonly Places None = new(new Dictionary<string, Place>());

    /// <summary>The place of a path such as <c>spec.addresses.blocks[0]</c>, or of the nearest
    /// key above it; null when nothing is known.</summary>
    public Place? Of(string path)
    {
        for (var at = path; at.Length > 0; at = Parent(at))
        {
            if (places.TryGetValue(at, out var place))
            {
                return place;
            }
        }
        return null;
    }

    public bool Equals(Places? other) => other is not null;

    public override bool Equals(object? obj) => obj is Places;

    public override int GetHashCode() => 0;

    private static string Parent(string path)
    {
        var end = path.LastIndexOfAny(['.', '[']);
        return end < 0 ? "" : path[..end];
    }
}
