using Podspace.Simulation.WorldFile;

namespace Podspace.Tests.Simulation;

public sealed class WorldExampleTests
{
    public static TheoryData<string> Examples => [.. Worlds.Examples()];

    [Theory]
    [MemberData(nameof(Examples))]
    public void A_shipped_world_is_written_as_it_was_read(string example) =>
        Golden.Matches(WorldWriter.Write(Worlds.State(example)), $"../../examples/{example}/world.yaml");
}
