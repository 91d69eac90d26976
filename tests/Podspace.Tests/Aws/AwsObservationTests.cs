using System.Collections.Concurrent;
using Podspace.Aws;
using Podspace.Model;
using Podspace.Naming;
using Podspace.Simulation;

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
        Assert.Equal(
            twin.World.State.Aws.Subnets.Select(subnet => subnet.SubnetId).Order(StringComparer.Ordinal),
            seen.Subnets.Select(subnet => subnet.Id.Text)
        );
        Assert.Equal(twin.World.State.Aws.SecurityGroupRules.Count, seen.Groups.Sum(group => group.Rules.Count));
        Assert.Equal(twin.World.State.Aws.Instances.Count, seen.Instances.Count);
        Assert.All(
            seen.Instances,
            instance => Assert.Contains(seen.InstanceTypes, type => type.Name == instance.Type && type.Interfaces > 0)
        );
        Assert.All(seen.RouteTables, table => Assert.Contains(table.Routes, route => route.Via == "local"));
        Assert.NotEmpty(seen.Interfaces);
        Assert.NotEmpty(seen.Zones);
    }

    [Fact]
    public async Task The_account_s_own_quotas_are_seen_and_the_others_are_AWS_s_defaults()
    {
        twin.World.State.Aws.Quotas["L-83CA0A9D"] = 9;
        twin.World.State.Aws.Quotas["L-407747CB"] = 301;

        var seen = await twin.Cloud.ObserveAsync(new(Vpc, null), default);

        Assert.Equal(new Quotas { BlocksPerVpc = 9, SubnetsPerVpc = 301 }, seen.Quotas);
    }

    [Fact]
    public async Task A_VPC_that_is_not_there_is_absent_and_no_gap()
    {
        var seen = await twin.Cloud.ObserveAsync(new(new("vpc-0ffffffffffffffff"), null), default);

        Assert.Null(seen.Vpc);
        Assert.Empty(seen.Gaps);
    }

    [Fact]
    public async Task The_cluster_its_groups_and_its_add_on_are_seen()
    {
        var seen = await twin.Cloud.ObserveAsync(new(Vpc, "prod"), default);

        Assert.Empty(seen.Gaps);
        Assert.Equal(
            ("prod", "ACTIVE", "ipv4", Vpc, false),
            (seen.Cluster!.Name, seen.Cluster.Status, seen.Cluster.IpFamily, seen.Cluster.Vpc, seen.Cluster.IsAutoMode)
        );
        Assert.Equal(twin.World.State.Aws.Clusters[0].ResourcesVpcConfig.ClusterSecurityGroupId, seen.Cluster.ClusterGroup.Text);
        Assert.NotNull(seen.Cluster.ServiceCidr);
        Assert.NotEmpty(seen.Cluster.Endpoint);
        Assert.Equal(twin.World.State.Aws.Nodegroups.Select(group => group.NodegroupName), seen.Nodegroups.Select(group => group.Name));
        Assert.All(seen.Nodegroups, group => Assert.True(group.DesiredSize > 0 && !group.Subnets.IsEmpty));
        Assert.Equal(twin.World.State.Aws.Addons.Single(addon => addon.AddonName == "vpc-cni").AddonVersion, seen.VpcCni!.Version);
        Assert.Contains("AWS_VPC_K8S_CNI_CUSTOM_NETWORK_CFG", seen.VpcCni.Schema, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_cluster_that_is_not_there_is_absent_and_no_gap()
    {
        var seen = await twin.Cloud.ObserveAsync(new(Vpc, "none"), default);

        Assert.Null(seen.Cluster);
        Assert.Null(seen.VpcCni);
        Assert.Empty(seen.Nodegroups);
        Assert.Empty(seen.Gaps);
    }

    [Fact]
    public async Task Without_credentials_everything_is_a_gap_with_the_same_words()
    {
        using var cloud = new AwsCloud(new("eu-west-1") { Credentials = new AwsCredentialSource.Profile("no-such-profile-here") });

        var seen = await cloud.ObserveAsync(new(Vpc, "prod"), default);

        Assert.Contains(Reading.Identity, seen.Gaps.Select(gap => gap.Reading));
        Assert.Contains(Reading.Vpc, seen.Gaps.Select(gap => gap.Reading));
        Assert.Contains(Reading.Cluster, seen.Gaps.Select(gap => gap.Reading));
        Assert.Single(seen.Gaps.Select(gap => gap.Why).Distinct());
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

    [Fact]
    public async Task What_other_services_made_is_asked_for_wherever_EC2_would_hide_it()
    {
        var managed = new Managed(isKnown: true);

        var seen = await managed.In(out _).ObserveAsync(new(Vpc, "prod"), default);

        Assert.Empty(seen.Gaps);
        Assert.Equal(["DescribeInstances", "DescribeNetworkInterfaces"], managed.Asked.Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("UnknownParameter")]
    [InlineData("InvalidParameterValue")]
    public async Task A_service_that_does_not_know_how_to_show_all_is_asked_without(string code)
    {
        var managed = new Managed(isKnown: false, code);

        var seen = await managed.In(out var world).ObserveAsync(new(Vpc, "prod"), default);

        Assert.Empty(seen.Gaps);
        Assert.Equal(world.State.Aws.Instances.Count, seen.Instances.Count);
        Assert.NotEmpty(seen.Interfaces);
    }

    /// <summary>Notes which calls ask for all; of a service that does not know the word, refuses them.</summary>
    private sealed class Managed(bool isKnown, string code = "")
    {
        public ConcurrentBag<string> Asked { get; } = [];

        public AwsCloud In(out World world)
        {
            var twin = new AwsTwin(handler => new Between(handler, this));
            world = twin.World;
            return twin.Cloud;
        }

        private sealed class Between(HttpMessageHandler inner, Managed managed) : DelegatingHandler(inner)
        {
            protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
            {
                var body = request.Content is null ? "" : await request.Content.ReadAsStringAsync(cancellationToken);
                return body.Contains("IncludeManagedResources=true", StringComparison.Ordinal)
                    ? await managed.AnswerAsync(body, () => base.SendAsync(request, cancellationToken))
                    : await base.SendAsync(request, cancellationToken);
            }
        }

        private Task<HttpResponseMessage> AnswerAsync(string body, Func<Task<HttpResponseMessage>> send)
        {
            Asked.Add(body.Split("Action=")[1].Split('&')[0]);
            var refusal = ScriptedTransport.Refusal(code, "The parameter IncludeManagedResources is not recognized");
            return isKnown ? send() : Task.FromResult(refusal());
        }
    }

    private sealed class Denying(string operation, HttpMessageHandler inner) : DelegatingHandler(inner)
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var body = await request.Content!.ReadAsStringAsync(cancellationToken);
            return body.Contains($"Action={operation}&", StringComparison.Ordinal)
                ? ScriptedTransport.Refusal(
                    "UnauthorizedOperation",
                    "You are not authorized to perform this operation.",
                    System.Net.HttpStatusCode.Forbidden
                )()
                : await base.SendAsync(request, cancellationToken);
        }
    }
}
