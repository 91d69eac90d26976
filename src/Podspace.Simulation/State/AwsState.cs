namespace Podspace.Simulation.State;

/// <summary>One account in one Region, in the field names of <c>aws … describe-*</c>; with a VPC
/// that another account shares, that account's part, too.</summary>
/// <remarks>Zones are named as in <see cref="Account"/>, wherever they stand.</remarks>
public sealed class AwsState
{
    public string Account { get; set; } = "111122223333";
    public string Region { get; set; } = "eu-west-1";
    public List<Role> Roles { get; set; } = [];
    public List<OtherAccount> OtherAccounts { get; set; } = [];
    public List<AvailabilityZone> AvailabilityZones { get; set; } = [];
    public List<Vpc> Vpcs { get; set; } = [];
    public List<Subnet> Subnets { get; set; } = [];
    public List<SubnetCidrReservation> SubnetCidrReservations { get; set; } = [];
    public List<RouteTable> RouteTables { get; set; } = [];
    public List<SecurityGroup> SecurityGroups { get; set; } = [];
    public List<SecurityGroupRule> SecurityGroupRules { get; set; } = [];
    public List<NetworkAcl> NetworkAcls { get; set; } = [];
    public List<InternetGateway> InternetGateways { get; set; } = [];
    public List<NatGateway> NatGateways { get; set; } = [];
    public List<VpnGateway> VpnGateways { get; set; } = [];
    public List<TransitGatewayVpcAttachment> TransitGatewayVpcAttachments { get; set; } = [];
    public List<VpcPeeringConnection> VpcPeeringConnections { get; set; } = [];
    public List<VpcEndpoint> VpcEndpoints { get; set; } = [];
    public List<ManagedPrefixList> PrefixLists { get; set; } = [];
    public List<InstanceType> InstanceTypes { get; set; } = [];
    public List<LaunchTemplateVersion> LaunchTemplateVersions { get; set; } = [];
    public List<AutoScalingGroup> AutoScalingGroups { get; set; } = [];
    public List<Instance> Instances { get; set; } = [];
    public List<NetworkInterface> NetworkInterfaces { get; set; } = [];
    public List<ResourceShare> ResourceShares { get; set; } = [];
    public List<ResourceShareAssociation> ResourceShareAssociations { get; set; } = [];
    public Dictionary<string, int> Quotas { get; set; } = [];
    public List<Cluster> Clusters { get; set; } = [];
    public List<Nodegroup> Nodegroups { get; set; } = [];
    public List<Addon> Addons { get; set; } = [];
    public List<AddonUpdate> Updates { get; set; } = [];
    public List<AccessEntry> AccessEntries { get; set; } = [];
}

/// <summary>One that may be assumed, in whatever account its ARN names. A world that lists none lets any be assumed.</summary>
public sealed class Role
{
    public string RoleArn { get; set; } = "";
    public string? ExternalId { get; set; }

    /// <summary>By a web identity (a service account's token), and by nobody else.</summary>
    public bool IsWebIdentity { get; set; }
}

public sealed class Tag
{
    public string Key { get; set; } = "";
    public string Value { get; set; } = "";
}

public sealed class AvailabilityZone
{
    public string ZoneName { get; set; } = "";
    public string ZoneId { get; set; } = "";
    public string State { get; set; } = "available";
    public string ZoneType { get; set; } = "availability-zone";
}

public sealed class Vpc
{
    public string VpcId { get; set; } = "";
    public string CidrBlock { get; set; } = "";
    public string State { get; set; } = "available";
    public string OwnerId { get; set; } = "";
    public bool IsDefault { get; set; }
    public List<VpcCidrBlockAssociation> CidrBlockAssociationSet { get; set; } = [];
    public List<Tag> Tags { get; set; } = [];
}

public sealed class VpcCidrBlockAssociation
{
    public string AssociationId { get; set; } = "";
    public string CidrBlock { get; set; } = "";
    public VpcCidrBlockState CidrBlockState { get; set; } = new();
}

public sealed class VpcCidrBlockState
{
    public string State { get; set; } = "associated";
    public string? StatusMessage { get; set; }
}

/// <summary>AvailableIpAddressCount is derived: usable addresses less those on interfaces.</summary>
public sealed class Subnet
{
    public string SubnetId { get; set; } = "";
    public string VpcId { get; set; } = "";
    public string CidrBlock { get; set; } = "";
    public string AvailabilityZone { get; set; } = "";
    public string State { get; set; } = "available";
    public string OwnerId { get; set; } = "";
    public bool MapPublicIpOnLaunch { get; set; }
    public List<Tag> Tags { get; set; } = [];
}

public sealed class SubnetCidrReservation
{
    public string SubnetCidrReservationId { get; set; } = "";
    public string SubnetId { get; set; } = "";
    public string Cidr { get; set; } = "";
    public string ReservationType { get; set; } = "prefix";
    public string? Description { get; set; }
    public List<Tag> Tags { get; set; } = [];
}

/// <summary>Local routes are derived from the VPC's blocks.</summary>
public sealed class RouteTable
{
    public string RouteTableId { get; set; } = "";
    public string VpcId { get; set; } = "";
    public string? ClientToken { get; set; }
    public List<RouteTableAssociation> Associations { get; set; } = [];
    public List<Route> Routes { get; set; } = [];
    public List<Tag> Tags { get; set; } = [];
}

public sealed class RouteTableAssociation
{
    public string RouteTableAssociationId { get; set; } = "";
    public bool Main { get; set; }
    public string? SubnetId { get; set; }
    public string? GatewayId { get; set; }
}

/// <summary>One destination, one target.</summary>
public sealed class Route
{
    public string? DestinationCidrBlock { get; set; }
    public string? DestinationPrefixListId { get; set; }
    public string? GatewayId { get; set; }
    public string? NatGatewayId { get; set; }
    public string? TransitGatewayId { get; set; }
    public string? VpcPeeringConnectionId { get; set; }
    public string? NetworkInterfaceId { get; set; }
    public string Origin { get; set; } = "CreateRoute";
    public string State { get; set; } = "active";
}

/// <summary>Its rules are in <see cref="AwsState.SecurityGroupRules"/>; IpPermissions are
/// derived from them (and read, when pasted).</summary>
public sealed class SecurityGroup
{
    public string GroupId { get; set; } = "";
    public string GroupName { get; set; } = "";
    public string Description { get; set; } = "";
    public string VpcId { get; set; } = "";
    public string OwnerId { get; set; } = "";
    public List<Tag> Tags { get; set; } = [];
}

public sealed class SecurityGroupRule
{
    public string SecurityGroupRuleId { get; set; } = "";
    public string GroupId { get; set; } = "";
    public bool IsEgress { get; set; }
    public string IpProtocol { get; set; } = "-1";
    public int FromPort { get; set; } = -1;
    public int ToPort { get; set; } = -1;
    public string? CidrIpv4 { get; set; }
    public string? CidrIpv6 { get; set; }
    public string? PrefixListId { get; set; }
    public ReferencedSecurityGroup? ReferencedGroupInfo { get; set; }
    public string? Description { get; set; }
    public List<Tag> Tags { get; set; } = [];
}

public sealed class ReferencedSecurityGroup
{
    public string GroupId { get; set; } = "";
}

public sealed class NetworkAcl
{
    public string NetworkAclId { get; set; } = "";
    public string VpcId { get; set; } = "";
    public bool IsDefault { get; set; }
    public List<NetworkAclAssociation> Associations { get; set; } = [];
    public List<NetworkAclEntry> Entries { get; set; } = [];
    public List<Tag> Tags { get; set; } = [];
}

/// <summary>Stored only for network ACLs that are not the default; subnets without one have the default.</summary>
public sealed class NetworkAclAssociation
{
    public string NetworkAclAssociationId { get; set; } = "";
    public string SubnetId { get; set; } = "";
}

public sealed class NetworkAclEntry
{
    public int RuleNumber { get; set; }
    public bool Egress { get; set; }
    public string Protocol { get; set; } = "-1";
    public string RuleAction { get; set; } = "allow";
    public string CidrBlock { get; set; } = "0.0.0.0/0";
    public PortRange? PortRange { get; set; }
}

public sealed class PortRange
{
    public int From { get; set; }
    public int To { get; set; }
}

public sealed class InternetGateway
{
    public string InternetGatewayId { get; set; } = "";
    public string VpcId { get; set; } = "";
    public List<Tag> Tags { get; set; } = [];
}

public sealed class NatGateway
{
    public string NatGatewayId { get; set; } = "";
    public string VpcId { get; set; } = "";
    public string SubnetId { get; set; } = "";
    public string State { get; set; } = "available";
    public string ConnectivityType { get; set; } = "public";
    public List<Tag> Tags { get; set; } = [];
}

public sealed class VpnGateway
{
    public string VpnGatewayId { get; set; } = "";
    public string State { get; set; } = "available";
    public string? VpcId { get; set; }
    public List<Tag> Tags { get; set; } = [];
}

public sealed class TransitGatewayVpcAttachment
{
    public string TransitGatewayAttachmentId { get; set; } = "";
    public string TransitGatewayId { get; set; } = "";
    public string VpcId { get; set; } = "";
    public string State { get; set; } = "available";
    public List<string> SubnetIds { get; set; } = [];
    public List<Tag> Tags { get; set; } = [];
}

public sealed class VpcPeeringConnection
{
    public string VpcPeeringConnectionId { get; set; } = "";
    public PeeringVpc RequesterVpcInfo { get; set; } = new();
    public PeeringVpc AccepterVpcInfo { get; set; } = new();
    public PeeringStatus Status { get; set; } = new();
    public List<Tag> Tags { get; set; } = [];
}

public sealed class PeeringVpc
{
    public string VpcId { get; set; } = "";
    public string OwnerId { get; set; } = "";
    public List<PeeringCidr> CidrBlockSet { get; set; } = [];
}

public sealed class PeeringCidr
{
    public string CidrBlock { get; set; } = "";
}

public sealed class PeeringStatus
{
    public string Code { get; set; } = "active";
}

public sealed class VpcEndpoint
{
    public string VpcEndpointId { get; set; } = "";
    public string VpcEndpointType { get; set; } = "Interface";
    public string VpcId { get; set; } = "";
    public string ServiceName { get; set; } = "";
    public string State { get; set; } = "available";
    public List<string> RouteTableIds { get; set; } = [];
    public List<string> SubnetIds { get; set; } = [];
    public List<EndpointGroup> Groups { get; set; } = [];
    public List<string> NetworkInterfaceIds { get; set; } = [];
    public List<Tag> Tags { get; set; } = [];
}

public sealed class EndpointGroup
{
    public string GroupId { get; set; } = "";
}

public sealed class ManagedPrefixList
{
    public string PrefixListId { get; set; } = "";
    public string PrefixListName { get; set; } = "";
    public int MaxEntries { get; set; }
    public List<PrefixListEntry> Entries { get; set; } = [];
    public List<Tag> Tags { get; set; } = [];
}

public sealed class PrefixListEntry
{
    public string Cidr { get; set; } = "";
}

public sealed class InstanceType
{
    [System.Text.Json.Serialization.JsonPropertyName("InstanceType")]
    public string Name { get; set; } = "";
    public int MaximumNetworkInterfaces { get; set; }
    public int Ipv4AddressesPerInterface { get; set; }
    public string Hypervisor { get; set; } = "nitro";
    public bool BareMetal { get; set; }
    public int DefaultVCpus { get; set; }
}

/// <summary>Its interfaces are in <see cref="AwsState.NetworkInterfaces"/>.</summary>
public sealed class Instance
{
    public string InstanceId { get; set; } = "";
    public string InstanceType { get; set; } = "";
    public string State { get; set; } = "running";
    public DateTimeOffset LaunchTime { get; set; }
    public List<Tag> Tags { get; set; } = [];
}

public sealed class NetworkInterface
{
    public string NetworkInterfaceId { get; set; } = "";
    public string SubnetId { get; set; } = "";
    public string InterfaceType { get; set; } = "interface";
    public string Status { get; set; } = "in-use";
    public string Description { get; set; } = "";
    public bool RequesterManaged { get; set; }
    public string OwnerId { get; set; } = "";
    public InterfaceAttachment? Attachment { get; set; }
    public List<string> Groups { get; set; } = [];

    /// <summary>The first is the interface's own.</summary>
    public List<string> PrivateIpAddresses { get; set; } = [];
    public List<string> Ipv4Prefixes { get; set; } = [];
    public List<Tag> TagSet { get; set; } = [];
}

public sealed class InterfaceAttachment
{
    public string AttachmentId { get; set; } = "";
    public string? InstanceId { get; set; }
    public int DeviceIndex { get; set; }
    public DateTimeOffset? AttachTime { get; set; }
}
