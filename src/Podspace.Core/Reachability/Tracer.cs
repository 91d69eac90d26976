using Podspace.Addressing;
using Podspace.Model;

namespace Podspace.Reachability;

/// <summary>Says of any two addresses whether they can talk, both ways, and as whom the one sees the other.</summary>
/// <remarks>
/// What it knows is what AWS and the CNI document: policy routing and translation on nodes, source check, groups (which remember connections), network ACLs
/// (which do not), routes, NAT. What it was not given to read it says it cannot tell.
/// </remarks>
public sealed class Tracer
{
    private readonly Terrain terrain;

    private Tracer(Terrain terrain) => this.terrain = terrain;

    public static Tracer Of(Inventory inventory) => new(Terrain.Of(inventory));

    public Inventory Inventory => terrain.Inventory;

    /// <summary>The worst that comes of it between any two of their addresses, told in full; null when one of the ends stands for nothing.</summary>
    /// <remarks>Of addresses that no rule or route could tell apart one is asked.</remarks>
    public Trace? Between(End from, End to, Protocol protocol, int port)
    {
        Flow? worst = null;
        var rank = -1;
        foreach (var source in Alike(from))
        {
            foreach (var destination in Alike(to))
            {
                var flow = new Flow(source, Apart(source, destination, to), protocol, protocol == Protocol.Icmp ? (ushort)0 : (ushort)port);
                if (Rank(Verdict(flow)) is var found && found > rank)
                {
                    (worst, rank) = (flow, found);
                }
            }
        }
        return worst is { } flowToTell ? Explain(flowToTell) : null;
    }

    /// <summary>Of the interface that holds it; empty for addresses that no interface of the VPC holds.</summary>
    public EquatableArray<AwsId> GroupsOf(Address address) =>
        terrain.ByAddress[address.Number] is >= 0 and var card ? terrain.GroupSets[terrain.Cards[card].Groups].Ids : [];

    /// <summary>Reports whether each address of the one is of the same kind as some address of the other.</summary>
    public bool AreAlike(End one, End other)
    {
        var kinds = other.Addresses.Select(KindOf).ToHashSet();
        return one.Addresses.All(address => kinds.Contains(KindOf(address)));
    }

    /// <summary>One of each kind: the same subnet, groups and place on a node.</summary>
    private IEnumerable<Address> Alike(End end) => end.Addresses.DistinctBy(KindOf);

    private (int, int, bool, bool, uint) KindOf(Address address)
    {
        if (terrain.ByAddress[address.Number] is not (>= 0 and var number))
        {
            return (PrefixMap.None, PrefixMap.None, false, false, address.Number);
        }
        var card = terrain.Cards[number];
        var isOwn = card.Host >= 0 && terrain.Hosts[card.Host].Address == address.Number;
        return (card.Subnet, card.Groups, isOwn, card.Host >= 0 && terrain.Hosts[card.Host].PrimaryCard == number, (uint)card.Kind);
    }

    /// <summary>One of the same kind on another node, where there is one: on the same node nothing is asked of anybody.</summary>
    private Address Apart(Address from, Address to, End end)
    {
        int HostOf(Address address) => terrain.ByAddress[address.Number] is >= 0 and var card ? terrain.Cards[card].Host : PrefixMap.None;
        var host = HostOf(from);
        if (host < 0 || HostOf(to) != host)
        {
            return to;
        }
        var kind = KindOf(to);
        foreach (var other in end.Addresses)
        {
            if (HostOf(other) != host && KindOf(other) == kind)
            {
                return other;
            }
        }
        return to;
    }

    private static int Rank(Outcome outcome) => outcome.Verdict switch
    {
        Reachability.Verdict.Delivered => 0,
        Reachability.Verdict.Leaves => 1,
        Reachability.Verdict.CannotTell => 2,
        _ => 3,
    };

    /// <summary>The bare verdict. Allocates nothing.</summary>
    public Outcome Verdict(in Flow flow) => new Walk<Silence>(terrain, default).Run(flow);

    /// <summary>The same, with every place on the way.</summary>
    public Trace Explain(in Flow flow)
    {
        var telling = new Recording([]);
        var outcome = new Walk<Recording>(terrain, telling).Run(flow);
        var words = new HopWords(terrain);
        var hops = telling.Told.Select(words.Of).OfType<Hop>().ToList();
        if (outcome.IsBlocked && hops.TrueForAll(hop => hop.IsOpen))
        {
            hops.Add(HopWords.End(telling.Told[^1]));
        }
        return new(flow, outcome, hops.ToEquatable());
    }
}

internal readonly record struct Told(Event What, int A, int B, uint From, uint To, bool IsAnswer);

internal readonly record struct Recording(List<Told> Told) : ITelling
{
    public void Tell(Event what, int a, int b, uint from, uint to, bool isAnswer) => Told.Add(new(what, a, b, from, to, isAnswer));
}
