using System.Runtime.CompilerServices;
using Podspace.Simulation;
using Podspace.Simulation.State;
using Podspace.Simulation.WorldFile;
using Podspace.Twin;
using Podspace.Twin.Kubernetes;

namespace Podspace.ServerTests;

/// <summary>The guide's VPC on loopback, as <c>twin serve</c> puts it there.</summary>
internal static class GuideServer
{
    public const string Vpc = "vpc-09796d57be9cec2d2";

    /// <summary>The folder examples/crowded-vpc.</summary>
    public static string Example => Path.Combine(Checkout(), "examples", "crowded-vpc");

    /// <param name="example">Another folder of examples/.</param>
    public static async Task<TwinServer> StartAsync(
        TimeSpan delay = default,
        Action<WorldState>? change = null,
        string example = "crowded-vpc"
    )
    {
        var file = Path.Combine(Checkout(), "examples", example, "world.yaml");
        var read = WorldReader.Read(await File.ReadAllTextAsync(file), file);
        Assert.True(read.Ok(out var state), string.Join('\n', read.Findings));
        change?.Invoke(state);
        var world = new World(state, TimeProvider.System);
        return await TwinServer.StartAsync(
            world,
            new KubernetesEndpoint(world),
            new(Delay: delay) { OnFault = fault => Assert.Fail(fault.ToString()) },
            TestContext.Current.CancellationToken
        );
    }

    public static string Checkout([CallerFilePath] string here = "") =>
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(here)!, "..", ".."));
}
