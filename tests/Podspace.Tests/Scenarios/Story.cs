using Podspace.Cli;
using Podspace.Spec;
using Podspace.Tests.Applying;

namespace Podspace.Tests.Scenarios;

/// <summary>A folder beside this file, opened: the world as it is when its <c>overlay.yaml</c> comes.</summary>
internal static class Story
{
    public static IEnumerable<string> All() =>
        Directory
            .EnumerateDirectories(Path.Combine(Golden.Root(), "Scenarios"))
            .Select(folder => Path.GetFileName(folder)!)
            .Order(StringComparer.Ordinal);

    public static async Task<(Bench Bench, OverlaySpec Spec)> OpenAsync(string story)
    {
        var bench = new Bench(WorldOf(story));
        if (Text(story, "world-patch.txt") is { } patch)
        {
            AddRoute(bench, patch.Trim().Split(" via "));
        }
        if (Text(story, "before.yaml") is { } before)
        {
            var was = Guide.Parsed(before);
            Assert.True(await bench.ApplyAsync(was, null) == ExitCode.Fine && await bench.RollAsync(was) == ExitCode.Fine, bench.Said);
        }
        return (bench, Guide.Parsed(Text(story, "overlay.yaml")!));
    }

    /// <summary><c>world.txt</c> names another example than the guide's, and the version of its VPC CNI.</summary>
    private static Podspace.Simulation.World WorldOf(string story) =>
        Text(story, "world.txt")?.Trim().Split(' ') is [var example, var version]
            ? Bench.Load(Worlds.Discovery(example, version).World)
            : Guide.World();

    private static string? Text(string story, string file)
    {
        var path = Path.Combine(Golden.Root(), "Scenarios", story, file);
        return File.Exists(path) ? File.ReadAllText(path) : null;
    }

    /// <summary>The one thing that a story changes in the guide's VPC beforehand: a route in its nodes' table.</summary>
    private static void AddRoute(Bench bench, string[] route) =>
        bench.World.Do(() =>
        {
            var table = bench.World.State.Aws.RouteTables.Find(one => one.Routes.Count > 0)!;
            table.Routes.Add(new() { DestinationCidrBlock = route[0], TransitGatewayId = route[1] });
            return true;
        });
}
