using Podspace.Applying;

namespace Podspace.Aws;

/// <summary>A refusal on its way to the adapter's edge, where it becomes an
/// <see cref="Outcome"/> or a gap. It never leaves this project.</summary>
/// <param name="settlesSoon">Reports that the call itself is right and the world behind it not yet up to date.</param>
internal sealed class Refused(Refusal refusal, bool settlesSoon = false) : Exception(refusal.ToString())
{
    public Refusal Refusal { get; } = refusal;

    public bool SettlesSoon { get; } = settlesSoon;
}
