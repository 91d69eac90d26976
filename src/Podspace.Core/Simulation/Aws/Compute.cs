namespace Podspace.Simulation.Aws;

/// <summary>The other half of EC2: instances, network interfaces and the addresses on them.</summary>
public sealed partial class Compute(World world)
{
    internal World World { get; } = world;
}
