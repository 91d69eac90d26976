using Podspace.Model;

namespace Podspace.Tests.Aws;

/// <summary>What the adapter sees of the simulated account is what stands there.</summary>
public sealed class AwsObservationTests
{
    private static readonly AwsId Vpc = new(Worlds.Crowded().State.Aws.Vpcs[0].VpcId);

    private readonly AwsTwin twin = new();

    [Fact]
    public async Task Everything_in_the_VPC_is_seen()
    {
        var seen = await twin.Cloud.ObserveAsync(new(Vpc, null), default);

        Assert.Empty(seen.Gaps);
        Assert.Equal(twin.World.State.Aws.Account, seen.Account);
        Assert.Equal(twin.World.State.Aws.Vpcs[0].CidrBlock, seen.Vpc!.Primary.ToString());
        Assert.Equal(twin.World.State.Aws.Subnets.Select(subnet => subnet.SubnetId).Order(StringComparer.Ordinal), seen.Subnets.Select(subnet => subnet.Id.Text));
        Assert.Equal(twin.World.State.Aws.SecurityGroupRules.Count, seen.Groups.Sum(group => group.Rules.Count));
        Assert.Equal(twin.World.State.Aws.Instances.Count, seen.Instances.Count);
        Assert.All(seen.Instances, instance => Assert.Contains(seen.InstanceTypes, type => type.Name == instance.Type && type.Interfaces > 0));
        Assert.All(seen.RouteTables, table => Assert.Contains(table.Routes, route => route.Via == "local"));
        Assert.NotEmpty(seen.Interfaces);
        Assert.NotEmpty(seen.Zones);
    }

    [Fact]
    public async Task A_VPC_that_is_not_there_is_absent_and_no_gap()
    {
        var seen = await twin.Cloud.ObserveAsync(new(new("vpc-0ffffffffffffffff"), null), default);

        Assert.Null(seen.Vpc);
        Assert.Empty(seen.Gaps);
    }

    [Fact]
    public async Task What_may_not_be_read_is_a_gap_in_AWS_s_words()
    {
        var seen = await new AwsTwin(handler => new Denying("DescribeNetworkAcls", handler)).Cloud.ObserveAsync(new(Vpc, null), default);

        var gap = Assert.Single(seen.Gaps);
        Assert.Equal(Reading.NetworkAcls, gap.Reading);
        Assert.StartsWith("UnauthorizedOperation", gap.Why, StringComparison.Ordinal);
        Assert.NotNull(seen.Vpc);
    }

    private sealed class Denying(string operation, HttpMessageHandler inner) : DelegatingHandler(inner)
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var body = await request.Content!.ReadAsStringAsync(cancellationToken);
            return body.Contains($"Action={operation}&", StringComparison.Ordinal)
                ? ScriptedTransport.Refusal("UnauthorizedOperation", "You are not authorized to perform this operation.", System.Net.HttpStatusCode.Forbidden)()
                : await base.SendAsync(request, cancellationToken);
        }
    }
}
