namespace Podspace.Simulation.Nodes;

/// <summary>Node groups launch instances, instances become nodes, ipamd on each gets interfaces and addresses for its pods.</summary>
public sealed class NodeLife(World world)
{
    private readonly World world = world;

    /// <summary>Adds itself to the world; called once, when all parts are there.</summary>
    internal void Join() => _ = world;
}
