using Podspace.Addressing;
using Podspace.Model;
using Podspace.Naming;

namespace Podspace.Design;

/// <summary>Rules of the pods' group, and those by which the control plane's and the nodes' groups admit pods.</summary>
/// <remarks>
/// A group of the pods' own alone cuts them off: pods reach API server and nodes with their own addresses, and the groups there admit only
/// one another. Source: EKS User Guide, "Security group requirements"; amazon-vpc-cni-k8s #2074, #1797.
/// The other direction, control plane and nodes to pods, comes with the rules for the VPC's blocks.
/// </remarks>
internal sealed class AdmissionRules
{
    public const string ToNodes = "Pods to nodes and to pods on older nodes";

    public const string ToControlPlane = "Pods to the Kubernetes API";

    private static readonly Cidr Everywhere = Cidr.Parse("0.0.0.0/0");

    private readonly DesignInput input;
    private readonly EquatableArray<Ref> pods;
    private readonly PodPeers peers;
    private readonly List<GroupRule> rules = [];

    private AdmissionRules(DesignInput input, EquatableArray<Ref> pods, List<PodSubnet> subnets) =>
        (this.input, this.pods, peers) = (input, pods, new(input, pods, [.. subnets.Select(subnet => subnet.Cidr)]));

    /// <summary>Sorted. What a rule of somebody else covers already is not among them.</summary>
    public static EquatableArray<GroupRule> For(DesignInput input, PodGroupChoice groups, List<Block> blocks, List<PodSubnet> subnets)
    {
        var admission = new AdmissionRules(input, groups.Pods, subnets);
        if (groups.Made is { } made)
        {
            admission.AddOwn(made.Ref, blocks);
        }
        if (input.Cluster is { } cluster && !groups.Pods.IsEmpty)
        {
            admission.AddForNodes(cluster);
            admission.AddForControlPlane(cluster);
        }
        return admission
            .rules.Select(rule => (rule, text: rule.ToString()))
            .OrderBy(pair => pair.text, StringComparer.Ordinal)
            .Select(pair => pair.rule)
            .ToEquatable();
    }

    private void AddOwn(Ref group, List<Block> blocks)
    {
        foreach (var block in input.LiveBlocks.Concat(blocks.Select(block => block.Cidr)).Distinct())
        {
            // EC2 takes no apostrophe in a rule's description.
            rules.Add(
                new(group, Direction.Ingress, Traffic.All, block, $"Block {block} of the VPC: nodes, control plane, load balancers, pods")
            );
        }
        rules.Add(new(group, Direction.Ingress, Traffic.All, group, "Pods among themselves"));
        rules.Add(new(group, Direction.Egress, Traffic.All, Everywhere, "Pods to anywhere"));
    }

    // All ports, not just kubelet's and DNS's: old nodes' pods carry the nodes' groups, and new pods talk to them while nodes are replaced.
    private void AddForNodes(SeenCluster cluster)
    {
        foreach (var set in GroupSets.OfNodes(input, cluster))
        {
            Admit(set, Traffic.All, cluster, ToNodes);
        }
    }

    private void AddForControlPlane(SeenCluster cluster)
    {
        foreach (var set in GroupSets.OfControlPlane(input, cluster))
        {
            Admit(set, Traffic.Tcp(443), cluster, ToControlPlane);
        }
    }

    private void Admit(EquatableArray<AwsId> set, Traffic traffic, SeenCluster cluster, string why)
    {
        if (
            rules.Exists(rule =>
                IsIn(set, rule.Group) && rule.Direction == Direction.Ingress && rule.Traffic.Covers(traffic) && rule.Peer.Group == pods[0]
            )
        )
        {
            return;
        }
        var at = OursAlready(set, traffic);
        if (at is null && set.Any(id => input.Group(id) is { } group && peers.AreAdmittedBy(group, traffic)))
        {
            return;
        }
        var group = at ?? Ref.Used((set.Contains(cluster.ClusterGroup) ? cluster.ClusterGroup : set[0]).Text);
        rules.Add(new(group, Direction.Ingress, traffic, pods[0], why));
    }

    // A rule of ours stays where it is, even if somebody's rule covers it by now.
    private Ref? OursAlready(EquatableArray<AwsId> set, Traffic traffic)
    {
        foreach (var id in set)
        {
            var group = Ref.Used(id.Text);
            if (input.Actual.Ids.Rules.ContainsKey((group, Direction.Ingress, traffic, pods[0])))
            {
                return group;
            }
        }
        return null;
    }

    private static bool IsIn(EquatableArray<AwsId> set, Ref group) => !group.IsMade && set.Contains(group.Id);
}
