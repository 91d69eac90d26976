using System.Xml.Linq;

namespace Podspace.Tests.Twin;

/// <summary>Security groups and their rules. Source of the rules: VPC User Guide, "Security groups"; EC2 error codes.</summary>
public sealed class Ec2SecurityTests
{
    [Theory]
    [InlineData("pods", "done")]
    [InlineData("sg-pods", "InvalidParameterValue")]
    [InlineData("default", "InvalidParameterValue")]
    [InlineData("pods%", "InvalidParameterValue")]
    [InlineData("TAKEN", "InvalidGroup.Duplicate")]
    public void A_groups_name_is_its_own_and_of_the_right_letters(string name, string answer)
    {
        var client = Ec2Client.OfGuide();
        client.Group("taken");
        Assert.Equal(answer, client.Try("CreateSecurityGroup", "VpcId=vpc-1", $"GroupName={name}", "GroupDescription=x"));
    }

    [Fact]
    public void A_new_group_lets_nothing_in_and_everything_out()
    {
        var client = Ec2Client.OfGuide();
        var group = client.Group("pods");
        var rule = Assert.Single(
            client
                .Ask("DescribeSecurityGroupRules", "Filter.1.Name=group-id", $"Filter.1.Value.1={group}")
                .Element("securityGroupRuleSet")!
                .Elements()
        );
        Assert.Equal(
            ("true", "-1", "0.0.0.0/0"),
            (rule.Element("isEgress")!.Value, rule.Element("ipProtocol")!.Value, rule.Element("cidrIpv4")!.Value)
        );
        Assert.Equal(
            "InvalidPermission.Duplicate",
            client.Try(
                "AuthorizeSecurityGroupEgress",
                $"GroupId={group}",
                "IpPermissions.1.IpProtocol=-1",
                "IpPermissions.1.IpRanges.1.CidrIp=0.0.0.0/0"
            )
        );
    }

    [Fact]
    public void A_group_in_use_stays()
    {
        var client = Ec2Client.OfGuide();
        var (pods, nodes) = (client.Group("pods"), client.Group("nodes"));
        client.Ask(
            "AuthorizeSecurityGroupIngress",
            $"GroupId={nodes}",
            "IpPermissions.1.IpProtocol=-1",
            $"IpPermissions.1.Groups.1.GroupId={pods}"
        );
        client.Ask(
            "AuthorizeSecurityGroupIngress",
            $"GroupId={pods}",
            "IpPermissions.1.IpProtocol=-1",
            $"IpPermissions.1.Groups.1.GroupId={pods}"
        );
        Assert.Equal("DependencyViolation", client.Try("DeleteSecurityGroup", $"GroupId={pods}"));
        client.Ask(
            "RevokeSecurityGroupIngress",
            $"GroupId={nodes}",
            "IpPermissions.1.IpProtocol=-1",
            $"IpPermissions.1.Groups.1.GroupId={pods}"
        );
        client.Aws.NetworkInterfaces.Add(new() { NetworkInterfaceId = "eni-1", Groups = [pods] });
        Assert.Equal("DependencyViolation", client.Try("DeleteSecurityGroup", $"GroupId={pods}"));
        client.Aws.NetworkInterfaces.Clear();
        Assert.Equal("done", client.Try("DeleteSecurityGroup", $"GroupId={pods}"));
        Assert.Equal("InvalidGroup.NotFound", client.Try("DeleteSecurityGroup", $"GroupId={pods}"));
        Assert.Equal("CannotDelete", client.Try("DeleteSecurityGroup", "GroupId=sg-default"));
    }

    [Theory]
    [InlineData("tcp", "443", "443", "done")]
    [InlineData("6", "443", "443", "done")]
    [InlineData("tcp", "443", "", "InvalidParameterValue")]
    [InlineData("tcp", "443", "442", "InvalidParameterValue")]
    [InlineData("udp", "53", "70000", "InvalidParameterValue")]
    [InlineData("-1", "", "", "done")]
    [InlineData("icmp", "-1", "-1", "done")]
    [InlineData("50", "", "", "done")]
    [InlineData("carp", "", "", "InvalidPermission.Malformed")]
    public void Ports_fit_the_protocol(string protocol, string from, string to, string answer)
    {
        var client = Ec2Client.OfGuide();
        string[] ports =
        [
            .. from == "" ? [] : new[] { $"IpPermissions.1.FromPort={from}" },
            .. to == "" ? [] : new[] { $"IpPermissions.1.ToPort={to}" },
        ];
        Assert.Equal(
            answer,
            client.Try(
                "AuthorizeSecurityGroupIngress",
                ["GroupId=sg-default", $"IpPermissions.1.IpProtocol={protocol}", "IpPermissions.1.IpRanges.1.CidrIp=10.0.0.0/8", .. ports]
            )
        );
    }

    [Theory]
    [InlineData("IpPermissions.1.IpRanges.1.CidrIp=10.0.0/8", "InvalidParameterValue")]
    [InlineData("IpPermissions.1.Groups.1.GroupId=sg-9", "InvalidGroup.NotFound")]
    [InlineData("IpPermissions.1.Groups.1.GroupId=group", "InvalidGroupId.Malformed")]
    [InlineData("IpPermissions.1.PrefixListIds.1.PrefixListId=pl-9", "InvalidPrefixListID.NotFound")]
    [InlineData("IpPermissions.1.ToPort=-1", "MissingParameter")]
    public void A_rule_needs_a_peer_that_exists(string peer, string answer) =>
        Assert.Equal(
            answer,
            Ec2Client.OfGuide().Try("AuthorizeSecurityGroupIngress", "GroupId=sg-default", "IpPermissions.1.IpProtocol=-1", peer)
        );

    [Fact]
    public void Rules_come_with_ids_tags_and_descriptions_and_one_bad_rule_refuses_all()
    {
        var client = Ec2Client.OfGuide();
        string[] good =
        [
            "GroupId=sg-default",
            "IpPermissions.1.IpProtocol=tcp",
            "IpPermissions.1.FromPort=443",
            "IpPermissions.1.ToPort=443",
            "IpPermissions.1.IpRanges.1.CidrIp=10.196.24.0/24",
            "IpPermissions.1.IpRanges.1.Description=nodes",
            "IpPermissions.1.IpRanges.2.CidrIp=100.64.1.2/16",
            "TagSpecification.1.ResourceType=security-group-rule",
            "TagSpecification.1.Tag.1.Key=podspace.io/name",
            "TagSpecification.1.Tag.1.Value=x",
        ];
        Assert.Equal(
            "InvalidPermission.Duplicate",
            client.Try("AuthorizeSecurityGroupIngress", [.. good, "IpPermissions.1.IpRanges.3.CidrIp=100.64.0.0/16"])
        );
        Assert.Empty(client.Aws.SecurityGroupRules);
        var rules = client.Ask("AuthorizeSecurityGroupIngress", good).Element("securityGroupRuleSet")!.Elements().ToList();
        Assert.Equal(
            ["10.196.24.0/24 nodes x", "100.64.0.0/16  x"],
            rules.Select(rule =>
                $"{rule.Element("cidrIpv4")?.Value} {rule.Element("description")?.Value} {rule.Descendants("value").Single().Value}"
            )
        );
        Assert.Equal("InvalidPermission.Duplicate", client.Try("AuthorizeSecurityGroupIngress", good));
        Assert.Equal(2, Permission(client).Element("ipRanges")!.Elements().Count());
    }

    [Fact]
    public void Rules_are_revoked_by_id_or_by_what_they_say()
    {
        var client = Ec2Client.OfGuide();
        string[] permission = ["GroupId=sg-default", "IpPermissions.1.IpProtocol=-1", "IpPermissions.1.IpRanges.1.CidrIp=10.0.0.0/8"];
        var id = client.Ask("AuthorizeSecurityGroupIngress", permission).Descendants("securityGroupRuleId").Single().Value;
        Assert.Equal("InvalidPermission.NotFound", client.Try("RevokeSecurityGroupEgress", permission));
        Assert.Equal(
            "InvalidSecurityGroupRuleId.NotFound",
            client.Try("RevokeSecurityGroupEgress", "GroupId=sg-default", $"SecurityGroupRuleId.1={id}")
        );
        client.Ask("RevokeSecurityGroupIngress", "GroupId=sg-default", $"SecurityGroupRuleId.1={id}");
        Assert.Equal("InvalidPermission.NotFound", client.Try("RevokeSecurityGroupIngress", permission));
        client.Ask("AuthorizeSecurityGroupIngress", "GroupId=sg-default", "IpProtocol=tcp", "FromPort=1", "ToPort=2", "CidrIp=10.0.0.0/8");
        client.Ask("RevokeSecurityGroupIngress", "GroupId=sg-default", "IpProtocol=tcp", "FromPort=1", "ToPort=2", "CidrIp=10.0.0.0/8");
        Assert.Empty(client.Aws.SecurityGroupRules);
    }

    [Fact]
    public void The_quotas_of_groups_and_rules_hold()
    {
        var client = Ec2Client.OfGuide(change: aws =>
        {
            aws.Quotas["L-0EA8095F"] = 2;
            aws.Quotas["L-E79EC296"] = 1;
        });
        Assert.Equal("SecurityGroupLimitExceeded", client.Try("CreateSecurityGroup", "VpcId=vpc-1", "GroupName=x", "GroupDescription=x"));
        Assert.Equal(
            "RulesPerSecurityGroupLimitExceeded",
            client.Try(
                "AuthorizeSecurityGroupIngress",
                "GroupId=sg-default",
                "IpPermissions.1.IpProtocol=-1",
                "IpPermissions.1.IpRanges.1.CidrIp=10.0.0.0/8",
                "IpPermissions.1.IpRanges.2.CidrIp=11.0.0.0/8",
                "IpPermissions.1.IpRanges.3.CidrIp=12.0.0.0/8"
            )
        );
        Assert.Equal(
            "done",
            client.Try(
                "AuthorizeSecurityGroupIngress",
                "GroupId=sg-default",
                "IpPermissions.1.IpProtocol=-1",
                "IpPermissions.1.IpRanges.1.CidrIp=10.0.0.0/8",
                "IpPermissions.1.IpRanges.2.CidrIp=11.0.0.0/8",
                "IpPermissions.1.Ipv6Ranges.1.CidrIpv6=::/0"
            )
        );
    }

    private static XElement Permission(Ec2Client client) =>
        client.Ask("DescribeSecurityGroups", "GroupId.1=sg-default").Descendants("ipPermissions").Single().Elements().Single();
}
