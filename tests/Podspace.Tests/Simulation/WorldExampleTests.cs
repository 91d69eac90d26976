using Podspace.Simulation;
using Podspace.Simulation.WorldFile;

namespace Podspace.Tests.Simulation;

public sealed class WorldExampleTests
{
    public static TheoryData<string> Examples => [.. Worlds.Examples()];

    [Theory]
    [MemberData(nameof(Examples))]
    public void A_shipped_world_is_written_as_it_was_read(string example) =>
        Golden.Matches(WorldWriter.Write(Worlds.State(example)), $"../../examples/{example}/world.yaml");

    [Theory]
    [MemberData(nameof(Examples))]
    public void A_shipped_world_is_at_rest(string example)
    {
        var world = new World(Worlds.State(example));
        world.Do(() => 0);
        world.Advance(TimeSpan.FromHours(1));
        Assert.Equal("", string.Join('\n', world.State.History.Select(entry => $"{entry.By} {entry.Call} {entry.Target}")));
        Assert.Empty(world.State.Pending);
    }

    [Theory]
    [MemberData(nameof(Examples))]
    public void A_shipped_world_runs_on_the_same_after_it_was_saved(string example)
    {
        var first = new World(Worlds.State(example));
        first.Do(() => 0);
        var saved = WorldWriter.Write(first.State);
        Assert.True(WorldReader.Read(saved, "world.yaml").Ok(out var state));
        var second = new World(state);
        second.Do(() => 0);
        Assert.Equal(saved, WorldWriter.Write(second.State));
    }

    [Fact]
    public void A_world_that_was_saved_in_the_middle_of_changes_ends_like_one_that_was_not()
    {
        var straight = Worlds.Crowded();
        straight.Do(() =>
        {
            straight.Eks.UpdateAddon("prod", "vpc-cni", null, """{"env":{"WARM_ENI_TARGET":"0","WARM_IP_TARGET":"3"}}""", null, null);
            straight.Compute.TerminateInstances([straight.State.Aws.Instances[2].InstanceId]);
            return 0;
        });
        Assert.NotEmpty(straight.State.Pending);
        Assert.True(WorldReader.Read(WorldWriter.Write(straight.State), "world.yaml").Ok(out var state));
        var resumed = new World(state);
        straight.Advance(TimeSpan.FromHours(2));
        resumed.Advance(TimeSpan.FromHours(2));
        Assert.Empty(resumed.State.Pending);
        Assert.Empty(WorldComparison.Differences(straight.State, resumed.State));
    }
}
