using Podspace.Model;

namespace Podspace.Design;

/// <summary>What a design needs of one reading. Unseen is not absent.</summary>
/// <param name="IsNeeded">Without it nothing can be designed; otherwise only checks are left out.</param>
/// <param name="Right">The call and the permission that it takes.</param>
/// <param name="Checks">What is not known or not checked without it.</param>
public sealed record Need(Reading Reading, bool IsNeeded, string Right, string Checks);

/// <summary>Which readings a design stands on, and which it only checks against.</summary>
public static class Needs
{
    private static readonly Need[] Table =
    [
        new(Reading.Identity, false, "sts:GetCallerIdentity", "that this is the account that 'spec.account' names"),
        new(Reading.Vpc, true, "ec2:DescribeVpcs", "the VPC's blocks and tags"),
        new(Reading.Zones, false, "ec2:DescribeAvailabilityZones", "that every zone exists and is open to this account"),
        new(Reading.Subnets, true, "ec2:DescribeSubnets", "which subnets there are"),
        new(Reading.Reservations, false, "ec2:GetSubnetCidrReservations", "which parts of pod subnets are reserved for prefixes"),
        new(Reading.RouteTables, true, "ec2:DescribeRouteTables", "which routes forbid a block, and which tables pod subnets have"),
        new(Reading.SecurityGroups, true, "ec2:DescribeSecurityGroups and ec2:DescribeSecurityGroupRules", "which groups and rules there are"),
        new(Reading.NetworkAcls, false, "ec2:DescribeNetworkAcls", "that network ACLs let pods' packets pass"),
        new(Reading.Interfaces, false, "ec2:DescribeNetworkInterfaces", "which groups the control plane and the nodes carry (the cluster's group is taken for both), and what else stands in pod subnets"),
        new(Reading.Instances, false, "ec2:DescribeInstances", "of which types the nodes are"),
        new(Reading.InstanceTypes, false, "ec2:DescribeInstanceTypes", "that every node type has an interface to spare for pods and can take prefixes"),
        new(Reading.Endpoints, false, "ec2:DescribeVpcEndpoints", "that interface endpoints admit pods"),
        new(Reading.Peerings, false, "ec2:DescribeVpcPeeringConnections", "that no peered VPC has the same block"),
        new(Reading.TransitGatewayAttachments, false, "ec2:DescribeTransitGatewayVpcAttachments", "whether a transit gateway would carry the block to other networks"),
        new(Reading.VpnGateways, false, "ec2:DescribeVpnGateways", "whether a VPN gateway would announce the block on-premises"),
        new(Reading.NatGateways, false, "ec2:DescribeNatGateways", "that NAT gateways in 'spec.routing.routes' exist"),
        new(Reading.PrefixLists, false, "ec2:GetManagedPrefixListEntries", "what rules with prefix lists admit"),
        new(Reading.Quotas, false, "servicequotas:GetServiceQuota", "raised quotas (AWS's defaults are assumed)"),
        new(Reading.Cluster, true, "eks:DescribeCluster", "the cluster, its group and its service range"),
        new(Reading.Nodegroups, true, "eks:ListNodegroups and eks:DescribeNodegroup", "in which zones nodes can start"),
        new(Reading.Addon, true, "eks:DescribeAddon", "whether the VPC CNI is a managed add-on, and its values"),
        new(Reading.AwsNode, true, "get daemonsets.apps in kube-system", "the VPC CNI's live settings"),
        new(Reading.EniConfigs, true, "list eniconfigs.crd.k8s.amazonaws.com", "which ENIConfigs there are"),
        new(Reading.Nodes, true, "list nodes", "where nodes are"),
        new(Reading.Pods, false, "list pods", "where pods live"),
        new(Reading.DisruptionBudgets, false, "list poddisruptionbudgets.policy", "what would hold up a rollout"),
        new(Reading.Record, false, "get configmaps in kube-system", "what stood in the CNI's settings before Podspace"),
        new(Reading.Lease, false, "get leases in kube-system", "whether another run goes on"),
        new(Reading.ClusterIps, false, "list services", "which pods stand behind the addresses of Services"),
        new(Reading.AccessEntries, false, "eks:ListAccessEntries, eks:DescribeAccessEntry and eks:ListAssociatedAccessPolicies", "whether nodes of a role of their own may join"),
        new(Reading.NodeClasses, false, "list nodeclasses.eks.amazonaws.com", "which NodeClasses Auto Mode has"),
        new(Reading.NodePools, false, "list nodepools.karpenter.sh", "which NodePools Auto Mode has"),
        new(Reading.NodeClaims, false, "list nodeclaims.karpenter.sh", "which nodes Auto Mode has started"),
    ];

    /// <summary>Reports whether nothing can be designed or taken back without it in this world: where Auto Mode is on, its objects are needed too.</summary>
    public static bool IsNeeded(Reading reading, Inventory inventory) =>
        Of(reading).IsNeeded || (IsOfAutoMode(reading) && inventory.Cloud.Cluster is { IsAutoMode: true });

    public static bool IsOfAutoMode(Reading reading) => reading is Reading.AccessEntries or Reading.NodeClasses or Reading.NodePools or Reading.NodeClaims;

    /// <summary>The row of a reading; every reading has one.</summary>
    public static Need Of(Reading reading) => Table[(int)reading];
}
