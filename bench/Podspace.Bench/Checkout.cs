namespace Podspace.Bench;

/// <summary>The checkout: its launcher, its native program, its example.</summary>
internal sealed class Checkout(string folder)
{
    public string Launcher { get; } = Path.Combine(folder, "podspace");

    public string Native { get; } = Path.Combine(folder, "artifacts", "native", "podspace");

    public string ByHand { get; } = Path.Combine(folder, "bench", "by-hand.sh");

    public string Overlay { get; } = Path.Combine(folder, "examples", "crowded-vpc", "overlay.yaml");

    public string World { get; } = Path.Combine(folder, "examples", "crowded-vpc", "world.yaml");

    /// <summary>A copy of the guide's world that a run may change.</summary>
    public string FreshWorld(Scratch scratch)
    {
        var copy = scratch.File("world.yaml");
        File.Copy(World, copy);
        return copy;
    }
}
