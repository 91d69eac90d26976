namespace Podspace.Simulation.Kubernetes;

/// <summary>The controllers and the scheduler that a cluster needs to be alive.</summary>
public sealed class Controllers(World world)
{
    private readonly World world = world;

    /// <summary>Adds itself to the world; called once, when all parts are there.</summary>
    internal void Join() => _ = world;
}
