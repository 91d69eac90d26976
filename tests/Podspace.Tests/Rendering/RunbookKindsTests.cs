using Podspace.Cli;
using Podspace.Naming;
using Podspace.Planning;
using Podspace.Rendering;
using Podspace.Rendering.Runbooks;
using Podspace.Rendering.Terraform;
using Podspace.Spec;
using Podspace.Steps;
using Podspace.Tests.Applying;
using Podspace.Tests.House;

namespace Podspace.Tests.Rendering;

/// <summary>Whatever a plan may hold, a person is told how to do it.</summary>
public sealed class RunbookKindsTests
{
    public static TheoryData<string> Names => EveryChange.Names;

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Every_kind_of_change_has_a_command_and_no_sign_of_ours_is_left_in_it(string name)
    {
        // With a group of their own, so that there are rules to take out again.
        var spec = Guide.Spec with
        {
            Security = new(PodGroups.Dedicated),
        };
        using var bench = new Bench(Guide.World());
        Assert.True(await bench.ApplyAsync(spec, Stage.Switch) == ExitCode.Fine, bench.Said);
        var state = await bench.LookAsync(spec);
        // What is taken away is named by its id, so it has to be there.
        var leaving = Planner.Destroy(spec, state.Inventory).Steps.Select(step => step.Change);
        var change = leaving.FirstOrDefault(one => one.GetType().Name == name) ?? EveryChange.Of(name);
        var step = new Step(change.Id, Stage.Network, change, "it is needed", Disruption.None, Owner.Podspace, []);
        var plan = state.Plan! with { Steps = [step] };

        var runbook = Runbook.From(Blueprint.From(spec, state.Desired!, state.Inventory), plan, "…3333");

        var chapter = Assert.Single(runbook.Chapters, chapter => !chapter.Steps.IsEmpty);
        Assert.Matches("(aws|kubectl) ", chapter.Commands);
        Assert.DoesNotContain("@@", chapter.Commands + chapter.Check + chapter.Back, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_rollout_mark_of_a_node_is_taken_off_and_the_node_takes_pods_again()
    {
        using var run = Podspace.Tests.Cli.CommandRun.Of("crowded-vpc");
        const string node = "ip-10-196-24-135.eu-west-1.compute.internal";
        var world = run.Read("world.yaml");
        run.Write(
            "world.yaml",
            world.Replace(
                $"      name: {node}\n",
                $"      name: {node}\n      annotations: {{podspace.io/rollout.prod: to-overlay}}\n",
                StringComparison.Ordinal
            )
        );

        var (exit, text, error) = await run.HereAsync("render runbook");

        Assert.True(exit == ExitCode.Fine, error);
        Assert.Contains(
            $"kubectl annotate node {node} podspace.io/rollout.prod-\nkubectl uncordon {node}\n",
            text,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task A_spare_route_table_is_deleted_by_its_id()
    {
        using var bench = new Bench(Guide.World());
        await bench.ApplyAsync(Guide.Spec, Stage.Network);
        var tables = bench.World.State.Aws.RouteTables;
        var ours = tables.Find(table => table.Tags.Exists(tag => tag.Key == Tags.Name))!;
        tables.Add(
            new()
            {
                RouteTableId = "rtb-fffffffffffffffff",
                VpcId = ours.VpcId,
                Tags = [.. ours.Tags],
            }
        );

        var state = await bench.LookAsync(Guide.Spec);
        var typed = RunbookTests.Typed(Guide.Spec, state.Desired!, state.Inventory, state.Plan!);

        Assert.Contains("aws ec2 delete-route-table --route-table-id rtb-fffffffffffffffff\n", typed, StringComparison.Ordinal);
    }

    [Fact]
    public async Task In_a_shared_VPC_the_network_ACL_is_the_network_accounts_by_hand_and_in_Terraform()
    {
        var estate = Worlds.All().Single(one => one.Name == "shared-vpc");
        using var bench = estate.Open();
        var spec = estate.Spec with { Subnets = new(NetworkAcl: "acl-0b1b2b3b4b5b6b7b8") };
        bench.World.State.Aws.NetworkAcls.Add(
            new()
            {
                NetworkAclId = "acl-0b1b2b3b4b5b6b7b8",
                VpcId = spec.Vpc,
                Entries = [new() { RuleNumber = 100 }, new() { RuleNumber = 100, Egress = true }],
            }
        );

        var state = await bench.LookAsync(spec);
        var runbook = Runbook.From(Blueprint.From(spec, state.Desired!, state.Inventory), state.Plan!, "…4444");
        var commands = runbook.Chapters.Single(chapter => chapter.Topic == RunbookTopic.Subnets).Commands;
        var hcl = TerraformText.Render(Blueprint.From(spec, state.Desired!, state.Inventory), false);

        Assert.DoesNotContain("@@", commands, StringComparison.Ordinal);
        Assert.Contains("Associations[?SubnetId=='$POD_SUBNET_EU_WEST_1B_0']", commands, StringComparison.Ordinal);
        Assert.Equal(["# With credentials of account 222233334444."], commands.Split('\n').Where(line => line.StartsWith('#')));
        Assert.Matches("resource \"aws_network_acl_association\" \"[a-z0-9_]+\" \\{\n  provider += aws.network\n", hcl);
    }
}
