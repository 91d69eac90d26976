using Podspace.Model;
using Podspace.Naming;
using Podspace.Observed;
using Podspace.Steps;

namespace Podspace.Planning;

/// <summary>Security groups and their rules.</summary>
internal sealed class GroupPlanner(PlanInput input, PlanDraft draft)
{
    public void Add()
    {
        foreach (var group in input.Desired.Groups)
        {
            draft.Use("group", group.Ref);
            if (group.Ref.IsMade && input.Ids.Group(group.Ref) is null)
            {
                draft.Add(new Change.CreateGroup(group, ResourceNames.TagsForGroup(input.Spec)), Stage.Network, "says what may reach pods");
            }
        }
        var live = input.Actual.Network.Rules.Select(rule => rule.Key).ToHashSet();
        foreach (var rule in input.Desired.Rules.Where(rule => !live.Contains(rule.Key)))
        {
            if (input.Ids.UntaggedRules.TryGetValue(rule.Key, out var untagged))
            {
                draft.Add(
                    new Change.TagRule(rule, untagged),
                    Stage.Network,
                    Drift.Text(Drift.WasThere(input, rule), "stands in our group, and only its tags say that it is ours")
                );
                continue;
            }
            draft.Add(
                new Change.AddRule(rule),
                rule.Group.IsMade ? Stage.Network : Stage.Admit,
                Drift.Text(Drift.WasThere(input, rule), rule.Why),
                Disruption.None,
                change => Makes.Group(change, rule.Group) || (rule.Peer.Group is { } peer && Makes.Group(change, peer))
            );
        }
    }

    public void RemoveRules()
    {
        var wanted = input.Desired.Rules.Select(rule => rule.Key).ToHashSet();
        foreach (
            var rule in input.Actual.Network.Rules.Where(rule =>
                !wanted.Contains(rule.Key) && !IsRuleCarried(rule) && !input.IsLeaving(rule.Group) && !IsOfLostGroup(rule)
            )
        )
        {
            draft.Remove(new Change.RemoveRule(rule), Makes.Replacement);
        }
    }

    /// <summary>A rule is needed while its own group, the group it names or the block it names still carries something.</summary>
    private bool IsRuleCarried(GroupRule rule) =>
        IsLeavingButCarried(rule.Group)
        || (rule.Peer.Group is { } peer && IsLeavingButCarried(peer))
        || (
            rule.Peer.Cidr is { } cidr
            && input.Ids.ChosenBlocks.Contains(cidr)
            && input.Desired.Blocks.All(block => block.Cidr != cidr)
            && input.Usage.Block(cidr, input.Leaving)
        );

    private bool IsLeavingButCarried(Ref group) => input.IsLeaving(group) && input.Usage.Group(input.Ids.Groups[group.Name]);

    /// <summary>Pods live by the rules of a group that lost its tags: they stay with it.</summary>
    private bool IsOfLostGroup(GroupRule rule) =>
        !rule.Group.IsMade
        && input.Cloud.Groups.Any(group => group.Id == rule.Group.Id && LostTags.IsOurs(input.Spec, input.Recorded, group));

    public void Remove()
    {
        foreach (var group in input.Actual.Network.Groups.Where(group => input.IsLeaving(group.Ref)))
        {
            var id = input.Ids.Groups[group.Ref.Name];
            if (input.Usage.Group(id))
            {
                StillInUse.Report(input, draft, $"{id}", $"group {group.Ref} ({id}) is still on network interfaces");
                continue;
            }
            draft.Remove(
                new Change.DeleteGroup(group.Ref.Name),
                change => Makes.Replacement(change) || change is Change.RemoveRule or Change.DeleteSubnet or Change.DeleteLeakedInterface
            );
        }
    }
}
