using Podspace.Addressing;
using Podspace.Model;

namespace Podspace.Lab.Probing;

/// <summary>One flow to be sent as packets.</summary>
/// <param name="SourcePort">By which the sender asks; 0 with ICMP.</param>
/// <param name="Expected">Decides nothing but how long is waited: what should come is waited
/// for long, what should not is given a moment.</param>
public sealed record Probe(Flow Flow, int SourcePort, Sighting Expected);

/// <summary>What became of it.</summary>
/// <param name="SeenAs">The source that the other side saw; null: nothing arrived there.</param>
/// <param name="IsAnswered">The answer came back to whom asked.</param>
public readonly record struct Sighting(Address? SeenAs, bool IsAnswered)
{
    public override string ToString() =>
        (SeenAs, IsAnswered) switch
        {
            (null, _) => "nothing arrives",
            ({ } source, true) => $"seen as {source}",
            ({ } source, false) => $"arrives as {source}, and no answer comes back",
        };
}
