using Podspace.Model;
using Podspace.Naming;

namespace Podspace.Design.Rules;

/// <summary>Endpoints, databases and file systems that admit today's pods by the nodes' block or
/// group, and would not admit those of the pod subnets.</summary>
/// <remarks>Inside the VPC nothing translates addresses: servers see pods as they are. Source: amazon-vpc-cni-k8s #550, #3072.</remarks>
internal static class ServerRules
{
    public static void Check(DesignInput input, Network network, SeenCluster cluster)
    {
        if (network.EniConfigs.IsEmpty && network.SubnetRoles.IsEmpty)
        {
            return;
        }
        var nodes = GroupSets.OfNodes(input, cluster).SelectMany(set => set).ToHashSet();
        var pods = network.EniConfigs.IsEmpty ? [] : network.EniConfigs[0].Groups;
        var peers = new PodPeers(
            input,
            pods.IsEmpty ? nodes.Select(id => Ref.Used(id.Text)).ToEquatable() : pods,
            [.. network.Subnets.Select(subnet => subnet.Cidr)]
        );
        foreach (var id in GroupsOfServers(input, cluster, nodes))
        {
            if (
                input.Group(id) is { } group
                && group.Rules.FirstOrDefault(rule => AdmitsNodes(input, rule, nodes) && !peers.AreAdmittedBy(group, rule.Traffic))
                    is { } rule
            )
            {
                Say(input, network, group, rule);
            }
        }
    }

    private static void Say(DesignInput input, Network network, SeenGroup group, SeenRule rule)
    {
        var ports = rule.Traffic.From == rule.Traffic.To ? $"{rule.Traffic.From}" : $"{rule.Traffic.From}-{rule.Traffic.To}";
        var traffic = rule.Traffic.Protocol == "-1" ? "--protocol=-1" : $"--protocol {rule.Traffic.Protocol} --port {ports}";
        var blocks = network.Blocks.Select(block => block.Cidr).ToList();
        input.Report.Guess(
            DesignCodes.PodsNotAdmitted,
            group.Id.Text,
            "spec.security.pods",
            $"{group.Id} ({group.Name}) admits {rule.Traffic} from {rule.Peer}, where nodes have their addresses; "
                + $"pods of {string.Join(", ", blocks)} are dropped there.",
            "If pods need what stands behind it, best before nodes are replaced:"
                + string.Concat(
                    blocks.Select(block => $"\n  aws ec2 authorize-security-group-ingress --group-id {group.Id} {traffic} --cidr {block}")
                )
        );
    }

    // Whatever is no node, no pod and no control plane, and in the VPC.
    private static SortedSet<AwsId> GroupsOfServers(DesignInput input, SeenCluster cluster, HashSet<AwsId> nodes)
    {
        var instances = input.CniNodes.Select(node => node.InstanceId).ToHashSet();
        var groups = new SortedSet<AwsId>();
        foreach (var card in input.Cloud.Interfaces)
        {
            if (
                !card.IsControlPlane(cluster.Name)
                && !SubnetChoice.IsOfPods(card)
                && (card.Instance is null || !instances.Contains(card.Instance))
            )
            {
                groups.UnionWith(card.Groups);
            }
        }
        groups.ExceptWith(nodes);
        groups.Remove(cluster.ClusterGroup);
        return groups;
    }

    // By their group, or by a block of the VPC that reaches beyond one server's own addresses.
    private static bool AdmitsNodes(DesignInput input, SeenRule rule, HashSet<AwsId> nodes) =>
        rule.Direction == Direction.Ingress
        && (
            (rule.Peer.Group is { IsMade: false } group && nodes.Contains(group.Id))
            || (
                rule.Peer.Cidr is { PrefixLength: < 32 } from
                && input.Cloud.Nodegroups.Any(nodegroup =>
                    nodegroup.Subnets.Any(id => input.Subnet(id) is { } subnet && from.Overlaps(subnet.Cidr))
                )
            )
        );
}
