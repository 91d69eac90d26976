using Podspace.Addressing;
using Podspace.Model;
using Podspace.Reachability;

namespace Podspace.Rendering.Maps;

/// <summary>The way of one packet from a pod, place by place.</summary>
/// <param name="To">In words: another pod, a node, a server by its group's name.</param>
/// <param name="SeenAs">The source address that the other side sees; null when nothing arrives there.</param>
public sealed record MapWay(
    string To,
    Address From,
    Address Destination,
    string Service,
    EquatableArray<MapStop> Stops,
    Address? SeenAs,
    bool IsOpen,
    string Verdict
);

/// <param name="What">A few words for the picture.</param>
/// <param name="Told">The same in full.</param>
/// <param name="Kind">Whose address the packet carries from here on.</param>
public readonly record struct MapStop(string What, string Told, MapKind Kind, bool IsOpen = true);

/// <summary>Asks the tracer, of the fixed set, for those whom a pod talks to, and tells each
/// way by the places that matter to a person.</summary>
internal sealed class MapWays
{
    private readonly CloudInventory cloud;
    private readonly EquatableArray<Cidr> podSubnets;
    private readonly Tracer tracer;

    private MapWays(Inventory inventory, EquatableArray<Cidr> podSubnets)
    {
        cloud = inventory.Cloud;
        this.podSubnets = podSubnets;
        tracer = Tracer.Of(inventory);
    }

    /// <param name="inventory">With what would start in it.</param>
    /// <param name="podSubnets">Whose pods are asked; empty: all. In a mixed cluster others start elsewhere.</param>
    public static EquatableArray<MapWay> Of(Inventory inventory, EquatableArray<Cidr> podSubnets) =>
        new MapWays(inventory, podSubnets).Ask();

    // What new pods meet comes last for each key.
    private EquatableArray<MapWay> Ask() =>
        EssentialFlows
            .Ask(tracer)
            .Where(answer => IsDrawn(answer.Question.Concern))
            .GroupBy(answer => answer.Question.Key)
            .Select(same => same.Last())
            .OrderBy(answer => Place(answer.Question.Concern))
            .ThenBy(answer => answer.Question.Key, StringComparer.Ordinal)
            .Select(answer => Told(answer.Question, Again(answer)))
            .ToEquatable();

    /// <summary>From pods of ours, and between pods from one to another: a pod that talks to itself shows no way.</summary>
    private Trace Again(FlowResult answer)
    {
        var question = answer.Question;
        var asker = Ours(question.From);
        if (question.Concern != Concern.BetweenPods)
        {
            return tracer.Between(asker, question.To, question.Protocol, question.Port) ?? answer.Trace;
        }
        asker = asker with { Addresses = [asker.Addresses[0]] };
        var others = question.To with
        {
            Addresses = Ours(question.To).Addresses.Where(address => address != asker.Addresses[0]).ToEquatable(),
        };
        return tracer.Between(asker, others, question.Protocol, question.Port) ?? answer.Trace;
    }

    private End Ours(End pods)
    {
        var ours = pods.Addresses.Where(address => podSubnets.Any(subnet => subnet.Contains(address))).Order().ToEquatable();
        return ours.IsEmpty ? pods : pods with { Addresses = ours };
    }

    private static bool IsDrawn(Concern concern) => Place(concern) >= 0;

    private static int Place(Concern concern) =>
        concern switch
        {
            Concern.BetweenPods => 0,
            Concern.Kubelet => 1,
            Concern.Server => 2,
            Concern.Endpoint => 3,
            Concern.OnPremises => 4,
            Concern.Internet => 5,
            Concern.ApiServer or Concern.Dns or Concern.Webhooks or Concern.FromNodes or Concern.LoadBalancer => -1,
        };

    private MapWay Told(EssentialFlow question, Trace trace)
    {
        var arrives = !trace.Outcome.IsBlocked || trace.Outcome.IsOnTheWayBack;
        var to = question.Concern switch
        {
            Concern.BetweenPods => "another pod",
            Concern.Kubelet => "a node",
            _ => question.To.Name,
        };
        return new(
            to,
            trace.Flow.From,
            trace.Flow.To,
            question.Service,
            [.. Stops(trace)],
            arrives ? trace.Outcome.SeenAs : null,
            !trace.Outcome.IsBlocked,
            VerdictText.Short(trace.Outcome)
        );
    }

    private IEnumerable<MapStop> Stops(Trace trace)
    {
        var pod = trace.Flow.From;
        yield return new($"pod {pod}", $"pod {pod}", MapKind.Pods);
        foreach (var hop in trace.Hops.Where(hop => !hop.IsAnswer || !hop.IsOpen))
        {
            if (What(hop, pod) is { } what)
            {
                var back = hop.IsAnswer ? "back: " : "";
                yield return new($"{back}{what.Short}", $"{back}{what.Long}", Whose(hop.Source, pod), hop.IsOpen);
            }
        }
    }

    /// <summary>Null for places that only let it pass.</summary>
    private (string Short, string Long)? What(Hop hop, Address pod) =>
        hop.Kind switch
        {
            HopKind.Host when SubnetOf(hop.Source) is not { } => (hop.At, hop.At),
            HopKind.Host when hop.Source == pod => (SubnetOf(pod)!, $"the pod's interface in {SubnetOf(pod)}"),
            HopKind.Host => ($"node {hop.Source}", $"the node's interface in {SubnetOf(hop.Source)}, as {hop.Source}"),
            HopKind.Route => (
                $"{(hop.At.StartsWith("rtb-", StringComparison.Ordinal) ? "" : "table ")}{hop.At}{(hop.Rule is null ? ": no route" : "")}",
                $"table {hop.At}: {hop.Rule ?? "no route"}"
            ),
            HopKind.Subnet => null,
            HopKind.Nat => ($"{hop.At} {hop.Source}", $"NAT gateway {hop.At}, as {hop.Source}"),
            HopKind.Edge => (hop.At, hop.At),
            HopKind.Unread => ($"? {hop.At}", $"not read: {hop.At}"),
            HopKind.Group or HopKind.NetworkAcl or HopKind.SourceCheck => hop.IsOpen ? null : (hop.At, $"{hop.At}: {hop.Why}"),
            HopKind.Arrival => hop.IsOpen ? null : ("nobody", hop.Why),
            HopKind.KubeProxy or HopKind.Amazon => null,
        };

    private string? SubnetOf(Address address) =>
        cloud
            .Interfaces.FirstOrDefault(eni => eni.Addresses.Contains(address) || eni.Prefixes.Any(prefix => prefix.Contains(address)))
            ?.Subnet.Text;

    private MapKind Whose(Address source, Address pod)
    {
        if (source == pod)
        {
            return MapKind.Pods;
        }
        var isNode = tracer.Inventory.Cluster?.Nodes.Any(node => node.InternalAddress == source) == true;
        return isNode ? MapKind.Nodes : MapKind.Other;
    }
}
