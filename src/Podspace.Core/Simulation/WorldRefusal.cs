namespace Podspace.Simulation;

/// <summary>The simulated AWS or Kubernetes says no; the twin's doors turn it into the protocol's own error.</summary>
/// <remarks>An exception because it ends an operation from any depth and the doors are the one place that catches it. It never leaves the simulation.</remarks>
/// <param name="status">HTTP status of the answer.</param>
public sealed class WorldRefusal(string code, string message, int status = 400) : Exception(message)
{
    public string Code { get; } = code;

    public int Status { get; } = status;
}
