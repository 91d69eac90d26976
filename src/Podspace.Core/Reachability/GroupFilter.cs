using Podspace.Model;
using Podspace.Naming;

namespace Podspace.Reachability;

/// <summary>The rules of one combination of groups in one direction, sorted by the ports they are about.</summary>
/// <remarks>
/// Memory is linear in the rules, whatever they are: rules for the same ports share one map of
/// addresses. Groups admit; there are no denials, so the
/// order of rules means nothing. Source: VPC User Guide, "Security groups".
/// </remarks>
internal sealed class GroupFilter
{
    private readonly Ports[] ports;

    private GroupFilter(Ports[] ports, bool isPartlyUnread) => (this.ports, IsPartlyUnread) = (ports, isPartlyUnread);

    /// <summary>Reports whether a group or a prefix list was not to be read: what is not admitted might be, all the same.</summary>
    public bool IsPartlyUnread { get; }

    /// <param name="rules">Each with the number by which it is told.</param>
    /// <param name="groupNumber">The number of a group that is referred to, or a negative one.</param>
    public static GroupFilter Of(
        IEnumerable<(SeenRule Rule, int Number)> rules,
        PrefixLists lists,
        Func<AwsId, int> groupNumber,
        bool isPartlyUnread
    )
    {
        var ports = new List<Ports>();
        foreach (var same in rules.GroupBy(one => one.Rule.Traffic))
        {
            var blocks = new List<(Addressing.Cidr, int)>();
            var groups = new List<(int, int)>();
            foreach (var (rule, number) in same)
            {
                if (rule.Peer.Group is { } group)
                {
                    groups.Add((group.IsMade ? -1 : groupNumber(group.Id), number));
                }
                else if (rule.Peer.PrefixList is { } list)
                {
                    isPartlyUnread |= !lists.TryFind(list, out var entries);
                    blocks.AddRange(entries.Select(entry => (entry, number)));
                }
                else if (rule.Peer.Cidr is { } block)
                {
                    blocks.Add((block, number));
                }
            }
            ports.Add(new(TrafficRange.Of(same.Key), PrefixMap.Of(blocks), [.. groups]));
        }
        return new([.. ports], isPartlyUnread);
    }

    /// <summary>The number of a rule that admits it, or a negative one.</summary>
    /// <param name="peerGroups">Numbers of the groups on the other interface; empty when the
    /// packet does not come straight from one.</param>
    public int Admits(Protocol protocol, ushort port, uint peer, ReadOnlySpan<int> peerGroups)
    {
        foreach (var same in ports)
        {
            if (!same.Range.Holds(protocol, port))
            {
                continue;
            }
            if (same.Blocks[peer] is >= 0 and var byBlock)
            {
                return byBlock;
            }
            foreach (var (group, rule) in same.Groups)
            {
                if (peerGroups.Contains(group))
                {
                    return rule;
                }
            }
        }
        return PrefixMap.None;
    }

    private readonly record struct Ports(TrafficRange Range, PrefixMap Blocks, (int Group, int Rule)[] Groups);
}
