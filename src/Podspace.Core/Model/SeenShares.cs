using Podspace.Naming;

namespace Podspace.Model;

/// <summary>An account that uses subnets which the VPC's owner shares with it.</summary>
/// <param name="Subnets">Of the VPC: those that it sees, and can use.</param>
/// <param name="OwnerZones">As the VPC's owner names them; everywhere else zones have the
/// participant's names, which are those that nodes carry.</param>
public sealed record SeenParticipant(string Account, EquatableArray<AwsId> Subnets, EquatableArray<SeenZone> OwnerZones);

/// <summary>A resource share of AWS RAM, as far as subnets go.</summary>
/// <param name="Accounts">Whom it is for.</param>
/// <param name="Subnets">That are in it, or on their way into it.</param>
public sealed record SeenShare(
    AwsId Arn,
    string Name,
    EquatableArray<string> Accounts,
    EquatableArray<AwsId> Subnets,
    EquatableArray<SeenTag> Tags
);
