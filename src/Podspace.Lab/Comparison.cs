using Podspace.Addressing;
using Podspace.Lab.Drawing;
using Podspace.Lab.Kernel;
using Podspace.Lab.Probing;
using Podspace.Model;
using Podspace.Reachability;

namespace Podspace.Lab;

/// <summary>One flow: what the tracer says will become of it, and what the kernel made of it.</summary>
/// <param name="Predicted">Null: the tracer cannot tell, so there is nothing to hold against it.</param>
/// <param name="Seen">Over all source ports that were tried: it is answered when each was.</param>
public sealed record ProbeResult(Trace Trace, Sighting? Predicted, Sighting Seen)
{
    public bool IsAgreed => Predicted is null || Predicted == Seen;
}

/// <summary>Holds the tracer's word against the kernel's.</summary>
public static class Comparison
{
    /// <summary>The network of an inventory, with everybody in it who occurs in the flows.</summary>
    public static LabNetwork Draw(Inventory inventory, IEnumerable<Flow> flows) =>
        LabDrawing.Of(inventory, flows.SelectMany(flow => (Address[])[flow.From, flow.To]));

    /// <param name="flows">Of which the lab can send each.</param>
    public static EquatableArray<ProbeResult> Of(RunningLab lab, Tracer tracer, IReadOnlyList<Flow> flows)
    {
        var traces = flows.Select(flow => tracer.Explain(flow)).ToList();
        var probes = flows
            .SelectMany(
                (flow, i) =>
                    SourcePorts
                        .Of(tracer.Inventory.Cloud, flow.Protocol, i)
                        .Select(port => (Number: i, Probe: new Probe(flow, port, Predict(traces[i]) ?? default)))
            )
            .ToList();
        var sightings = Prober.Send(lab, [.. probes.Select(one => one.Probe)]);
        var seen = probes.Zip(sightings).ToLookup(pair => pair.First.Number, pair => pair.Second);
        return traces.Select((trace, i) => new ProbeResult(trace, Predict(trace), Together([.. seen[i]]))).ToEquatable();
    }

    /// <summary>Null: it cannot tell, or can tell only that no answer comes, but not whether
    /// the question gets through what was not read.</summary>
    public static Sighting? Predict(Trace trace) =>
        trace switch
        {
            _ when trace.Hops.Any(hop => hop.Kind == HopKind.Unread) => null,
            { Outcome: { Verdict: Verdict.CannotTell } } => null,
            { Outcome: { IsBlocked: false } open } => new(open.SeenAs, true),
            { Outcome: { IsOnTheWayBack: true } lost } => new(lost.SeenAs, false),
            _ => default(Sighting),
        };

    // Two sources for one flow is nothing that the tracer could have said.
    private static Sighting Together(IReadOnlyList<Sighting> sightings) =>
        sightings.Select(one => one.SeenAs).Distinct().ToList() is [var source]
            ? new(source, sightings.All(one => one.IsAnswered))
            : default;
}
