using Podspace.Simulation;
using Podspace.Simulation.Aws;
using Podspace.Simulation.State;

namespace Podspace.Twin.Aws;

/// <summary>The world as one describe call reads it: what several answers derive is worked out once a call.</summary>
internal sealed class Ec2View(World world, string caller)
{
    private IReadOnlyDictionary<string, int>? free;
    private Dictionary<string, SecurityGroup>? groups;
    private ILookup<string, SecurityGroupRule>? rules;
    private ILookup<string, NetworkInterface>? interfaces;
    private Dictionary<string, Subnet>? subnets;

    public World World => world;

    public AwsState Aws => world.State.Aws;

    public Participation Of { get; } = new(world.State.Aws, caller);

    public string Account => Of.Caller;

    public int FreeAddresses(Subnet subnet) => (free ??= world.Ec2.FreeAddresses())[subnet.SubnetId];

    public string ZoneName(string zoneName) => Of.ZoneName(zoneName);

    /// <param name="zoneName">In the world's own account.</param>
    public string? ZoneId(string zoneName) => Aws.AvailabilityZones.Find(zone => zone.ZoneName == zoneName)?.ZoneId;

    public string? GroupName(string groupId) => Group(groupId)?.GroupName;

    public SecurityGroup? Group(string groupId) =>
        (groups ??= Aws.SecurityGroups.ToDictionary(group => group.GroupId)).GetValueOrDefault(groupId);

    public string OwnerOfGroup(string groupId) => Group(groupId)?.OwnerId ?? "";

    public IEnumerable<SecurityGroupRule> Rules(string groupId) =>
        (rules ??= Aws.SecurityGroupRules.ToLookup(rule => rule.GroupId))[groupId];

    public Subnet? Subnet(string id) => (subnets ??= Aws.Subnets.ToDictionary(subnet => subnet.SubnetId)).GetValueOrDefault(id);

    public IEnumerable<NetworkInterface> InterfacesOf(string instanceId) =>
        (
            interfaces ??= Aws
                .NetworkInterfaces.Where(held => held.Attachment?.InstanceId is not null)
                .OrderBy(held => held.Attachment!.DeviceIndex)
                .ToLookup(held => held.Attachment!.InstanceId!)
        )[instanceId];

    public string Arn(string kind, string id, string ownerId = "") => $"arn:aws:ec2:{Aws.Region}:{Owner(ownerId)}:{kind}/{id}";

    public string Owner(string ownerId) => Of.Owner(ownerId);

    /// <summary>Of what comes with a VPC: tables, ACLs, gateways, endpoints.</summary>
    public string OwnerOfVpc(string? vpcId) => Of.OwnerOfVpc(vpcId ?? "");

    /// <summary>None where they are somebody else's.</summary>
    public List<Tag> Tags(List<Tag> tags, string ownerId) => Of.Owns(ownerId) ? tags : [];
}
