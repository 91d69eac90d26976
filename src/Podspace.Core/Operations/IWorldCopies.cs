using System.Text.Json.Nodes;
using Podspace.Model;
using Podspace.Spec;

namespace Podspace.Operations;

/// <summary>Where a plan can be tried: simulated worlds, which the core does not know otherwise.</summary>
public interface IWorldCopies
{
    /// <summary>A copy of the simulated world that these lead to; null: they lead to a real one.</summary>
    IConnections? CopyOf(IConnections connections, OverlaySpec spec);

    /// <summary>A simulated world made of what was seen.</summary>
    /// <param name="objects">The cluster's, as they are.</param>
    IConnections MadeOf(Inventory inventory, IReadOnlyList<JsonObject> objects, OverlaySpec spec);
}
