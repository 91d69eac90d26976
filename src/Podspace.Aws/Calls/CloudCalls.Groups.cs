using Amazon.EC2;
using Amazon.EC2.Model;
using Podspace.Model;
using Podspace.Naming;
using Podspace.Steps.Calls;

namespace Podspace.Aws.Calls;

internal sealed partial class CloudCalls
{
    private async Task<string?> CreateGroupAsync(CloudCall.CreateGroup call, bool dryRun, CancellationToken cancel)
    {
        var request = new CreateSecurityGroupRequest
        {
            VpcId = call.Vpc.Text,
            GroupName = call.Name,
            Description = call.Description,
            TagSpecifications = Tagged(ResourceType.SecurityGroup, call.Tags),
            DryRun = Flag(dryRun),
        };
        var answer = await nodes.WriteAsync(
            "CreateSecurityGroup",
            (client, stop) => client.CreateSecurityGroupAsync(request, stop),
            cancel
        );
        return answer.GroupId;
    }

    private async Task<string?> DeleteGroupAsync(CloudCall.DeleteGroup call, bool dryRun, CancellationToken cancel)
    {
        var request = new DeleteSecurityGroupRequest { GroupId = call.Group.Text, DryRun = Flag(dryRun) };
        await nodes.WriteAsync("DeleteSecurityGroup", (client, stop) => client.DeleteSecurityGroupAsync(request, stop), cancel);
        return null;
    }

    private async Task<string?> AuthorizeIngressAsync(CloudCall.Authorize call, bool dryRun, CancellationToken cancel)
    {
        var request = new AuthorizeSecurityGroupIngressRequest
        {
            GroupId = call.Rule.Group.Id.Text,
            IpPermissions = [Permission(call.Rule)],
            TagSpecifications = Tagged(ResourceType.SecurityGroupRule, call.Tags),
            DryRun = Flag(dryRun),
        };
        var answer = await nodes.WriteAsync(
            "AuthorizeSecurityGroupIngress",
            (client, stop) => client.AuthorizeSecurityGroupIngressAsync(request, stop),
            cancel,
            Unknown(Named(call.Rule))
        );
        return answer.SecurityGroupRules.FirstOrDefault()?.SecurityGroupRuleId;
    }

    private async Task<string?> AuthorizeEgressAsync(CloudCall.Authorize call, bool dryRun, CancellationToken cancel)
    {
        var request = new AuthorizeSecurityGroupEgressRequest
        {
            GroupId = call.Rule.Group.Id.Text,
            IpPermissions = [Permission(call.Rule)],
            TagSpecifications = Tagged(ResourceType.SecurityGroupRule, call.Tags),
            DryRun = Flag(dryRun),
        };
        var answer = await nodes.WriteAsync(
            "AuthorizeSecurityGroupEgress",
            (client, stop) => client.AuthorizeSecurityGroupEgressAsync(request, stop),
            cancel,
            Unknown(Named(call.Rule))
        );
        return answer.SecurityGroupRules.FirstOrDefault()?.SecurityGroupRuleId;
    }

    private async Task<string?> RevokeIngressAsync(CloudCall.Revoke call, bool dryRun, CancellationToken cancel)
    {
        var request = new RevokeSecurityGroupIngressRequest
        {
            GroupId = call.Group.Text,
            SecurityGroupRuleIds = [call.RuleId],
            DryRun = Flag(dryRun),
        };
        await nodes.WriteAsync(
            "RevokeSecurityGroupIngress",
            (client, stop) => client.RevokeSecurityGroupIngressAsync(request, stop),
            cancel
        );
        return null;
    }

    private async Task<string?> RevokeEgressAsync(CloudCall.Revoke call, bool dryRun, CancellationToken cancel)
    {
        var request = new RevokeSecurityGroupEgressRequest
        {
            GroupId = call.Group.Text,
            SecurityGroupRuleIds = [call.RuleId],
            DryRun = Flag(dryRun),
        };
        await nodes.WriteAsync("RevokeSecurityGroupEgress", (client, stop) => client.RevokeSecurityGroupEgressAsync(request, stop), cancel);
        return null;
    }

    private static IpPermission Permission(GroupRule rule)
    {
        var permission = new IpPermission { IpProtocol = rule.Traffic.Protocol };
        if (rule.Traffic.Protocol != "-1")
        {
            permission.FromPort = rule.Traffic.From;
            permission.ToPort = rule.Traffic.To;
        }
        switch (rule.Peer)
        {
            case { Cidr: { } cidr }:
                permission.Ipv4Ranges = [new() { CidrIp = cidr.ToString(), Description = rule.Why }];
                break;
            case { Group: { } group }:
                permission.UserIdGroupPairs = [new() { GroupId = group.Id.Text, Description = rule.Why }];
                break;
            case { PrefixList: { } list }:
                permission.PrefixListIds = [new() { Id = list.Text, Description = rule.Why }];
                break;
        }
        return permission;
    }

    private static AwsId[] Named(GroupRule rule) => rule.Peer.Group is { } peer ? [rule.Group.Id, peer.Id] : [rule.Group.Id];
}
