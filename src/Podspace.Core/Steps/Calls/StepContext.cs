using Podspace.Addressing;
using Podspace.Model;
using Podspace.Naming;
using Podspace.Observed;
using Podspace.Spec;

namespace Podspace.Steps.Calls;

/// <summary>What a step's calls are made of: the spec, what was seen, and ids.</summary>
/// <param name="known">Of what is there.</param>
public abstract class StepContext(OverlaySpec spec, Inventory inventory, Ids known)
{
    public OverlaySpec Spec => spec;

    public Inventory Inventory => inventory;

    public Ids Known => known;

    public AwsId Vpc => new(spec.Vpc);

    public string Cluster => spec.Cluster ?? "";

    public virtual DateTimeOffset Now => inventory.Cloud.ObservedAt;

    public AwsId Subnet(Ref reference) => IdOf(MadeKind.Subnet, reference);

    public AwsId Table(Ref reference) => IdOf(MadeKind.Table, reference);

    public AwsId Group(Ref reference) => IdOf(MadeKind.Group, reference);

    /// <summary>An ARN.</summary>
    public AwsId Share(ResourceName name) => Find(new(MadeKind.Share, name));

    /// <summary>For documents that name subnets and groups alike.</summary>
    public abstract string Any(Ref reference);

    /// <summary>The other end of a rule, with its group's id.</summary>
    public virtual Peer Peer(Peer peer) => peer.Group is { } group ? Ref.Used(Group(group).Text) : peer;

    /// <summary>The rule with ids in place of our names.</summary>
    public GroupRule Resolved(GroupRule rule) => rule with { Group = Ref.Used(Group(rule.Group).Text), Peer = Peer(rule.Peer) };

    public EquatableArray<SeenTag> TagsOf(GroupRule rule) => ResourceNames.TagsFor(spec, ResourceNames.Of(rule), null);

    /// <summary>The subnet's explicit association with a route table; null: it follows the VPC's main table.</summary>
    public string? AssociationOf(AwsId subnet) => known.SubnetAssociations.TryGetValue(subnet, out var association) ? association.Id : null;

    public string AssociationOf(Cidr block) =>
        known.Associations.TryGetValue(block, out var id) ? id : Missing($"the association of {block}");

    public AwsId ReservationOf(ResourceName subnet, Cidr block) =>
        known.Reservations.TryGetValue((subnet, block), out var id) ? id : new(Missing($"the reservation of {block} in {subnet}"));

    public string IdOf(GroupRule rule) => known.Rules.TryGetValue(rule.Key, out var id) ? id : Missing($"the rule {rule}");

    /// <summary>The same thing gets the same token for as long as nothing like it is there; one
    /// deleted and wanted again is a new one.</summary>
    public string Token(string what) => $"podspace-{spec.Name}-{what}-{inventory.Cloud.ObservedAt.ToUnixTimeSeconds()}";

    /// <summary>The id of what is ours: of what is there, or of what a step before makes.</summary>
    protected abstract AwsId Find(MadeThing thing);

    /// <summary>For the id of what is deleted, and is not there.</summary>
    private protected virtual string Missing(string what) => throw new InvalidOperationException($"{what} is not there.");

    protected AwsId? FindKnown(MadeThing thing)
    {
        var ids = thing.Kind switch
        {
            MadeKind.Subnet => known.Subnets,
            MadeKind.Table => known.RouteTables,
            MadeKind.Group => known.Groups,
            MadeKind.Share => known.Shares,
        };
        return ids.TryGetValue(thing.Name, out var id) ? id : null;
    }

    private AwsId IdOf(MadeKind kind, Ref reference) => reference.IsMade ? Find(new(kind, reference.Name)) : reference.Id;
}
