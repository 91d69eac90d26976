using System.Buffers;
using System.Globalization;
using Podspace.Addressing;
using Podspace.Simulation.State;

namespace Podspace.Simulation.Aws;

/// <summary>The network half of EC2: VPCs, subnets, route tables, groups and their neighbours, with AWS's rules.</summary>
/// <remarks>
/// One method an operation that changes something; every one checks all its rules before it changes anything.
/// Error codes and texts are AWS's where they are known; a code marked UNCONFIRMED was never seen from the real service.
/// </remarks>
public sealed partial class Ec2
{
    // AWS's own ids end in hex digits; ids that people write into world files may be names.
    private static readonly SearchValues<char> IdCharacters = SearchValues.Create("0123456789abcdefghijklmnopqrstuvwxyz-");

    private readonly string? caller;

    public Ec2(World world)
    {
        World = world;
        JoinBlocks();
        JoinSubnets();
    }

    private Ec2(World world, string caller)
    {
        World = world;
        this.caller = caller;
    }

    /// <summary>As another account may use it; EKS and the nodes of the world work for the world's own.</summary>
    public Ec2 As(string account) => new(World, account);

    private Participation Participation => new(Aws, caller ?? Aws.Account);

    internal World World { get; }

    private AwsState Aws => World.State.Aws;

    /// <summary>The value in force: the world's own, or AWS's default.</summary>
    private int Limit(Quota quota) => Aws.Quotas.GetValueOrDefault(quota.Code, quota.Default);

    private void Record(string call, string target) => World.Record("ec2", call, target);

    public Vpc FindVpc(string id) =>
        Aws.Vpcs.Find(vpc => vpc.VpcId == id && Participation.Sees(vpc)) ?? throw Missing(id, "vpc-", "InvalidVpcID", "vpc ID");

    /// <exception cref="WorldRefusal">InvalidSubnetID.NotFound or .Malformed.</exception>
    public Subnet FindSubnet(string id) =>
        Aws.Subnets.Find(subnet => subnet.SubnetId == id && Participation.Sees(subnet))
        ?? throw Missing(id, "subnet-", "InvalidSubnetID", "subnet ID");

    public RouteTable FindRouteTable(string id) =>
        Aws.RouteTables.Find(table => table.RouteTableId == id && Participation.Sees(table))
        ?? throw Missing(id, "rtb-", "InvalidRouteTableID", "routeTable ID");

    // Source: EC2 error codes: a group that is not there is InvalidGroup.NotFound, a text that is no group id InvalidGroupId.Malformed.
    public SecurityGroup FindGroup(string id) =>
        Aws.SecurityGroups.Find(group => group.GroupId == id && Participation.Sees(group))
        ?? throw (
            LooksLikeId(id, "sg-")
                ? new WorldRefusal("InvalidGroup.NotFound", $"The security group '{id}' does not exist")
                : new WorldRefusal("InvalidGroupId.Malformed", $"Invalid id: \"{id}\" (expecting \"sg-...\")")
        );

    private Vpc OwnVpc(string id) => Own(FindVpc(id), vpc => vpc.VpcId, vpc => vpc.OwnerId);

    private Subnet OwnSubnet(string id) => Own(FindSubnet(id), subnet => subnet.SubnetId, subnet => subnet.OwnerId);

    private RouteTable OwnRouteTable(string id) =>
        Own(FindRouteTable(id), table => table.RouteTableId, table => Participation.OwnerOfVpc(table.VpcId));

    private SecurityGroup OwnGroup(string id) => Own(FindGroup(id), group => group.GroupId, group => group.OwnerId);

    /// <summary>What another account owns can be seen and used, and is not changed.</summary>
    private T Own<T>(T found, Func<T, string> idOf, Func<T, string> ownerOf) =>
        Participation is var participation && participation.Owns(ownerOf(found))
            ? found
            : throw participation.Foreign(idOf(found), ownerOf(found));

    /// <summary>The refusal for an id that names nothing: malformed when it could never be one, not found otherwise.</summary>
    internal static WorldRefusal Missing(string id, string prefix, string code, string noun) =>
        LooksLikeId(id, prefix)
            ? new($"{code}.NotFound", $"The {noun} '{id}' does not exist")
            : new($"{code}.Malformed", $"Invalid id: \"{id}\" (expecting \"{prefix}...\")");

    private static bool LooksLikeId(string id, string prefix) =>
        id.StartsWith(prefix, StringComparison.Ordinal)
        && id.Length > prefix.Length
        && id.AsSpan(prefix.Length).IndexOfAnyExcept(IdCharacters) < 0;

    /// <summary>Reads a block as EC2 does: host bits are cleared without a word. Source: VPC User Guide, "VPC
    /// CIDR blocks" (100.68.0.18/18 is stored as 100.68.0.0/18).</summary>
    internal static Cidr ReadBlock(string text, string parameter)
    {
        var slash = text.IndexOf('/', StringComparison.Ordinal);
        if (
            slash > 0
            && Address.TryParse(text.AsSpan(0, slash), out var address)
            && int.TryParse(text.AsSpan(slash + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var length)
            && length <= 32
        )
        {
            return Cidr.Containing(address, length);
        }
        throw new WorldRefusal(
            "InvalidParameterValue",
            $"Value ({text}) for parameter {parameter} is invalid. This is not a valid CIDR block."
        );
    }

    private static WorldRefusal InUse(string kind, string id) =>
        new("DependencyViolation", $"The {kind} '{id}' has dependencies and cannot be deleted.");
}
