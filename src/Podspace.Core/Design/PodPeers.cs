using Podspace.Addressing;
using Podspace.Model;
using Podspace.Naming;

namespace Podspace.Design;

/// <summary>Pods as the other end of somebody's rule: their groups, and the blocks of their subnets.</summary>
internal sealed class PodPeers(DesignInput input, EquatableArray<Ref> groups, Cidr[] blocks)
{
    /// <summary>Reports whether a rule of the group admits that traffic from all pods.</summary>
    public bool AreAdmittedBy(SeenGroup group, Traffic traffic)
    {
        foreach (var rule in group.Rules)
        {
            if (rule.Direction == Direction.Ingress && rule.Traffic.Covers(traffic) && Are(rule.Peer))
            {
                return true;
            }
        }
        return false;
    }

    private bool Are(Peer peer)
    {
        if (peer.Group is { } group)
        {
            return groups.Contains(group);
        }
        if (peer.PrefixList is { } list)
        {
            return input.Cloud.PrefixLists.FirstOrDefault(seen => seen.Id == list) is { } seen
                && Array.TrueForAll(blocks, block => seen.Entries.Any(entry => entry.Contains(block)));
        }
        return peer.Cidr is { } from && Array.TrueForAll(blocks, from.Contains);
    }
}
