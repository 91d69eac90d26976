using Podspace.Cli;
using Podspace.Simulation;
using Podspace.Simulation.State;
using Podspace.Simulation.WorldFile;
using Podspace.Tests.Cli;
using static Podspace.Tests.Applying.LaunchPathWorlds;

namespace Podspace.Tests.Applying;

/// <summary>Nodes that would be told to take more pods than they have addresses for, before the switch is thrown.</summary>
[Trait("speed", "slow")]
public sealed class LaunchPathTests : IDisposable
{
    private const string Switch = "apply --yes --stage switch";

    private readonly CommandRun run = new();

    [Fact]
    public async Task A_managed_group_without_an_AMI_of_its_own_is_told_by_EKS_and_nothing_waits()
    {
        Given(_ => { });
        Assert.Equal(ExitCode.Fine, (await run.HereAsync(Switch)).Exit);
    }

    [Theory]
    [InlineData("apply --yes --stage switch")]
    [InlineData("rollout start --yes")]
    public async Task A_group_with_an_AMI_of_its_own_keeps_the_switch_waiting_and_the_line_to_change_is_told(string line)
    {
        Given(world => OwnAmi(world));
        Assert.Equal(ExitCode.Fine, (await run.HereAsync("apply --yes")).Exit);
        var (exit, _, error) = await run.HereAsync(line);

        Assert.Equal(ExitCode.Error, exit);
        Assert.Contains("PS2323: node group workers starts m5.large with max-pods 29", error, StringComparison.Ordinal);
        Assert.Contains("has addresses for 20", error, StringComparison.Ordinal);
        Assert.Contains("maxPodsExpression: \"((default_enis - 1) * (ips_per_eni - 1)) + 2\"", error, StringComparison.Ordinal);
        Assert.Contains("max-pods = 20", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Everything_before_the_switch_is_done_meanwhile()
    {
        Given(world => OwnAmi(world));
        var (exit, output, error) = await run.HereAsync("apply --yes --stage admit");

        Assert.True(exit == ExitCode.Fine, output + error);
        Assert.Contains("PS2323", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Karpenters_nodes_are_told_by_their_class()
    {
        Given(world => Label(world, ("karpenter.sh/nodepool", "general"), ("karpenter.k8s.aws/ec2nodeclass", "al2023")));
        var (exit, _, error) = await run.HereAsync(Switch);

        Assert.Equal(ExitCode.Error, exit);
        Assert.Contains("PS2323: EC2NodeClass al2023 starts m5.large with max-pods 29", error, StringComparison.Ordinal);
        Assert.Contains("kubelet:\n      maxPods: 20", error, StringComparison.Ordinal);
        Assert.Contains("settings.reservedENIs: \"1\"", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nodes_of_nobodys_group_count_as_well()
    {
        Given(world => Label(world));
        Assert.Contains("PS2323: a self-managed group starts m5.large", (await run.HereAsync(Switch)).Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Prefixes_make_room_and_nothing_waits()
    {
        Given(world => OwnAmi(world), prefixes: true);
        Assert.Equal(ExitCode.Fine, (await run.HereAsync(Switch)).Exit);
    }

    [Fact]
    public async Task Somebody_may_answer_for_it()
    {
        Given(
            world => OwnAmi(world),
            "  accept: [{finding: PS2323, on: node group workers, reason: rolled on Monday, until: 2099-12-31}]\n"
        );
        Assert.Equal(ExitCode.Fine, (await run.HereAsync(Switch)).Exit);
    }

    [Fact]
    public async Task A_group_without_nodes_and_with_an_AMI_of_its_own_is_unknown_and_that_is_said()
    {
        Given(world =>
            world.State.Aws.Nodegroups.Add(
                new()
                {
                    NodegroupName = "spare",
                    AmiType = "CUSTOM",
                    ClusterName = "prod",
                    Status = "ACTIVE",
                    Subnets = world.State.Aws.Nodegroups[0].Subnets,
                    ScalingConfig = new() { MaxSize = 3 },
                }
            )
        );
        var (exit, output, _) = await run.HereAsync("plan");

        Assert.Equal(ExitCode.Fine, exit);
        Assert.Contains(
            "note PS2323: Nobody knows which max-pods node group spare tells the nodes that it starts",
            output,
            StringComparison.Ordinal
        );
    }

    [Theory]
    [InlineData(
        "---\napiVersion: node.eks.aws/v1alpha1\nkind: NodeConfig\nspec:\n  kubelet:\n    config:\n      maxPods: 29\n",
        "in its NodeConfig, spec.kubelet.config, instead of maxPods: 29:\n  maxPods: 20"
    )]
    [InlineData(
        "---\napiVersion: node.eks.aws/v1alpha1\nkind: NodeConfig\nspec:\n  kubelet:\n    flags: [--max-pods=29]\n",
        "in its NodeConfig, spec.kubelet.flags, instead of --max-pods=29:\n  --max-pods=20"
    )]
    [InlineData(
        "---\napiVersion: node.eks.aws/v1alpha1\nkind: NodeConfig\nspec: {}\n",
        "in its NodeConfig, spec.kubelet:\n  maxPodsExpression: \"((default_enis - 1) * (ips_per_eni - 1)) + 2\""
    )]
    [InlineData(
        "[settings.kubernetes]\nmax-pods = 29\n",
        "in its settings, instead of max-pods = 29:\n  [settings.kubernetes]\n  max-pods = 20"
    )]
    [InlineData(
        "#!/bin/bash\n/etc/eks/bootstrap.sh prod\n",
        "in its script:\n  /etc/eks/bootstrap.sh \"$CLUSTER\" --use-max-pods false --kubelet-extra-args '--max-pods=20'"
    )]
    public async Task A_launch_template_without_a_node_keeps_the_switch_waiting_and_its_own_line_is_told(string userData, string line)
    {
        Given(world => Spare(world, userData));
        Assert.Equal(ExitCode.Fine, (await run.HereAsync("apply --yes --stage admit")).Exit);
        var (exit, _, error) = await run.HereAsync(Switch);

        Assert.Equal(ExitCode.Error, exit);
        Assert.Contains(
            "PS2323: node group spare starts m5.large with max-pods 29, as launch template lt-0spare (spare), version 2,",
            error,
            StringComparison.Ordinal
        );
        Assert.Contains(line, error, StringComparison.Ordinal);
        Assert.Contains(
            "aws eks update-nodegroup-version --cluster-name prod --nodegroup-name spare --launch-template id=lt-0spare,version=VERSION",
            error,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task A_template_that_says_what_fits_lets_the_switch_go_although_its_nodes_were_started_by_an_older_one()
    {
        Given(world =>
        {
            OwnAmi(world);
            world.State.Aws.Nodegroups[0].LaunchTemplate = new() { Id = "lt-0workers", Version = "7" };
            world.State.Aws.LaunchTemplateVersions.Add(Version("lt-0workers", 7, "[settings.kubernetes]\nmax-pods = 20\n"));
        });
        Assert.Equal(ExitCode.Fine, (await run.HereAsync(Switch)).Exit);
    }

    [Fact]
    public async Task Of_mixed_types_the_least_is_told()
    {
        Given(world =>
        {
            Spare(world, "[settings.kubernetes]\nmax-pods = 44\n");
            world.State.Aws.Nodegroups[^1].InstanceTypes = ["m5.xlarge", "m5.large"];
        });
        var error = (await run.HereAsync(Switch)).Error;

        Assert.Contains("node group spare starts m5.large with max-pods 44", error, StringComparison.Ordinal);
        Assert.Contains("max-pods = 20", error, StringComparison.Ordinal);
        Assert.Contains("The least of m5.large, m5.xlarge: one number serves all of them.", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("$Latest", "Make a version of the template with that; the group takes the latest one")]
    [InlineData("$Default", "aws ec2 modify-launch-template --launch-template-id lt-0batch --default-version VERSION")]
    [InlineData("4", "update-auto-scaling-group --auto-scaling-group-name batch --mixed-instances-policy file://policy.json")]
    public async Task A_self_managed_group_is_found_by_the_cluster_s_tag_and_judged_by_each_type_of_its_overrides(
        string version,
        string then
    )
    {
        Given(
            world =>
                world.State.Aws.AutoScalingGroups.AddRange([
                    Scaling("batch", "prod", "m5.large", version: version),
                    Scaling("strangers", "elsewhere", "m5.large"),
                    Scaling("none", "prod", "m5.large", most: 0),
                ]),
            template: Version("lt-0batch", 4, "#!/bin/bash\n/etc/eks/bootstrap.sh prod --kubelet-extra-args '--max-pods=58'\n")
        );
        var error = (await run.HereAsync(Switch)).Error;

        Assert.Contains(
            "PS2323: self-managed group batch starts m5.large with max-pods 58, as launch template lt-0batch, version 4, says",
            error,
            StringComparison.Ordinal
        );
        Assert.Contains(then, error, StringComparison.Ordinal);
        Assert.DoesNotContain("strangers", error, StringComparison.Ordinal);
        Assert.DoesNotContain("group none", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(
        "0",
        "",
        "EC2NodeClass general starts m5.large with max-pods 29, as Karpenter keeps back 0 interfaces (RESERVED_ENIS)",
        "kubectl -n kube-system set env deployment/karpenter RESERVED_ENIS=1"
    )]
    [InlineData(
        "1",
        "58",
        "EC2NodeClass general starts m5.large with max-pods 58, as its spec.kubelet.maxPods says",
        "In EC2NodeClass general, spec.kubelet, write instead of maxPods: 58:\n  maxPods: 20"
    )]
    public async Task Karpenter_without_a_node_keeps_the_switch_waiting(string reserved, string maxPods, string problem, string line)
    {
        Given(world => Karpenter(world, reserved, maxPods));
        var (exit, _, error) = await run.HereAsync(Switch);

        Assert.Equal(ExitCode.Error, exit);
        Assert.Contains(problem, error, StringComparison.Ordinal);
        Assert.Contains(line, error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("1", "")]
    [InlineData("0", "20")]
    [InlineData("1", "20")]
    public async Task Karpenter_that_counts_right_lets_the_switch_go(string reserved, string maxPods)
    {
        Given(world => Karpenter(world, reserved, maxPods));
        Assert.Equal(ExitCode.Fine, (await run.HereAsync(Switch)).Exit);
    }

    [Fact]
    public async Task What_may_not_be_read_is_said_and_not_taken_for_well()
    {
        Given(world => Spare(world, "#!/bin/bash\n/etc/eks/bootstrap.sh prod --kubelet-extra-args \"$EXTRA\"\n"));
        var (exit, output, _) = await run.HereAsync("plan");

        Assert.Equal(ExitCode.Fine, exit);
        Assert.Contains(
            "Nobody knows which max-pods node group spare tells the nodes that it starts: "
                + "it has no node yet, and of launch template lt-0spare (spare), version 2, its script puts the kubelet's "
                + "arguments together only when it runs",
            output,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task User_data_leaves_nothing_in_plans_snapshots_and_the_record_of_calls_but_what_it_says_of_max_pods()
    {
        const string Secret = "hunter2-of-the-bootstrap";
        Given(world =>
            Spare(world, $"#!/bin/bash\nexport DB_PASSWORD={Secret}\n/etc/eks/bootstrap.sh prod --kubelet-extra-args '--max-pods=29'\n")
        );
        var said = string.Concat(
            (await run.HereAsync("plan -o json")).Output,
            (await run.HereAsync("plan -o markdown")).Output,
            (await run.HereAsync("doctor")).Output,
            (await run.HereAsync("apply --yes --stage admit --report @report.json")).Output,
            (await run.HereAsync("snapshot")).Output,
            run.Read("report.json")
        );

        Assert.Contains("lt-0spare", said, StringComparison.Ordinal);
        Assert.DoesNotContain(Secret, said, StringComparison.Ordinal);
        Assert.DoesNotContain(
            Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes($"export DB_PASSWORD={Secret}"))[..12],
            said,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task Verify_proves_nothing_while_a_path_would_start_nodes_with_more_pods_than_fit()
    {
        Given(
            world => Spare(world, "[settings.kubernetes]\nmax-pods = 29\n"),
            "  accept: [{finding: PS2323, on: node group spare, reason: rolled on Monday, until: 2099-12-31}]\n"
        );
        Assert.Equal(ExitCode.Fine, (await run.HereAsync(Switch)).Exit);
        const string Problem =
            "node group spare starts m5.large with max-pods 29, as launch template lt-0spare (spare), version "
            + "2, says, and in this network such a node has addresses for 20: pods beyond that hang in ContainerCreating.";
        var accepted = await run.HereAsync("verify");
        Assert.DoesNotContain("Make a version of the template with that", accepted.Output, StringComparison.Ordinal);

        run.Write("overlay.yaml", run.Read("overlay.yaml").Split("  accept:")[0]);
        var (exit, output, _) = await run.HereAsync("verify");
        Assert.Equal(ExitCode.Something, exit);
        Assert.Contains(Problem, output, StringComparison.Ordinal);
        Assert.Contains("Make a version of the template with that", output, StringComparison.Ordinal);
        Assert.Contains("PS3133", (await run.HereAsync("doctor")).Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_plan_on_a_copy_finds_the_same_launch_paths()
    {
        Given(
            world =>
            {
                Spare(world, "[settings.kubernetes]\nmax-pods = 29\n");
                world.State.Aws.AutoScalingGroups.Add(Scaling("batch", "prod", "m5.large"));
                Karpenter(world, "0", "");
            },
            template: Version("lt-0batch", 4, "[settings.kubernetes]\nmax-pods = 58\n")
        );
        Assert.Equal(ExitCode.Fine, (await run.HereAsync("snapshot -o @copy.yaml")).Exit);
        var original = (await run.HereAsync("plan")).Output;

        Assert.Equal(3, original.Split("PS2323").Length - 1);
        run.Write("world.yaml", run.Read("copy.yaml"));
        Assert.Equal(original, (await run.HereAsync("plan")).Output);
    }

    public void Dispose() => run.Dispose();

    private void Given(Action<World> change, string more = "", bool prefixes = false, LaunchTemplateVersion? template = null)
    {
        var world = Guide.World();
        world.Do(() =>
        {
            change(world);
            if (template is not null)
            {
                world.State.Aws.LaunchTemplateVersions.Add(template);
            }
            return 0;
        });
        run.Write("world.yaml", WorldWriter.Write(world.State));
        run.Write(
            "overlay.yaml",
            DemoCommand.Example("overlay.yaml") + $"  cni: {{prefixDelegation: {(prefixes ? "true" : "false")}}}\n" + more
        );
    }
}
