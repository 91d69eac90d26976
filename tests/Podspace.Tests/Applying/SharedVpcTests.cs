using Podspace.Cli;
using Podspace.Design;
using Podspace.Findings;
using Podspace.Naming;
using Podspace.Planning;
using Podspace.Rendering;
using Podspace.Rendering.Policies;
using Podspace.Rendering.Terraform;
using Podspace.Simulation.State;
using Podspace.Simulation.WorldFile;
using Podspace.Spec;
using Podspace.Steps;
using Podspace.Steps.Calls;
using Podspace.Tests.Rendering;

namespace Podspace.Tests.Applying;

/// <summary>examples/shared-vpc: the VPC is the network account's, the cluster another's, and what
/// is eu-west-1b to the one is eu-west-1c to the other.</summary>
public sealed class SharedVpcTests
{
    private const string Network = "222233334444";
    private const string Cluster = "111122223333";
    private const string NodesOfB = "subnet-0a4b8c6d2e1f3a597";

    private static readonly Estate Estate = Worlds.All().Single(estate => estate.Name == "shared-vpc");

    private static OverlaySpec Spec => Estate.Spec;

    /// <summary>Before there is a cluster, whose node group is in two.</summary>
    private static OverlaySpec OneZone => Spec with { Cluster = null, Zones = ["eu-west-1b"] };

    [Fact]
    public async Task Each_zone_s_pods_get_a_subnet_of_that_very_zone_whatever_the_other_account_calls_it()
    {
        using var bench = await AppliedAsync(Spec);
        var aws = bench.World.State.Aws;
        var nodes = aws.Subnets.Single(subnet => subnet.SubnetId == NodesOfB);

        var pods = aws.Subnets.Single(subnet => subnet.Tags.Exists(tag => tag is { Key: Tags.Name, Value: "pods-eu-west-1b-0" }));

        Assert.Equal((nodes.AvailabilityZone, Network), (pods.AvailabilityZone, pods.OwnerId));
        Assert.Contains(
            $"\"eu-west-1b\":{{\"id\":\"{pods.SubnetId}\"",
            aws.Addons.Single(addon => addon.AddonName == "vpc-cni").ConfigurationValues!.Replace(" ", "").Replace("\n", ""),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task The_pods_group_is_made_where_their_interfaces_live()
    {
        using var bench = await AppliedAsync(Spec with { Security = new(PodGroups.Dedicated) });

        var group = bench.World.State.Aws.SecurityGroups.Single(group => group.Tags.Exists(tag => tag.Key == Tags.Overlay));

        Assert.Equal("", group.OwnerId);
        Assert.Empty(
            (await bench.LookAsync(Spec with { Security = new(PodGroups.Dedicated) }))
                .Plan!.Steps.Where(step => step.Stage < Stage.Switch)
                .Select(step => step.Id)
        );
    }

    [Fact]
    public async Task Each_call_is_made_by_the_account_whose_policy_has_its_right()
    {
        using var bench = Estate.Small().Open();
        foreach (var job in Estate.Jobs)
        {
            Assert.True(await bench.RunAsync(Spec, job) == ExitCode.Fine, bench.Said);
        }
        var rights = IamPolicy
            .Files(Spec, Grant.Nodes)
            .ToDictionary(
                file => file.Name == "policy-network.json" ? Network : Cluster,
                file => GrantTests.Actions(file.Text).ToHashSet()
            );

        var without = bench
            .Aws.Calls.Where(call =>
                call.Service is "ec2" or "ram" or "servicequotas" && !rights[call.Account].Contains($"{call.Service}:{call.Operation}")
            )
            .Distinct();

        Assert.Empty(without);
        Assert.All(bench.Aws.Calls.Where(call => call.Service == "eks"), call => Assert.Equal(Cluster, call.Account));
        Assert.All(
            bench.Aws.Calls.Where(call => call is { Service: "ec2", IsWrite: true }),
            call => Assert.Equal(IsOfNodes(call.Operation) ? Cluster : Network, call.Account)
        );
    }

    [Fact]
    public async Task A_zone_that_joins_is_shared_too_and_one_that_leaves_is_shared_no_longer()
    {
        using var bench = await AppliedAsync(OneZone);
        Assert.Single(SharedByUs(bench));

        Assert.True(await bench.ApplyAsync(OneZone with { Zones = Spec.Zones }, Stage.Network) == ExitCode.Fine, bench.Said);
        Assert.Equal(2, SharedByUs(bench).Count);

        Assert.True(await bench.ApplyAsync(OneZone, Stage.Network) == ExitCode.Fine, bench.Said);
        Assert.Single(SharedByUs(bench));
        Assert.Equal(2, bench.World.State.Aws.ResourceShares.Count);
    }

    [Fact]
    public async Task A_subnet_that_somebody_took_out_of_the_share_is_missed_and_shared_again()
    {
        using var bench = await AppliedAsync(Spec);
        var gone = SharedByUs(bench)[0];
        bench.World.Do(() => bench.World.Ram.Disassociate(Network, OurShare(bench).ResourceShareArn, [gone], []));
        bench.World.Advance(TimeSpan.FromMinutes(1));

        var state = await bench.LookAsync(Spec);
        var check = Verification.Of(Spec, state.Desired!, state.Inventory, state.Plan!).Single(check => check.What == "share");

        Assert.False(check.IsRight);
        Assert.Contains(state.Plan!.Steps, step => step.Id == "update/share/pods" && step.Disruption == Disruption.None);
        await bench.ApplyAsync(Spec, Stage.Admit);
        Assert.Contains(gone, SharedByUs(bench));
    }

    [Fact]
    public async Task What_others_share_with_the_nodes_account_needs_no_share_of_ours()
    {
        using var bench = Estate.Open();
        using (var wire = new Denying(bench.Wire, asked => asked.ToString() == "ram CreateResourceShare"))
        {
            await using var connections = Connections.ToTwin(bench.World, Spec, "test", wire);
            Assert.Equal(
                ExitCode.Error,
                await ApplyCommand.ApplyAsync(
                    bench.Terminal,
                    new(Spec, connections),
                    new([], null, null, false),
                    new(Stage.Admit, true, true),
                    default
                )
            );
        }
        var subnets = bench
            .World.State.Aws.Subnets.Where(subnet => subnet.Tags.Exists(tag => tag.Key == Tags.Overlay))
            .Select(subnet => ShareChoice.Arn("eu-west-1", Network, subnet.SubnetId))
            .ToList();
        Assert.Contains(
            "aws ram create-resource-share --region eu-west-1 --name prod-pods --principals "
                + "…3333 --resource-arns arn:aws:ec2:eu-west-1:…4444:subnet/subnet-",
            bench.Said,
            StringComparison.Ordinal
        );

        bench.World.Do(() => bench.World.Ram.Create(Network, "by hand", subnets, [Cluster], false, [], null));
        bench.World.Advance(TimeSpan.FromMinutes(1));
        Assert.True(await bench.ApplyAsync(Spec, Stage.Admit) == ExitCode.Fine, bench.Said);

        Assert.Equal(["by hand", "shop-nodes"], bench.World.State.Aws.ResourceShares.Select(share => share.Name).Order());
    }

    [Fact]
    public async Task A_share_that_came_to_hold_somebody_else_s_subnet_stays()
    {
        using var bench = await AppliedAsync(Spec);
        bench.World.Do(() =>
            bench.World.Ram.Associate(Network, OurShare(bench).ResourceShareArn, [ShareChoice.Arn("eu-west-1", Network, NodesOfB)], [])
        );
        bench.World.Advance(TimeSpan.FromMinutes(1));

        await bench.DestroyAsync(Spec);

        Assert.Contains("PS2325", bench.Said, StringComparison.Ordinal);
        Assert.Equal([ShareChoice.Arn("eu-west-1", Network, NodesOfB)], SharedByUs(bench));
        Assert.Equal(2, bench.World.State.Aws.Subnets.Count);
    }

    [Fact]
    public async Task A_subnet_that_is_used_is_not_ours_to_share()
    {
        using var bench = Estate.Open();
        bench.World.Do(() => bench.World.Ec2.As(Network).AssociateVpcCidrBlock(Spec.Vpc, "100.64.0.0/16"));
        bench.World.Advance(TimeSpan.FromMinutes(1));
        var subnet = bench.World.Do(() => bench.World.Ec2.As(Network).CreateSubnet(Spec.Vpc, "100.64.0.0/18", "euw1-az3", []));
        bench.World.Advance(TimeSpan.FromMinutes(1));

        var findings = (await bench.LookAsync(Spec with { Subnets = new([new("eu-west-1b", subnet.SubnetId)]) })).Findings;

        var finding = Assert.Single(findings, finding => finding.Severity == Severity.Error);
        Assert.Equal("PS1213", finding.Code);
        Assert.Contains(
            $"aws ram create-resource-share --region eu-west-1 --name prod-{subnet.SubnetId} --principals "
                + $"{Cluster} --resource-arns arn:aws:ec2:eu-west-1:{Network}:subnet/{subnet.SubnetId}",
            finding.Fix,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task Without_a_role_of_the_owner_s_it_is_said_whose_the_VPC_is()
    {
        using var bench = Estate.Open();

        var finding = Assert.Single(
            (await bench.LookAsync(Spec with { Account = null, Access = new() })).Findings,
            finding => finding.Severity == Severity.Error
        );

        Assert.Equal("PS1011", finding.Code);
        Assert.Contains($"Let 'spec.access.network' name a role in account {Network}", finding.Fix, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Modes_that_go_by_tags_are_refused()
    {
        using var bench = new Bench(Bench.Load(Estate.World.Replace("v1.20.4", "v1.23.1", StringComparison.Ordinal)));

        var findings = (await bench.LookAsync(Spec with { Modes = [PodMode.SubnetDiscovery] })).Findings;

        Assert.Contains(
            findings,
            finding =>
                finding is { Code: "PS1007", Severity: Severity.Error }
                && finding.Problem.Contains("a participant does not see the owner's", StringComparison.Ordinal)
        );
    }

    [Fact]
    public async Task What_is_seen_of_it_makes_a_copy_on_which_the_same_plan_comes_out()
    {
        using var bench = await AppliedAsync(OneZone);
        await using var connections = Connections.ToTwin(bench.World, Spec, "test", bench.Wire);
        var inventory = await new Session(Spec, connections).ObserveAsync(default);
        var (objects, _) = await connections.ClusterOf(inventory.Cloud)!.CopyAsync(Spec.Name, default);

        using var copy = new Bench(Bench.Load(WorldWriter.Write(Podspace.Simulation.WorldFile.Snapshot.Of(inventory, objects))));

        Assert.Equal(await StepsAsync(bench), await StepsAsync(copy));
        Assert.Contains("update/share/pods", await StepsAsync(copy));
    }

    [Fact]
    public async Task In_Terraform_what_is_the_VPC_s_has_the_network_account_s_provider()
    {
        using var bench = Estate.Open();
        var state = await bench.LookAsync(Spec with { Security = new(PodGroups.Dedicated) });

        var resources = TerraformTests
            .Resources(TerraformText.Render(Blueprint.From(Spec, state.Desired!, state.Inventory), isJson: true))
            .ToList();

        Assert.Equal(
            ["aws_eks_addon", "aws_security_group", "aws_vpc_security_group_egress_rule", "aws_vpc_security_group_ingress_rule"],
            resources.Where(one => one.Body["provider"] is null).Select(one => one.Type).Distinct().Order(StringComparer.Ordinal)
        );
        Assert.All(
            resources.Where(one => one.Body["provider"] is not null),
            one => Assert.Equal("aws.network", one.Body["provider"]!.ToString())
        );
        Assert.Equal(
            "euw1-az3",
            resources.Single(one => one is { Type: "aws_subnet", Name: "pods_eu_west_1b_0" }).Body["availability_zone_id"]!.ToString()
        );
    }

    [Theory]
    [InlineData("ram GetResourceShares", "PS1006", "Shares")]
    [InlineData("ec2 DescribeAvailabilityZones", "PS1006", "Zones")]
    [InlineData("sts GetCallerIdentity", "PS1006", "Shares")]
    public async Task What_two_accounts_stand_on_has_to_be_seen_also_to_take_anything_back(string denied, string code, string reading)
    {
        using var bench = await AppliedAsync(Spec);
        using var wire = new Denying(bench.Wire, asked => asked.ToString() == denied);
        await using var connections = Connections.ToTwin(bench.World, Spec, "test", wire);

        var state = await new Session(Spec, connections).PlanAsync(default);

        Assert.Contains(state.Findings, finding => (finding.Code, finding.Object, finding.Severity) == (code, reading, Severity.Error));
        await Assert.ThrowsAsync<UsageException>(() =>
            DestroyCommand.DestroyAsync(bench.Terminal, new(Spec, connections), new([], null, null, true), true, default)
        );
        Assert.DoesNotContain(wire.Changes, call => call.Service is "ec2" or "ram");
    }

    private static bool IsOfNodes(string operation) =>
        operation.Contains("SecurityGroup", StringComparison.Ordinal) || operation is "TerminateInstances" or "DeleteNetworkInterface";

    private static async Task<Bench> AppliedAsync(OverlaySpec spec)
    {
        var bench = Estate.Open();
        Assert.True(await bench.ApplyAsync(spec, Stage.Admit) == ExitCode.Fine, bench.Said);
        return bench;
    }

    private static async Task<IEnumerable<string>> StepsAsync(Bench bench) =>
        (await bench.LookAsync(Spec)).Plan!.Steps.Select(step => step.Id);

    private static ResourceShare OurShare(Bench bench) =>
        bench.World.State.Aws.ResourceShares.Single(share => share.Tags.Exists(tag => tag.Key == Tags.Overlay));

    private static List<string> SharedByUs(Bench bench)
    {
        var ours = OurShare(bench).ResourceShareArn;
        return
        [
            .. bench
                .World.State.Aws.ResourceShareAssociations.Where(part =>
                    part.ResourceShareArn == ours && part is { AssociationType: "RESOURCE", Status: "ASSOCIATED" }
                )
                .Select(part => part.AssociatedEntity),
        ];
    }
}
