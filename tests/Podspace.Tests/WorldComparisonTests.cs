using System.Text.Json.Nodes;
using Podspace.Simulation;

namespace Podspace.Tests;

public sealed class WorldComparisonTests
{
    [Fact]
    public void A_world_that_only_grew_older_is_the_same()
    {
        var world = Worlds.Crowded();
        world.Do(() => 0);
        world.Advance(TimeSpan.FromDays(1));
        Assert.Empty(WorldComparison.Differences(world.State, world.State));
        Assert.Empty(WorldComparison.Differences(Ran(Worlds.Crowded()), world.State));
    }

    [Fact]
    public void A_node_that_was_replaced_is_the_same_node()
    {
        var world = Ran(Worlds.Crowded());
        var world2 = Worlds.Crowded();
        world2.Do(() => 0);
        var id = world2.State.Aws.Instances[0].InstanceId;
        world2.Do(() =>
        {
            world2.Compute.TerminateInstances([id]);
            return 0;
        });
        world2.Advance(TimeSpan.FromMinutes(30));
        Assert.DoesNotContain(world2.State.Aws.Instances, instance => instance.InstanceId == id && instance.State == "running");
        Assert.Empty(WorldComparison.Differences(world, world2.State));
    }

    [Fact]
    public void What_was_added_and_what_was_changed_is_named()
    {
        var changed = Worlds.State("crowded-vpc");
        changed.Aws.SecurityGroupRules[0].CidrIpv4 = "100.64.0.0/16";
        changed.Kubernetes.Add(
            (JsonObject)
                JsonNode.Parse("""{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"podspace-prod","namespace":"kube-system"}}""")!
        );
        var differences = WorldComparison.Differences(Worlds.State("crowded-vpc"), changed);
        Assert.Collection(
            differences,
            line => Assert.StartsWith("gone: SecurityGroupRules", line, StringComparison.Ordinal),
            line => Assert.StartsWith("new: ConfigMap", line, StringComparison.Ordinal),
            line => Assert.StartsWith("new: SecurityGroupRules", line, StringComparison.Ordinal)
        );
    }

    private static Podspace.Simulation.State.WorldState Ran(World world)
    {
        world.Do(() => 0);
        return world.State;
    }
}
