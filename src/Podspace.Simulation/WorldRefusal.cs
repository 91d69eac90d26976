namespace Podspace.Simulation;

/// <summary>The simulated AWS or Kubernetes says no; the twin's endpoints turn it into the protocol's own error.</summary>
/// <remarks>An exception because it ends an operation from any depth and the endpoints are the one
/// place that catches it. It never leaves the simulation.</remarks>
/// <param name="status">HTTP status of the answer.</param>
public sealed class WorldRefusal(string code, string message, int status = 400) : Exception(message)
{
    public string Code { get; } = code;

    public int Status { get; } = status;

    /// <summary>Kubernetes only: the causes in a Status' details, such as each field that an apply conflicts over.</summary>
    public IReadOnlyList<RefusalCause> Causes { get; init; } = [];
}

/// <param name="Reason">Such as <c>FieldManagerConflict</c>, <c>DisruptionBudget</c>, <c>FieldValueInvalid</c>.</param>
/// <param name="Field">Empty when it is about no field.</param>
public sealed record RefusalCause(string Reason, string Message, string Field = "");
