using Podspace.Simulation.State;

namespace Podspace.Simulation.Aws;

/// <summary>What one account sees of a VPC that several share, and what of it is its own. In
/// a world of one account that is everything.</summary>
/// <remarks>
/// Source: VPC User Guide, "Share your VPC with other accounts". A participant uses the subnets that were shared
/// with it and describes what they need; it changes only what it made itself,
/// and tags of others are not shown to it. That a participant sees just those route tables and ACLs which its subnets have is DERIVED;
/// that it sees no endpoints, peerings and attachments, and the code with which a change of another's things is refused, are UNCONFIRMED.
/// </remarks>
public sealed class Participation
{
    private readonly AwsState aws;
    private readonly Dictionary<string, string> zones = new(StringComparer.Ordinal);
    private readonly Lazy<HashSet<string>> shared;

    /// <param name="caller">An account that the world does not list counts as its own.</param>
    public Participation(AwsState aws, string caller)
    {
        this.aws = aws;
        var other = aws.OtherAccounts.Find(one => one.Account == caller);
        Caller = other?.Account ?? aws.Account;
        AvailabilityZones = other?.AvailabilityZones ?? aws.AvailabilityZones;
        IsShared = aws.OtherAccounts.Count > 0;
        shared = new(() => [.. Ram.SubnetsFor(aws, Caller)]);
        foreach (var zone in other is null ? [] : aws.AvailabilityZones)
        {
            zones[zone.ZoneName] = AvailabilityZones.FirstOrDefault(own => own.ZoneId == zone.ZoneId)?.ZoneName ?? zone.ZoneName;
        }
    }

    public string Caller { get; }

    /// <summary>As the caller's account names them; ids are the same everywhere.</summary>
    public IReadOnlyList<AvailabilityZone> AvailabilityZones { get; }

    /// <summary>Reports whether there is anybody else.</summary>
    public bool IsShared { get; }

    /// <summary>From a zone's name in the world's own account to that in the caller's.</summary>
    public string ZoneName(string name) => zones.GetValueOrDefault(name, name);

    /// <summary>World files need not say who owns a thing: then it is the world's own account.</summary>
    public string Owner(string ownerId) => ownerId.Length > 0 ? ownerId : aws.Account;

    public string OwnerOfVpc(string vpcId) => Owner(aws.Vpcs.Find(vpc => vpc.VpcId == vpcId)?.OwnerId ?? "");

    public bool Owns(string ownerId) => !IsShared || Owner(ownerId) == Caller;

    public WorldRefusal Foreign(string id, string ownerId) =>
        new("UnauthorizedOperation", $"You are not authorized to perform this operation: {id} belongs to account {Owner(ownerId)}.", 403);

    public bool OwnsVpc(string? vpcId) => !IsShared || (vpcId is not null && OwnerOfVpc(vpcId) == Caller);

    public bool OwnsInstance(string instanceId) =>
        !IsShared
        || Owner(
            aws.NetworkInterfaces.Find(held =>
                held.Attachment is { DeviceIndex: 0 } attachment && attachment.InstanceId == instanceId
            )?.OwnerId
                ?? ""
        ) == Caller;

    public bool Sees(Vpc vpc) =>
        Owns(vpc.OwnerId) || aws.Subnets.Exists(subnet => subnet.VpcId == vpc.VpcId && shared.Value.Contains(subnet.SubnetId));

    public bool Sees(Subnet subnet) => Owns(subnet.OwnerId) || shared.Value.Contains(subnet.SubnetId);

    public bool Sees(RouteTable table) =>
        OwnsVpc(table.VpcId)
        || table.Associations.Exists(association =>
            association.SubnetId is { } subnet
                ? shared.Value.Contains(subnet)
                : association.Main
                    && aws.Subnets.Exists(subnet =>
                        subnet.VpcId == table.VpcId && shared.Value.Contains(subnet.SubnetId) && UsesMain(subnet.SubnetId)
                    )
        );

    /// <param name="acl">As in force: with the subnets that it holds by default.</param>
    public bool Sees(NetworkAcl acl) =>
        OwnsVpc(acl.VpcId) || acl.Associations.Exists(association => shared.Value.Contains(association.SubnetId));

    /// <summary>Its own, those of the VPC's owner, and to the owner everybody's.</summary>
    public bool Sees(SecurityGroup group) =>
        Owns(group.OwnerId) || OwnsVpc(group.VpcId) || (Owner(group.OwnerId) == OwnerOfVpc(group.VpcId) && SeesVpc(group.VpcId));

    /// <summary>Its own, and to the VPC's owner everybody's.</summary>
    public bool Sees(NetworkInterface held) =>
        Owns(held.OwnerId) || OwnsVpc(aws.Subnets.Find(subnet => subnet.SubnetId == held.SubnetId)?.VpcId);

    public bool SeesVpc(string? vpcId) => !IsShared || (aws.Vpcs.Find(vpc => vpc.VpcId == vpcId) is { } vpc && Sees(vpc));

    private bool UsesMain(string subnetId) =>
        !aws.RouteTables.Exists(table => table.Associations.Exists(association => association.SubnetId == subnetId));
}
