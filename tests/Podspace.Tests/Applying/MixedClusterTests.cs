using System.Text.Json.Nodes;
using Podspace.Cli;
using Podspace.Tests.Cli;

namespace Podspace.Tests.Applying;

/// <summary>examples/mixed: nodes of Auto Mode and nodes with aws-node, in one overlay.</summary>
[Trait("speed", "slow")]
public sealed class MixedClusterTests : IDisposable
{
    private readonly CommandRun run = CommandRun.Of("mixed");

    [Fact]
    public async Task Each_kind_of_node_has_a_canary_in_each_zone()
    {
        await DoneAsync("apply --yes");
        var said = await DoneAsync("rollout start --yes");

        var canaries = said.Split('\n')
            .Where(line => line.Contains("(canary)", StringComparison.Ordinal))
            .Select(line => (IsAuto: line.Contains(" i-", StringComparison.Ordinal), Zone: line.Split(" in ")[1].Split(' ')[0]))
            .Order();
        Assert.Equal([(false, "eu-west-1b"), (false, "eu-west-1c"), (true, "eu-west-1b"), (true, "eu-west-1c")], canaries);
    }

    /// <summary>Evicted pods make Auto Mode start a node within seconds, long before the group starts its own.</summary>
    [Theory]
    [InlineData("[eniConfig, autoMode]")]
    [InlineData("eniConfig")]
    public async Task A_node_of_Auto_Mode_is_not_taken_for_the_replacement_of_the_groups(string mode)
    {
        run.Write(
            "world.yaml",
            run.Read("world.yaml")
                .Replace("nodeSelector: {eks.amazonaws.com/compute-type: auto}, ", "", StringComparison.Ordinal)
                .Replace("nodeSelector: {eks.amazonaws.com/nodegroup: batch}", "hostNetwork: false", StringComparison.Ordinal)
        );
        run.Write("overlay.yaml", run.Read("overlay.yaml").Replace("[eniConfig, autoMode]", mode, StringComparison.Ordinal));
        await DoneAsync("apply --yes");
        var said = await DoneAsync("rollout start --yes");

        Assert.All(
            said.Split('\n').Where(line => line.Contains("took its place", StringComparison.Ordinal)),
            line => Assert.Contains(" ip-10-", line, StringComparison.Ordinal)
        );
        Assert.Equal(2, said.Split("took its place").Length - 1);
        await DoneAsync("verify");
    }

    [Fact]
    public async Task A_pod_that_waited_all_along_holds_no_rollout_up()
    {
        using (var twin = TwinFile.Open(run.At("world.yaml")))
        {
            twin.World.State.Kubernetes.Add(
                JsonNode
                    .Parse(
                        """
                        {
                          "apiVersion": "apps/v1",
                          "kind": "Deployment",
                          "metadata": {"name": "trainer", "namespace": "shop"},
                          "spec": {
                            "replicas": 1,
                            "selector": {"matchLabels": {"app": "trainer"}},
                            "template": {
                              "metadata": {"labels": {"app": "trainer"}},
                              "spec": {
                                "nodeSelector": {"gpu": "none-has-one"},
                                "containers": [{"name": "trainer", "image": "registry.shop.example/trainer:1"}]
                              }
                            }
                          }
                        }
                        """
                    )!
                    .AsObject()
            );
            twin.Save();
        }
        await DoneAsync("apply --yes");

        Assert.Contains("took its place", await DoneAsync("rollout start --yes"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nodes_that_take_no_part_are_not_counted()
    {
        run.Write("overlay.yaml", run.Read("overlay.yaml").Replace("[eniConfig, autoMode]", "autoMode", StringComparison.Ordinal));

        Assert.Contains("Not counted: 2 nodes with aws-node", await DoneAsync("capacity"), StringComparison.Ordinal);
        Assert.DoesNotContain("m5.large  eu-west-1b", await DoneAsync("capacity"), StringComparison.Ordinal);
    }

    public void Dispose() => run.Dispose();

    private async Task<string> DoneAsync(string command)
    {
        var (exit, output, error) = await run.HereAsync(command);
        Assert.True(exit == ExitCode.Fine, $"{command}: {output}{error}");
        return output + error;
    }
}
