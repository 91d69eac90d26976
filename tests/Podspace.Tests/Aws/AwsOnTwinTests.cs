using Podspace.Addressing;
using Podspace.Applying;
using Podspace.Model;
using Podspace.Naming;
using Podspace.Simulation;
using Podspace.Steps.Calls;

namespace Podspace.Tests.Aws;

/// <summary>The adapter in front of the simulated account: what it does there is what it does at AWS.</summary>
public sealed class AwsOnTwinTests
{
    private static readonly EquatableArray<SeenTag> Ours = [new(Tags.Name, "pods"), new(Tags.Overlay, "prod")];

    private static readonly AwsId Vpc = new(Worlds.Crowded().State.Aws.Vpcs[0].VpcId);

    private readonly AwsTwin twin = new();

    [Fact]
    public async Task More_subnets_in_more_zones_cost_no_more_calls()
    {
        await twin.Cloud.ObserveAsync(new(Vpc, null), default);
        var before = twin.Calls.Count;
        await BuildAsync(twin, once => once());
        twin.Calls.Clear();

        await twin.Cloud.ObserveAsync(new(Vpc, null), default);

        Assert.Equal(before, twin.Calls.Count);
    }

    [Fact]
    public async Task Each_call_made_twice_is_the_same_as_made_once()
    {
        var ids = await BuildAsync(twin, once => once());
        var other = new AwsTwin();

        var again = await BuildAsync(
            other,
            async once =>
            {
                var first = await once();
                Assert.Equal(first, await once());
                return first;
            }
        );

        Assert.Equal(ids, again);
        Assert.Equal(Shape(twin.World), Shape(other.World));
    }

    [Fact]
    public async Task A_call_whose_answer_is_lost_is_made_good()
    {
        var ids = await BuildAsync(twin, once => once());
        Losing? losing = null;
        var other = new AwsTwin(handler => losing = new Losing(handler));

        var again = await BuildAsync(other, once => once());

        Assert.Equal(ids, again);
        Assert.Equal(Shape(twin.World), Shape(other.World));
        Assert.True(losing!.Lost > 10);
    }

    [Fact]
    public async Task The_egress_rule_that_AWS_puts_into_a_new_group_becomes_ours_when_it_is_asked_for()
    {
        var cloud = twin.Cloud;
        var group = await cloud.CallAsync(new CloudCall.CreateGroup(Vpc, "pods", "pods", Ours), default);
        var rule = new GroupRule(Ref.Used(group.Id!), Direction.Egress, Traffic.All, Cidr.Parse("0.0.0.0/0"), "out");

        var outcome = await cloud.CallAsync(new CloudCall.Authorize(rule, Ours, IsInOurGroup: true), default);

        var made = Assert.Single(twin.World.State.Aws.SecurityGroupRules, made => made.GroupId == group.Id);
        Assert.Equal(made.SecurityGroupRuleId, outcome.Id);
        Assert.Contains(made.Tags, tag => tag is { Key: Tags.Overlay, Value: "prod" });
    }

    [Fact]
    public async Task A_rule_that_somebody_else_made_in_their_group_stays_theirs()
    {
        var theirs = twin.World.State.Aws.SecurityGroupRules.First(rule => rule.CidrIpv4 is not null);
        var rule = new GroupRule(
            Ref.Used(theirs.GroupId),
            theirs.IsEgress ? Direction.Egress : Direction.Ingress,
            new(theirs.IpProtocol, theirs.FromPort, theirs.ToPort),
            Cidr.Parse(theirs.CidrIpv4!),
            "ours"
        );

        var outcome = await twin.Cloud.CallAsync(new CloudCall.Authorize(rule, Ours), default);

        Assert.Equal(Outcome.Done(theirs.SecurityGroupRuleId), outcome);
        Assert.DoesNotContain(theirs.Tags, tag => tag.Key == Tags.Overlay);
    }

    [Fact]
    public async Task The_add_on_is_updated_once_per_token_and_comes_to_rest()
    {
        var update = new CloudCall.UpdateAddon(
            "prod",
            "vpc-cni",
            """{"env":{"WARM_IP_TARGET":"2"}}""",
            Podspace.Spec.Conflicts.Overwrite,
            "token-1"
        );

        var first = await twin.Cloud.CallAsync(update, default);
        Assert.Null(first.Refusal);
        Assert.Equal(first, await twin.Cloud.CallAsync(update, default));
        Assert.IsType<Progress.Pending>(await twin.Cloud.LookAsync(new CloudState.AddonAtRest("prod", "vpc-cni"), default));
        Assert.Equal(RefusalKind.Conflict, (await twin.Cloud.CallAsync(update with { Token = "token-2" }, default)).Refusal!.Kind);
        await ReachAsync(twin, new CloudState.AddonUpdated("prod", "vpc-cni", first.Id!));
        await ReachAsync(twin, new CloudState.AddonAtRest("prod", "vpc-cni"));

        var seen = await twin.Cloud.ObserveAsync(new(Vpc, "prod"), default);
        Assert.Equal(update.Values, seen.VpcCni!.Values);
    }

    [Fact]
    public async Task Values_that_the_add_on_does_not_know_are_refused()
    {
        var outcome = await twin.Cloud.CallAsync(
            new CloudCall.UpdateAddon("prod", "vpc-cni", """{"env":{"NO_SUCH_SETTING":"2"}}""", Podspace.Spec.Conflicts.Fail, "token-1"),
            default
        );

        Assert.Equal((RefusalKind.Final, "InvalidParameterException"), (outcome.Refusal!.Kind, outcome.Refusal.Code));
    }

    [Fact]
    public async Task An_instance_is_terminated_and_gone()
    {
        var instance = new AwsId(twin.World.State.Aws.Instances[0].InstanceId);

        Assert.IsType<Progress.Pending>(await twin.Cloud.LookAsync(new CloudState.InstanceGone(instance), default));
        Assert.Equal(Outcome.Done(), await twin.Cloud.CallAsync(new CloudCall.TerminateInstance(instance), default));
        Assert.Equal(Outcome.Done(), await twin.Cloud.CallAsync(new CloudCall.TerminateInstance(instance), default));
        await ReachAsync(twin, new CloudState.InstanceGone(instance));
    }

    [Fact]
    public async Task A_block_is_gone_when_AWS_has_let_it_go()
    {
        var block = Cidr.Parse("100.64.0.0/16");
        var association = await twin.Cloud.CallAsync(new CloudCall.AssociateBlock(Vpc, block), default);
        await ReachAsync(twin, new CloudState.BlockAssociated(Vpc, block));

        Assert.Equal(Outcome.Done(), await twin.Cloud.CallAsync(new CloudCall.DisassociateBlock(association.Id!), default));
        Assert.Equal(Outcome.Done(), await twin.Cloud.CallAsync(new CloudCall.DisassociateBlock(association.Id!), default));
        await ReachAsync(twin, new CloudState.BlockGone(Vpc, block));
    }

    [Fact]
    public async Task A_refused_block_is_refused_with_AWS_s_words()
    {
        var outcome = await twin.Cloud.CallAsync(new CloudCall.AssociateBlock(Vpc, Cidr.Parse("192.168.0.0/16")), default);

        Assert.Equal((RefusalKind.Final, "InvalidVpc.Range"), (outcome.Refusal!.Kind, outcome.Refusal.Code));
    }

    [Fact]
    public async Task Rehearsing_changes_nothing()
    {
        var outcome = await twin.Cloud.RehearseAsync(new CloudCall.CreateRouteTable(Vpc, "token", Ours), default);

        Assert.Equal(Outcome.Done(), outcome);
        Assert.Empty(twin.World.State.History);
    }

    /// <summary>Makes one of everything that the network stage makes, and takes half of it away again. Answers with the ids.</summary>
    private static async Task<List<string?>> BuildAsync(AwsTwin twin, Func<Func<Task<Outcome>>, Task<Outcome>> make)
    {
        var ids = new List<string?>();
        var block = Cidr.Parse("100.64.0.0/16");
        await CallAsync(new CloudCall.Tag(Vpc, [new(Tags.Block(block), "prod@2026-01-01T00:00:00Z")]));
        await CallAsync(new CloudCall.AssociateBlock(Vpc, block));
        await ReachAsync(twin, new CloudState.BlockAssociated(Vpc, block));
        var subnet = new AwsId(await CallAsync(new CloudCall.CreateSubnet(Vpc, "eu-west-1b", Cidr.Parse("100.64.0.0/18"), Ours)));
        var second = new AwsId(await CallAsync(new CloudCall.CreateSubnet(Vpc, "eu-west-1c", Cidr.Parse("100.64.64.0/18"), Ours)));
        await ReachAsync(twin, new CloudState.SubnetAvailable(subnet));
        await CallAsync(new CloudCall.Reserve(subnet, Cidr.Parse("100.64.32.0/19"), Ours));
        var table = new AwsId(await CallAsync(new CloudCall.CreateRouteTable(Vpc, "token-1", Ours)));
        var other = new AwsId(await CallAsync(new CloudCall.CreateRouteTable(Vpc, "token-2", Ours)));
        var association = await CallAsync(new CloudCall.AssociateRouteTable(table, subnet, null));
        await CallAsync(new CloudCall.AssociateRouteTable(other, subnet, association));
        var loose = await CallAsync(new CloudCall.AssociateRouteTable(table, second, null));
        var group = new AwsId(await CallAsync(new CloudCall.CreateGroup(Vpc, "podspace-prod", "Pods of prod", Ours)));
        var rule = await CallAsync(
            new CloudCall.Authorize(
                new(Ref.Used(group.Text), Direction.Ingress, Traffic.Tcp(443), Cidr.Parse("10.196.24.0/24"), "control plane"),
                Ours
            )
        );
        await CallAsync(new CloudCall.Revoke(group, Direction.Ingress, rule));
        await CallAsync(new CloudCall.DisassociateRouteTable(loose));
        await CallAsync(new CloudCall.DeleteRouteTable(table));
        await CallAsync(new CloudCall.DeleteSubnet(second));
        await CallAsync(new CloudCall.Untag(Vpc, [Tags.Block(block)]));
        return ids;

        async Task<string> CallAsync(CloudCall call)
        {
            var outcome = await make(() => twin.Cloud.CallAsync(call, default));
            Assert.True(outcome.Refusal is null, $"{call}: {outcome.Refusal}");
            ids.Add(outcome.Id);
            return outcome.Id ?? "";
        }
    }

    private static async Task ReachAsync(AwsTwin twin, CloudState state)
    {
        Progress progress;
        var looks = 0;
        while ((progress = await twin.Cloud.LookAsync(state, default)) is Progress.Pending && looks++ < 20)
        {
            await Task.Delay(TimeSpan.FromSeconds(1), twin.World.Clock);
        }
        Assert.IsType<Progress.Reached>(progress);
    }

    private static string Shape(World world)
    {
        var aws = world.State.Aws;
        return string.Join(
            '\n',
            [
                .. aws.Vpcs[0].CidrBlockAssociationSet.Select(block => block.CidrBlock),
                .. aws.Subnets.Select(subnet => $"{subnet.SubnetId} {subnet.CidrBlock}"),
                .. aws.SubnetCidrReservations.Select(reservation => $"{reservation.SubnetCidrReservationId} {reservation.Cidr}"),
                .. aws.RouteTables.Select(table =>
                    $"{table.RouteTableId} {string.Join(' ', table.Associations.Select(association => association.SubnetId))}"
                ),
                .. aws.SecurityGroups.Select(group => $"{group.GroupId} {group.GroupName}"),
                .. aws.SecurityGroupRules.Select(rule => $"{rule.SecurityGroupRuleId} {rule.CidrIpv4}"),
            ]
        );
    }

    /// <summary>Loses the first answer of every call that changes something, after its effect.</summary>
    private sealed class Losing(HttpMessageHandler inner) : DelegatingHandler(inner)
    {
        private readonly HashSet<string> seen = [];

        public int Lost { get; private set; }

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var body = await request.Content!.ReadAsStringAsync(cancellationToken);
            var response = await base.SendAsync(request, cancellationToken);
            if (
                body.StartsWith("Action=Describe", StringComparison.Ordinal)
                || body.StartsWith("Action=Get", StringComparison.Ordinal)
                || !seen.Add(body)
            )
            {
                return response;
            }
            Lost++;
            throw new HttpRequestException("the connection was closed");
        }
    }
}
