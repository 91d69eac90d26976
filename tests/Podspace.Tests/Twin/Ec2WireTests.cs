using Podspace.Twin.Aws;

namespace Podspace.Tests.Twin;

/// <summary>What all operations have in common: parameters, filters, pages, tags, rehearsals, the log of calls.</summary>
public sealed class Ec2WireTests
{
    [Fact]
    public void An_operation_that_is_not_there_is_named()
    {
        var (status, body) = Ec2Client.OfGuide().Send("RunScheduledInstances");
        Assert.Equal(400, status);
        Assert.Equal("InvalidAction", body.Descendants("Code").Single().Value);
        Assert.Contains("RunScheduledInstances", body.Descendants("Message").Single().Value, StringComparison.Ordinal);
        Assert.NotEqual("", body.Element("RequestID")!.Value);
    }

    [Fact]
    public void A_rehearsal_changes_nothing_and_says_that_it_would_be_allowed()
    {
        var client = Ec2Client.OfGuide();
        var (status, body) = client.Send("CreateSubnet", "VpcId=vpc-1", "CidrBlock=10.196.24.0/26", "DryRun=true");
        Assert.Equal((412, "DryRunOperation"), (status, body.Descendants("Code").Single().Value));
        Assert.Empty(client.Aws.Subnets);
        Assert.Equal("MissingParameter", client.Try("CreateSubnet", "VpcId=vpc-1", "DryRun=true"));
    }

    [Theory]
    [InlineData("vpc-id", "vpc-1", 2)]
    [InlineData("vpc-id", "vpc-2", 0)]
    [InlineData("availability-zone", "eu-west-1?", 2)]
    [InlineData("availability-zone-id", "euw1-az2", 1)]
    [InlineData("cidr-block", "10.196.24.*", 2)]
    [InlineData("tag:team", "blue", 1)]
    [InlineData("tag:Team", "blue", 0)]
    [InlineData("tag-key", "team", 1)]
    public void Filters_narrow_what_is_described(string filter, string value, int count)
    {
        var client = Ec2Client.OfGuide();
        var subnet = client.Subnet("10.196.24.0/26");
        client.Subnet("10.196.24.64/26", "eu-west-1c");
        client.Ask("CreateTags", $"ResourceId.1={subnet}", "Tag.1.Key=team", "Tag.1.Value=blue");
        Assert.Equal(
            count,
            client.Ask("DescribeSubnets", $"Filter.1.Name={filter}", $"Filter.1.Value.1={value}").Descendants("subnetId").Count()
        );
    }

    [Fact]
    public void Values_of_a_filter_are_alternatives_and_filters_add_up()
    {
        var client = Ec2Client.OfGuide();
        client.Subnet("10.196.24.0/26");
        client.Subnet("10.196.24.64/26", "eu-west-1c");
        string[] both = ["Filter.1.Name=availability-zone", "Filter.1.Value.1=eu-west-1b", "Filter.1.Value.2=eu-west-1c"];
        Assert.Equal(2, client.Ask("DescribeSubnets", both).Descendants("subnetId").Count());
        Assert.Single(
            client.Ask("DescribeSubnets", [.. both, "Filter.2.Name=cidr-block", "Filter.2.Value.1=10.196.24.0/26"]).Descendants("subnetId")
        );
    }

    [Theory]
    [InlineData("DescribeSubnets", "Filter.1.Name=colour", "InvalidParameterValue")]
    [InlineData("DescribeSubnets", "SubnetId.1=subnet-9", "InvalidSubnetID.NotFound")]
    [InlineData("DescribeSubnets", "MaxResults=4", "InvalidParameterValue")]
    [InlineData("DescribeSubnets", "NextToken=x", "InvalidNextToken")]
    [InlineData("DescribeSecurityGroups", "GroupId.1=sg-9", "InvalidGroup.NotFound")]
    [InlineData("DescribeAvailabilityZones", "MaxResults=5", "UnknownParameter")]
    public void What_a_describe_call_cannot_take_is_refused(string action, string parameter, string answer) =>
        Assert.Equal(answer, Ec2Client.OfGuide().Try(action, parameter));

    [Fact]
    public void Pages_hold_everything_once()
    {
        var client = Ec2Client.OfGuide();
        for (var number = 0; number < 12; number++)
        {
            client.Subnet($"10.196.24.{number * 16}/28");
        }
        List<string> seen = [];
        var sizes = new List<int>();
        for (string? token = null; ; )
        {
            var page = client.Ask("DescribeSubnets", ["MaxResults=5", .. token is null ? [] : new[] { $"NextToken={token}" }]);
            var ids = page.Descendants("subnetId").Select(id => id.Value).ToList();
            seen.AddRange(ids);
            sizes.Add(ids.Count);
            token = page.Element("nextToken")?.Value;
            if (token is null)
            {
                break;
            }
        }
        Assert.Equal([5, 5, 2], sizes);
        Assert.Equal(client.Aws.Subnets.Select(subnet => subnet.SubnetId), seen);
    }

    [Fact]
    public void Every_kind_takes_tags_and_gives_them_back()
    {
        var client = Ec2Client.OfGuide();
        string[] ids =
        [
            "vpc-1",
            client.Subnet("10.196.24.0/26"),
            client.Table(),
            client.Group("pods"),
            client.Aws.SecurityGroupRules[0].SecurityGroupRuleId,
        ];
        foreach (var id in ids)
        {
            client.Ask("CreateTags", $"ResourceId.1={id}", "Tag.1.Key=a", "Tag.1.Value=1", "Tag.2.Key=b", "Tag.2.Value=2");
            client.Ask("CreateTags", $"ResourceId.1={id}", "Tag.1.Key=a", "Tag.1.Value=3");
            client.Ask("DeleteTags", $"ResourceId.1={id}", "Tag.1.Key=a", "Tag.1.Value=1", "Tag.2.Key=b");
        }
        Assert.All(
            new[]
            {
                client.Aws.Vpcs[0].Tags,
                client.Aws.Subnets[0].Tags,
                client.Aws.RouteTables[1].Tags,
                client.Aws.SecurityGroups[1].Tags,
                client.Aws.SecurityGroupRules[0].Tags,
            },
            tags => Assert.Equal("a=3", string.Join(',', tags.Select(tag => $"{tag.Key}={tag.Value}")))
        );
    }

    [Theory]
    [InlineData("vpc-1", "aws:eks", "InvalidParameterValue")]
    [InlineData("vpc-1", "", "InvalidParameterValue")]
    [InlineData("vpc-9", "a", "InvalidVpcID.NotFound")]
    [InlineData("vpc-cidr-assoc-1", "a", "InvalidID")]
    [InlineData("nothing", "a", "InvalidID")]
    public void A_tag_that_AWS_refuses_is_refused(string id, string key, string answer) =>
        Assert.Equal(answer, Ec2Client.OfGuide().Try("CreateTags", $"ResourceId.1={id}", $"Tag.1.Key={key}", "Tag.1.Value=x"));

    [Fact]
    public void Fifty_tags_are_the_most()
    {
        var client = Ec2Client.OfGuide();
        static string[] Tags(int first, int count) =>
            [.. Enumerable.Range(1, count).SelectMany(n => new[] { $"Tag.{n}.Key=k{first + n}", $"Tag.{n}.Value=" })];
        client.Ask("CreateTags", ["ResourceId.1=vpc-1", .. Tags(0, 50)]);
        client.Ask("CreateTags", ["ResourceId.1=vpc-1", .. Tags(0, 50)]);
        Assert.Equal("TagLimitExceeded", client.Try("CreateTags", ["ResourceId.1=vpc-1", .. Tags(50, 1)]));
        client.Ask("DeleteTags", "ResourceId.1=vpc-1");
        Assert.Empty(client.Aws.Vpcs[0].Tags);
    }

    [Fact]
    public void The_door_remembers_what_it_was_asked()
    {
        var client = Ec2Client.OfGuide();
        client.Ask("DescribeVpcs");
        client.Try("CreateSubnet", "VpcId=vpc-1");
        const string Own = "111122223333";
        Assert.Equal(
            [new AwsCall("ec2", "DescribeVpcs", false) { Account = Own }, new AwsCall("ec2", "CreateSubnet", true) { Account = Own }],
            client.Endpoint.Calls
        );
    }

    [Fact]
    public void Reads_leave_no_trace_in_the_history_and_changes_do()
    {
        var client = Ec2Client.OfGuide();
        client.Ask("DescribeSubnets");
        Assert.Empty(client.World.State.History);
        client.Subnet("10.196.24.0/26");
        Assert.Equal("CreateSubnet", Assert.Single(client.World.State.History).Call);
    }
}
