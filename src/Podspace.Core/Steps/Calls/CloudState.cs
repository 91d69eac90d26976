using Podspace.Addressing;
using Podspace.Naming;

namespace Podspace.Steps.Calls;

/// <summary>Something that takes time. A closed set.</summary>
public abstract record CloudState
{
    private CloudState() { }

    /// <summary>As in "waiting for …".</summary>
    public string InWords =>
        this switch
        {
            BlockAssociated it => $"block {it.Block} to be associated with {it.Vpc}",
            BlockGone it => $"block {it.Block} to leave {it.Vpc}",
            SubnetAvailable it => $"subnet {it.Subnet} to be available",
            SubnetsShared it => $"{it.Subnets.Count} subnets of share {it.Share} to be seen by the cluster's account",
            SubnetUnshared it => $"subnet {it.Subnet} to leave share {it.Share}",
            ShareGone it => $"share {it.Share} to be gone",
            AddonUpdated it => $"update {it.UpdateId} of add-on {it.Addon}",
            AddonAtRest it => $"the update of add-on {it.Addon} that is under way",
            InstanceGone it => $"instance {it.Instance} to be terminated",
            _ => $"{this}",
        };

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
