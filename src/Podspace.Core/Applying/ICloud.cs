using Podspace.Addressing;
using Podspace.Model;
using Podspace.Naming;

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

/// <summary>One change to AWS, with ids instead of names. A closed set.</summary>
public abstract record CloudCall
{
    private CloudCall() { }

    public sealed record Tag(AwsId Resource, EquatableArray<SeenTag> Tags) : CloudCall;

    public sealed record Untag(AwsId Resource, EquatableArray<string> Keys) : CloudCall;

    /// <summary>Only while the tag has this very value.</summary>
    public sealed record UntagIf(AwsId Resource, SeenTag Held) : CloudCall;

    /// <summary>Answers with the association's id.</summary>
    public sealed record AssociateBlock(AwsId Vpc, Cidr Block) : CloudCall;

    public sealed record DisassociateBlock(string AssociationId) : CloudCall;

    /// <param name="Zone">Its id where zones have other names in the VPC's account, else its name.</param>
    public sealed record CreateSubnet(AwsId Vpc, string Zone, Cidr Block, EquatableArray<SeenTag> Tags) : CloudCall;

    public sealed record DeleteSubnet(AwsId Subnet) : CloudCall;

    /// <summary>A prefix reservation.</summary>
    public sealed record Reserve(AwsId Subnet, Cidr Block, EquatableArray<SeenTag> Tags) : CloudCall;

    public sealed record DeleteReservation(AwsId Reservation) : CloudCall;

    /// <param name="Token">The same token makes the same table, however often it is sent.</param>
    public sealed record CreateRouteTable(AwsId Vpc, string Token, EquatableArray<SeenTag> Tags) : CloudCall;

    public sealed record DeleteRouteTable(AwsId Table) : CloudCall;

    public sealed record CreateRoute(AwsId Table, Route Route) : CloudCall;

    public sealed record DeleteRoute(AwsId Table, Cidr To) : CloudCall;

    /// <param name="Replaces">The subnet's present explicit association, if it has one.</param>
    public sealed record AssociateRouteTable(AwsId Table, AwsId Subnet, string? Replaces) : CloudCall;

    public sealed record DisassociateRouteTable(string AssociationId) : CloudCall;

    /// <summary>In place of the network ACL that the subnet has, whichever it is.</summary>
    public sealed record AssociateAcl(AwsId Acl, AwsId Subnet) : CloudCall;

    /// <summary>Shares subnets of the VPC's account with another. Answers with the share's ARN.</summary>
    /// <param name="Token">The same token makes the same share, however often it is sent.</param>
    public sealed record CreateShare(string Name, string Account, EquatableArray<AwsId> Subnets, string Token, EquatableArray<SeenTag> Tags)
        : CloudCall;

    /// <param name="Account">Empty: it is for the right account already.</param>
    public sealed record AddToShare(AwsId Share, string Account, EquatableArray<AwsId> Subnets) : CloudCall;

    public sealed record RemoveFromShare(AwsId Share, AwsId Subnet) : CloudCall;

    public sealed record DeleteShare(AwsId Share) : CloudCall;

    public sealed record CreateGroup(AwsId Vpc, string Name, string Description, EquatableArray<SeenTag> Tags) : CloudCall;

    public sealed record DeleteGroup(AwsId Group) : CloudCall;

    /// <param name="Rule">Its references are resolved: the group and the peer are used ids.</param>
    /// <param name="IsInOurGroup">One that is there already becomes ours by its tags; in a group of others it stays whose it is.</param>
    public sealed record Authorize(GroupRule Rule, EquatableArray<SeenTag> Tags, bool IsInOurGroup = false) : CloudCall;

    public sealed record Revoke(AwsId Group, Direction Direction, string RuleId) : CloudCall;

    /// <summary>Replaces the whole configuration document. Answers with the update's id.</summary>
    /// <param name="Token">EKS's clientRequestToken.</param>
    public sealed record UpdateAddon(string Cluster, string Addon, string Values, Spec.Conflicts Conflicts, string Token) : CloudCall;

    /// <summary>Of type EC2: for Auto Mode's nodes.</summary>
    public sealed record CreateAccessEntry(string Cluster, string PrincipalArn, EquatableArray<SeenTag> Tags) : CloudCall;

    /// <summary>For the whole cluster.</summary>
    public sealed record AssociateAccessPolicy(string Cluster, string PrincipalArn, string Policy) : CloudCall;

    public sealed record DeleteAccessEntry(string Cluster, string PrincipalArn) : CloudCall;

    public sealed record DeleteInterface(AwsId Interface) : CloudCall;

    public sealed record TerminateInstance(AwsId Instance) : CloudCall;
}

/// <summary>Something that takes time. A closed set.</summary>
public abstract record CloudState
{
    private CloudState() { }

    public sealed record BlockAssociated(AwsId Vpc, Cidr Block) : CloudState;

    public sealed record BlockGone(AwsId Vpc, Cidr Block) : CloudState;

    public sealed record SubnetAvailable(AwsId Subnet) : CloudState;

    /// <summary>The cluster's account sees them: they can be used there.</summary>
    public sealed record SubnetsShared(AwsId Share, EquatableArray<AwsId> Subnets) : CloudState;

    /// <summary>It is in the share no longer.</summary>
    public sealed record SubnetUnshared(AwsId Share, AwsId Subnet) : CloudState;

    public sealed record ShareGone(AwsId Share) : CloudState;

    public sealed record AddonUpdated(string Cluster, string Addon, string UpdateId) : CloudState;

    /// <summary>No update of the add-on is under way, ours or another's.</summary>
    public sealed record AddonAtRest(string Cluster, string Addon) : CloudState;

    public sealed record InstanceGone(AwsId Instance) : CloudState;
}

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
