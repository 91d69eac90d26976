namespace Podspace.Model;

/// <summary>What is read, one value a call or group of calls. <c>Observed/Needs</c> says which steps and checks depend on each.</summary>
public enum Reading
{
    Identity,
    Vpc,
    Zones,
    Subnets,
    Reservations,
    RouteTables,
    SecurityGroups,
    NetworkAcls,
    Interfaces,
    Instances,
    InstanceTypes,
    Endpoints,
    Peerings,
    TransitGatewayAttachments,
    VpnGateways,
    NatGateways,
    PrefixLists,
    Quotas,

    // Read only where the cluster's account may be another than the VPC's.
    Shares,

    Cluster,
    Nodegroups,
    LaunchTemplates,
    AutoScalingGroups,
    Addon,
    AwsNode,
    EniConfigs,
    Nodes,
    Pods,
    DisruptionBudgets,
    Record,
    Lease,
    ClusterIps,

    // Of Auto Mode: read everywhere, needed only where it is on.
    AccessEntries,
    NodeClasses,
    NodePools,
    NodeClaims,

    Webhooks,

    // Of Karpenter: its Deployment is looked for only where it has node classes.
    Ec2NodeClasses,
    Karpenter,
    Events,
}

/// <param name="Why">AWS's or Kubernetes' own words.</param>
public sealed record Gap(Reading Reading, string Why, GapCause Cause = GapCause.NotAllowed);

/// <summary>What kept a reading from being made; it decides what its reader is to do.</summary>
public enum GapCause
{
    NotAllowed,

    /// <summary>The service gave no answer, or none that was of use, however often it was asked.</summary>
    NoAnswer,

    /// <summary>Credentials are missing, have run out, or are not known there.</summary>
    NotSignedIn,

    /// <summary>It was read, and somebody has edited it into what nobody can read. The reason ends with what to do.</summary>
    Broken,
}

/// <summary>A reading that somebody else made.</summary>
/// <param name="Why">Why it was not possible here.</param>
/// <param name="TakenAt">The file's own time.</param>
public sealed record Testimony(Reading Reading, string Why, string File, DateTimeOffset TakenAt);
