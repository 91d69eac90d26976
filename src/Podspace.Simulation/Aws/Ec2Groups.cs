using System.Buffers;
using Podspace.Simulation.State;

namespace Podspace.Simulation.Aws;

/// <summary>Security groups.</summary>
public sealed partial class Ec2
{
    // Source: EC2 API, CreateSecurityGroup, GroupName: a-z, A-Z, 0-9, spaces and these.
    private static readonly SearchValues<char> NameCharacters = SearchValues.Create(
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789 ._-:/()#,@[]+=&;{}!$*"
    );

    /// <summary>The new group has no rule in and one that lets everything out. Source: VPC User Guide, "Security groups".</summary>
    public SecurityGroup CreateSecurityGroup(string name, string description, string? vpcId, IReadOnlyList<Tag> tags)
    {
        var vpc = vpcId is null ? DefaultVpc() : FindVpc(vpcId);
        CheckGroupName(vpc, name, description);
        if (Aws.SecurityGroups.Count >= Limit(Quota.GroupsPerRegion))
        {
            throw new WorldRefusal("SecurityGroupLimitExceeded", "The maximum number of security groups has been reached.");
        }
        CheckTags([], tags);
        var group = new SecurityGroup
        {
            GroupId = World.NewId("sg", $"{vpc.VpcId}|{name}"),
            GroupName = name,
            Description = description,
            VpcId = vpc.VpcId,
            OwnerId = Participation.Caller == Aws.Account ? "" : Participation.Caller,
            Tags = [.. tags],
        };
        Aws.SecurityGroups.Add(group);
        AddRule(
            new()
            {
                GroupId = group.GroupId,
                IsEgress = true,
                CidrIpv4 = "0.0.0.0/0",
            }
        );
        Record("CreateSecurityGroup", group.GroupId);
        return group;
    }

    public void DeleteSecurityGroup(string groupId)
    {
        var group = OwnGroup(groupId);
        if (group.GroupName == "default")
        {
            throw new WorldRefusal("CannotDelete", $"the specified group: \"{groupId}\" name: \"default\" cannot be deleted by a user");
        }
        // Source: EC2 API, DeleteSecurityGroup: a group on an interface, or named in another group's rule, stays.
        var isUsed =
            Aws.NetworkInterfaces.Exists(held => held.Groups.Contains(groupId))
            || Aws.VpcEndpoints.Exists(endpoint => endpoint.Groups.Exists(other => other.GroupId == groupId))
            || Aws.SecurityGroupRules.Exists(rule => rule.GroupId != groupId && rule.ReferencedGroupInfo?.GroupId == groupId);
        if (isUsed)
        {
            throw new WorldRefusal("DependencyViolation", $"resource {groupId} has a dependent object");
        }
        Aws.SecurityGroupRules.RemoveAll(rule => rule.GroupId == groupId);
        Aws.SecurityGroups.Remove(group);
        Record("DeleteSecurityGroup", groupId);
    }

    private Vpc DefaultVpc() =>
        Aws.Vpcs.Find(vpc => vpc.IsDefault && Participation.Owns(vpc.OwnerId))
        ?? throw new WorldRefusal("VPCIdNotSpecified", "No default VPC for this user");

    private void CheckGroupName(Vpc vpc, string name, string description)
    {
        foreach (var (parameter, value) in new[] { ("groupName", name), ("groupDescription", description) })
        {
            if (value.Length is 0 or > 255 || value.AsSpan().IndexOfAnyExcept(NameCharacters) >= 0)
            {
                throw new WorldRefusal(
                    "InvalidParameterValue",
                    $"Value ({value}) for parameter {parameter} is invalid. "
                        + $"Use 1 to 255 of a-z A-Z 0-9, spaces and ._-:/()#,@[]+=&;{{}}!$*."
                );
            }
        }
        if (name.StartsWith("sg-", StringComparison.OrdinalIgnoreCase))
        {
            throw new WorldRefusal(
                "InvalidParameterValue",
                $"Value ({name}) for parameter groupName is invalid. Group names may not be in the format sg-*"
            );
        }
        if (name.Equals("default", StringComparison.OrdinalIgnoreCase))
        {
            throw new WorldRefusal("InvalidParameterValue", "Cannot use reserved security group name: default");
        }
        // Names are compared without case.
        if (
            Aws.SecurityGroups.Exists(other => other.VpcId == vpc.VpcId && other.GroupName.Equals(name, StringComparison.OrdinalIgnoreCase))
        )
        {
            throw new WorldRefusal("InvalidGroup.Duplicate", $"The security group '{name}' already exists for VPC '{vpc.VpcId}'");
        }
    }
}
