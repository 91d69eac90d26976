using Podspace.Model;
using Podspace.Naming;
using Podspace.Steps.Calls;

namespace Podspace.Applying;

/// <summary>The AWS account as the core may see it. Implemented by Podspace.Aws; the twin
/// stands behind its transport, not behind this.</summary>
/// <remarks>Calls are retried by class of error inside; what comes back is final. Only bugs throw (and cancellation).</remarks>
public interface ICloud
{
    /// <summary>Reads all that the planner needs. A constant number of calls, whatever the number of
    /// zones (pages apart). What cannot be read is a gap.</summary>
    Task<CloudInventory> ObserveAsync(CloudScope scope, CancellationToken cancel);

    /// <summary>Makes one change. Making it twice is the same as making it once: an answer
    /// that says "it is so already" is a success.</summary>
    Task<Outcome> CallAsync(CloudCall call, CancellationToken cancel);

    /// <summary>Looks once at something that takes time. Waiting is the executor's, because waiting is the core's to decide.</summary>
    Task<Progress> LookAsync(CloudState state, CancellationToken cancel);

    /// <summary>Reads the VPC's tags as they are now.</summary>
    Task<(EquatableArray<SeenTag> Tags, Refusal? Refusal)> TagsAsync(AwsId vpc, CancellationToken cancel);

    /// <summary>Asks AWS whether it would allow the call (DryRun), without making it. Null: this operation has no DryRun.</summary>
    Task<Outcome?> RehearseAsync(CloudCall call, CancellationToken cancel);
}

/// <param name="Cluster">Null: read only the VPC.</param>
public sealed record CloudScope(AwsId Vpc, string? Cluster);

/// <summary>How far something is that takes time.</summary>
public abstract record Progress
{
    private Progress() { }

    public sealed record Reached : Progress;

    /// <param name="State">AWS's own word for it.</param>
    public sealed record Pending(string State) : Progress;

    public sealed record Failed(Refusal Refusal) : Progress;
}

/// <summary>What came of a call: done, with the id of what it made if it made something, or refused.</summary>
public sealed record Outcome(string? Id, Refusal? Refusal)
{
    public static Outcome Done(string? id = null) => new(id, null);

    public static Outcome Refused(Refusal refusal) => new(null, refusal);
}

public enum RefusalKind
{
    /// <summary>Asking again cannot help: the request is wrong or the world forbids it.</summary>
    Final,

    /// <summary>Something still hangs on it (DependencyViolation and its like).</summary>
    InUse,

    /// <summary>No right, or no valid credentials.</summary>
    Denied,

    /// <summary>Does not exist (any more).</summary>
    NotFound,

    /// <summary>Somebody else changed it meanwhile, or an update is under way.</summary>
    Conflict,

    /// <summary>Throttled, 5xx or time-out to the end of the retries.</summary>
    Unavailable,
}

/// <summary>AWS or Kubernetes said no.</summary>
/// <param name="Code">Their own, such as <c>InvalidSubnet.Conflict</c> or <c>Forbidden</c>.</param>
public sealed record Refusal(RefusalKind Kind, string Code, string Message, string? RequestId = null)
{
    /// <summary>It is not a right that is missing: the credentials have run out, and the message ends with what to type.</summary>
    public bool IsSignedOut { get; init; }

    public override string ToString() => $"{Code} — {Message}";
}
