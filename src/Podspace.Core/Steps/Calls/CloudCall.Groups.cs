using System.Text.Json.Nodes;
using Podspace.Formats;
using Podspace.Model;
using Podspace.Naming;

namespace Podspace.Steps.Calls;

public abstract partial record CloudCall
{
    /// <summary>What these calls take.</summary>
    private static readonly AwsGrant[] GroupsGrants =
    [
        new(Grant.Network, "ec2:CreateSecurityGroup", Scope.Vpc, []),
        new(Grant.Network, "ec2:CreateSecurityGroup", Scope.New, [ResourceType.Group]),
        new(Grant.Network, "ec2:DeleteSecurityGroup", Scope.Made, [ResourceType.Group]),
        new(Grant.Network, "ec2:AuthorizeSecurityGroupIngress", Scope.Made, [ResourceType.Group]),
        new(Grant.Network, "ec2:AuthorizeSecurityGroupIngress", Scope.New, [ResourceType.Rule]),
        new(Grant.Network, "ec2:AuthorizeSecurityGroupEgress", Scope.Made, [ResourceType.Group]),
        new(Grant.Network, "ec2:AuthorizeSecurityGroupEgress", Scope.New, [ResourceType.Rule]),
        new(Grant.Network, "ec2:RevokeSecurityGroupIngress", Scope.Made, [ResourceType.Group]),
        new(Grant.Admit, "ec2:AuthorizeSecurityGroupIngress", Scope.Groups, [ResourceType.Group]),
        new(Grant.Admit, "ec2:AuthorizeSecurityGroupIngress", Scope.New, [ResourceType.Rule]),
        new(Grant.Admit, "ec2:RevokeSecurityGroupIngress", Scope.Groups, [ResourceType.Group]),
    ];

    public sealed record CreateGroup(AwsId Vpc, string Name, string Description, EquatableArray<SeenTag> Tags) : CloudCall
    {
        internal override string Operation => "ec2:CreateSecurityGroup";

        internal override IEnumerable<string> Rights => [Operation, "ec2:CreateTags"];

        private protected override string Answer => "GroupId";

        private protected override IEnumerable<string[]> Options(StepContext context) =>
            [
                ["--vpc-id", Vpc.Text],
                ["--group-name", Name],
                ["--description", Description],
                Tagged("security-group", Tags),
            ];
    }

    public sealed record DeleteGroup(AwsId Group) : CloudCall
    {
        internal override string Operation => "ec2:DeleteSecurityGroup";

        private protected override IEnumerable<string[]> Options(StepContext context) =>
            [
                ["--group-id", Group.Text],
            ];
    }

    /// <param name="Rule">Its references are resolved: the group and the peer are used ids.</param>
    /// <param name="IsInOurGroup">One that is there already becomes ours by its tags; in a group of others it stays whose it is.</param>
    public sealed record Authorize(GroupRule Rule, EquatableArray<SeenTag> Tags, bool IsInOurGroup = false) : CloudCall
    {
        internal override string Operation => $"ec2:AuthorizeSecurityGroup{Rule.Direction}";

        internal override IEnumerable<string> Rights => [Operation, "ec2:CreateTags"];

        private protected override IEnumerable<string[]> Options(StepContext context) =>
            [
                ["--group-id", Rule.Group.Id.Text],
                ["--ip-permissions", Permission(Rule)],
                Tagged("security-group-rule", Tags),
            ];
    }

    public sealed record Revoke(AwsId Group, Direction Direction, string RuleId) : CloudCall
    {
        internal override string Operation => $"ec2:RevokeSecurityGroup{Direction}";

        private protected override IEnumerable<string[]> Options(StepContext context) =>
            [
                ["--group-id", Group.Text],
                ["--security-group-rule-ids", RuleId],
            ];
    }

    /// <summary>For whoever does not know the rule's id: it is found by what it says.</summary>
    /// <param name="Rule">Its references are resolved.</param>
    internal sealed record RevokeByValue(GroupRule Rule) : CloudCall
    {
        internal override string Operation => $"ec2:RevokeSecurityGroup{Rule.Direction}";

        private protected override IEnumerable<string[]> Options(StepContext context) =>
            [
                ["--group-id", Rule.Group.Id.Text],
                ["--ip-permissions", Permission(Rule with { Why = "" })],
            ];
    }

    /// <summary>The rule as AWS takes it, to add it or to revoke it.</summary>
    private static string Permission(GroupRule rule)
    {
        var permission = new JsonObject { ["IpProtocol"] = rule.Traffic.Protocol };
        if (rule.Traffic.Protocol != "-1")
        {
            permission["FromPort"] = rule.Traffic.From;
            permission["ToPort"] = rule.Traffic.To;
        }
        var (list, key, value) = rule.Peer switch
        {
            { Cidr: { } cidr } => ("IpRanges", "CidrIp", $"{cidr}"),
            { Group: { } group } => ("UserIdGroupPairs", "GroupId", group.Id.Text),
            _ => ("PrefixListIds", "PrefixListId", $"{rule.Peer.PrefixList}"),
        };
        var peer = new JsonObject { [key] = value };
        if (rule.Why.Length > 0)
        {
            peer["Description"] = rule.Why;
        }
        permission[list] = new JsonArray(peer);
        return new JsonArray(permission).ToLine();
    }
}
