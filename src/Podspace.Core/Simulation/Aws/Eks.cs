namespace Podspace.Simulation.Aws;

/// <summary>EKS: clusters, node groups, add-ons and their updates.</summary>
public sealed partial class Eks(World world)
{
    internal World World { get; } = world;

    /// <summary>Set by whoever puts the world on a socket.</summary>
    public ClusterEndpoint Endpoint { get; set; } = ClusterEndpoint.InProcess;
}
