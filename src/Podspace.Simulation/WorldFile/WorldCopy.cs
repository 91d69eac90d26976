using System.Text.Json;
using Podspace.Simulation.State;

namespace Podspace.Simulation.WorldFile;

/// <summary>A state as bytes and back, for whoever needs the world of a moment ago. Its history stays behind.</summary>
public static class WorldCopy
{
    public static byte[] Of(WorldState state)
    {
        var history = state.History;
        try
        {
            state.History = [];
            return JsonSerializer.SerializeToUtf8Bytes(state, WorldJson.Default.WorldState);
        }
        finally
        {
            state.History = history;
        }
    }

    public static WorldState Read(byte[] copy) => JsonSerializer.Deserialize(copy, WorldJson.Default.WorldState)!;
}
