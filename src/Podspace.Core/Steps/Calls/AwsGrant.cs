namespace Podspace.Steps.Calls;

/// <summary>How far somebody's rights go; each holds those before it. Undoing needs the grant that making did.</summary>
public enum Grant
{
    ReadOnly,
    Network,
    Admit,
    Switch,
    Nodes,
}

/// <summary>To what a right of AWS's is given. Source: Service Authorization Reference, "Amazon EC2" and "Amazon
/// EKS" (2026-08): resource types and condition keys of each action.</summary>
internal enum Scope
{
    /// <summary>Actions that know no resources: every Describe of EC2's, and a few more.</summary>
    Any,

    Vpc,

    /// <summary>The VPC's tags podspace.io/block.… and podspace.io/lock.…, and no others.</summary>
    VpcTags,

    /// <summary>What is being made, by the tag that it gets in the same call.</summary>
    New,

    /// <summary>CreateTags within the call that makes.</summary>
    NewTags,

    /// <summary>CreateTags on rules, in a call of its own too: so the rule that AWS puts into every new group becomes ours. Nothing
    /// else may be tagged ours once it is there, for what is tagged ours may be deleted.</summary>
    RuleTags,

    /// <summary>What carries the overlay's tag.</summary>
    Made,

    /// <summary>Network ACLs and subnets of the VPC, for specs that name an ACL. That
    /// ReplaceNetworkAclAssociation takes both is UNCONFIRMED; a type too many harms nothing.</summary>
    Acls,

    /// <summary>DeleteSubnetCidrReservation knows no resources and no tags.</summary>
    Reservations,

    /// <summary>Security groups of the VPC, whoever made them.</summary>
    Groups,

    Cluster,

    Nodegroups,

    Addon,

    /// <summary>The cluster's access entries, whoever made them: their ARNs end in an id that nobody knows beforehand.</summary>
    AccessEntries,

    /// <summary>The tags by which the CNI discovers subnets, on every subnet of the VPC, and no others.</summary>
    SubnetRoles,

    /// <summary>Interfaces of the VPC that a node's CNI made: those that a node leaves behind are deleted on command.</summary>
    Interfaces,

    /// <summary>Instances of the cluster's nodes.</summary>
    Nodes,
}

/// <param name="Kinds">Resource types that the action takes in this scope, as in an ARN.</param>
internal sealed record AwsGrant(Grant Grant, string Action, Scope Scope, EquatableArray<string> Kinds);

/// <summary>As in an ARN.</summary>
internal static class ResourceType
{
    public const string Group = "security-group";
    public const string Rule = "security-group-rule";
    public const string Subnet = "subnet";
    public const string Table = "route-table";
    public const string Reservation = "subnet-cidr-reservation";

    /// <summary>Of AWS RAM; all others are EC2's.</summary>
    public const string Share = "resource-share";
}
