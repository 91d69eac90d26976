using Podspace.Simulation.State;

namespace Podspace.Simulation.Aws;

/// <summary>The other half of EC2: instances, network interfaces and the addresses on them.</summary>
/// <remarks>Error codes: EC2 API reference, "Error codes". Every refusal comes before the first change.</remarks>
public sealed partial class Compute
{
    private readonly World world;
    private readonly string? caller;

    private Compute(World world, string caller)
    {
        this.world = world;
        this.caller = caller;
    }

    public Compute(World world)
    {
        this.world = world;
        world.OnPending(Running, EndLaunch);
        world.OnPending(Terminated, EndTermination);
        world.OnPending(Forgotten, Forget);
    }

    private AwsState Aws => world.State.Aws;

    /// <summary>As another account may use it; the nodes of the world work for the world's own.</summary>
    public Compute As(string account) => new(world, account);

    private Participation Participation => new(Aws, caller ?? Aws.Account);

    public Instance FindInstance(string id) =>
        Aws.Instances.Find(instance => instance.InstanceId == id && Participation.OwnsInstance(id))
        ?? throw new WorldRefusal("InvalidInstanceID.NotFound", $"The instance ID '{id}' does not exist");

    public NetworkInterface FindInterface(string id) =>
        Aws.NetworkInterfaces.Find(found => found.NetworkInterfaceId == id && Participation.Sees(found))
        ?? throw new WorldRefusal("InvalidNetworkInterfaceID.NotFound", $"The networkInterface ID '{id}' does not exist");

    /// <summary>In device order; the first is the primary.</summary>
    public IEnumerable<NetworkInterface> InterfacesOf(string instanceId) =>
        Aws.NetworkInterfaces.Where(found => found.Attachment?.InstanceId == instanceId).OrderBy(found => found.Attachment!.DeviceIndex);

    /// <summary>Null for an instance whose interfaces are gone: a terminated one.</summary>
    public NetworkInterface? PrimaryOf(string instanceId) =>
        Aws.NetworkInterfaces.Find(found => found.Attachment is { DeviceIndex: 0 } attachment && attachment.InstanceId == instanceId);

    /// <summary>The zone that its primary interface stands in; null for an instance that has none any more.</summary>
    public string? ZoneOf(string instanceId) => PrimaryOf(instanceId) is { } primary ? FindSubnet(primary.SubnetId).AvailabilityZone : null;

    private NetworkInterface OwnInterface(string id) =>
        FindInterface(id) is var found && Participation.Owns(found.OwnerId) ? found : throw Participation.Foreign(id, found.OwnerId);

    /// <summary>For something new; what stands in a subnet that is no longer shared can be changed all the
    /// same. Source: VPC User Guide, "Unshare a shared subnet".</summary>
    private Subnet OpenSubnet(string id) =>
        FindSubnet(id) is var subnet && Participation.Sees(subnet)
            ? subnet
            : throw new WorldRefusal("InvalidSubnetID.NotFound", $"The subnet ID '{id}' does not exist");

    private Subnet FindSubnet(string id) =>
        Aws.Subnets.Find(subnet => subnet.SubnetId == id)
        ?? throw new WorldRefusal("InvalidSubnetID.NotFound", $"The subnet ID '{id}' does not exist");

    /// <summary>The groups as asked for, or the VPC's default group when none was.</summary>
    private List<string> CheckGroups(Subnet subnet, IReadOnlyList<string> groups)
    {
        var participation = Participation;
        if (groups.Count == 0)
        {
            groups =
            [
                .. Aws
                    .SecurityGroups.Where(group => group.VpcId == subnet.VpcId && group.GroupName == "default")
                    .Select(group => group.GroupId),
            ];
        }
        foreach (var id in groups)
        {
            // Source: VPC User Guide, "Share your VPC with other accounts", limitations: no account launches
            // anything with a group of another, the VPC's default group included.
            var group =
                Aws.SecurityGroups.Find(group => group.GroupId == id && participation.Owns(group.OwnerId))
                ?? throw new WorldRefusal("InvalidGroup.NotFound", $"The security group '{id}' does not exist");
            if (group.VpcId != subnet.VpcId)
            {
                throw new WorldRefusal(
                    "InvalidParameter",
                    $"Security group {id} and subnet {subnet.SubnetId} belong to different networks."
                );
            }
        }
        var limit = Limit(Quota.GroupsPerInterface);
        if (groups.Count > limit)
        {
            throw new WorldRefusal(
                "SecurityGroupsPerInterfaceLimitExceeded",
                $"You have exceeded the maximum number of security groups allowed per network interface: {limit}"
            );
        }
        return [.. groups];
    }

    private int Limit(Quota quota) => Aws.Quotas.GetValueOrDefault(quota.Code, quota.Default);
}
