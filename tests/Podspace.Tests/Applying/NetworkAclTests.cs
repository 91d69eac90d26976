using Podspace.Cli;
using Podspace.Rendering;
using Podspace.Rendering.Terraform;
using Podspace.Simulation;
using Podspace.Spec;
using Podspace.Steps;

namespace Podspace.Tests.Applying;

/// <summary>Pod subnets get the network ACL that the spec names, keep one where it names none, and take it along when they go.</summary>
[Trait("speed", "slow")]
public sealed class NetworkAclTests
{
    private const string Vpc = "vpc-09796d57be9cec2d2",
        Default = "acl-0ea3cc240c0704a7d",
        Ours = "acl-0f00d5e7ac1b20001";

    private static readonly OverlaySpec Asking = Guide.Parsed(DemoCommand.Example("overlay.yaml") + $"  subnets: {{networkAcl: {Ours}}}\n");

    [Fact]
    public async Task Pod_subnets_get_the_ACL_and_the_world_is_as_it_was_when_they_go()
    {
        using var bench = new Bench(World());
        using var before = bench.Copy();

        Assert.True(await bench.ApplyAsync(Asking, Stage.Switch) == ExitCode.Fine, bench.Said);

        Assert.Equal(Pods(bench.World), Of(bench.World, Ours));
        Assert.Empty((await bench.LookAsync(Asking)).Plan!.Steps.Select(step => step.Id));
        Assert.True(await bench.DestroyAsync(Asking) == ExitCode.Fine, bench.Said);
        bench.World.Advance(TimeSpan.FromHours(2));
        Assert.Empty(WorldComparison.Differences(before.World.State, bench.World.State));
    }

    [Fact]
    public async Task An_ACL_that_somebody_exchanged_is_named_and_put_back()
    {
        using var bench = new Bench(World());
        await bench.ApplyAsync(Asking, Stage.Switch);
        var subnet = Pods(bench.World)[0];
        Exchange(bench.World, subnet, Default);

        var step = Assert.Single((await bench.LookAsync(Asking)).Plan!.Steps);

        Assert.Equal($"update/network-ACL/{Ours} for pods-eu-west-1b-0", step.Id);
        Assert.Contains("the subnet has another (by now)", step.Why, StringComparison.Ordinal);
        Assert.True(await bench.ApplyAsync(Asking, Stage.Switch) == ExitCode.Fine, bench.Said);
        Assert.Equal(Pods(bench.World), Of(bench.World, Ours));
    }

    [Fact]
    public async Task Cut_off_at_any_call_the_next_run_gives_every_subnet_its_ACL()
    {
        using var whole = new Bench(World());
        var calls = await whole.CutAsync(Asking, 0, false, Network);
        for (var at = 1; at <= calls; at++)
        {
            using var cut = new Bench(World());
            await cut.CutAsync(Asking, at, at % 2 == 0, Network);
            Assert.True(await cut.RunAsync(Asking, Network) == ExitCode.Fine, $"call {at}: {cut.Said}");
            Assert.Equal(Pods(cut.World), Of(cut.World, Ours));
        }
    }

    [Fact]
    public async Task Where_the_spec_names_none_any_more_the_subnets_keep_it_and_are_told_how_to_go_back()
    {
        using var bench = new Bench(World());
        await bench.ApplyAsync(Asking, Stage.Switch);

        var plan = (await bench.LookAsync(Guide.Spec)).Plan!;

        Assert.Empty(plan.Steps.Select(step => step.Id));
        Assert.All(
            plan.Findings.Where(finding => finding.Code == "PS2207"),
            finding => Assert.Contains($"networkAcl: {Default}", finding.Fix, StringComparison.Ordinal)
        );
        Assert.Equal(2, plan.Findings.Count(finding => finding.Code == "PS2207"));
        Assert.True(
            await bench.ApplyAsync(Guide.Spec with { Subnets = new(NetworkAcl: Default) }, Stage.Switch) == ExitCode.Fine,
            bench.Said
        );
        Assert.Empty(Of(bench.World, Ours));
    }

    [Fact]
    public async Task Running_pods_feel_another_ACL_so_it_is_asked_about()
    {
        using var bench = new Bench(World());
        await bench.ApplyAsync(Guide.Spec, null);
        Assert.True(await bench.RollAsync(Guide.Spec) == ExitCode.Fine, bench.Said);

        var steps = (await bench.LookAsync(Asking)).Plan!.Steps;

        Assert.All(steps, step => Assert.Equal(("network ACL", Disruption.RunningPods), (step.Change.Kind, step.Disruption)));
        Assert.Equal(2, steps.Count);
    }

    [Theory]
    [InlineData("10.196.24.0/24", 100, "deny", "outgoing packets of 10.196.24.0/24 of the VPC")]
    [InlineData("100.64.0.0/16", 90, "deny", "outgoing packets of 100.64.0.0/16 of the VPC")]
    public async Task An_ACL_that_keeps_pods_packets_back_is_warned_of(string block, int number, string action, string said)
    {
        var world = World();
        world
            .State.Aws.NetworkAcls.Find(acl => acl.NetworkAclId == Ours)!
            .Entries.Insert(
                0,
                new()
                {
                    RuleNumber = number - 50,
                    Egress = true,
                    RuleAction = action,
                    CidrBlock = block,
                }
            );
        using var bench = new Bench(world);

        var finding = Assert.Single((await bench.LookAsync(Asking)).Plan!.Findings, finding => finding.Code == "PS2203");

        Assert.Contains(said, finding.Problem, StringComparison.Ordinal);
        Assert.Equal("spec.subnets.networkAcl", finding.Place?.Path);
    }

    [Fact]
    public async Task An_ACL_of_another_VPC_is_an_error()
    {
        using var bench = new Bench(Guide.World());

        var state = await bench.LookAsync(Asking);

        Assert.Null(state.Plan);
        Assert.Contains(
            state.Findings,
            finding => finding.Code == "PS1212" && finding.Problem.Contains($"{Vpc} has no network ACL {Ours}", StringComparison.Ordinal)
        );
    }

    [Fact]
    public async Task A_subnet_of_others_keeps_its_own_and_the_command_to_change_it_is_told()
    {
        using var bench = new Bench(World());
        await bench.ApplyAsync(Guide.Spec, Stage.Network);
        var subnet = bench.World.State.Aws.Subnets.Find(one => one.SubnetId == Pods(bench.World)[0])!;
        subnet.Tags.RemoveAll(tag => tag.Key.StartsWith("podspace.io/", StringComparison.Ordinal));

        var finding = Assert.Single((await bench.LookAsync(Asking)).Plan!.Findings, finding => finding.Code == "PS2207");

        Assert.Contains(
            $"{subnet.SubnetId} keeps network ACL {Default}: the spec asks for {Ours}",
            finding.Problem,
            StringComparison.Ordinal
        );
        Assert.Contains("aws ec2 replace-network-acl-association", finding.Fix, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Terraform_gets_an_association_for_each_subnet_and_an_import_for_each_that_is_there()
    {
        using var bench = new Bench(World());
        await bench.ApplyAsync(Asking, Stage.Network);
        var state = await bench.LookAsync(Asking);

        var text = TerraformText.Render(Blueprint.From(Asking, state.Desired!, state.Inventory), false);

        foreach (
            var (zone, association) in Pods(bench.World)
                .Zip(
                    ["pods_eu_west_1b_0", "pods_eu_west_1c_0"],
                    (id, name) =>
                        (
                            name,
                            bench
                                .World.State.Aws.NetworkAcls.SelectMany(acl => acl.Associations)
                                .First(one => one.SubnetId == id)
                                .NetworkAclAssociationId
                        )
                )
        )
        {
            Assert.Contains($"resource \"aws_network_acl_association\" \"{zone}\"", text, StringComparison.Ordinal);
            Assert.Contains($"aws_network_acl_association.{zone}", text, StringComparison.Ordinal);
            Assert.Contains(association, text, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task What_Terraform_makes_of_it_is_the_same_network()
    {
        using var bench = new Bench(World());
        var spec = Asking with { Owners = new(Owner.Terraform, Owner.Terraform, Owner.Terraform, Owner.Podspace) };
        var state = await bench.LookAsync(spec);

        await new Rendering.TerraformRun(bench, spec.Region).ApplyAsync(
            TerraformText.Render(Blueprint.From(spec, state.Desired!, state.Inventory), isJson: true)
        );

        Assert.Equal(Pods(bench.World), Of(bench.World, Ours));
        Assert.Empty((await bench.LookAsync(spec)).Plan!.Steps.Select(step => step.Id));
    }

    private static Job Network { get; } =
        new(
            "apply --stage network",
            (terminal, session, cancel) =>
                ApplyCommand.ApplyAsync(terminal, session, new([], null, null, true), new(Stage.Network, true, true), cancel)
        );

    private static World World()
    {
        var world = Guide.World();
        world.State.Aws.NetworkAcls.Add(
            new()
            {
                NetworkAclId = Ours,
                VpcId = Vpc,
                Entries = [new() { RuleNumber = 100 }, new() { RuleNumber = 100, Egress = true }],
            }
        );
        return world;
    }

    private static void Exchange(World world, string subnet, string acl) =>
        world.Do(() =>
            world.Ec2.ReplaceNetworkAclAssociation(
                world
                    .Ec2.NetworkAclsInForce()
                    .SelectMany(one => one.Associations)
                    .First(one => one.SubnetId == subnet)
                    .NetworkAclAssociationId,
                acl
            )
        );

    private static List<string> Pods(World world) =>
        [
            .. world
                .State.Aws.Subnets.Where(subnet => subnet.CidrBlock.StartsWith("100.64.", StringComparison.Ordinal))
                .Select(subnet => subnet.SubnetId)
                .Order(StringComparer.Ordinal),
        ];

    private static List<string> Of(World world, string acl) =>
        [
            .. world
                .State.Aws.NetworkAcls.Find(one => one.NetworkAclId == acl)!
                .Associations.Select(one => one.SubnetId)
                .Order(StringComparer.Ordinal),
        ];
}
