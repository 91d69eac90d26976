using Podspace.Simulation;
using Podspace.Simulation.Faults;

namespace Podspace.Cli;

/// <summary>What is to go wrong in a simulated world, from a file.</summary>
internal static class FaultFile
{
    /// <exception cref="UsageException">The file is missing, or holds no faults.</exception>
    public static Faults Load(string path, World world) => new(world, Read(path));

    /// <returns>Null when nothing was asked for.</returns>
    /// <exception cref="UsageException">The file is missing, or holds no faults.</exception>
    public static Faults? Load(string? path, bool isRealistic, World world)
    {
        if (path is null && !isRealistic)
        {
            return null;
        }
        var plan = path is null ? new() : Read(path);
        plan.Realistic |= isRealistic;
        return new(world, plan);
    }

    private static FaultPlan Read(string path)
    {
        if (!File.Exists(path))
        {
            throw new UsageException($"there is no faults file {path}. {FaultReader.Form}");
        }
        var read = FaultReader.Read(File.ReadAllText(path), path);
        return read.Ok(out var plan) ? plan : throw new UsageException($"{path} cannot be used:\n{string.Join('\n', read.Findings)}");
    }
}
