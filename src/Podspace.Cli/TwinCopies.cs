using System.Text.Json.Nodes;
using Podspace.Model;
using Podspace.Operations;
using Podspace.Simulation;
using Podspace.Simulation.WorldFile;
using Podspace.Spec;

namespace Podspace.Cli;

/// <summary>Copies of a twin's world, and worlds made of what is seen of a real one.</summary>
internal sealed class TwinCopies : IWorldCopies
{
    private const string Holder = "planned";

    public IConnections? CopyOf(IConnections connections, OverlaySpec spec) =>
        connections is Connections { Twin: { } world } ? Connections.ToTwin(Copy(world), spec, Holder) : null;

    public IConnections MadeOf(Inventory inventory, IReadOnlyList<JsonObject> objects, OverlaySpec spec) =>
        Connections.ToTwin(new World(Snapshot.Of(inventory, objects)), spec, Holder);

    private static World Copy(World world)
    {
        string text;
        lock (world.Gate)
        {
            text = WorldWriter.Write(world.State);
        }
        return WorldReader.Read(text, "the copy").Ok(out var state)
            ? new(state)
            : throw new InvalidOperationException("A world that was written cannot be read.");
    }
}
