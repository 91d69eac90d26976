namespace Podspace.Model;

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
