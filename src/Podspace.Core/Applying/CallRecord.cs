namespace Podspace.Applying;

/// <summary>One attempt of one call over the wire, for whoever listens on a connection. Holds no bodies and no credentials.</summary>
/// <param name="Service">ec2, eks, sts or kubernetes.</param>
/// <param name="Operation">As the service calls it: <c>CreateSubnet</c>; for Kubernetes verb
/// and object: <c>PATCH eniconfigs/eu-west-1b</c>.</param>
/// <param name="RequestId">The service's own, to be quoted to its support; null when no answer came.</param>
/// <param name="IsDryRun">It was only asked whether the call would be allowed, and it would.</param>
/// <param name="Error">The service's code; null when it said yes.</param>
public sealed record CallRecord(
    string Service,
    string Operation,
    bool IsWrite,
    DateTimeOffset At,
    TimeSpan Duration,
    string? RequestId,
    string? Error,
    bool IsDryRun = false
);
