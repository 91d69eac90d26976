using System.Diagnostics;
using Podspace.Addressing;
using Podspace.Cni;
using Podspace.Model;
using Podspace.Naming;
using Podspace.Spec;

namespace Podspace.Steps;

/// <summary>What a step does. A closed set: add a case and every switch must follow.</summary>
public abstract record Change
{
    private Change() { }

    /// <summary>Written before the block is associated: its ownership, and the start of the control plane's clock (docs/tags.md).</summary>
    public sealed record TagBlock(Cidr Block) : Change;

    public sealed record AssociateBlock(Cidr Block) : Change;

    public sealed record DisassociateBlock(Cidr Block) : Change;

    public sealed record UntagBlock(Cidr Block) : Change;

    /// <summary>A block in which another overlay has subnets becomes that overlay's: the last
    /// one that leaves takes it out of the VPC.</summary>
    /// <param name="Since">As the tag says it; the control plane's clock goes on.</param>
    public sealed record TransferBlock(Cidr Block, string To, string Since) : Change;

    public sealed record CreateSubnet(PodSubnet Subnet, EquatableArray<SeenTag> Tags) : Change;

    public sealed record DeleteSubnet(ResourceName Subnet) : Change;

    public sealed record Reserve(Ref Subnet, Cidr Block) : Change;

    public sealed record DeleteReservation(ResourceName Subnet, Cidr Block) : Change;

    public sealed record CreateRouteTable(ResourceName Table, EquatableArray<SeenTag> Tags) : Change;

    public sealed record DeleteRouteTable(ResourceName Table) : Change;

    public sealed record AddRoute(Ref Table, Route Route) : Change;

    public sealed record RemoveRoute(Ref Table, Route Route) : Change;

    /// <summary>Explicitly, instead of whatever table the subnet has now.</summary>
    public sealed record AssociateTable(Ref Table, Ref Subnet) : Change;

    /// <summary>Instead of the network ACL that the subnet has now; a new one has the VPC's default.</summary>
    public sealed record AssociateAcl(AwsId Acl, Ref Subnet) : Change;

    /// <summary>Shares subnets with the nodes' account.</summary>
    public sealed record CreateShare(SubnetShare Share, EquatableArray<SeenTag> Tags) : Change;

    /// <param name="Share">Just what it lacks; its account is empty when that is there.</param>
    public sealed record AddToShare(SubnetShare Share) : Change;

    public sealed record RemoveFromShare(ResourceName Share, ResourceName Subnet) : Change;

    public sealed record DeleteShare(ResourceName Share) : Change;

    public sealed record CreateGroup(SecurityGroup Group, EquatableArray<SeenTag> Tags) : Change;

    public sealed record DeleteGroup(ResourceName Group) : Change;

    public sealed record AddRule(GroupRule Rule) : Change;

    /// <summary>A rule that is as wanted stands in a group of ours without our tags: a run was cut off before it
    /// tagged what AWS puts into every new group, or somebody took them off.</summary>
    public sealed record TagRule(GroupRule Rule, string RuleId) : Change;

    public sealed record RemoveRule(GroupRule Rule) : Change;

    /// <summary>Replaces the add-on's whole document by what <see cref="AddonDocument"/> makes of it.</summary>
    public sealed record SetAddonValues(AddonDocument Document, Conflicts Conflicts) : Change;

    /// <summary>Where no add-on manages aws-node: just our settings of its DaemonSet.</summary>
    public sealed record SetAwsNode(AwsNodeSettings Settings) : Change;

    /// <summary>Tags a subnet for the CNI's subnet discovery.</summary>
    /// <param name="Before">The role that it has; null: none.</param>
    /// <param name="IsSwitch">Reports whether no subnet was offered so far.</param>
    public sealed record SetSubnetRole(SubnetRole Role, string? Before, bool IsSwitch) : Change;

    /// <summary>Takes the tags off again, or puts back the role that was there before.</summary>
    public sealed record RestoreSubnetRole(SubnetRole Role, string? Before) : Change;

    public sealed record ApplyEniConfig(EniConfig EniConfig) : Change;

    public sealed record DeleteEniConfig(string Zone) : Change;

    /// <summary>With the policy that Auto Mode's nodes need.</summary>
    public sealed record CreateAccessEntry(AccessEntry Entry, EquatableArray<SeenTag> Tags) : Change;

    public sealed record DeleteAccessEntry(string PrincipalArn) : Change;

    public sealed record ApplyNodeClass(NodeClass NodeClass, bool IsNew) : Change;

    public sealed record DeleteNodeClass(string NodeClass) : Change;

    public sealed record ApplyNodePool(NodePool Pool, bool IsNew) : Change;

    /// <summary>No new node starts there; those that run stay.</summary>
    public sealed record DisableNodePool(NodePool Pool) : Change;

    public sealed record DeleteNodePool(string Pool) : Change;

    /// <summary>Writes our tags to a subnet that was only used, on command alone.</summary>
    public sealed record TakeOver(AwsId Subnet, ResourceName As, EquatableArray<SeenTag> Tags) : Change;

    /// <summary>Deletes an interface that a node left behind, on command alone.</summary>
    public sealed record DeleteLeakedInterface(AwsId Interface) : Change;

    /// <summary>Made a second time by a call whose answer came too late; nothing uses it.</summary>
    public sealed record DeleteDuplicateRouteTable(AwsId Table) : Change;

    /// <summary>Removes the record of values that were there before us; the last step of all.</summary>
    public sealed record DeletePreviousValues : Change;

    /// <summary>A rollout that was cut off had cordoned the node, and nobody goes on with it.</summary>
    /// <param name="StaysCordoned">Somebody else had cordoned it before.</param>
    public sealed record ClearRolloutMark(string Node, bool StaysCordoned) : Change;

    /// <summary>create, update, delete.</summary>
    public string Action =>
        this switch
        {
            TagBlock
            or AssociateBlock
            or CreateSubnet
            or Reserve
            or CreateRouteTable
            or AddRoute
            or AssociateTable
            or CreateShare
            or CreateGroup
            or AddRule
            or ApplyEniConfig
            or CreateAccessEntry
            or ApplyNodeClass { IsNew: true }
            or ApplyNodePool { IsNew: true } => "create",
            ApplyNodeClass or ApplyNodePool or DisableNodePool or AddToShare => "update",
            SetAddonValues or SetAwsNode or SetSubnetRole or TakeOver or TransferBlock or TagRule or AssociateAcl => "update",
            DisassociateBlock
            or UntagBlock
            or DeleteSubnet
            or DeleteReservation
            or DeleteRouteTable
            or RemoveRoute
            or RemoveFromShare
            or DeleteShare
            or DeleteGroup
            or RemoveRule
            or RestoreSubnetRole
            or DeleteEniConfig
            or DeleteLeakedInterface
            or DeleteDuplicateRouteTable
            or DeletePreviousValues
            or ClearRolloutMark
            or DeleteAccessEntry
            or DeleteNodeClass
            or DeleteNodePool => "delete",
            _ => throw new UnreachableException($"{GetType().Name} has no action."),
        };

    public string Kind =>
        this switch
        {
            TagBlock or UntagBlock or TransferBlock => "block tag",
            AssociateBlock or DisassociateBlock => "block",
            CreateSubnet or DeleteSubnet => "subnet",
            Reserve or DeleteReservation => "reservation",
            CreateRouteTable or DeleteRouteTable => "route table",
            AddRoute or RemoveRoute => "route",
            AssociateTable => "association",
            AssociateAcl => "network ACL",
            CreateShare or AddToShare or DeleteShare => "share",
            RemoveFromShare => "shared subnet",
            CreateGroup or DeleteGroup => "group",
            AddRule or TagRule or RemoveRule => "rule",
            SetAddonValues => "add-on",
            SetAwsNode => "aws-node",
            SetSubnetRole or RestoreSubnetRole => "subnet role",
            ApplyEniConfig or DeleteEniConfig => "eniconfig",
            CreateAccessEntry or DeleteAccessEntry => "access entry",
            ApplyNodeClass or DeleteNodeClass => "nodeclass",
            ApplyNodePool or DisableNodePool or DeleteNodePool => "nodepool",
            TakeOver => "owner",
            DeleteLeakedInterface => "interface",
            DeleteDuplicateRouteTable => "spare route table",
            DeletePreviousValues => "record",
            ClearRolloutMark => "rollout mark",
            _ => throw new UnreachableException($"{GetType().Name} has no kind."),
        };

    /// <summary>What it is about, unique among changes of the same action and kind.</summary>
    public string Name =>
        this switch
        {
            TagBlock it => $"{it.Block}",
            UntagBlock it => $"{it.Block}",
            TransferBlock it => $"{it.Block} to {it.To}",
            AssociateBlock it => $"{it.Block}",
            DisassociateBlock it => $"{it.Block}",
            CreateSubnet it => $"{it.Subnet.Ref}",
            DeleteSubnet it => $"{it.Subnet}",
            Reserve it => $"{it.Block} in {it.Subnet}",
            DeleteReservation it => $"{it.Block} in {it.Subnet}",
            CreateRouteTable it => $"{it.Table}",
            DeleteRouteTable it => $"{it.Table}",
            AddRoute it => $"{it.Table} {it.Route.To} → {it.Route.Via}",
            RemoveRoute it => $"{it.Table} {it.Route.To} → {it.Route.Via}",
            AssociateTable it => $"{it.Table} with {it.Subnet}",
            AssociateAcl it => $"{it.Acl} for {it.Subnet}",
            CreateShare it => $"{it.Share.Ref}",
            AddToShare it => $"{it.Share.Ref}",
            RemoveFromShare it => $"{it.Subnet}",
            DeleteShare it => $"{it.Share}",
            CreateGroup it => $"{it.Group.Ref}",
            DeleteGroup it => $"{it.Group}",
            AddRule it => $"{it.Rule}",
            TagRule it => $"{it.Rule}",
            RemoveRule it => $"{it.Rule}",
            SetAddonValues it => $"vpc-cni {it.Document.Purpose.Text()}",
            SetAwsNode it => it.Settings.Purpose.Text(),
            SetSubnetRole it => $"{it.Role.Subnet}",
            RestoreSubnetRole it => $"{it.Role.Subnet}",
            ApplyEniConfig it => it.EniConfig.Zone,
            DeleteEniConfig it => it.Zone,
            CreateAccessEntry it => it.Entry.PrincipalArn,
            DeleteAccessEntry it => it.PrincipalArn,
            ApplyNodeClass it => it.NodeClass.Name,
            DeleteNodeClass it => it.NodeClass,
            ApplyNodePool it => it.Pool.Name,
            DisableNodePool it => it.Pool.Name,
            DeleteNodePool it => it.Pool,
            TakeOver it => $"{it.Subnet} as {it.As}",
            DeleteLeakedInterface it => $"{it.Interface}",
            DeleteDuplicateRouteTable it => $"{it.Table}",
            DeletePreviousValues => "previous values",
            ClearRolloutMark it => it.Node,
            _ => throw new UnreachableException($"{GetType().Name} has no name."),
        };

    /// <summary>Reports whether new interfaces come from the pod subnets from this change on.</summary>
    public bool ThrowsSwitch =>
        this
            is SetAddonValues { Document.Purpose: CniPurpose.Switch }
                or SetAwsNode { Settings.Purpose: CniPurpose.Switch }
                or ApplyNodePool
                or SetSubnetRole { IsSwitch: true };

    /// <summary>Reports whether the VPC's account makes it, and not the cluster's, where the two are different.</summary>
    public bool IsOfVpc => IsKindOfVpc(Kind);

    /// <summary>The same for a <see cref="Kind"/>, for whoever renders it in another language.</summary>
    public static bool IsKindOfVpc(string kind) =>
        kind
            is "block tag"
                or "block"
                or "subnet"
                or "reservation"
                or "route table"
                or "spare route table"
                or "route"
                or "association"
                or "network ACL"
                or "share"
                or "shared subnet"
                or "subnet role"
                or "owner";

    public string Id => $"{Action}/{Kind.Replace(' ', '-')}/{Name}";
}
