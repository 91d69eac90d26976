using Podspace.Addressing;
using Podspace.Naming;

namespace Podspace.Steps.Calls;

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
