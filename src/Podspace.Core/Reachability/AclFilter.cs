using Podspace.Addressing;
using Podspace.Model;

namespace Podspace.Reachability;

/// <summary>One network ACL in one direction: the first entry that fits decides, and what none fits is denied.</summary>
/// <remarks>It knows no connections: answers must be let through by entries of their own. Source: VPC User Guide, "Network ACLs".</remarks>
internal sealed class AclFilter
{
    private readonly Entry[] entries;

    private AclFilter(Entry[] entries) => this.entries = entries;

    public static AclFilter Of(SeenNetworkAcl acl, Direction direction) =>
        new([
            .. acl
                .Entries.Where(entry => entry.Direction == direction && entry.Cidr is not null)
                .OrderBy(entry => entry.Number)
                .Select(entry => new Entry(
                    entry.Cidr!.Value,
                    TrafficRange.Of(entry.Protocol, entry.From, entry.To),
                    entry.Number,
                    entry.Allows
                )),
        ]);

    /// <summary>Reports whether every port of the range passes.</summary>
    /// <param name="decider">The number of the entry that denies, or of the last that allows; 0
    /// when the denial is the one behind all entries.</param>
    public bool Passes(Protocol protocol, uint peer, int first, int last, out int decider)
    {
        decider = 0;
        for (var port = first; port <= last; )
        {
            if (!Decides(protocol, peer, port, last, out var until, out decider))
            {
                return false;
            }
            port = until + 1;
        }
        return true;
    }

    /// <param name="until">The last port of the range for which the same entry decides.</param>
    private bool Decides(Protocol protocol, uint peer, int port, int last, out int until, out int decider)
    {
        until = last;
        foreach (ref readonly var entry in entries.AsSpan())
        {
            if (!entry.Range.IsOf(protocol) || !entry.Block.Contains(new Address(peer)) || entry.Range.To < port)
            {
                continue;
            }
            if (entry.Range.From > port)
            {
                until = Math.Min(until, entry.Range.From - 1);
                continue;
            }
            until = Math.Min(until, entry.Range.To);
            decider = entry.Number;
            return entry.Allows;
        }
        decider = 0;
        return false;
    }

    private readonly record struct Entry(Cidr Block, TrafficRange Range, int Number, bool Allows);
}
