using Podspace.Addressing;
using Podspace.Naming;

namespace Podspace.Model;

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
