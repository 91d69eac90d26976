using System.Text.Json.Nodes;
using Podspace.Simulation;
using Podspace.Simulation.State;
using Podspace.Simulation.WorldFile;
using Podspace.Tests.Cli;

namespace Podspace.Tests.Written010;

/// <summary>The files of this folder, which version 0.1.0 wrote; README.md says with which commands.</summary>
internal static class Written
{
    public static string Folder { get; } = Path.Combine(Golden.Root(), "Written010");

    public static string Text(string file) => File.ReadAllText(Path.Combine(Folder, file));

    /// <summary>Names without folder and ending, in order.</summary>
    public static IEnumerable<string> Names(string folder, string pattern) =>
        Directory
            .EnumerateFiles(Path.Combine(Folder, folder), pattern)
            .Select(file => Path.GetFileName(file)[..^(pattern.Length - 1)])
            .Order(StringComparer.Ordinal);

    /// <summary>A folder of its own, with copies of the spec and of the world under the names that commands look for.</summary>
    public static CommandRun Run(string spec, string world)
    {
        var run = new CommandRun();
        run.Write("overlay.yaml", Text($"specs/{spec}.yaml"));
        run.Write("world.yaml", WorldText(world));
        return run;
    }

    /// <param name="world">A file without its ending, such as <c>starts/mixed</c>.</param>
    public static string WorldText(string world) =>
        world == "starts/discovery"
            ? Text("starts/crowded-vpc.yaml").Replace("v1.20.4", "v1.23.1", StringComparison.Ordinal)
            : Text($"{world}.yaml");

    /// <summary>The world in which 0.1.0 planned a spec.</summary>
    public static string StartOf(string spec) =>
        spec switch
        {
            "keys-network-3" => "starts/with-subnet",
            "keys-auto-mode" => "starts/auto-mode",
            _ when spec.StartsWith("keys-network-", StringComparison.Ordinal) => "starts/new-cluster",
            _ when spec.StartsWith("keys-", StringComparison.Ordinal) => "starts/crowded-vpc",
            _ when spec.StartsWith("refused-", StringComparison.Ordinal) => "starts/crowded-vpc",
            _ when spec.StartsWith("init-", StringComparison.Ordinal) => $"starts/{spec["init-".Length..]}",
            _ => $"starts/{spec}",
        };

    /// <summary>Once everything that was under way has ended, a node that takes an hour to join among it. Without the list of
    /// what was made, which 0.1.0 did not keep in the record.</summary>
    private static WorldState Settled(string text)
    {
        var read = WorldReader.Read(text, "world.yaml");
        Assert.True(read.Ok(out var state), string.Join('\n', read.Findings));
        foreach (var item in state.Kubernetes.Where(item => $"{item["kind"]}" == "ConfigMap"))
        {
            (item["data"] as JsonObject)?.Remove("made");
        }
        var world = new World(state);
        world.Advance(TimeSpan.FromHours(3));
        return world.State;
    }

    /// <summary>Two world files say the same, as a person would call it.</summary>
    public static void Agree(string before, string after)
    {
        var different = WorldComparison.Differences(Settled(before), Settled(after));
        Assert.True(different.Count == 0, string.Join('\n', different));
    }
}
