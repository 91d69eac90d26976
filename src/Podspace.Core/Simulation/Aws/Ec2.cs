namespace Podspace.Simulation.Aws;

/// <summary>The network half of EC2: VPCs, subnets, route tables, groups and their neighbours, with AWS's rules.</summary>
public sealed partial class Ec2(World world)
{
    internal World World { get; } = world;
}
