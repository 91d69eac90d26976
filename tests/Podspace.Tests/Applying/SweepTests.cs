using Podspace.Cli;
using Podspace.Steps;

namespace Podspace.Tests.Applying;

public sealed class SweepTests
{
    [Fact]
    public async Task Interfaces_that_nodes_left_behind_are_listed_and_deleted_only_on_command()
    {
        var before = Guide.World();
        using var bench = new Bench(Guide.World());
        await bench.ApplyAsync(Guide.Spec, Stage.Switch);
        Leave(bench.World, "i-0aaaaaaaaaaaaaaaa", "prod", "2026-01-01T00:00:00Z");

        Assert.Equal(ExitCode.Something, await bench.DestroyAsync(Guide.Spec));
        Assert.Contains("1 interfaces in subnet-", bench.Said, StringComparison.Ordinal);
        Assert.Contains("\n  podspace destroy --sweep", bench.Said, StringComparison.Ordinal);
        Assert.DoesNotContain("rollout back", bench.Said, StringComparison.Ordinal);

        Assert.True(await bench.DestroyAsync(Guide.Spec, sweeps: true) == ExitCode.Fine, bench.Said);
        var left = WorldComparison.Differences(before.State, bench.World.State);
        Assert.True(left.Count == 0, string.Join('\n', left));
    }

    [Theory]
    [InlineData("i-0aaaaaaaaaaaaaaaa", "other", "2026-01-01T00:00:00Z")]
    [InlineData("i-0aaaaaaaaaaaaaaaa", "prod", "2099-01-01T00:00:00Z")]
    [InlineData("living", "prod", "2026-01-01T00:00:00Z")]
    public async Task What_may_be_in_use_is_not_swept(string instance, string cluster, string created)
    {
        using var bench = new Bench(Guide.World());
        await bench.ApplyAsync(Guide.Spec, Stage.Switch);
        var left = Leave(bench.World, instance == "living" ? bench.World.State.Aws.Instances[0].InstanceId : instance, cluster, created);

        Assert.Equal(ExitCode.Something, await bench.DestroyAsync(Guide.Spec, sweeps: true));

        Assert.Contains(bench.World.State.Aws.NetworkInterfaces, one => one.NetworkInterfaceId == left);
    }

    internal static string Leave(Podspace.Simulation.World world, string instance, string cluster, string created)
    {
        var aws = world.State.Aws;
        aws.NetworkInterfaces.Add(
            new()
            {
                NetworkInterfaceId = "eni-0eeeeeeeeeeeeeeee",
                SubnetId = aws.Subnets.First(subnet => subnet.CidrBlock == "100.64.0.0/18").SubnetId,
                Status = "available",
                Description = $"aws-K8S-{instance}",
                Groups = ["sg-08573594d51163fc9"],
                PrivateIpAddresses = ["100.64.0.9"],
                TagSet =
                [
                    new() { Key = "node.k8s.amazonaws.com/instance_id", Value = instance },
                    new() { Key = "cluster.k8s.amazonaws.com/name", Value = cluster },
                    new() { Key = "node.k8s.amazonaws.com/createdAt", Value = created },
                ],
            }
        );
        return "eni-0eeeeeeeeeeeeeeee";
    }
}
