using System.Runtime.CompilerServices;
using Podspace.Addressing;
using Podspace.Model;
using Podspace.Naming;

namespace Podspace.Reachability;

/// <summary>Says of any two addresses whether they can talk, both ways, and as whom the one sees the other.</summary>
/// <remarks>
/// What it knows is what AWS and the CNI document: policy routing and translation on nodes,
/// source check, groups (which remember connections), network ACLs
/// (which do not), routes, NAT. What it was not given to read it says it cannot tell.
/// </remarks>
public sealed class Tracer
{
    private readonly ForwardingModel model;
    private readonly ConditionalWeakTable<End, EquivalenceClasses> kinds = [];

    private Tracer(ForwardingModel model) => this.model = model;

    public static Tracer Of(Inventory inventory) => new(ForwardingModel.Of(inventory));

    public Inventory Inventory => model.Inventory;

    /// <summary>The worst that comes of it between any two of their addresses, told in full;
    /// null when one of the ends stands for nothing.</summary>
    /// <remarks>Of addresses that no rule or route could tell apart one is asked.</remarks>
    public Trace? Between(End from, End to, Protocol protocol, int port)
    {
        Flow? worst = null;
        var rank = -1;
        foreach (var source in KindsOf(from))
        {
            foreach (var destination in KindsOf(to))
            {
                var flow = new Flow(
                    source.First,
                    destination.Apart(source.Host),
                    protocol,
                    protocol == Protocol.Icmp ? (ushort)0 : (ushort)port
                );
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
        model.ByAddress[address.Number] is >= 0 and var eni ? model.GroupSets[model.Interfaces[eni].Groups].Ids : [];

    /// <summary>Reports whether each address of the one is of the same kind as some address of the other.</summary>
    public bool AreAlike(End one, End other)
    {
        var others = KindsOf(other).Select(same => same.Kind).ToHashSet();
        return KindsOf(one).All(same => others.Contains(same.Kind));
    }

    // The same ends are asked again and again, and there may be tens of thousands of pods.
    private IReadOnlyList<OfKind> KindsOf(End end) => kinds.GetValue(end, one => new(one, model)).All;

    private static int Rank(Outcome outcome) =>
        outcome.Verdict switch
        {
            Reachability.Verdict.Delivered => 0,
            Reachability.Verdict.Leaves => 1,
            Reachability.Verdict.CannotTell => 2,
            _ => 3,
        };

    /// <summary>The bare verdict. Allocates nothing.</summary>
    public Outcome Verdict(in Flow flow) => new Walk<Silence>(model, default).Run(flow);

    /// <summary>The same, with every place on the way.</summary>
    public Trace Explain(in Flow flow)
    {
        var telling = new Recording([]);
        var outcome = new Walk<Recording>(model, telling).Run(flow);
        var words = new HopText(model);
        var hops = new List<Hop>();
        int port = flow.Port;
        foreach (var told in telling.Told)
        {
            port = words.PortBehind(told, flow.Protocol, port);
            if (words.Of(told) is { } hop)
            {
                hops.Add(hop with { Port = port });
            }
        }
        if (outcome.IsBlocked && hops.TrueForAll(hop => hop.IsOpen))
        {
            hops.Add(HopText.End(telling.Told[^1]) with { Port = port });
        }
        return new(flow, outcome, hops.ToEquatable());
    }
}

internal readonly record struct TraceEvent(TraceEventKind What, int A, int B, uint From, uint To, bool IsAnswer);

internal readonly record struct Recording(List<TraceEvent> Told) : ITraceSink
{
    public void Tell(TraceEventKind what, int a, int b, uint from, uint to, bool isAnswer) => Told.Add(new(what, a, b, from, to, isAnswer));
}
