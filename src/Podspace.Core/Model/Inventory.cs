using Podspace.Addressing;
using Podspace.Naming;

namespace Podspace.Model;

/// <summary>What exists, as AWS and the cluster told it. Possibly stale, possibly partial: what could
/// not be read is a <see cref="Gap"/>, never an empty list.</summary>
/// <remarks>Everything here is seen, ours or not; <c>ActualNetwork</c> finds ours in it.</remarks>
public sealed record Inventory(CloudInventory Cloud, ClusterInventory? Cluster)
{
    /// <summary>Both sides, as each was told by itself: what a NodeClass selects by tags is looked up on the other.</summary>
    public static Inventory Of(CloudInventory cloud, ClusterInventory? cluster) =>
        new(cloud, cluster is null ? null : cluster with { NodeClasses = cluster.NodeClasses.Select(one => one.In(cloud)).ToEquatable() });

    /// <summary>Every read that failed, from both doors.</summary>
    public IEnumerable<Gap> Gaps => Cluster is null ? Cloud.Gaps : Cloud.Gaps.Concat(Cluster.Gaps);

    public bool Sees(Reading reading) => Gaps.All(gap => gap.Reading != reading);
}

/// <summary>What is read, one value a call or group of calls. <c>Design/Needs</c> says which steps and checks depend on each.</summary>
public enum Reading
{
    Identity,
    Vpc,
    Zones,
    Subnets,
    Reservations,
    RouteTables,
    SecurityGroups,
    NetworkAcls,
    Interfaces,
    Instances,
    InstanceTypes,
    Endpoints,
    Peerings,
    TransitGatewayAttachments,
    VpnGateways,
    NatGateways,
    PrefixLists,
    Quotas,

    // Read only where the cluster's account may be another than the VPC's.
    Shares,

    Cluster,
    Nodegroups,
    LaunchTemplates,
    AutoScalingGroups,
    Addon,
    AwsNode,
    EniConfigs,
    Nodes,
    Pods,
    DisruptionBudgets,
    Record,
    Lease,
    ClusterIps,

    // Of Auto Mode: read everywhere, needed only where it is on.
    AccessEntries,
    NodeClasses,
    NodePools,
    NodeClaims,

    Webhooks,

    // Of Karpenter: its Deployment is looked for only where it has node classes.
    Ec2NodeClasses,
    Karpenter,
    Events,
}

/// <param name="Why">AWS's or Kubernetes' own words.</param>
public sealed record Gap(Reading Reading, string Why, GapCause Cause = GapCause.NotAllowed);

/// <summary>What kept a reading from being made; it decides what its reader is to do.</summary>
public enum GapCause
{
    NotAllowed,

    /// <summary>The service gave no answer, or none that was of use, however often it was asked.</summary>
    NoAnswer,

    /// <summary>Credentials are missing, have run out, or are not known there.</summary>
    NotSignedIn,

    /// <summary>It was read, and somebody has edited it into what nobody can read. The reason ends with what to do.</summary>
    Broken,
}

/// <summary>A reading that somebody else made.</summary>
/// <param name="Why">Why it was not possible here.</param>
/// <param name="TakenAt">The file's own time.</param>
public sealed record Testimony(Reading Reading, string Why, string File, DateTimeOffset TakenAt);

/// <summary>The AWS side.</summary>
public sealed record CloudInventory
{
    public required string Account { get; init; }

    /// <summary>The caller's ARN, as STS says it.</summary>
    public required string Caller { get; init; }

    public required string Region { get; init; }

    public required DateTimeOffset ObservedAt { get; init; }

    /// <summary>Null: there is no such VPC (unless <see cref="Reading.Vpc"/> is a gap).</summary>
    public SeenVpc? Vpc { get; init; }

    public EquatableArray<SeenZone> Zones { get; init; }

    public EquatableArray<SeenSubnet> Subnets { get; init; }

    public EquatableArray<SeenRouteTable> RouteTables { get; init; }

    public EquatableArray<SeenGroup> Groups { get; init; }

    public EquatableArray<SeenNetworkAcl> NetworkAcls { get; init; }

    public EquatableArray<SeenInterface> Interfaces { get; init; }

    public EquatableArray<SeenInstance> Instances { get; init; }

    public EquatableArray<SeenInstanceType> InstanceTypes { get; init; }

    public EquatableArray<SeenEndpoint> Endpoints { get; init; }

    public EquatableArray<SeenPeering> Peerings { get; init; }

    public EquatableArray<SeenTransitGatewayAttachment> TransitGatewayAttachments { get; init; }

    public EquatableArray<SeenVpnGateway> VpnGateways { get; init; }

    public EquatableArray<SeenNatGateway> NatGateways { get; init; }

    public EquatableArray<SeenPrefixList> PrefixLists { get; init; }

    public Quotas Quotas { get; init; } = new();

    /// <summary>The account of the cluster and its nodes, where the VPC is another's; null: one account has both.</summary>
    public SeenParticipant? Participant { get; init; }

    /// <summary>Resource shares of the VPC's owner that are in force or on their way. Read only
    /// where there is a <see cref="Participant"/>.</summary>
    public EquatableArray<SeenShare> Shares { get; init; }

    /// <summary>Null: there is no such cluster (unless <see cref="Reading.Cluster"/> is a gap), or the spec names none.</summary>
    public SeenCluster? Cluster { get; init; }

    public EquatableArray<SeenNodegroup> Nodegroups { get; init; }

    /// <summary>Those that node groups with an AMI of their own and the cluster's self-managed groups start nodes by.</summary>
    public EquatableArray<SeenLaunchTemplate> LaunchTemplates { get; init; }

    /// <summary>Of the cluster, by its tag; EKS's own are left out.</summary>
    public EquatableArray<SeenScalingGroup> ScalingGroups { get; init; }

    /// <summary>The managed vpc-cni add-on; null: the cluster has none (unless <see cref="Reading.Addon"/> is a gap).</summary>
    public SeenAddon? VpcCni { get; init; }

    /// <summary>Read only where Auto Mode is on.</summary>
    public EquatableArray<SeenAccessEntry> AccessEntries { get; init; }

    /// <summary>Whose the cluster, its nodes, their groups and interfaces are.</summary>
    public string ClusterAccount => Participant?.Account ?? Account;

    /// <summary>How a zone is named to the VPC's account: by its id where that account has other names, else by its name.</summary>
    public string ZoneFor(string zone) => Participant is null ? zone : Zones.FirstOrDefault(seen => seen.Name == zone)?.Id ?? zone;

    public EquatableArray<Gap> Gaps { get; init; }

    /// <summary>What was not read but taken from evidence, also of the cluster.</summary>
    public EquatableArray<Testimony> Testimonies { get; init; }
}

/// <param name="State">associating, associated, disassociating, disassociated, failing or failed. Entries
/// of the last three stay visible for a while and mean nothing.</param>
public sealed record SeenBlock(Cidr Cidr, string AssociationId, string State, string? Message);

/// <param name="Blocks">All, the primary among them.</param>
public sealed record SeenVpc(AwsId Id, Cidr Primary, EquatableArray<SeenBlock> Blocks, EquatableArray<SeenTag> Tags, string OwnerAccount)
{
    /// <summary>Blocks in use or about to be: associating or associated.</summary>
    public IEnumerable<SeenBlock> LiveBlocks => Blocks.Where(block => block.State is "associating" or "associated");
}

public readonly record struct SeenTag(string Key, string Value);

/// <summary>An account that uses subnets which the VPC's owner shares with it.</summary>
/// <param name="Subnets">Of the VPC: those that it sees, and can use.</param>
/// <param name="OwnerZones">As the VPC's owner names them; everywhere else zones have the
/// participant's names, which are those that nodes carry.</param>
public sealed record SeenParticipant(string Account, EquatableArray<AwsId> Subnets, EquatableArray<SeenZone> OwnerZones);

/// <summary>A resource share of AWS RAM, as far as subnets go.</summary>
/// <param name="Accounts">Whom it is for.</param>
/// <param name="Subnets">That are in it, or on their way into it.</param>
public sealed record SeenShare(
    AwsId Arn,
    string Name,
    EquatableArray<string> Accounts,
    EquatableArray<AwsId> Subnets,
    EquatableArray<SeenTag> Tags
);

/// <param name="Type">availability-zone, local-zone or wavelength-zone.</param>
public sealed record SeenZone(string Name, string Id, string Type, string State);

/// <param name="Free">Addresses AWS counts as free.</param>
public sealed record SeenSubnet(
    AwsId Id,
    string Zone,
    string ZoneId,
    Cidr Cidr,
    string State,
    int Free,
    string OwnerAccount,
    EquatableArray<SeenReservation> Reservations,
    EquatableArray<SeenTag> Tags
)
{
    /// <summary>Null: it has none of that key.</summary>
    public string? Tag(string key)
    {
        foreach (var tag in Tags)
        {
            if (tag.Key == key)
            {
                return tag.Value;
            }
        }
        return null;
    }
}

/// <param name="Type">prefix or explicit.</param>
public sealed record SeenReservation(AwsId Id, Cidr Cidr, string Type, EquatableArray<SeenTag> Tags);

/// <param name="To">Null when the destination is <paramref name="PrefixList"/>.</param>
/// <param name="Via">An id (igw-, nat-, tgw-, pcx-, vgw-, eni-, vpce-…) or <c>local</c>.</param>
/// <param name="State">active, blackhole or filtered.</param>
/// <param name="Origin">CreateRouteTable, CreateRoute or EnableVgwRoutePropagation.</param>
public sealed record SeenRoute(Cidr? To, AwsId? PrefixList, string Via, string State, string Origin);

/// <param name="Subnet">Null for the main association and for gateways.</param>
public sealed record SeenAssociation(string Id, AwsId? Subnet, bool IsMain, string State);

public sealed record SeenRouteTable(
    AwsId Id,
    EquatableArray<SeenRoute> Routes,
    EquatableArray<SeenAssociation> Associations,
    EquatableArray<SeenTag> Tags
)
{
    public bool IsMain => Associations.Any(association => association.IsMain);
}

public sealed record SeenRule(string Id, Direction Direction, Traffic Traffic, Peer Peer, string Description, EquatableArray<SeenTag> Tags);

public sealed record SeenGroup(AwsId Id, string Name, string Description, EquatableArray<SeenRule> Rules, EquatableArray<SeenTag> Tags);

public sealed record SeenAclEntry(int Number, Direction Direction, string Protocol, int From, int To, Cidr? Cidr, bool Allows);

public sealed record SeenNetworkAcl(AwsId Id, bool IsDefault, EquatableArray<SeenAclEntry> Entries, EquatableArray<AwsId> Subnets)
{
    /// <summary>Of each subnet in turn: the association's id, which every replacement
    /// changes. Empty where nothing asked for them.</summary>
    public EquatableArray<string> AssociationIds { get; init; }

    /// <summary>Null: the subnet has another ACL.</summary>
    public string? AssociationOf(AwsId subnet) =>
        Subnets.Zip(AssociationIds).Where(pair => pair.First == subnet).Select(pair => pair.Second).FirstOrDefault();
}

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

public sealed record SeenEndpoint(
    AwsId Id,
    string Service,
    string Type,
    string State,
    EquatableArray<AwsId> Subnets,
    EquatableArray<AwsId> RouteTables,
    EquatableArray<AwsId> Groups,
    EquatableArray<AwsId> Interfaces
);

/// <param name="PeerBlocks">Of the other side, as far as it is known.</param>
public sealed record SeenPeering(AwsId Id, string State, bool IsRequester, string PeerVpc, EquatableArray<Cidr> PeerBlocks);

public sealed record SeenTransitGatewayAttachment(AwsId Id, string Gateway, string State, EquatableArray<AwsId> Subnets);

public sealed record SeenVpnGateway(AwsId Id, string State);

public sealed record SeenNatGateway(AwsId Id, AwsId Subnet, string State, string Connectivity);

public sealed record SeenPrefixList(AwsId Id, string Name, int MaxEntries, EquatableArray<Cidr> Entries);

/// <summary>Limits in force. Defaults are AWS's own; source: VPC User Guide, "Amazon VPC quotas" (2023-06).</summary>
public sealed record Quotas
{
    /// <summary>L-83CA0A9D, the primary included; at most 50.</summary>
    public int BlocksPerVpc { get; init; } = 5;

    public int SubnetsPerVpc { get; init; } = 200;

    public int RouteTablesPerVpc { get; init; } = 200;

    /// <summary>L-93826ACB, propagated routes apart; at most 1,000. 50 until June 2025. Two sources, neither of them AWS's own.</summary>
    public int RoutesPerTable { get; init; } = 500;

    /// <summary>L-0EA8095F, ingress and egress each.</summary>
    public int RulesPerGroup { get; init; } = 60;

    /// <summary>L-2AFB9258; at most 16.</summary>
    public int GroupsPerInterface { get; init; } = 5;

    public int GroupsPerRegion { get; init; } = 2500;

    /// <summary>L-BB24F6E5; at most 256,000.</summary>
    public int NetworkAddressUnits { get; init; } = 64_000;

    /// <summary>L-DF5E4CA3.</summary>
    public int InterfacesPerRegion { get; init; } = 5_000;
}

/// <param name="AuthorityData">Base64 PEM of the cluster's certificate authority.</param>
/// <param name="SubnetIds">Where the control plane's interfaces stand.</param>
/// <param name="IsAutoMode">computeConfig, load balancing and block storage are all enabled.</param>
public sealed record SeenCluster(
    string Name,
    string Version,
    string Status,
    AwsId Vpc,
    string IpFamily,
    Cidr? ServiceCidr,
    string Endpoint,
    string AuthorityData,
    EquatableArray<AwsId> SubnetIds,
    AwsId ClusterGroup,
    EquatableArray<AwsId> ExtraGroups,
    bool IsAutoMode
)
{
    /// <summary>API, API_AND_CONFIG_MAP or CONFIG_MAP; empty when EKS does not say.</summary>
    public string AuthenticationMode { get; init; } = "";

    /// <summary>Of Auto Mode's built-in NodeClass; empty without one.</summary>
    public string NodeRoleArn { get; init; } = "";

    /// <summary>Auto Mode's built-in NodePools that are on: general-purpose, system.</summary>
    public EquatableArray<string> BuiltInPools { get; init; }
}

/// <param name="Type">STANDARD, EC2, EC2_LINUX…</param>
/// <param name="Policies">ARNs of access policies whose scope is the cluster.</param>
public sealed record SeenAccessEntry(string PrincipalArn, string Type, EquatableArray<string> Policies, EquatableArray<SeenTag> Tags);

/// <param name="AmiType">AL2023_x86_64_STANDARD, CUSTOM…; CUSTOM means that EKS sets no max-pods.</param>
/// <param name="InstanceTypes">Empty when the launch template names them.</param>
public sealed record SeenNodegroup(
    string Name,
    string Status,
    string AmiType,
    EquatableArray<string> InstanceTypes,
    EquatableArray<AwsId> Subnets,
    string? LaunchTemplate,
    int MinSize,
    int MaxSize,
    int DesiredSize
)
{
    /// <summary>Of the launch template, as the group names it; empty without one.</summary>
    public string TemplateVersion { get; init; } = "";

    /// <summary>What EKS says is wrong with it: code, and message.</summary>
    public EquatableArray<string> Issues { get; init; }
}

/// <summary>One version of a launch template, as far as it decides about pods.</summary>
/// <param name="Asked">The version as whoever starts nodes by it names it: a number, <c>$Latest</c> or <c>$Default</c>.</param>
/// <param name="HasImage">Names an AMI, so that EKS leaves the user data alone.</param>
/// <param name="InstanceType">Empty when it names none.</param>
public sealed record SeenLaunchTemplate(
    string Id,
    string Name,
    string Asked,
    long Version,
    bool HasImage,
    string InstanceType,
    ToldPods Told
)
{
    public bool Is(LaunchBy by) => (by.Template == Id || by.Template == Name) && by.Version == Asked;
}

/// <summary>By what a group starts nodes.</summary>
/// <param name="Template">Id or name of the launch template.</param>
public readonly record struct LaunchBy(string Template, string Version);

/// <summary>An Auto Scaling group whose instances join the cluster.</summary>
/// <param name="Launches">Empty: it has a launch configuration, which is not read.</param>
/// <param name="InstanceTypes">Of its overrides; empty when the template names the type.</param>
/// <param name="TakesAnyType">Types are chosen by requirements, so nobody knows beforehand which.</param>
public sealed record SeenScalingGroup(
    string Name,
    int MaxSize,
    EquatableArray<LaunchBy> Launches,
    EquatableArray<string> InstanceTypes,
    bool TakesAnyType,
    EquatableArray<AwsId> Subnets,
    EquatableArray<SeenTag> Tags
);

/// <param name="Values">The configuration document exactly as last sent; empty when none was.</param>
/// <param name="Schema">JSON Schema of that version's values; empty when it could not be read (a gap says so).</param>
public sealed record SeenAddon(string Version, string Status, string Values, string Schema, EquatableArray<string> Issues);
