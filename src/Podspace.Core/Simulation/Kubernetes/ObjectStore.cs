namespace Podspace.Simulation.Kubernetes;

/// <summary>The API server's objects: resource versions, watches, field managers.</summary>
public sealed partial class ObjectStore(World world)
{
    internal World World { get; } = world;
}
