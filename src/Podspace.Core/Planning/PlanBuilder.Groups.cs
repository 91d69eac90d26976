using Podspace.Addressing;
using Podspace.Model;
using Podspace.Observed;
using Podspace.Steps;

namespace Podspace.Planning;

internal sealed partial class PlanBuilder
{
    private void PlanGroups()
    {
        foreach (var group in desired.Groups)
        {
            Use("group", group.Ref);
            if (group.Ref.IsMade && actual.Ids.Group(group.Ref) is null)
            {
                draft.Add(new Change.CreateGroup(group, ResourceNames.TagsForGroup(spec)), Stage.Network, "says what may reach pods");
            }
        }
        var live = actual.Network.Rules.Select(rule => rule.Key).ToHashSet();
        foreach (var rule in desired.Rules.Where(rule => !live.Contains(rule.Key)))
        {
            if (actual.Ids.UntaggedRules.TryGetValue(rule.Key, out var untagged))
            {
                draft.Add(
                    new Change.TagRule(rule, untagged),
                    Stage.Network,
                    Drifted(WasThere(rule), "stands in our group, and only its tags say that it is ours")
                );
                continue;
            }
            draft.Add(
                new Change.AddRule(rule),
                rule.Group.IsMade ? Stage.Network : Stage.Admit,
                Drifted(WasThere(rule), rule.Why),
                Disruption.None,
                [CreateId("group", rule.Group), .. rule.Peer.Group is { } peer ? [CreateId("group", peer)] : Array.Empty<string>()]
            );
        }
    }

    /// <summary>A rule for a block that this plan removes would be added or kept now and be too much tomorrow.</summary>
    private Network WithoutRulesForLeavingBlocks(Network network)
    {
        var gone = LeavingBlocks(network).ToHashSet();
        return gone.Count == 0
            ? network
            : network with
            {
                Rules = network.Rules.Where(rule => rule.Peer.Cidr is not { } cidr || !gone.Contains(cidr)).ToEquatable(),
            };
    }

    private IEnumerable<Cidr> LeavingBlocks(Network network) =>
        from block in actual.Ids.ChosenBlocks
        where network.Blocks.All(wanted => wanted.Cidr != block) && !usage.Block(block, leaving)
        select block;
}
