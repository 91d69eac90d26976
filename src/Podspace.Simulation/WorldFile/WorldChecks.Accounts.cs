using Podspace.Simulation.Aws;

namespace Podspace.Simulation.WorldFile;

internal sealed partial class WorldChecks
{
    /// <summary>Whose things are, and who shares what with whom.</summary>
    private void Accounts()
    {
        for (var i = 0; i < aws.OtherAccounts.Count; i++)
        {
            ZonesOf(i);
        }
        for (var i = 0; i < aws.ResourceShares.Count; i++)
        {
            Listed($"aws.ResourceShares[{i}].owningAccountId", aws.ResourceShares[i].OwningAccountId);
        }
        for (var i = 0; i < aws.ResourceShareAssociations.Count; i++)
        {
            Association(i);
        }
        if (aws.OtherAccounts.Count > 0)
        {
            Owners("Vpcs", aws.Vpcs, vpc => vpc.OwnerId);
            Owners("Subnets", aws.Subnets, subnet => subnet.OwnerId);
            Owners("SecurityGroups", aws.SecurityGroups, group => group.OwnerId);
            Owners("NetworkInterfaces", aws.NetworkInterfaces, held => held.OwnerId);
        }
    }

    /// <summary>The same zones under whatever names: a zone without its own could not be found from one account to the other.</summary>
    private void ZonesOf(int account)
    {
        var other = aws.OtherAccounts[account];
        foreach (var zone in aws.AvailabilityZones.Where(zone => other.AvailabilityZones.TrueForAll(own => own.ZoneId != zone.ZoneId)))
        {
            places.Report(
                WorldFindings.Dangling,
                $"aws.OtherAccounts[{account}].AvailabilityZones",
                $"{other.Account} has no zone with the id {zone.ZoneId}, which is {zone.ZoneName} in {aws.Account}.",
                "Zones have the same ids in every account: list each, under that account's name for it."
            );
        }
    }

    private void Association(int index)
    {
        var (part, path) = (aws.ResourceShareAssociations[index], $"aws.ResourceShareAssociations[{index}]");
        Refers($"{path}.resourceShareArn", part.ResourceShareArn, "ResourceShares");
        switch (part.AssociationType)
        {
            case Ram.Resource:
                Refers(
                    $"{path}.associatedEntity",
                    Ram.SubnetIn(part.AssociatedEntity) is { Length: > 0 } id ? id : part.AssociatedEntity,
                    "Subnets"
                );
                break;
            case Ram.Principal:
                Listed($"{path}.associatedEntity", part.AssociatedEntity);
                break;
            default:
                places.Report(
                    WorldFindings.BadValue,
                    $"{path}.associationType",
                    $"{part.AssociationType} is no type of association.",
                    "Write RESOURCE or PRINCIPAL."
                );
                break;
        }
    }

    private void Owners<T>(string list, List<T> items, Func<T, string> ownerOf)
    {
        for (var i = 0; i < items.Count; i++)
        {
            if (ownerOf(items[i]) is { Length: > 0 } owner)
            {
                Listed($"aws.{list}[{i}].OwnerId", owner);
            }
        }
    }

    private void Listed(string path, string account)
    {
        if (account != aws.Account)
        {
            Refers(path, account, "OtherAccounts");
        }
    }
}
