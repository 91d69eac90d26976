using Podspace.Addressing;
using Podspace.Model;
using Podspace.Naming;
using Podspace.Spec;

namespace Podspace.Design.Rules;

/// <summary>Quotas of groups and rules, the load balancer controller's tag, and what groups that are not ours leave out.</summary>
internal static class GroupRules
{
    private const string Path = "spec.security.pods";

    public static void Check(Ground ground, Network network)
    {
        CheckRuleCounts(ground, network);
        if (network.EniConfigs.IsEmpty)
        {
            return;
        }
        var pods = network.EniConfigs[0].Groups;
        if (pods.Count > ground.Cloud.Quotas.GroupsPerInterface)
        {
            ground.Report.Error(DesignCodes.TooManyGroups, string.Join(",", pods), Path, $"{pods.Count} groups on a pod's interface, and the quota is {ground.Cloud.Quotas.GroupsPerInterface} (L-2AFB9258): the CNI could make none.", "List fewer groups, or raise the quota (up to 16).");
        }
        CheckClusterTag(ground, pods);
        CheckUsedGroups(ground, network, pods);
    }

    // Ingress and egress count apart. Source: quota L-0EA8095F.
    private static void CheckRuleCounts(Ground ground, Network network)
    {
        foreach (var rules in network.Rules.GroupBy(rule => (rule.Group, rule.Direction)))
        {
            var (group, direction) = rules.Key;
            var seen = ground.Actual.Ids.Group(group) is { } id ? ground.Group(id) : null;
            var there = seen?.Rules.Count(rule => rule.Direction == direction) ?? 0;
            var added = rules.Count(rule => !ground.Actual.Ids.Rules.ContainsKey(rule.Key));
            if (added > 0 && there + added > ground.Cloud.Quotas.RulesPerGroup)
            {
                ground.Report.Error(DesignCodes.TooManyRules, group.ToString(), Path, $"Group {group} has {there} {direction.ToString().ToLowerInvariant()} rules, {added} more are needed, and the quota is {ground.Cloud.Quotas.RulesPerGroup} (L-0EA8095F).", "Delete rules that nothing needs, or raise the quota.");
            }
        }
    }

    // Source: aws-load-balancer-controller, networking_manager.go: with two groups or more on an interface exactly one must carry the tag.
    private static void CheckClusterTag(Ground ground, EquatableArray<Ref> pods)
    {
        if (pods.Count < 2 || ground.Spec.Cluster is not { } cluster)
        {
            return;
        }
        var tagged = pods.Where(group => !group.IsMade && ground.Group(group.Id) is { } seen && seen.Tags.Any(tag => tag.Key == Tags.ClusterOwned(cluster))).ToList();
        if (tagged.Count != 1)
        {
            ground.Report.Warning(DesignCodes.ClusterTags, string.Join(",", pods), Path,
                $"Pods' interfaces carry {pods.Count} groups, of which {tagged.Count} have the tag {Tags.ClusterOwned(cluster)}; the AWS Load Balancer Controller wants exactly one and registers no targets otherwise.",
                tagged.Count == 0 ? $"Tag one of them:\n  aws ec2 create-tags --resources {pods[0]} --tags Key={Tags.ClusterOwned(cluster)},Value=owned" : "List only one of those that have it.");
        }
    }

    private static void CheckUsedGroups(Ground ground, Network network, EquatableArray<Ref> pods)
    {
        if (pods.IsEmpty || pods.Any(group => group.IsMade) || ground.Spec.Security.Pods is PodGroups.SameAsNode or PodGroups.Cluster || IsOfNodes(ground, pods))
        {
            return;
        }
        var rules = pods.SelectMany(group => ground.Group(group.Id)?.Rules ?? []).ToList();
        foreach (var block in ground.LiveBlocks.Concat(network.Blocks.Select(block => block.Cidr)).Distinct())
        {
            if (!rules.Exists(rule => rule.Direction == Direction.Ingress && rule.Traffic == Traffic.All && rule.Peer.Cidr is { } from && from.Contains(block)))
            {
                ground.Report.Warning(DesignCodes.RuleMissing, pods[0].ToString(), Path, $"The pods' group {pods[0]}, which is not ours, does not admit everything from {block}, a block of the VPC: nodes, load balancers or other pods there may not reach pods.",
                    $"If they shall:\n  aws ec2 authorize-security-group-ingress --group-id {pods[0]} --protocol=-1 --cidr {block}");
            }
        }
        if (!rules.Exists(rule => rule.Direction == Direction.Egress && rule.Traffic == Traffic.All && rule.Peer.Cidr is { PrefixLength: 0 }))
        {
            ground.Report.Warning(DesignCodes.RuleMissing, pods[0].ToString(), Path, $"The pods' group {pods[0]}, which is not ours, does not let everything out (Terraform takes AWS's default rule away).",
                $"If pods shall get out:\n  aws ec2 authorize-security-group-egress --group-id {pods[0]} --protocol=-1 --cidr 0.0.0.0/0");
        }
    }

    private static bool IsOfNodes(Ground ground, EquatableArray<Ref> pods) =>
        ground.Cluster is { } cluster && GroupSets.OfNodes(ground, cluster).Exists(set => set.All(group => pods.Contains(Ref.Used(group.Text))));
}
