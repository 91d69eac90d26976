using Podspace.Model;
using Podspace.Naming;
using Podspace.Spec;

namespace Podspace.Design.Rules;

/// <summary>Quotas of groups and rules, the load balancer controller's tag, and what groups that are not ours leave out.</summary>
internal static class GroupRules
{
    private const string Path = "spec.security.pods";

    public static void Check(DesignInput input, Network network)
    {
        CheckRuleCounts(input, network);
        if (network.EniConfigs.IsEmpty)
        {
            return;
        }
        var pods = network.EniConfigs[0].Groups;
        if (pods.Count > input.Cloud.Quotas.GroupsPerInterface)
        {
            input.Report.Error(
                DesignCodes.TooManyGroups,
                string.Join(",", pods),
                Path,
                $"{pods.Count} groups on a pod's interface, and the quota is "
                    + $"{input.Cloud.Quotas.GroupsPerInterface} (L-2AFB9258): the CNI could make none.",
                "List fewer groups, or raise the quota (up to 16)."
            );
        }
        CheckClusterTag(input, pods);
        CheckUsedGroups(input, network, pods);
    }

    // Ingress and egress count apart. Source: quota L-0EA8095F.
    private static void CheckRuleCounts(DesignInput input, Network network)
    {
        foreach (var rules in network.Rules.GroupBy(rule => (rule.Group, rule.Direction)))
        {
            var (group, direction) = rules.Key;
            var seen = input.Actual.Ids.Group(group) is { } id ? input.Group(id) : null;
            var there = seen?.Rules.Count(rule => rule.Direction == direction) ?? 0;
            var added = rules.Count(rule => !input.Actual.Ids.Rules.ContainsKey(rule.Key));
            if (added > 0 && there + added > input.Cloud.Quotas.RulesPerGroup)
            {
                input.Report.Error(
                    DesignCodes.TooManyRules,
                    group.ToString(),
                    Path,
                    $"Group {group} has {there} {direction.ToString().ToLowerInvariant()} rules, {added} more are needed, "
                        + $"and the quota is {input.Cloud.Quotas.RulesPerGroup} (L-0EA8095F).",
                    "Delete rules that nothing needs, or raise the quota."
                );
            }
        }
    }

    // Source: aws-load-balancer-controller, networking_manager.go: with two groups or more on an interface exactly one must carry the tag.
    private static void CheckClusterTag(DesignInput input, EquatableArray<Ref> pods)
    {
        if (pods.Count < 2 || input.Spec.Cluster is not { } cluster)
        {
            return;
        }
        var tagged = pods.Where(group =>
                !group.IsMade && input.Group(group.Id) is { } seen && seen.Tags.Any(tag => tag.Key == Tags.ClusterOwned(cluster))
            )
            .ToList();
        if (tagged.Count != 1)
        {
            input.Report.Warning(
                DesignCodes.ClusterTags,
                string.Join(",", pods),
                Path,
                $"Pods' interfaces carry {pods.Count} groups, of which {tagged.Count} have the tag "
                    + $"{Tags.ClusterOwned(cluster)}; the AWS Load Balancer Controller wants exactly one and registers no targets "
                    + $"otherwise.",
                tagged.Count == 0
                    ? $"Tag one of them:\n  aws ec2 create-tags --resources {pods[0]} --tags Key={Tags.ClusterOwned(cluster)},Value=owned"
                    : "List only one of those that have it."
            );
        }
    }

    private static void CheckUsedGroups(DesignInput input, Network network, EquatableArray<Ref> pods)
    {
        if (
            pods.IsEmpty
            || pods.Any(group => group.IsMade)
            || input.Spec.Security.Pods is PodGroups.SameAsNode or PodGroups.Cluster
            || IsOfNodes(input, pods)
        )
        {
            return;
        }
        var rules = pods.SelectMany(group => input.Group(group.Id)?.Rules ?? []).ToList();
        foreach (var block in input.LiveBlocks.Concat(network.Blocks.Select(block => block.Cidr)).Distinct())
        {
            if (
                !rules.Exists(rule =>
                    rule.Direction == Direction.Ingress && rule.Traffic == Traffic.All && rule.Peer.Cidr is { } from && from.Contains(block)
                )
            )
            {
                input.Report.Warning(
                    DesignCodes.RuleMissing,
                    pods[0].ToString(),
                    Path,
                    $"The pods' group {pods[0]}, which is not ours, does not admit everything from {block}, "
                        + $"a block of the VPC: nodes, load balancers or other pods there may not reach pods.",
                    $"If they shall:\n  aws ec2 authorize-security-group-ingress --group-id {pods[0]} --protocol=-1 --cidr {block}"
                );
            }
        }
        if (
            !rules.Exists(rule =>
                rule.Direction == Direction.Egress && rule.Traffic == Traffic.All && rule.Peer.Cidr is { PrefixLength: 0 }
            )
        )
        {
            input.Report.Warning(
                DesignCodes.RuleMissing,
                pods[0].ToString(),
                Path,
                $"The pods' group {pods[0]}, which is not ours, does not let everything out (Terraform takes AWS's default rule away).",
                $"If pods shall get out:\n  aws ec2 authorize-security-group-egress --group-id {pods[0]} --protocol=-1 --cidr 0.0.0.0/0"
            );
        }
    }

    private static bool IsOfNodes(DesignInput input, EquatableArray<Ref> pods) =>
        input.Cluster is { } cluster
        && GroupSets.OfNodes(input, cluster).Exists(set => set.All(group => pods.Contains(Ref.Used(group.Text))));
}
