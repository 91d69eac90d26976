using Podspace.Simulation;
using Podspace.Simulation.State;

namespace Podspace.Twin.Aws;

/// <summary>The world as one describe call reads it: what several answers derive is worked out once a call.</summary>
internal sealed class Ec2View(World world)
{
    private IReadOnlyDictionary<string, int>? free;
    private Dictionary<string, string>? groupNames;
    private ILookup<string, SecurityGroupRule>? rules;
    private ILookup<string, NetworkInterface>? interfaces;
    private Dictionary<string, Subnet>? subnets;

    public World World => world;

    public AwsState Aws => world.State.Aws;

    public string Account => Aws.Account;

    public int FreeAddresses(Subnet subnet) => (free ??= world.Ec2.FreeAddresses())[subnet.SubnetId];

    public string? ZoneId(string zoneName) => Aws.AvailabilityZones.Find(zone => zone.ZoneName == zoneName)?.ZoneId;

    public string? GroupName(string groupId) =>
        (groupNames ??= Aws.SecurityGroups.ToDictionary(group => group.GroupId, group => group.GroupName)).GetValueOrDefault(groupId);

    public IEnumerable<SecurityGroupRule> Rules(string groupId) => (rules ??= Aws.SecurityGroupRules.ToLookup(rule => rule.GroupId))[groupId];

    public Subnet? Subnet(string id) => (subnets ??= Aws.Subnets.ToDictionary(subnet => subnet.SubnetId)).GetValueOrDefault(id);

    public IEnumerable<NetworkInterface> InterfacesOf(string instanceId) =>
        (interfaces ??= Aws.NetworkInterfaces.Where(held => held.Attachment?.InstanceId is not null)
            .OrderBy(held => held.Attachment!.DeviceIndex).ToLookup(held => held.Attachment!.InstanceId!))[instanceId];

    public string Arn(string kind, string id) => $"arn:aws:ec2:{Aws.Region}:{Account}:{kind}/{id}";

    /// <summary>World files need not say who owns a thing: then it is the world's own account.</summary>
    public string Owner(string ownerId) => ownerId.Length > 0 ? ownerId : Account;
}
