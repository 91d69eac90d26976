using Podspace.Model;

namespace Podspace.Observed;

/// <summary>What a design needs of one reading. Unseen is not absent.</summary>
/// <param name="IsNeeded">Without it nothing can be designed; otherwise only checks are left out.</param>
/// <param name="Permissions">Of the calls that it takes.</param>
/// <param name="Checks">What is not known or not checked without it.</param>
internal sealed record Need(Reading Reading, bool IsNeeded, EquatableArray<Permission> Permissions, string Checks)
{
    public string Right => string.Join(" and ", Permissions);
}

/// <summary>Which readings a design stands on, and which it only checks against.</summary>
internal static class Needs
{
    private static readonly Need[] Table =
    [
        new(Reading.Identity, false, [Permission.Of("sts:GetCallerIdentity")], "that this is the account that 'spec.account' names"),
        new(Reading.Vpc, true, [Permission.Of("ec2:DescribeVpcs")], "the VPC's blocks and tags"),
        new(Reading.Zones, false, [Permission.Of("ec2:DescribeAvailabilityZones")], "that every zone exists and is open to this account"),
        new(Reading.Subnets, true, [Permission.Of("ec2:DescribeSubnets")], "which subnets there are"),
        new(
            Reading.Reservations,
            false,
            [Permission.Of("ec2:GetSubnetCidrReservations")],
            "which parts of pod subnets are reserved for prefixes"
        ),
        new(
            Reading.RouteTables,
            true,
            [Permission.Of("ec2:DescribeRouteTables")],
            "which routes forbid a block, and which tables pod subnets have"
        ),
        new(
            Reading.SecurityGroups,
            true,
            [Permission.Of("ec2:DescribeSecurityGroups"), Permission.Of("ec2:DescribeSecurityGroupRules")],
            "which groups and rules there are"
        ),
        new(Reading.NetworkAcls, false, [Permission.Of("ec2:DescribeNetworkAcls")], "that network ACLs let pods' packets pass"),
        new(
            Reading.Interfaces,
            false,
            [Permission.Of("ec2:DescribeNetworkInterfaces")],
            "which groups the control plane and the nodes carry (the cluster's group is taken "
                + "for both), and what else stands in pod subnets"
        ),
        new(Reading.Instances, false, [Permission.Of("ec2:DescribeInstances")], "of which types the nodes are"),
        new(
            Reading.InstanceTypes,
            false,
            [Permission.Of("ec2:DescribeInstanceTypes")],
            "that every node type has an interface to spare for pods and can take prefixes"
        ),
        new(Reading.Endpoints, false, [Permission.Of("ec2:DescribeVpcEndpoints")], "that interface endpoints admit pods"),
        new(Reading.Peerings, false, [Permission.Of("ec2:DescribeVpcPeeringConnections")], "that no peered VPC has the same block"),
        new(
            Reading.TransitGatewayAttachments,
            false,
            [Permission.Of("ec2:DescribeTransitGatewayVpcAttachments")],
            "whether a transit gateway would carry the block to other networks"
        ),
        new(
            Reading.VpnGateways,
            false,
            [Permission.Of("ec2:DescribeVpnGateways")],
            "whether a VPN gateway would announce the block on-premises"
        ),
        new(Reading.NatGateways, false, [Permission.Of("ec2:DescribeNatGateways")], "that NAT gateways in 'spec.routing.routes' exist"),
        new(
            Reading.PrefixLists,
            false,
            [Permission.Of("ec2:DescribeManagedPrefixLists"), Permission.Of("ec2:GetManagedPrefixListEntries")],
            "what rules with prefix lists admit"
        ),
        new(
            Reading.Quotas,
            false,
            [Permission.Of("servicequotas:ListServiceQuotas")],
            "which quotas were raised (AWS's defaults are taken)"
        ),
        new(
            Reading.Shares,
            true,
            [Permission.Of("ram:GetResourceShares"), Permission.Of("ram:GetResourceShareAssociations")],
            "whether the cluster's account is another than the VPC's, and which subnets are shared with it"
        ),
        new(Reading.Cluster, true, [Permission.Of("eks:DescribeCluster")], "the cluster, its group and its service range"),
        new(
            Reading.Nodegroups,
            true,
            [Permission.Of("eks:ListNodegroups"), Permission.Of("eks:DescribeNodegroup")],
            "in which zones nodes can start"
        ),
        new(
            Reading.LaunchTemplates,
            false,
            [Permission.Of("ec2:DescribeLaunchTemplateVersions")],
            "which max-pods launch templates tell the nodes that they start"
        ),
        new(
            Reading.AutoScalingGroups,
            false,
            [Permission.Of("autoscaling:DescribeAutoScalingGroups")],
            "which self-managed groups start nodes, and by what"
        ),
        new(
            Reading.Addon,
            true,
            [Permission.Of("eks:DescribeAddon"), Permission.Of("eks:DescribeAddonConfiguration")],
            "whether the VPC CNI is a managed add-on, and its values"
        ),
        new(Reading.AwsNode, true, [Permission.Of("get", "daemonsets.apps", "kube-system", "aws-node")], "the VPC CNI's live settings"),
        new(Reading.EniConfigs, true, [Permission.Of("list", "eniconfigs.crd.k8s.amazonaws.com")], "which ENIConfigs there are"),
        new(Reading.Nodes, true, [Permission.Of("list", "nodes")], "where nodes are"),
        new(Reading.Pods, false, [Permission.Of("list", "pods")], "where pods live"),
        new(Reading.DisruptionBudgets, false, [Permission.Of("list", "poddisruptionbudgets.policy")], "what would hold up a rollout"),
        new(
            Reading.Record,
            false,
            [Permission.Of("get", "configmaps", "kube-system", "podspace-{name}")],
            "what stood in the CNI's settings before Podspace"
        ),
        new(
            Reading.Lease,
            false,
            [Permission.Of("get", "leases.coordination.k8s.io", "kube-system", "podspace-{name}")],
            "whether another run goes on"
        ),
        new(Reading.ClusterIps, false, [Permission.Of("list", "services")], "which pods stand behind the addresses of Services"),
        new(
            Reading.AccessEntries,
            false,
            [
                Permission.Of("eks:ListAccessEntries"),
                Permission.Of("eks:DescribeAccessEntry"),
                Permission.Of("eks:ListAssociatedAccessPolicies"),
            ],
            "whether nodes of a role of their own may join"
        ),
        new(Reading.NodeClasses, false, [Permission.Of("list", "nodeclasses.eks.amazonaws.com")], "which NodeClasses Auto Mode has"),
        new(Reading.NodePools, false, [Permission.Of("list", "nodepools.karpenter.sh")], "which NodePools Auto Mode has"),
        new(Reading.NodeClaims, false, [Permission.Of("list", "nodeclaims.karpenter.sh")], "which nodes Auto Mode has started"),
        new(
            Reading.Webhooks,
            false,
            [
                Permission.Of("list", "validatingwebhookconfigurations.admissionregistration.k8s.io"),
                Permission.Of("list", "mutatingwebhookconfigurations.admissionregistration.k8s.io"),
            ],
            "which pods the API server calls before it takes an object"
        ),
        new(
            Reading.Ec2NodeClasses,
            false,
            [Permission.Of("list", "ec2nodeclasses.karpenter.k8s.aws")],
            "which max-pods Karpenter's node classes tell the nodes that they start"
        ),
        new(
            Reading.Karpenter,
            false,
            [Permission.Of("list", "deployments.apps")],
            "how many interfaces Karpenter keeps back (RESERVED_ENIS)"
        ),
        new(
            Reading.Events,
            false,
            [Permission.Of("list", "events", "kube-system")],
            "whether the CNI complains of rights that it lacks in AWS"
        ),
    ];

    public static IEnumerable<Need> All => Table;

    /// <summary>Reports whether nothing can be designed or taken back without it in this world: where Auto Mode is on, its
    /// objects are needed too, and in a VPC of another account the ids of zones.</summary>
    public static bool IsNeeded(Reading reading, Inventory inventory) =>
        Of(reading).IsNeeded
        || (reading == Reading.Zones && inventory.Cloud.Participant is not null)
        || (IsOfAutoMode(reading) && inventory.Cloud.Cluster is { IsAutoMode: true });

    public static bool IsOfAutoMode(Reading reading) =>
        reading is Reading.AccessEntries or Reading.NodeClasses or Reading.NodePools or Reading.NodeClaims;

    /// <summary>The row of a reading; every reading has one.</summary>
    public static Need Of(Reading reading) => Table[(int)reading];
}
