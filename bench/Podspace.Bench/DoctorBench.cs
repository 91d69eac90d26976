using System.Diagnostics;
using System.Globalization;
using Podspace.Diagnosis;
using Podspace.Reachability;
using Podspace.Spec;

namespace Podspace.Bench;

/// <summary>A whole examination, and the fixed set by itself, in a VPC with 5,000 nodes.</summary>
internal static class DoctorBench
{
    public static IEnumerable<string> Run()
    {
        var inventory = WideVpc.Crowded();
        var spec = OverlayYaml
            .Parse(
                "apiVersion: podspace.io/v1alpha1\nkind: OverlayNetwork\nmetadata: {name: prod}\n"
                    + "spec: {region: eu-west-1, vpc: vpc-0aa36b6cfca793d8d, cluster: prod}\n",
                "overlay.yaml"
            )
            .Ok(out var parsed)
            ? parsed
            : throw new InvalidOperationException("The bench's own spec does not parse.");
        var (asked, found) = (EssentialFlows.Ask(inventory).Count, Doctor.Examine(spec, new(inventory, [], null)).Count);
        var medians = SideBySide.Medians(
            3,
            1,
            () => Time(() => EssentialFlows.Ask(inventory)),
            () => Time(() => Doctor.Examine(spec, new(inventory, [], null)))
        );
        var size = $"200 subnets, 1,000 rules, {inventory.Cluster!.Nodes.Count:N0} nodes, {inventory.Cluster.Pods.Count:N0} pods";
        yield return Figures.Row($"the fixed set, {size}; {asked} questions", Milliseconds(medians[0]), "", "");
        yield return Figures.Row(
            $"… every check of `doctor` there, the fixed set among them; {found} findings",
            Milliseconds(medians[1]),
            "",
            ""
        );
    }

    private static string Milliseconds(double time) => string.Create(CultureInfo.InvariantCulture, $"{time:0} ms");

    private static TimeSpan Time(Action work)
    {
        var began = Stopwatch.GetTimestamp();
        work();
        return Stopwatch.GetElapsedTime(began);
    }
}
