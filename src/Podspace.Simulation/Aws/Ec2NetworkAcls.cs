using Podspace.Simulation.State;

namespace Podspace.Simulation.Aws;

/// <summary>Network ACLs as they are in force. Source: VPC User Guide, "Network ACLs".</summary>
public sealed partial class Ec2
{
    // The last rule of every list: what none of the others matched is denied.
    private const int LastRule = 32767;

    /// <summary>Every VPC has a default ACL, which lets all pass unless the world says
    /// otherwise; subnets without another one have it.</summary>
    public IEnumerable<NetworkAcl> NetworkAclsInForce()
    {
        foreach (var vpc in Aws.Vpcs)
        {
            var stored = Aws.NetworkAcls.FindAll(acl => acl.VpcId == vpc.VpcId);
            var known = stored.Find(acl => acl.IsDefault) ?? OpenAcl(vpc);
            foreach (var acl in stored.Where(acl => !acl.IsDefault))
            {
                yield return WithLastRule(acl, acl.Associations);
            }
            var others = stored
                .Where(acl => !acl.IsDefault)
                .SelectMany(acl => acl.Associations)
                .Select(association => association.SubnetId)
                .ToHashSet();
            yield return WithLastRule(
                known,
                [
                    .. from subnet in Aws.Subnets
                    where subnet.VpcId == vpc.VpcId && !others.Contains(subnet.SubnetId)
                    select new NetworkAclAssociation
                    {
                        NetworkAclAssociationId = $"aclassoc-{Digits(subnet.SubnetId)}",
                        SubnetId = subnet.SubnetId,
                    },
                ]
            );
        }
    }

    /// <summary>Gives the association's subnet another ACL, under a new id. The VPC's default has those that no other names.</summary>
    public string ReplaceNetworkAclAssociation(string associationId, string aclId)
    {
        var inForce = NetworkAclsInForce().ToList();
        var (from, association) = inForce
            .SelectMany(acl => acl.Associations.Select(association => (acl, association)))
            .FirstOrDefault(pair => pair.association.NetworkAclAssociationId == associationId);
        if (association is null)
        {
            throw new WorldRefusal("InvalidAssociationID.NotFound", $"The association ID '{associationId}' does not exist");
        }
        var to =
            inForce.Find(acl => acl.NetworkAclId == aclId)
            ?? throw new WorldRefusal("InvalidNetworkAclID.NotFound", $"The networkAcl ID '{aclId}' does not exist");
        if (to.VpcId != from.VpcId)
        {
            // Code and words UNCONFIRMED.
            throw new WorldRefusal(
                "InvalidParameterValue",
                $"network ACL {aclId} and subnet {association.SubnetId} belong to different networks"
            );
        }
        if (to.NetworkAclId == from.NetworkAclId)
        {
            // "This is an idempotent operation." Source: EC2 API Reference, ReplaceNetworkAclAssociation.
            return associationId;
        }
        Aws.NetworkAcls.ForEach(acl => acl.Associations.RemoveAll(one => one.SubnetId == association.SubnetId));
        var id = $"aclassoc-{Digits(association.SubnetId)}";
        if (!to.IsDefault)
        {
            id = World.NewId("aclassoc", $"{aclId}|{association.SubnetId}");
            Aws.NetworkAcls.Find(acl => acl.NetworkAclId == aclId)!
                .Associations.Add(new() { NetworkAclAssociationId = id, SubnetId = association.SubnetId });
        }
        Record("ReplaceNetworkAclAssociation", association.SubnetId);
        return id;
    }

    private static NetworkAcl OpenAcl(Vpc vpc) =>
        new()
        {
            NetworkAclId = $"acl-{Digits(vpc.VpcId)}",
            VpcId = vpc.VpcId,
            IsDefault = true,
            Entries = [new() { RuleNumber = 100, Egress = true }, new() { RuleNumber = 100 }],
        };

    private static NetworkAcl WithLastRule(NetworkAcl acl, List<NetworkAclAssociation> associations) =>
        new()
        {
            NetworkAclId = acl.NetworkAclId,
            VpcId = acl.VpcId,
            IsDefault = acl.IsDefault,
            Associations = associations,
            Entries =
            [
                .. acl.Entries.Where(entry => entry.RuleNumber != LastRule),
                new()
                {
                    RuleNumber = LastRule,
                    Egress = true,
                    RuleAction = "deny",
                },
                new() { RuleNumber = LastRule, RuleAction = "deny" },
            ],
            Tags = acl.Tags,
        };

    private static string Digits(string id) => id[(id.IndexOf('-', StringComparison.Ordinal) + 1)..];
}
