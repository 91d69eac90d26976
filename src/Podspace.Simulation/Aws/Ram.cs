using Podspace.Simulation.State;

namespace Podspace.Simulation.Aws;

/// <summary>AWS RAM as far as sharing subnets goes, within one organization: shares made, added to, taken from and deleted.</summary>
/// <remarks>
/// Source: RAM API Reference, 2018-01-04, and VPC User Guide, "Share your VPC with other accounts": subnets are shared
/// by their owner, with accounts of the same organization, without an invitation.
/// How long a share, once deleted, can still be seen, is UNCONFIRMED; here it is gone when it no longer counts.
/// </remarks>
public sealed class Ram
{
    public const string Resource = "RESOURCE";
    public const string Principal = "PRINCIPAL";

    private const string Associated = "share-associated";
    private const string Disassociated = "share-disassociated";
    private const string Deleted = "share-deleted";

    private static readonly TimeSpan AssociatingTime = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan LeavingTime = TimeSpan.FromMilliseconds(200);

    private readonly World world;

    public Ram(World world)
    {
        this.world = world;
        world.OnPending(Associated, target => EndAssociating(target));
        world.OnPending(Disassociated, target => Forget(target));
        world.OnPending(Deleted, Delete);
    }

    private AwsState Aws => world.State.Aws;

    /// <summary>Ids of the subnets that are shared with an account at this moment.</summary>
    public static IEnumerable<string> SubnetsFor(AwsState aws, string account) =>
        from share in aws.ResourceShares
        where share.Status == "ACTIVE"
        let parts = aws
            .ResourceShareAssociations.Where(part => part.ResourceShareArn == share.ResourceShareArn && part.Status == "ASSOCIATED")
            .ToList()
        where parts.Exists(part => part.AssociationType == Principal && part.AssociatedEntity == account)
        from part in parts
        where part.AssociationType == Resource
        select SubnetIn(part.AssociatedEntity);

    /// <summary>From a subnet's ARN to its id; empty for any other resource.</summary>
    public static string SubnetIn(string arn) => arn.Split(":subnet/") is [_, var id] ? id : "";

    /// <param name="token">The same token makes the same share, however often it is sent.</param>
    public ResourceShare Create(
        string caller,
        string name,
        IReadOnlyList<string> resources,
        IReadOnlyList<string> principals,
        bool allowsExternal,
        IReadOnlyList<RamTag> tags,
        string? token
    )
    {
        CheckResources(caller, resources);
        CheckPrincipals(principals);
        if (
            token is not null
            && Aws.ResourceShares.Find(share => share.ClientToken == token && share.OwningAccountId == caller) is { } same
        )
        {
            return same;
        }
        var arn = $"arn:aws:ram:{Aws.Region}:{caller}:resource-share/{Uuid($"{caller}|{name}")}";
        var made = new ResourceShare
        {
            ResourceShareArn = arn,
            Name = name,
            OwningAccountId = caller,
            AllowExternalPrincipals = allowsExternal,
            ClientToken = token,
            Tags = [.. tags],
        };
        Aws.ResourceShares.Add(made);
        Add(made, resources, principals);
        world.Record("ram", "CreateResourceShare", arn);
        return made;
    }

    public IReadOnlyList<ResourceShareAssociation> Associate(
        string caller,
        string arn,
        IReadOnlyList<string> resources,
        IReadOnlyList<string> principals
    )
    {
        var share = Find(caller, arn);
        CheckResources(caller, resources);
        CheckPrincipals(principals);
        Add(share, resources, principals);
        world.Record("ram", "AssociateResourceShare", arn);
        return [.. PartsOf(arn).Where(part => resources.Contains(part.AssociatedEntity) || principals.Contains(part.AssociatedEntity))];
    }

    public IReadOnlyList<ResourceShareAssociation> Disassociate(
        string caller,
        string arn,
        IReadOnlyList<string> resources,
        IReadOnlyList<string> principals
    )
    {
        Find(caller, arn);
        var leaving = PartsOf(arn)
            .Where(part => (part.AssociationType == Resource ? resources : principals).Contains(part.AssociatedEntity))
            .ToList();
        if (leaving.Count < resources.Count + principals.Count)
        {
            throw Unknown($"The specified resource or principal is not associated with {arn}.");
        }
        foreach (var part in leaving)
        {
            part.Status = "DISASSOCIATING";
            world.Later(LeavingTime, Disassociated, $"{arn}|{part.AssociatedEntity}");
        }
        world.Record("ram", "DisassociateResourceShare", arn);
        return leaving;
    }

    public void DeleteShare(string caller, string arn)
    {
        var share = Find(caller, arn);
        if (share.Status == "DELETING")
        {
            return;
        }
        share.Status = "DELETING";
        world.Later(LeavingTime, Deleted, arn);
        world.Record("ram", "DeleteResourceShare", arn);
    }

    /// <summary>The caller's own, or those through which others share with it.</summary>
    public IEnumerable<ResourceShare> Shares(string caller, bool isOwn) =>
        Aws.ResourceShares.Where(share =>
            isOwn
                ? share.OwningAccountId == caller
                : share.OwningAccountId != caller && PartsOf(share.ResourceShareArn).Any(part => part.AssociatedEntity == caller)
        );

    /// <summary>Of the caller's own shares.</summary>
    public IEnumerable<ResourceShareAssociation> Associations(string caller, string type) =>
        from share in Shares(caller, isOwn: true)
        from part in PartsOf(share.ResourceShareArn)
        where part.AssociationType == type
        select part;

    public string NameOf(string arn) => Aws.ResourceShares.Find(share => share.ResourceShareArn == arn)?.Name ?? "";

    /// <summary>A subnet that is deleted is in no share any more.</summary>
    internal static void ForgetSubnet(AwsState aws, string subnetId) =>
        aws.ResourceShareAssociations.RemoveAll(part => part.AssociationType == Resource && SubnetIn(part.AssociatedEntity) == subnetId);

    private IEnumerable<ResourceShareAssociation> PartsOf(string arn) =>
        Aws.ResourceShareAssociations.Where(part => part.ResourceShareArn == arn);

    private ResourceShare Find(string caller, string arn) =>
        Aws.ResourceShares.Find(share => share.ResourceShareArn == arn && share.OwningAccountId == caller)
        ?? throw Unknown($"ResourceShare {arn} could not be found.");

    private void Add(ResourceShare share, IReadOnlyList<string> resources, IReadOnlyList<string> principals)
    {
        foreach (
            var (type, entity) in resources
                .Select(resource => (Resource, resource))
                .Concat(principals.Select(principal => (Principal, principal)))
        )
        {
            var present = PartsOf(share.ResourceShareArn)
                .FirstOrDefault(part => part.AssociationType == type && part.AssociatedEntity == entity);
            if (present is { Status: "ASSOCIATED" or "ASSOCIATING" })
            {
                continue;
            }
            Aws.ResourceShareAssociations.RemoveAll(part => part == present);
            Aws.ResourceShareAssociations.Add(
                new()
                {
                    ResourceShareArn = share.ResourceShareArn,
                    AssociatedEntity = entity,
                    AssociationType = type,
                    Status = "ASSOCIATING",
                }
            );
            world.Later(AssociatingTime, Associated, $"{share.ResourceShareArn}|{entity}");
        }
    }

    private void CheckResources(string caller, IReadOnlyList<string> resources)
    {
        foreach (var arn in resources)
        {
            var id = SubnetIn(arn);
            if (id.Length == 0)
            {
                throw new WorldRefusal(
                    "MalformedArnException",
                    $"The specified resource ARN {arn} is not valid, or not one that is simulated: only subnets are."
                );
            }
            var subnet = Aws.Subnets.Find(subnet => subnet.SubnetId == id) ?? throw Unknown($"Resource {arn} could not be found.");
            var owner = subnet.OwnerId.Length > 0 ? subnet.OwnerId : Aws.Account;
            if (owner != caller || arn != $"arn:aws:ec2:{Aws.Region}:{caller}:subnet/{id}")
            {
                throw new WorldRefusal(
                    "OperationNotPermittedException",
                    $"You are not allowed to share {arn}: it belongs to account {owner}."
                );
            }
            if (Aws.Vpcs.Find(vpc => vpc.VpcId == subnet.VpcId) is { IsDefault: true })
            {
                throw new WorldRefusal("InvalidParameterException", $"{arn} is in a default VPC and cannot be shared.");
            }
        }
    }

    // Source of the words: hashicorp/terraform-provider-aws issue 12169.
    private void CheckPrincipals(IReadOnlyList<string> principals)
    {
        foreach (
            var principal in principals.Where(principal =>
                principal != Aws.Account && !Aws.OtherAccounts.Exists(other => other.Account == principal)
            )
        )
        {
            throw new WorldRefusal(
                "InvalidParameterException",
                $"The resource you are attempting to share can only be shared within "
                    + $"your AWS Organization: {principal} is none of the world's accounts."
            );
        }
    }

    private void EndAssociating(string target)
    {
        if (PartOf(target) is { Status: "ASSOCIATING" } part)
        {
            part.Status = "ASSOCIATED";
            world.Record("ram", Associated, target);
        }
    }

    private void Forget(string target)
    {
        if (PartOf(target) is { Status: "DISASSOCIATING" } part)
        {
            Aws.ResourceShareAssociations.Remove(part);
            world.Record("ram", Disassociated, target);
        }
    }

    private void Delete(string arn)
    {
        if (Aws.ResourceShares.RemoveAll(share => share.ResourceShareArn == arn && share.Status == "DELETING") > 0)
        {
            Aws.ResourceShareAssociations.RemoveAll(part => part.ResourceShareArn == arn);
            world.Record("ram", Deleted, arn);
        }
    }

    private ResourceShareAssociation? PartOf(string target) =>
        target.Split('|') is [var arn, var entity] ? PartsOf(arn).FirstOrDefault(part => part.AssociatedEntity == entity) : null;

    private string Uuid(string key)
    {
        var digits = world.Hex("share", key, 32);
        return $"{digits[..8]}-{digits[8..12]}-{digits[12..16]}-{digits[16..20]}-{digits[20..]}";
    }

    private static WorldRefusal Unknown(string message) => new("UnknownResourceException", message);
}
