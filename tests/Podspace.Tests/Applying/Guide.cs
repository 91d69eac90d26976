using Podspace.Cli;
using Podspace.Spec;

namespace Podspace.Tests.Applying;

/// <summary>The guide's world and spec.</summary>
internal static class Guide
{
    public static OverlaySpec Spec { get; } = Parsed(DemoCommand.Example("overlay.yaml"));

    /// <summary>examples/auto-mode.</summary>
    public static OverlaySpec AutoSpec { get; } =
        Parsed(File.ReadAllText(Path.Combine(Golden.Checkout(), "examples", "auto-mode", "overlay.yaml")));

    public static Podspace.Simulation.World AutoWorld() => new(Worlds.State("auto-mode"));

    public static Podspace.Simulation.World World() => Bench.Load(DemoCommand.Example("world.yaml"));

    public static OverlaySpec Parsed(string text)
    {
        var read = OverlayYaml.Parse(text, "overlay.yaml");
        Assert.True(read.Ok(out var spec), string.Join('\n', read.Findings));
        return spec;
    }
}
