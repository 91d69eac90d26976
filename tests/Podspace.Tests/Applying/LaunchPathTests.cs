using System.Text.Json.Nodes;
using Podspace.Cli;
using Podspace.Simulation;
using Podspace.Simulation.Kubernetes;
using Podspace.Simulation.WorldFile;
using Podspace.Tests.Cli;

namespace Podspace.Tests.Applying;

/// <summary>Nodes that would be told to take more pods than they have addresses for, before the switch is thrown.</summary>
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
        Given(world => OwnAmi(world), "  accept: [{finding: PS2323, on: node group workers, reason: rolled on Monday, until: 2099-12-31}]\n");
        Assert.Equal(ExitCode.Fine, (await run.HereAsync(Switch)).Exit);
    }

    [Fact]
    public async Task A_group_without_nodes_and_with_an_AMI_of_its_own_is_unknown_and_that_is_said()
    {
        Given(world => world.State.Aws.Nodegroups.Add(new() { NodegroupName = "spare", AmiType = "CUSTOM", ClusterName = "prod", Status = "ACTIVE", Subnets = world.State.Aws.Nodegroups[0].Subnets, ScalingConfig = new() { MaxSize = 3 } }));
        var (exit, output, _) = await run.HereAsync("plan");

        Assert.Equal(ExitCode.Fine, exit);
        Assert.Contains("note PS2323: Node group spare has an AMI of its own and no node", output, StringComparison.Ordinal);
    }

    public void Dispose() => run.Dispose();

    private void Given(Action<World> change, string more = "", bool prefixes = false)
    {
        var world = Guide.World();
        world.Do(() =>
        {
            change(world);
            return 0;
        });
        run.Write("world.yaml", WorldWriter.Write(world.State));
        run.Write("overlay.yaml", DemoCommand.Example("overlay.yaml") + $"  cni: {{prefixDelegation: {(prefixes ? "true" : "false")}}}\n" + more);
    }

    private static void OwnAmi(World world) => world.State.Aws.Nodegroups.ForEach(group => group.AmiType = "CUSTOM");

    /// <summary>Takes every node out of its group and puts labels on it instead.</summary>
    private static void Label(World world, params (string Key, string Value)[] labels)
    {
        foreach (var node in world.Objects.List("v1", "nodes").Select(node => node.Clone()).ToList())
        {
            var all = (JsonObject)node["metadata"]!["labels"]!;
            all.Remove("eks.amazonaws.com/nodegroup");
            foreach (var (key, value) in labels)
            {
                all[key] = value;
            }
            world.Objects.Update("v1", "nodes", node, "test");
        }
    }
}
