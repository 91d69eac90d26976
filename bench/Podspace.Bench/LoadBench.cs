using System.Globalization;

namespace Podspace.Bench;

/// <summary>A day of a large cluster: wall time and the most memory that the process ever held.</summary>
internal static class LoadBench
{
    private const string Load = """
        apiVersion: podspace.io/v1alpha1
        kind: Load
        seed: 7
        hours: 24
        subnets:
          - {zone: a, cidr: 100.64.0.0/16}
          - {zone: a, cidr: 100.65.0.0/16}
          - {zone: b, cidr: 100.66.0.0/16}
          - {zone: b, cidr: 100.67.0.0/16}
          - {zone: c, cidr: 100.68.0.0/16}
          - {zone: c, cidr: 100.69.0.0/16}
        nodes: [{name: workers, type: m5.xlarge, least: 3000, most: 5000, podsPerNode: 40, by: karpenter}]
        settings: {ENABLE_PREFIX_DELEGATION: "true", WARM_PREFIX_TARGET: "1"}
        workloads:
          - {name: web, pods: 120000, low: 0.6, peak: 14, lifeMinutes: 600}
          - {name: api, pods: 70000, lifeMinutes: 1440}
          - {name: jobs, perHour: 60000, lifeMinutes: 10}
        events:
          - {at: 6h, rollout: api}
          - {at: 12h, nodeRoll: workers}
        """;

    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(20);

    public static IEnumerable<string> Run(Checkout podspace, Scratch scratch)
    {
        var file = scratch.File("load.yaml");
        File.WriteAllText(file, Load);
        var most = 0L;
        var median = SideBySide.Medians(
            3,
            0,
            () =>
            {
                var (wall, memory) = Measured(new(podspace.Native, "simulate", "--load", file));
                most = Math.Max(most, memory);
                return wall;
            }
        )[0];
        yield return Figures.Row(
            "`podspace simulate`: up to 5,000 nodes and 200,000 pods, 24 h, 1.4 million jobs, a rollout, a roll of nodes",
            string.Create(CultureInfo.InvariantCulture, $"{median / 1000:0.0} s, {most / 1024} MB"),
            "",
            "< 10 s, < 500 MB"
        );
    }

    /// <summary>The kernel's own high-water mark, looked at while it runs: it goes with the process.</summary>
    private static (TimeSpan Wall, long KiB) Measured(Command command)
    {
        var began = System.Diagnostics.Stopwatch.GetTimestamp();
        using var process = command.Start();
        var (output, most) = (process.StandardOutput.ReadToEndAsync(), 0L);
        while (!process.WaitForExit(Look))
        {
            most = Math.Max(most, HighWater(process.Id));
        }
        var wall = System.Diagnostics.Stopwatch.GetElapsedTime(began);
        return process.ExitCode == 0 && output.Result.Length > 0
            ? (wall, most)
            : throw new InvalidOperationException($"simulate ended with {process.ExitCode}: {process.StandardError.ReadToEnd()}");
    }

    private static long HighWater(int process)
    {
        try
        {
            var line = File.ReadLines($"/proc/{process}/status")
                .FirstOrDefault(line => line.StartsWith("VmHWM:", StringComparison.Ordinal));
            return line is null ? 0 : long.Parse(line.AsSpan(6).Trim(" \tkB"), CultureInfo.InvariantCulture);
        }
        catch (IOException)
        {
            // It ended between two looks.
            return 0;
        }
    }
}
