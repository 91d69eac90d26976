using Podspace.Simulation;
using Podspace.Simulation.State;
using Podspace.Simulation.WorldFile;
using Podspace.Spec;
using Podspace.Tests.Applying;

namespace Podspace.Tests;

/// <summary>The shipped examples, loaded.</summary>
internal static class Worlds
{
    /// <summary>The guide's VPC, examples/crowded-vpc, in a world of its own.</summary>
    public static World Crowded() => new(State("crowded-vpc"));

    /// <param name="example">A folder of examples/.</param>
    public static WorldState State(string example)
    {
        var read = WorldReader.Read(Text(example), "world.yaml");
        Assert.True(read.Ok(out var state), string.Join('\n', read.Findings));
        return state;
    }

    public static string Text(string example) => File.ReadAllText(Path.Combine(Golden.Checkout(), "examples", example, "world.yaml"));

    /// <summary>What the sweeps and the fault runs go over: every folder of examples/ that has a world and
    /// a spec of its own, and modes for which there is none.</summary>
    public static IEnumerable<Estate> All() => OfExamples().Concat([Discovery("crowded-vpc"), Discovery("self-managed")]);

    /// <summary>With a VPC CNI that can be kept out of the nodes' subnets, and mode subnetDiscovery.</summary>
    public static Estate Discovery(string example, string version = "v1.23.1")
    {
        var estate = OfExamples().Single(one => one.Name == example);
        return new(
            $"{example}, discovered",
            estate.World.Replace("v1.20.4", version, StringComparison.Ordinal),
            estate.Spec with
            {
                Modes = [PodMode.SubnetDiscovery],
            }
        );
    }

    private static IEnumerable<Estate> OfExamples() =>
        from name in Examples()
        let spec = Path.Combine(Golden.Checkout(), "examples", name, "overlay.yaml")
        where File.Exists(spec)
        let estate = new Estate(name, Text(name), Guide.Parsed(File.ReadAllText(spec)))
        select name == "new-cluster" ? NewClusterJobs.For(estate) : estate;

    /// <summary>Every folder of examples/ that has a world.</summary>
    public static IEnumerable<string> Examples() =>
        Directory
            .EnumerateFiles(Path.Combine(Golden.Checkout(), "examples"), "world.yaml", SearchOption.AllDirectories)
            .Select(file => Path.GetFileName(Path.GetDirectoryName(file)!))
            .Order(StringComparer.Ordinal);
}
