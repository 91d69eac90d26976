namespace Podspace.Capacity.LoadSimulation;

/// <summary>Repeatable chance: SplitMix64. The same seed throws the same numbers for ever,
/// whatever the runtime's own generator does.</summary>
internal sealed class SeededRandom(ulong seed)
{
    private ulong state = seed;

    /// <summary>0 to <paramref name="below"/> - 1.</summary>
    public int Next(int below) => (int)(((Bits() >> 32) * (ulong)below) >> 32);

    /// <summary>A wait of so many on average, as things that happen independently of each other have it.</summary>
    public long Wait(double average) => (long)Math.Max(1, -average * Math.Log(1 - Unit()));

    private double Unit() => (Bits() >> 11) / (double)(1UL << 53);

    private ulong Bits()
    {
        state += 0x9E3779B97F4A7C15;
        var mixed = state;
        mixed = (mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9;
        mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EB;
        return mixed ^ (mixed >> 31);
    }
}
