using System.Diagnostics;
using System.Globalization;
using Podspace.Model;
using Podspace.Reachability;
using Podspace.Tests.Reachability;

namespace Podspace.Bench;

/// <summary>Verdicts a second on one core, beside the naive tracer that the tests use as a second opinion, on the same flows.</summary>
internal static class TraceBench
{
    private const int NaiveFlows = 200;

    public static IEnumerable<string> Run()
    {
        var inventory = WideVpc.Inventory();
        var flows = WideVpc.Flows(inventory);
        var survey = SideBySide.Medians(5, 2, () => Time(() => Tracer.Of(inventory)))[0];
        var tracer = Tracer.Of(inventory);
        var naive = new NaiveTracer(inventory);
        Agree(tracer, naive, flows);
        var before = GC.GetAllocatedBytesForCurrentThread();
        Ask(flows, tracer);
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        var medians = SideBySide.Medians(
            9,
            30,
            () => Time(() => Ask(flows, tracer)),
            () => Time(() => Ask(flows.AsSpan(0, NaiveFlows), naive))
        );
        var (one, slow) = (medians[0] * 1e6 / flows.Length, medians[1] * 1e6 / NaiveFlows);
        var arriving = flows.Count(flow => !tracer.Verdict(flow).IsBlocked) * 100 / flows.Length;
        yield return Figures.Row(
            $"verdicts of the tracer, 200 subnets, 1,000 rules, 2,000 pods; {arriving} % of the flows arrive",
            string.Create(CultureInfo.InvariantCulture, $"{one:0} ns, {1e3 / one:0.00} million a second, {allocated} bytes"),
            "",
            "≥ 1 million a second"
        );
        yield return Figures.Row("… against the naive tracer", $"{slow / 1e3:0} µs", $"{slow / one:0} × as long", "");
        yield return Figures.Row("… compiling that VPC once", $"{survey:0.0} ms", "", "");
    }

    // A figure of wrong answers is none.
    private static void Agree(Tracer tracer, NaiveTracer naive, Flow[] flows)
    {
        foreach (var flow in flows.AsSpan(0, NaiveFlows))
        {
            if (tracer.Verdict(flow) != naive.Verdict(flow))
            {
                throw new InvalidOperationException($"{flow}: {tracer.Verdict(flow)}, and the naive tracer says {naive.Verdict(flow)}.");
            }
        }
    }

    private static void Ask(ReadOnlySpan<Flow> flows, Tracer tracer)
    {
        foreach (ref readonly var flow in flows)
        {
            tracer.Verdict(flow);
        }
    }

    private static void Ask(ReadOnlySpan<Flow> flows, NaiveTracer naive)
    {
        foreach (ref readonly var flow in flows)
        {
            naive.Verdict(flow);
        }
    }

    private static TimeSpan Time(Action work)
    {
        var began = Stopwatch.GetTimestamp();
        work();
        return Stopwatch.GetElapsedTime(began);
    }
}
