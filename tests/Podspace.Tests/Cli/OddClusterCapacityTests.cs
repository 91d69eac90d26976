using System.Text.Json.Nodes;
using Podspace.Cli;
using Podspace.Simulation;
using Podspace.Simulation.Kubernetes;
using Podspace.Simulation.WorldFile;
using Podspace.Tests.Applying;

namespace Podspace.Tests.Cli;

/// <summary>Clusters of which there is nothing to count, or not all of it: each is told, and none is an error.</summary>
public sealed class OddClusterCapacityTests : IDisposable
{
    private readonly CommandRun run = new();

    [Theory]
    [InlineData("")]
    [InlineData(" -o json")]
    public async Task A_cluster_of_IPv6_is_told_that_no_subnet_runs_out(string format)
    {
        Given(world => world.State.Aws.Clusters[0].KubernetesNetworkConfig.IpFamily = "ipv6");
        var (exit, output, error) = await run.HereAsync("capacity" + format);

        Assert.Equal((ExitCode.Fine, ""), (exit, error));
        Assert.Contains("Cluster prod gives its pods IPv6 addresses", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_cluster_without_nodes_is_told_how_to_suppose_some()
    {
        Given(world =>
        {
            world.State.Aws.NetworkInterfaces.RemoveAll(one => one.Attachment?.InstanceId is not null);
            world.State.Aws.Instances.Clear();
            world.State.Kubernetes.RemoveAll(one =>
                one["kind"]!.ToString() is "Node" or "Pod" or "Deployment" or "ReplicaSet" or "PodDisruptionBudget"
            );
            (world.State.Aws.Nodegroups[0].ScalingConfig.MinSize, world.State.Aws.Nodegroups[0].ScalingConfig.DesiredSize) = (0, 0);
        });
        var (exit, output, error) = await run.HereAsync("capacity");

        Assert.Equal((ExitCode.Fine, ""), (exit, error));
        Assert.Contains("The cluster has no nodes that could be counted, so no pod fits", output, StringComparison.Ordinal);
        Assert.Contains("podspace capacity --nodes 6xm5.large@eu-west-1b", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("kubernetes.io/os", "windows", "Not counted: 1 Windows nodes: their pods take addresses of the node's subnet.")]
    [InlineData(
        "eks.amazonaws.com/compute-type",
        "fargate",
        "Not counted: 1 Fargate nodes: their pods take addresses of the profile's subnets, one each."
    )]
    [InlineData("eks.amazonaws.com/compute-type", "hybrid", "Not counted: 1 hybrid nodes, which are not in the VPC.")]
    [InlineData(
        "node.kubernetes.io/instance-type",
        "m99.large",
        "Not counted: 1 nodes of type m99.large, whose limits neither EC2 was asked for nor the built-in table knows."
    )]
    public async Task Nodes_that_do_not_count_are_told(string label, string value, string words)
    {
        Given(world =>
        {
            var node = world.Objects.List("v1", "nodes").First().Clone();
            ((JsonObject)node["metadata"]!["labels"]!)[label] = value;
            world.Objects.Update("v1", "nodes", node, "test");
        });
        var (exit, output, _) = await run.HereAsync("capacity");

        Assert.Equal(ExitCode.Fine, exit);
        Assert.Contains(words, output, StringComparison.Ordinal);
    }

    public void Dispose() => run.Dispose();

    private void Given(Action<World> change)
    {
        var world = Guide.World();
        change(world);
        run.Write("world.yaml", WorldWriter.Write(world.State));
    }
}
