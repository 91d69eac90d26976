using Podspace.Applying;

namespace Podspace.Kubernetes;

/// <summary>A refusal on its way to the adapter's edge, where it becomes an
/// <see cref="Outcome"/> or a gap. It never leaves this project.</summary>
/// <param name="status">HTTP status; 0 when no answer came, so that the call may have had its effect.</param>
/// <param name="again">May be made again after this long; null: not.</param>
internal sealed class Refused(Refusal refusal, int status, TimeSpan? again = null) : Exception(refusal.ToString())
{
    public Refusal Refusal { get; } = refusal;

    public int Status { get; } = status;

    public TimeSpan? Again { get; } = again;
}
