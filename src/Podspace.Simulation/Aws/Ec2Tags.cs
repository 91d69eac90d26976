using Podspace.Simulation.State;

namespace Podspace.Simulation.Aws;

/// <summary>Tags on every kind of resource. Source: EC2 User Guide, "Tag your Amazon EC2 resources".</summary>
public sealed partial class Ec2
{
    private const int MostTags = 50;

    /// <summary>A key that is there gets the new value.</summary>
    public void CreateTags(IReadOnlyList<string> resources, IReadOnlyList<Tag> tags)
    {
        var found = resources.Select(id => (Id: id, Tags: TagsOf(id))).ToList();
        found.ForEach(resource => CheckTags(resource.Tags, tags));
        foreach (var (id, present) in found)
        {
            foreach (var tag in tags)
            {
                Set(present, tag);
            }
            Record("CreateTags", id);
        }
    }

    /// <param name="tags">A value of null takes the key away whatever it holds. None at all: every tag that is not AWS's own.</param>
    public void DeleteTags(IReadOnlyList<string> resources, IReadOnlyList<(string Key, string? Value)> tags)
    {
        var found = resources.Select(id => (Id: id, Tags: TagsOf(id))).ToList();
        foreach (var (key, _) in tags)
        {
            CheckReserved(key);
        }
        foreach (var (id, present) in found)
        {
            var gone =
                tags.Count == 0
                    ? present.RemoveAll(tag => !IsReserved(tag.Key))
                    : present.RemoveAll(tag =>
                        tags.Any(unwanted => unwanted.Key == tag.Key && (unwanted.Value is null || unwanted.Value == tag.Value))
                    );
            if (gone > 0)
            {
                Record("DeleteTags", id);
            }
        }
    }

    /// <summary>Refuses tags that AWS would refuse beside those that are there; for tags sent in the call that creates, none are.</summary>
    internal static void CheckTags(IReadOnlyList<Tag> present, IReadOnlyList<Tag> tags)
    {
        foreach (var tag in tags)
        {
            CheckReserved(tag.Key);
            if (tag.Key.Length is 0 or > 128 || tag.Value.Length > 256)
            {
                throw new WorldRefusal(
                    "InvalidParameterValue",
                    $"Tag \"{tag.Key}\": a key has 1 to 128 characters and a value at most 256."
                );
            }
        }
        if (tags.GroupBy(tag => tag.Key, StringComparer.Ordinal).FirstOrDefault(same => same.Count() > 1) is { } twice)
        {
            throw new WorldRefusal("InvalidParameterValue", $"Duplicate tag key '{twice.Key}' specified.");
        }
        var keys = present.Concat(tags).Select(tag => tag.Key).Where(key => !IsReserved(key)).Distinct(StringComparer.Ordinal).Count();
        if (keys > MostTags)
        {
            throw new WorldRefusal("TagLimitExceeded", $"The maximum number of Tags for a resource has been reached: {MostTags}.");
        }
    }

    private static bool IsReserved(string key) => key.StartsWith("aws:", StringComparison.OrdinalIgnoreCase);

    private static void CheckReserved(string key)
    {
        if (IsReserved(key))
        {
            throw new WorldRefusal("InvalidParameterValue", $"Tag keys starting with 'aws:' are reserved for internal use: {key}");
        }
    }

    private static void Set(List<Tag> tags, Tag tag)
    {
        if (tags.Find(present => present.Key == tag.Key) is { } present)
        {
            present.Value = tag.Value;
            return;
        }
        tags.Add(new() { Key = tag.Key, Value = tag.Value });
    }

    /// <summary>Only what is one's own: whether a participant may tag a shared subnet for itself is UNCONFIRMED.</summary>
    private List<Tag> TagsOf(string id)
    {
        var tags = FindTags(id);
        var participation = Participation;
        return !participation.IsShared || OwnerOf(id) is not { } owner || owner == participation.Caller
            ? tags
            : throw participation.Foreign(id, owner);
    }

    /// <summary>Null for what the world does not say it of.</summary>
    private string? OwnerOf(string id) =>
        id[..Math.Max(id.IndexOf('-', StringComparison.Ordinal), 0)] switch
        {
            "vpc" => Participation.OwnerOfVpc(id),
            "subnet" => Participation.Owner(FindSubnet(id).OwnerId),
            "rtb" => Participation.OwnerOfVpc(FindRouteTable(id).VpcId),
            "sg" => Participation.Owner(FindGroup(id).OwnerId),
            "sgr" => Participation.Owner(FindGroup(Aws.SecurityGroupRules.First(rule => rule.SecurityGroupRuleId == id).GroupId).OwnerId),
            "scr" => Participation.Owner(
                FindSubnet(Aws.SubnetCidrReservations.First(one => one.SubnetCidrReservationId == id).SubnetId).OwnerId
            ),
            "i" => Participation.OwnsInstance(id) ? Participation.Caller : "another",
            "eni" => Participation.Owner(Aws.NetworkInterfaces.First(held => held.NetworkInterfaceId == id).OwnerId),
            _ => null,
        };

    private List<Tag> FindTags(string id) =>
        id[..Math.Max(id.IndexOf('-', StringComparison.Ordinal), 0)] switch
        {
            // An association can't carry tags.
            "vpc" when id.StartsWith("vpc-cidr-assoc-", StringComparison.Ordinal) => null,
            "vpc" => FindVpc(id).Tags,
            "subnet" => FindSubnet(id).Tags,
            "rtb" => FindRouteTable(id).Tags,
            "sg" => FindGroup(id).Tags,
            "sgr" => Tagged(Aws.SecurityGroupRules, rule => rule.SecurityGroupRuleId, id)?.Tags,
            "scr" => Tagged(Aws.SubnetCidrReservations, reservation => reservation.SubnetCidrReservationId, id)?.Tags,
            "acl" => Tagged(Aws.NetworkAcls, acl => acl.NetworkAclId, id)?.Tags,
            "igw" => Tagged(Aws.InternetGateways, gateway => gateway.InternetGatewayId, id)?.Tags,
            "nat" => Tagged(Aws.NatGateways, gateway => gateway.NatGatewayId, id)?.Tags,
            "vgw" => Tagged(Aws.VpnGateways, gateway => gateway.VpnGatewayId, id)?.Tags,
            "tgw" => Tagged(Aws.TransitGatewayVpcAttachments, attachment => attachment.TransitGatewayAttachmentId, id)?.Tags,
            "pcx" => Tagged(Aws.VpcPeeringConnections, peering => peering.VpcPeeringConnectionId, id)?.Tags,
            "vpce" => Tagged(Aws.VpcEndpoints, endpoint => endpoint.VpcEndpointId, id)?.Tags,
            "pl" => Tagged(Aws.PrefixLists, list => list.PrefixListId, id)?.Tags,
            "i" => Tagged(Aws.Instances, instance => instance.InstanceId, id)?.Tags,
            "eni" => Tagged(Aws.NetworkInterfaces, held => held.NetworkInterfaceId, id)?.TagSet,
            _ => null,
        }
        // Source: EC2 error codes, InvalidID.
        ?? throw new WorldRefusal("InvalidID", $"The ID '{id}' is not valid");

    private static T? Tagged<T>(List<T> all, Func<T, string> idOf, string id)
        where T : class => all.Find(one => idOf(one) == id);
}
