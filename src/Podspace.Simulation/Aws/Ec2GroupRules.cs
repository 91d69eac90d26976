using Podspace.Simulation.State;

namespace Podspace.Simulation.Aws;

/// <summary>One rule as a caller asks for it: a protocol, ports and one peer.</summary>
/// <param name="Protocol">A name, a number or -1 for all.</param>
/// <param name="FromPort">Or the ICMP type; null where it was left out.</param>
/// <param name="ToPort">Or the ICMP code.</param>
public sealed record RuleRequest(
    string Protocol,
    int? FromPort,
    int? ToPort,
    string? CidrIpv4,
    string? CidrIpv6,
    string? PrefixListId,
    string? GroupId,
    string? Description
);

/// <summary>The rules of security groups. Source: VPC User Guide, "Security group rules"; EC2 API, IpPermission.</summary>
public sealed partial class Ec2
{
    /// <summary>All of the rules, or none.</summary>
    public IReadOnlyList<SecurityGroupRule> AuthorizeSecurityGroup(
        string groupId,
        bool isEgress,
        IReadOnlyList<RuleRequest> requests,
        IReadOnlyList<Tag> tags
    )
    {
        var group = OwnGroup(groupId);
        CheckTags([], tags);
        List<SecurityGroupRule> rules = [];
        foreach (var request in requests)
        {
            var rule = ToRule(group, isEgress, request);
            if (RulesOf(groupId).Concat(rules).Any(other => IsSame(other, rule)))
            {
                throw new WorldRefusal(
                    "InvalidPermission.Duplicate",
                    $"the specified rule \"peer: {Peer(rule)}, {PortText(rule)}, ALLOW\" already exists"
                );
            }
            rules.Add(rule);
        }
        CheckRuleQuota(groupId, isEgress, rules);
        foreach (var rule in rules)
        {
            rule.Tags = [.. tags.Select(tag => new Tag { Key = tag.Key, Value = tag.Value })];
            AddRule(rule);
            Record(isEgress ? "AuthorizeSecurityGroupEgress" : "AuthorizeSecurityGroupIngress", rule.SecurityGroupRuleId);
        }
        return rules;
    }

    public IReadOnlyList<SecurityGroupRule> RevokeSecurityGroup(string groupId, bool isEgress, IReadOnlyList<RuleRequest> requests)
    {
        var group = OwnGroup(groupId);
        var wanted = requests.Select(request => ToRule(group, isEgress, request)).ToList();
        return Revoke(
            isEgress,
            [
                .. wanted.Select(rule =>
                    RulesOf(groupId).FirstOrDefault(other => IsSame(other, rule))
                    ?? throw new WorldRefusal(
                        "InvalidPermission.NotFound",
                        $"The specified rule does not exist in this security group: peer {Peer(rule)}, {PortText(rule)}."
                    )
                ),
            ]
        );
    }

    public IReadOnlyList<SecurityGroupRule> RevokeSecurityGroup(string groupId, bool isEgress, IReadOnlyList<string> ruleIds)
    {
        OwnGroup(groupId);
        return Revoke(
            isEgress,
            [
                .. ruleIds.Select(id =>
                    RulesOf(groupId).FirstOrDefault(rule => rule.SecurityGroupRuleId == id && rule.IsEgress == isEgress)
                    ?? throw new WorldRefusal("InvalidSecurityGroupRuleId.NotFound", $"The security group rule ID '{id}' does not exist")
                ),
            ]
        );
    }

    private IEnumerable<SecurityGroupRule> RulesOf(string groupId) => Aws.SecurityGroupRules.Where(rule => rule.GroupId == groupId);

    private IReadOnlyList<SecurityGroupRule> Revoke(bool isEgress, IReadOnlyList<SecurityGroupRule> rules)
    {
        foreach (var rule in rules)
        {
            Aws.SecurityGroupRules.Remove(rule);
            Record(isEgress ? "RevokeSecurityGroupEgress" : "RevokeSecurityGroupIngress", rule.SecurityGroupRuleId);
        }
        return rules;
    }

    internal void AddRule(SecurityGroupRule rule)
    {
        rule.SecurityGroupRuleId = World.NewId("sgr", $"{rule.GroupId}|{rule.IsEgress}|{Peer(rule)}|{PortText(rule)}");
        Aws.SecurityGroupRules.Add(rule);
    }

    private SecurityGroupRule ToRule(SecurityGroup group, bool isEgress, RuleRequest request)
    {
        CheckPeer(group, request);
        var (protocol, from, to) = PortsOf(request);
        return new()
        {
            GroupId = group.GroupId,
            IsEgress = isEgress,
            IpProtocol = protocol,
            FromPort = from,
            ToPort = to,
            CidrIpv4 = request.CidrIpv4 is { } cidr ? ReadBlock(cidr, "cidrIp").ToString() : null,
            CidrIpv6 = request.CidrIpv6,
            PrefixListId = request.PrefixListId,
            ReferencedGroupInfo = request.GroupId is { } other ? new() { GroupId = other } : null,
            Description = request.Description,
        };
    }

    private void CheckPeer(SecurityGroup group, RuleRequest request)
    {
        if (request.GroupId is { } id && FindGroup(id) is var other && other.VpcId != group.VpcId)
        {
            throw new WorldRefusal(
                "InvalidGroup.NotFound",
                $"You have specified two resources that belong to different networks: {group.GroupId} and {id}"
            );
        }
        if (request.PrefixListId is { } list && !Aws.PrefixLists.Exists(known => known.PrefixListId == list))
        {
            throw Missing(list, "pl-", "InvalidPrefixListID", "prefix list ID");
        }
        if (request.CidrIpv6 is { } cidr && !(cidr.Contains(':', StringComparison.Ordinal) && cidr.Contains('/', StringComparison.Ordinal)))
        {
            throw new WorldRefusal("InvalidParameterValue", $"CIDR block {cidr} is malformed");
        }
    }

    private static (string Protocol, int From, int To) PortsOf(RuleRequest request)
    {
        var protocol = request.Protocol.ToLowerInvariant() switch
        {
            "6" => "tcp",
            "17" => "udp",
            "1" => "icmp",
            "58" => "icmpv6",
            "all" => "-1",
            var text => text,
        };
        if (protocol is "icmp" or "icmpv6")
        {
            return (protocol, request.FromPort ?? -1, request.ToPort ?? -1);
        }
        if (protocol is not ("tcp" or "udp"))
        {
            // A protocol without ports covers all of them, whatever the request says.
            return int.TryParse(protocol, out var number) && number is >= -1 and <= 255
                ? (protocol, -1, -1)
                : throw new WorldRefusal(
                    "InvalidPermission.Malformed",
                    $"Unsupported IP protocol \"{request.Protocol}\"  - supported: [tcp, udp, icmp, icmpv6, -1, a number up to 255]"
                );
        }
        if (request is not { FromPort: >= 0 and <= 65535, ToPort: >= 0 and <= 65535 })
        {
            throw new WorldRefusal(
                "InvalidParameterValue",
                "Invalid value 'Must specify both from and to ports with TCP/UDP.' for portRange."
            );
        }
        return request.FromPort <= request.ToPort
            ? (protocol, request.FromPort.Value, request.ToPort.Value)
            : throw new WorldRefusal(
                "InvalidParameterValue",
                $"Invalid value '{request.FromPort} to {request.ToPort}' for portRange: it ends before it starts."
            );
    }

    private static bool IsSame(SecurityGroupRule one, SecurityGroupRule other) =>
        one.IsEgress == other.IsEgress
        && one.IpProtocol == other.IpProtocol
        && one.FromPort == other.FromPort
        && one.ToPort == other.ToPort
        && Peer(one) == Peer(other);

    private static string Peer(SecurityGroupRule rule) =>
        rule.CidrIpv4 ?? rule.CidrIpv6 ?? rule.PrefixListId ?? rule.ReferencedGroupInfo?.GroupId ?? "";

    private static string PortText(SecurityGroupRule rule) =>
        rule.IpProtocol == "-1" ? "ALL" : $"{rule.IpProtocol.ToUpperInvariant()}, from port: {rule.FromPort}, to port: {rule.ToPort}";

    // Source: VPC User Guide, "Amazon VPC quotas": IPv4 and IPv6 are counted apart, a rule for a group
    // counts in both, a prefix list as often as it may have entries.
    private void CheckRuleQuota(string groupId, bool isEgress, List<SecurityGroupRule> more)
    {
        var limit = Limit(Quota.RulesPerGroup);
        var all = RulesOf(groupId).Concat(more).Where(rule => rule.IsEgress == isEgress).ToList();
        var four = all.Where(rule => rule.CidrIpv6 is null).Sum(RuleWeight);
        var six = all.Where(rule => rule.CidrIpv4 is null).Sum(RuleWeight);
        if (Math.Max(four, six) > limit)
        {
            throw new WorldRefusal(
                "RulesPerSecurityGroupLimitExceeded",
                $"The maximum number of rules per security group has been reached: {limit}."
            );
        }
    }

    private int RuleWeight(SecurityGroupRule rule) =>
        rule.PrefixListId is { } id ? Aws.PrefixLists.Find(list => list.PrefixListId == id)?.MaxEntries ?? 1 : 1;
}
