using System.Net;
using Podspace.Addressing;
using Podspace.Applying;
using Podspace.Aws;
using Podspace.Model;
using Podspace.Naming;
using Podspace.Simulation;
using Podspace.Simulation.State;
using Podspace.Steps.Calls;

namespace Podspace.Tests.Aws;

public sealed class AwsCloudTests
{
    private static readonly AwsId Vpc = new("vpc-1");
    private static readonly EquatableArray<SeenTag> Ours = [new(Tags.Name, "pods-eu-west-1b-0"), new(Tags.Overlay, "prod")];
    private static readonly CloudCall CreateSubnet = new CloudCall.CreateSubnet(Vpc, "eu-west-1b", Cidr.Parse("100.64.0.0/18"), Ours);

    private readonly TimeProvider clock = new World(new WorldState { Clock = DateTimeOffset.UnixEpoch }).Clock;
    private readonly List<CallRecord> calls = [];

    [Fact]
    public async Task A_throttled_call_is_made_again_after_a_wait()
    {
        var cloud = Cloud(
            ScriptedTransport.Refusal("RequestLimitExceeded", status: HttpStatusCode.ServiceUnavailable),
            ScriptedTransport.Refusal("Throttling"),
            ScriptedTransport.Xml(
                "<CreateSubnetResponse><requestId>r</requestId><subnet><subnetId>subnet-1</subnetId></subnet></CreateSubnetResponse>"
            )
        );

        var outcome = await cloud.CallAsync(CreateSubnet, default);

        Assert.Equal(Outcome.Done("subnet-1"), outcome);
        Assert.Equal(["RequestLimitExceeded", "Throttling", null], calls.Select(call => call.Error));
        Assert.True(clock.GetUtcNow() - DateTimeOffset.UnixEpoch > TimeSpan.FromSeconds(0.3));
    }

    [Fact]
    public async Task What_stays_throttled_is_unavailable_in_the_end()
    {
        var cloud = Cloud([.. Enumerable.Repeat(ScriptedTransport.Refusal("RequestLimitExceeded"), 8)]);

        var outcome = await cloud.CallAsync(new CloudCall.DeleteSubnet(new("subnet-1")), default);

        Assert.Equal(RefusalKind.Unavailable, outcome.Refusal!.Kind);
        Assert.Equal(8, calls.Count);
    }

    [Fact]
    public async Task A_final_refusal_is_not_asked_again_and_keeps_AWS_s_words_and_request_id()
    {
        var cloud = Cloud(ScriptedTransport.Refusal("SubnetLimitExceeded", "too many"));

        var outcome = await cloud.CallAsync(CreateSubnet, default);

        Assert.Equal(new Refusal(RefusalKind.Final, "SubnetLimitExceeded", "too many", "req-1"), outcome.Refusal);
        Assert.Equal(
            new CallRecord("ec2", "CreateSubnet", true, DateTimeOffset.UnixEpoch, TimeSpan.Zero, "req-1", "SubnetLimitExceeded"),
            Assert.Single(calls)
        );
    }

    [Fact]
    public async Task A_subnet_whose_answer_was_lost_is_found_again_by_its_tags()
    {
        var cloud = Cloud(ScriptedTransport.LostAnswer, ScriptedTransport.Refusal("InvalidSubnet.Conflict"), Subnets("prod"));

        Assert.Equal(Outcome.Done("subnet-1"), await cloud.CallAsync(CreateSubnet, default));
    }

    [Fact]
    public async Task An_answer_that_breaks_off_anywhere_is_none()
    {
        const string Whole =
            "<CreateSubnetResponse><requestId>r</requestId><subnet><subnetId>subnet-1</subnetId>"
            + "<cidrBlock>100.64.0.0/18</cidrBlock></subnet></CreateSubnetResponse>";
        for (var length = 0; length < Whole.Length; length++)
        {
            calls.Clear();
            var cloud = Cloud(ScriptedTransport.Xml(Whole[..length]), ScriptedTransport.Refusal("InvalidSubnet.Conflict"), Subnets("prod"));

            Assert.Equal(Outcome.Done("subnet-1"), await cloud.CallAsync(CreateSubnet, default));
            Assert.Equal("InvalidAnswer", calls[0].Error);
        }
    }

    [Theory]
    [InlineData("<cidrBlock>100.64.0.0/18</availabilityZone>")]
    [InlineData("<cidrBlock>100.64.0.0/18</cidrBlock")]
    [InlineData("<cidrBlock>\u0000</cidrBlock>")]
    public async Task An_answer_that_is_broken_behind_what_was_asked_for_is_none(string broken)
    {
        var cloud = Cloud(
            ScriptedTransport.Xml($"<CreateSubnetResponse><subnet><subnetId>subnet-1</subnetId>{broken}</subnet></CreateSubnetResponse>"),
            ScriptedTransport.Refusal("InvalidSubnet.Conflict"),
            Subnets("prod")
        );

        Assert.Equal(Outcome.Done("subnet-1"), await cloud.CallAsync(CreateSubnet, default));
        Assert.Equal("InvalidAnswer", calls[0].Error);
    }

    [Fact]
    public async Task A_subnet_of_somebody_else_is_not_adopted()
    {
        var cloud = Cloud(ScriptedTransport.Refusal("InvalidSubnet.Conflict"), Subnets("other"));

        Assert.Equal("InvalidSubnet.Conflict", (await cloud.CallAsync(CreateSubnet, default)).Refusal!.Code);
    }

    [Fact]
    public async Task What_was_just_made_and_is_not_found_is_asked_for_again()
    {
        var cloud = Cloud(
            ScriptedTransport.Xml(
                "<CreateRouteTableResponse><routeTable><routeTableId>rtb-1</routeTableId></routeTable></CreateRouteTableResponse>"
            ),
            ScriptedTransport.Refusal("InvalidRouteTableID.NotFound"),
            ScriptedTransport.Xml("<CreateRouteResponse><return>true</return></CreateRouteResponse>")
        );

        var table = await cloud.CallAsync(new CloudCall.CreateRouteTable(Vpc, "token", Ours), default);
        var route = await cloud.CallAsync(new CloudCall.CreateRoute(new(table.Id!), new(Cidr.Parse("10.0.0.0/8"), "tgw-1")), default);

        Assert.Null(route.Refusal);
        Assert.Equal(DateTimeOffset.UnixEpoch.AddSeconds(2), clock.GetUtcNow());
    }

    [Fact]
    public async Task What_was_not_made_here_and_is_not_found_is_not_found()
    {
        var cloud = Cloud(ScriptedTransport.Refusal("InvalidRouteTableID.NotFound"));

        var outcome = await cloud.CallAsync(new CloudCall.CreateRoute(new("rtb-1"), new(Cidr.Parse("10.0.0.0/8"), "tgw-1")), default);

        Assert.Equal(RefusalKind.NotFound, outcome.Refusal!.Kind);
    }

    [Fact]
    public async Task Rehearsing_tells_allowed_from_denied_and_knows_what_cannot_be_rehearsed()
    {
        var cloud = Cloud(
            ScriptedTransport.Refusal("DryRunOperation", status: HttpStatusCode.PreconditionFailed),
            ScriptedTransport.Refusal("UnauthorizedOperation")
        );

        Assert.Equal(Outcome.Done(), await cloud.RehearseAsync(CreateSubnet, default));
        Assert.Equal(RefusalKind.Denied, (await cloud.RehearseAsync(CreateSubnet, default))!.Refusal!.Kind);
        Assert.Null(await cloud.RehearseAsync(new CloudCall.AssociateBlock(Vpc, Cidr.Parse("100.64.0.0/16")), default));
    }

    [Fact]
    public async Task Missing_credentials_are_one_refusal_with_the_next_command()
    {
        var cloud = new AwsCloud(
            Connection(new ScriptedTransport()) with
            {
                Credentials = new AwsCredentialSource.Profile("no-such-profile-here"),
            }
        );

        var refusal = (await cloud.CallAsync(CreateSubnet, default)).Refusal!;

        Assert.Equal(RefusalKind.Denied, refusal.Kind);
        Assert.Contains("aws configure list-profiles", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_expired_token_is_denied_with_the_next_command()
    {
        var cloud = Cloud(ScriptedTransport.Refusal("ExpiredToken", "The security token included in the request is expired"));

        var refusal = (await cloud.CallAsync(CreateSubnet, default)).Refusal!;

        Assert.Equal(RefusalKind.Denied, refusal.Kind);
        Assert.Contains("get new ones", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_role_is_assumed_before_the_first_call()
    {
        var transport = new ScriptedTransport(Assumed("ROLEKEY"), ScriptedTransport.Refusal("InvalidSubnetID.NotFound"));
        var cloud = new AwsCloud(Connection(transport) with { NetworkRole = new("arn:aws:iam::111122223333:role/podspace", "x-1") });

        Assert.Equal(Outcome.Done(), await cloud.CallAsync(new CloudCall.DeleteSubnet(new("subnet-1")), default));

        Assert.Contains("RoleArn=arn%3Aaws%3Aiam%3A%3A111122223333%3Arole%2Fpodspace", transport.Asked[0].Body, StringComparison.Ordinal);
        Assert.Contains("ExternalId=x-1", transport.Asked[0].Body, StringComparison.Ordinal);
        Assert.Contains(
            "Credential=ROLEKEY/",
            string.Join(' ', transport.Asked[1].Request.Headers.GetValues("Authorization")),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task The_network_s_role_is_not_used_for_the_cluster()
    {
        var transport = new ScriptedTransport(ScriptedTransport.Json("""{"update":{"id":"u-1"}}"""));
        var cloud = new AwsCloud(Connection(transport) with { NetworkRole = new("arn:aws:iam::111122223333:role/podspace", null) });

        Assert.Equal(
            Outcome.Done("u-1"),
            await cloud.CallAsync(new CloudCall.UpdateAddon("prod", "vpc-cni", "{}", Podspace.Spec.Conflicts.Fail, "t"), default)
        );
        Assert.Contains(
            "Credential=TWIN/",
            string.Join(' ', transport.Asked[0].Request.Headers.GetValues("Authorization")),
            StringComparison.Ordinal
        );
        var (token, _) = await cloud.TokenAsync("prod");
        Assert.Contains(
            "X-Amz-Credential=TWIN%2F",
            System.Text.Encoding.UTF8.GetString(System.Buffers.Text.Base64Url.DecodeFromChars(token!.AsSpan("k8s-aws-v1.".Length))),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task The_cluster_s_role_is_used_for_EKS_and_its_tokens_and_for_nothing_else()
    {
        var transport = new ScriptedTransport(
            Assumed("CLUSTERKEY"),
            ScriptedTransport.Json("""{"update":{"id":"u-1"}}"""),
            ScriptedTransport.Refusal("InvalidSubnetID.NotFound")
        );
        var cloud = new AwsCloud(Connection(transport) with { ClusterRole = new("arn:aws:iam::444455556666:role/cluster", null) });

        await cloud.CallAsync(new CloudCall.UpdateAddon("prod", "vpc-cni", "{}", Podspace.Spec.Conflicts.Fail, "t"), default);
        await cloud.CallAsync(new CloudCall.DeleteSubnet(new("subnet-1")), default);
        var (token, _) = await cloud.TokenAsync("prod");

        Assert.Contains("role%2Fcluster", transport.Asked[0].Body, StringComparison.Ordinal);
        Assert.Contains(
            "Credential=CLUSTERKEY/",
            string.Join(' ', transport.Asked[1].Request.Headers.GetValues("Authorization")),
            StringComparison.Ordinal
        );
        Assert.Contains(
            "Credential=TWIN/",
            string.Join(' ', transport.Asked[2].Request.Headers.GetValues("Authorization")),
            StringComparison.Ordinal
        );
        Assert.Contains(
            "X-Amz-Credential=CLUSTERKEY%2F",
            System.Text.Encoding.UTF8.GetString(System.Buffers.Text.Base64Url.DecodeFromChars(token!.AsSpan("k8s-aws-v1.".Length))),
            StringComparison.Ordinal
        );
    }

    [Theory]
    [InlineData(null, "AWS_ACCESS_KEY_ID=A AWS_SECRET_ACCESS_KEY=B AWS_PROFILE=p", "Keys")]
    [InlineData("asked", "AWS_ACCESS_KEY_ID=A AWS_SECRET_ACCESS_KEY=B AWS_PROFILE=p", "Profile asked")]
    [InlineData(null, "AWS_PROFILE=p", "Profile p")]
    [InlineData(null, "AWS_ACCESS_KEY_ID=A AWS_PROFILE=p", "Profile p")]
    [InlineData(null, "", "Chain")]
    public void Credentials_of_the_environment_are_taken_in_the_AWS_CLI_s_order(string? profile, string environment, string expected)
    {
        var variables = environment
            .Split(' ', StringSplitOptions.RemoveEmptyEntries)
            .Select(one => one.Split('='))
            .ToDictionary(one => one[0], one => one[1]);

        var source = AwsConnection.FromEnvironment("eu-west-1", profile, variables.GetValueOrDefault).Credentials;

        Assert.Equal(
            expected,
            source switch
            {
                AwsCredentialSource.Profile named => $"Profile {named.Name}",
                var other => other.GetType().Name,
            }
        );
    }

    [Theory]
    [InlineData("AWS_ENDPOINT_URL", "localhost:4566")]
    [InlineData("AWS_ENDPOINT_URL", "not a URL")]
    [InlineData("AWS_ENDPOINT_URL", "/aws")]
    [InlineData("AWS_ENDPOINT_URL_EC2", "ftp://localhost")]
    [InlineData("AWS_ENDPOINT_URL_SERVICE_QUOTAS", "https://")]
    public void An_endpoint_that_is_no_address_is_named_with_its_variable(string name, string value)
    {
        string? Variable(string one) => one == name ? value : null;

        var wrong = Assert.Throws<BadSettingException>(() => AwsConnection.FromEnvironment("eu-west-1", variable: Variable));

        Assert.StartsWith($"{name} is \"{value}\", which is no address of a service, such as ", wrong.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_endpoint_is_not_looked_at_where_endpoints_are_to_be_ignored()
    {
        static string? Variable(string name) => name == "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS" ? "true" : "none";

        Assert.Null(AwsConnection.FromEnvironment("eu-west-1", variable: Variable).Ec2Endpoint);
    }

    [Fact]
    public async Task An_EKS_error_keeps_its_code_without_namespace_and_address()
    {
        var cloud = Cloud(
            ScriptedTransport.Json(
                """{"__type":"com.amazonaws.eks#ResourceInUseException:http://x/","message":"busy"}""",
                HttpStatusCode.Conflict
            )
        );

        var outcome = await cloud.CallAsync(new CloudCall.UpdateAddon("prod", "vpc-cni", "{}", Podspace.Spec.Conflicts.Fail, "t"), default);

        Assert.Equal(new Refusal(RefusalKind.Conflict, "ResourceInUseException", "busy"), outcome.Refusal);
    }

    private AwsCloud Cloud(params Func<HttpResponseMessage>[] answers) => new(Connection(new ScriptedTransport(answers)));

    private AwsConnection Connection(HttpMessageHandler transport) =>
        AwsConnection.InProcess("eu-west-1", transport, clock) with
        {
            OnCall = calls.Add,
        };

    private static Func<HttpResponseMessage> Assumed(string key) =>
        ScriptedTransport.Xml(
            $"""
            <AssumeRoleResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/">
              <AssumeRoleResult>
                <Credentials>
                  <AccessKeyId>{key}</AccessKeyId>
                  <SecretAccessKey>s</SecretAccessKey>
                  <SessionToken>t</SessionToken>
                  <Expiration>2099-01-01T00:00:00Z</Expiration>
                </Credentials>
              </AssumeRoleResult>
            </AssumeRoleResponse>
            """
        );

    private static Func<HttpResponseMessage> Subnets(string overlay) =>
        ScriptedTransport.Xml(
            $"""
            <DescribeSubnetsResponse>
              <subnetSet>
                <item>
                  <subnetId>subnet-1</subnetId>
                  <availabilityZone>eu-west-1b</availabilityZone>
                  <cidrBlock>100.64.0.0/18</cidrBlock>
                  <tagSet>
                    <item><key>podspace.io/overlay</key><value>{overlay}</value></item>
                    <item><key>podspace.io/name</key><value>pods-eu-west-1b-0</value></item>
                  </tagSet>
                </item>
              </subnetSet>
            </DescribeSubnetsResponse>
            """
        );
}
