using Podspace.Addressing;
using Podspace.Model;
using Podspace.Naming;

namespace Podspace.Observed;

/// <summary>The part of the world that is this overlay's: what it made, in the vocabulary of the design, and AWS's ids of it.</summary>
/// <param name="Network">Only what is made. A block is in it once it is associated; a block that is tagged but
/// not associated yet is only in <see cref="Ids.ChosenBlocks"/>.</param>
public sealed record Actual(Network Network, Ids Ids);

/// <summary>AWS's and the cluster's names of what is made.</summary>
public sealed record Ids
{
    public required IReadOnlyDictionary<ResourceName, AwsId> Subnets { get; init; }

    public required IReadOnlyDictionary<ResourceName, AwsId> RouteTables { get; init; }

    /// <summary>Route tables made a second time, which nothing uses; sorted.</summary>
    public EquatableArray<AwsId> SpareTables { get; init; }

    public required IReadOnlyDictionary<ResourceName, AwsId> Groups { get; init; }

    /// <summary>ARNs.</summary>
    public required IReadOnlyDictionary<ResourceName, AwsId> Shares { get; init; }

    /// <summary>Every live block of the VPC, made or not, with its association's id.</summary>
    public required IReadOnlyDictionary<Cidr, string> Associations { get; init; }

    /// <summary>Blocks that the VPC's tags give to this overlay, associated or not; sorted.</summary>
    public required EquatableArray<Cidr> ChosenBlocks { get; init; }

    /// <summary>Made rules, by <see cref="GroupRule.Key"/>. AWS's default egress rule of a made group is among them.</summary>
    public required IReadOnlyDictionary<(Ref Group, Direction Direction, Traffic Traffic, Peer Peer), string> Rules { get; init; }

    /// <summary>Rules in made groups that no overlay's tag names: AWS's default egress rule
    /// before it is tagged, and what others added there.</summary>
    public required IReadOnlyDictionary<(Ref Group, Direction Direction, Traffic Traffic, Peer Peer), string> UntaggedRules { get; init; }

    /// <summary>Made reservations, by subnet and block.</summary>
    public required IReadOnlyDictionary<(ResourceName Subnet, Cidr Block), AwsId> Reservations { get; init; }

    /// <summary>Explicit route table associations of subnets, made or used: the association's id and the table.</summary>
    public required IReadOnlyDictionary<AwsId, (string Id, AwsId Table)> SubnetAssociations { get; init; }

    /// <summary>ENIConfig objects that carry our label; those that the add-on made from its values are not among them.</summary>
    public EquatableArray<string> EniConfigObjects { get; init; }

    /// <summary>ENIConfigs of somebody else, in our vocabulary; one that is as desired needs nothing.</summary>
    public EquatableArray<EniConfig> ForeignEniConfigs { get; init; }

    /// <summary>The id behind a reference to a subnet; null when it is made but does not exist yet.</summary>
    public AwsId? Subnet(Ref reference) => Find(Subnets, reference);

    public AwsId? RouteTable(Ref reference) => Find(RouteTables, reference);

    public AwsId? Group(Ref reference) => Find(Groups, reference);

    private static AwsId? Find(IReadOnlyDictionary<ResourceName, AwsId> ids, Ref reference)
    {
        if (!reference.IsMade)
        {
            return reference.Id;
        }
        return ids.TryGetValue(reference.Name, out var id) ? id : null;
    }
}
