using Podspace.Addressing;

namespace Podspace.Reachability;

/// <summary>The addresses of an end by kind: those of one kind no rule or route can tell apart, so one of each is asked.</summary>
internal sealed class EquivalenceClasses
{
    private readonly List<OfKind> all = [];

    public EquivalenceClasses(End end, ForwardingModel model)
    {
        var known = new Dictionary<Kind, int>();
        foreach (var address in end.Addresses)
        {
            var kind = Kind.Of(address, model);
            var host = HostOf(address, model);
            if (known.TryAdd(kind, all.Count))
            {
                all.Add(new(kind, address, host, null));
            }
            else if (all[known[kind]] is { Elsewhere: null } first && first.Host != host)
            {
                all[known[kind]] = first with { Elsewhere = address };
            }
        }
    }

    public IReadOnlyList<OfKind> All => all;

    private static int HostOf(Address address, ForwardingModel model) =>
        model.ByAddress[address.Number] is >= 0 and var eni ? model.Interfaces[eni].Host : PrefixMap.None;
}

/// <param name="Host">On which the first is; negative: on no node.</param>
/// <param name="Elsewhere">One of the same kind that is not there.</param>
internal sealed record OfKind(Kind Kind, Address First, int Host, Address? Elsewhere)
{
    /// <summary>On another node than that, where there is one: on the same node nothing is asked of anybody.</summary>
    public Address Apart(int host) => host >= 0 && Host == host && Elsewhere is { } other ? other : First;
}

/// <summary>The same subnet, groups and place on a node; beyond the VPC every address is a kind of its own.</summary>
internal readonly record struct Kind(int Subnet, int Groups, bool IsNodesOwn, bool IsOnPrimary, uint Other)
{
    public static Kind Of(Address address, ForwardingModel model)
    {
        if (model.ByAddress[address.Number] is not (>= 0 and var number))
        {
            return new(PrefixMap.None, PrefixMap.None, false, false, address.Number);
        }
        ref readonly var eni = ref model.Interfaces[number];
        var isOwn = eni.Host >= 0 && model.Hosts[eni.Host].Address == address.Number;
        return new(eni.Subnet, eni.Groups, isOwn, eni.Host >= 0 && model.Hosts[eni.Host].PrimaryEni == number, (uint)eni.Kind);
    }
}
