using Podspace.Simulation;
using Podspace.Simulation.Aws;
using Podspace.Simulation.State;

namespace Podspace.Twin.Aws;

/// <summary>Security groups and their rules on the wire.</summary>
internal static class Ec2Security
{
    private static readonly Listing<SecurityGroup> Groups = new(
        "DescribeSecurityGroups",
        "securityGroupInfo",
        view => view.Aws.SecurityGroups,
        Write
    )
    {
        IdParameter = "GroupId",
        Id = group => group.GroupId,
        Missing = ("InvalidGroup.NotFound", "security group"),
        Tags = group => group.Tags,
        Sees = (view, group) => view.Of.Sees(group),
        Owns = (view, group) => view.Of.Owns(group.OwnerId),
        Filters = new()
        {
            ["vpc-id"] = (_, group) => [group.VpcId],
            ["group-id"] = (_, group) => [group.GroupId],
            ["group-name"] = (_, group) => [group.GroupName],
            ["description"] = (_, group) => [group.Description],
            ["owner-id"] = (view, group) => [view.Owner(group.OwnerId)],
            ["ip-permission.cidr"] = (view, group) => RulesOf(view, group, false).Select(rule => rule.CidrIpv4),
            ["ip-permission.group-id"] = (view, group) => RulesOf(view, group, false).Select(rule => rule.ReferencedGroupInfo?.GroupId),
            ["ip-permission.prefix-list-id"] = (view, group) => RulesOf(view, group, false).Select(rule => rule.PrefixListId),
            ["ip-permission.protocol"] = (view, group) => RulesOf(view, group, false).Select(rule => rule.IpProtocol),
            ["egress.ip-permission.cidr"] = (view, group) => RulesOf(view, group, true).Select(rule => rule.CidrIpv4),
            ["egress.ip-permission.group-id"] = (view, group) =>
                RulesOf(view, group, true).Select(rule => rule.ReferencedGroupInfo?.GroupId),
            ["egress.ip-permission.prefix-list-id"] = (view, group) => RulesOf(view, group, true).Select(rule => rule.PrefixListId),
            ["egress.ip-permission.protocol"] = (view, group) => RulesOf(view, group, true).Select(rule => rule.IpProtocol),
        },
    };

    private static readonly Listing<SecurityGroupRule> Rules = new(
        "DescribeSecurityGroupRules",
        "securityGroupRuleSet",
        view => view.Aws.SecurityGroupRules,
        Write
    )
    {
        IdParameter = "SecurityGroupRuleId",
        Id = rule => rule.SecurityGroupRuleId,
        Missing = ("InvalidSecurityGroupRuleId.NotFound", "security group rule ID"),
        Tags = rule => rule.Tags,
        Sees = (view, rule) => !view.Of.IsShared || (view.Group(rule.GroupId) is { } group && view.Of.Sees(group)),
        Owns = (view, rule) => view.Of.Owns(view.OwnerOfGroup(rule.GroupId)),
        Filters = new()
        {
            ["group-id"] = (_, rule) => [rule.GroupId],
            ["security-group-rule-id"] = (_, rule) => [rule.SecurityGroupRuleId],
        },
    };

    private const string Flat = "IpProtocol FromPort ToPort CidrIp";

    public static IEnumerable<Ec2Operation> Operations =>
        [
            Groups.ToOperation(),
            Rules.ToOperation(),
            Ec2Operation.Write(
                "CreateSecurityGroup",
                "GroupName* GroupDescription* VpcId TagSpecification DryRun",
                (call, answer) =>
                {
                    var group = call.Ec2.CreateSecurityGroup(
                        call.Required("GroupName"),
                        call.Required("GroupDescription"),
                        call.Text("VpcId"),
                        call.TagsFor("security-group")
                    );
                    answer
                        .Text("return", true)
                        .Text("groupId", group.GroupId)
                        .TagsIfAny(group.Tags)
                        .Text("securityGroupArn", call.View.Arn("security-group", group.GroupId, group.OwnerId));
                }
            ),
            Ec2Operation.Write(
                "DeleteSecurityGroup",
                "GroupId* DryRun",
                (call, answer) =>
                {
                    call.Ec2.DeleteSecurityGroup(call.Required("GroupId"));
                    answer.Text("return", true).Text("groupId", call.Required("GroupId"));
                }
            ),
            Authorize("AuthorizeSecurityGroupIngress", isEgress: false),
            Authorize("AuthorizeSecurityGroupEgress", isEgress: true),
            Revoke("RevokeSecurityGroupIngress", isEgress: false),
            Revoke("RevokeSecurityGroupEgress", isEgress: true),
        ];

    private static Ec2Operation Authorize(string name, bool isEgress) =>
        Ec2Operation.Write(
            name,
            $"GroupId* IpPermissions {Flat} TagSpecification DryRun",
            (call, answer) =>
            {
                var rules = call.Ec2.AuthorizeSecurityGroup(
                    call.Required("GroupId"),
                    isEgress,
                    Permissions(call.Query),
                    call.TagsFor("security-group-rule")
                );
                var view = call.View;
                answer.Text("return", true).Each("securityGroupRuleSet", rules, (item, rule) => Write(item, view, rule));
            }
        );

    private static Ec2Operation Revoke(string name, bool isEgress) =>
        Ec2Operation.Write(
            name,
            $"GroupId* SecurityGroupRuleId IpPermissions {Flat} DryRun",
            (call, answer) =>
            {
                var group = call.Required("GroupId");
                var ids = call.Query.Texts("SecurityGroupRuleId");
                var rules =
                    ids.Count > 0
                        ? call.Ec2.RevokeSecurityGroup(group, isEgress, ids)
                        : call.Ec2.RevokeSecurityGroup(group, isEgress, Permissions(call.Query));
                answer.Text("return", true).Each("revokedSecurityGroupRuleSet", rules, WriteRevoked);
            }
        );

    /// <summary>One request a peer. Both forms: IpPermissions, and the older one with a single permission at the top.</summary>
    private static List<RuleRequest> Permissions(Query query)
    {
        var permissions = query.Each("IpPermissions").SelectMany(OfPermission).ToList();
        if (query.Text("CidrIp") is { } cidr)
        {
            permissions.Add(Request(query, cidrIpv4: cidr));
        }
        return permissions.Count > 0
            ? permissions
            : throw new WorldRefusal(
                "MissingParameter",
                "Source group or prefix list or CIDR must be specified: the request names no peer."
            );
    }

    private static IEnumerable<RuleRequest> OfPermission(Query permission) =>
        [
            .. permission.Each("IpRanges").Select(range => Request(permission, range, cidrIpv4: range.Required("CidrIp"))),
            .. permission.Each("Ipv6Ranges").Select(range => Request(permission, range, cidrIpv6: range.Required("CidrIpv6"))),
            .. permission.Each("PrefixListIds").Select(list => Request(permission, list, prefixListId: list.Required("PrefixListId"))),
            .. permission.Each("Groups").Select(group => Request(permission, group, groupId: group.Required("GroupId"))),
        ];

    private static RuleRequest Request(
        Query permission,
        Query? peer = null,
        string? cidrIpv4 = null,
        string? cidrIpv6 = null,
        string? prefixListId = null,
        string? groupId = null
    ) =>
        new(
            permission.Required("IpProtocol"),
            permission.Number("FromPort"),
            permission.Number("ToPort"),
            cidrIpv4,
            cidrIpv6,
            prefixListId,
            groupId,
            peer?.Text("Description")
        );

    private static IEnumerable<SecurityGroupRule> RulesOf(Ec2View view, SecurityGroup group, bool isEgress) =>
        view.Rules(group.GroupId).Where(rule => rule.IsEgress == isEgress);

    private static void Write(Xml body, Ec2View view, SecurityGroup group) =>
        body.Text("ownerId", view.Owner(group.OwnerId))
            .Text("groupId", group.GroupId)
            .Text("groupName", group.GroupName)
            .Text("groupDescription", group.Description)
            .Text("vpcId", group.VpcId)
            .Text("securityGroupArn", view.Arn("security-group", group.GroupId, group.OwnerId))
            .Each("ipPermissions", ByPorts(RulesOf(view, group, false)), (item, rules) => WritePermission(item, view, rules))
            .Each("ipPermissionsEgress", ByPorts(RulesOf(view, group, true)), (item, rules) => WritePermission(item, view, rules))
            .TagsIfAny(view.Tags(group.Tags, group.OwnerId));

    // A permission is all rules of one protocol and port range.
    private static IEnumerable<IGrouping<(string, int, int), SecurityGroupRule>> ByPorts(IEnumerable<SecurityGroupRule> rules) =>
        rules.GroupBy(rule => (rule.IpProtocol, rule.FromPort, rule.ToPort));

    private static void WritePermission(Xml body, Ec2View view, IGrouping<(string Protocol, int From, int To), SecurityGroupRule> rules)
    {
        body.Text("ipProtocol", rules.Key.Protocol);
        if (rules.Key.Protocol is "tcp" or "udp" or "icmp" or "icmpv6")
        {
            body.Text("fromPort", rules.Key.From).Text("toPort", rules.Key.To);
        }
        body.Each(
                "groups",
                rules.Where(rule => rule.ReferencedGroupInfo is not null),
                (item, rule) =>
                    item.Text("userId", view.Owner(view.OwnerOfGroup(rule.ReferencedGroupInfo!.GroupId)))
                        .Text("groupId", rule.ReferencedGroupInfo!.GroupId)
                        .Text("description", rule.Description)
            )
            .Each(
                "ipRanges",
                rules.Where(rule => rule.CidrIpv4 is not null),
                (item, rule) => item.Text("cidrIp", rule.CidrIpv4).Text("description", rule.Description)
            )
            .Each(
                "ipv6Ranges",
                rules.Where(rule => rule.CidrIpv6 is not null),
                (item, rule) => item.Text("cidrIpv6", rule.CidrIpv6).Text("description", rule.Description)
            )
            .Each(
                "prefixListIds",
                rules.Where(rule => rule.PrefixListId is not null),
                (item, rule) => item.Text("prefixListId", rule.PrefixListId).Text("description", rule.Description)
            );
    }

    private static void Write(Xml body, Ec2View view, SecurityGroupRule rule)
    {
        WritePeerless(body, rule)
            .Text("groupOwnerId", view.Owner(view.OwnerOfGroup(rule.GroupId)))
            .Text("cidrIpv4", rule.CidrIpv4)
            .Text("cidrIpv6", rule.CidrIpv6)
            .Text("prefixListId", rule.PrefixListId);
        if (rule.ReferencedGroupInfo is { } other)
        {
            body.In(
                "referencedGroupInfo",
                reference => reference.Text("groupId", other.GroupId).Text("userId", view.Owner(view.OwnerOfGroup(other.GroupId)))
            );
        }
        body.Text("description", rule.Description)
            .Text("securityGroupRuleArn", view.Arn("security-group-rule", rule.SecurityGroupRuleId, view.OwnerOfGroup(rule.GroupId)))
            .Tags(view.Tags(rule.Tags, view.OwnerOfGroup(rule.GroupId)));
    }

    private static void WriteRevoked(Xml body, SecurityGroupRule rule) =>
        WritePeerless(body, rule)
            .Text("cidrIpv4", rule.CidrIpv4)
            .Text("cidrIpv6", rule.CidrIpv6)
            .Text("prefixListId", rule.PrefixListId)
            .Text("referencedGroupId", rule.ReferencedGroupInfo?.GroupId)
            .Text("description", rule.Description);

    private static Xml WritePeerless(Xml body, SecurityGroupRule rule) =>
        body.Text("securityGroupRuleId", rule.SecurityGroupRuleId)
            .Text("groupId", rule.GroupId)
            .Text("isEgress", rule.IsEgress)
            .Text("ipProtocol", rule.IpProtocol)
            .Text("fromPort", rule.FromPort)
            .Text("toPort", rule.ToPort);
}
