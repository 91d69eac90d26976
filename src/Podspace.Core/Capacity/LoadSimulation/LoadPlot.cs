using Podspace.Formats;

namespace Podspace.Capacity.LoadSimulation;

/// <summary>A load as three charts: free addresses, free /28 blocks, pods and nodes.</summary>
public static class LoadPlot
{
    public static string Render(LoadResult result)
    {
        PlotLine Line(string name, Func<LoadSample, double> value) =>
            new(name, result.Samples.Select(sample => (sample.Minute / 60.0, value(sample))).ToList());
        var subnets = result.Profile.Subnets;
        // A zone's only subnet goes by the zone's name, which people know.
        string Name(LoadSubnet subnet) => subnets.Count(other => other.Zone == subnet.Zone) == 1 ? subnet.Zone : $"{subnet.Cidr}";
        return Plot.Render(
            [
                ("Free addresses of pod subnets", subnets.Select((subnet, at) => Line(Name(subnet), sample => sample.Free[at])).ToList()),
                ("Whole free /28 blocks", subnets.Select((subnet, at) => Line(Name(subnet), sample => sample.FreePrefixes[at])).ToList()),
                (
                    "Pods and nodes",
                    [
                        Line("pods that run", sample => sample.Running),
                        Line("pods that wait", sample => sample.Waiting),
                        Line("nodes", sample => sample.Nodes),
                    ]
                ),
            ],
            "h"
        );
    }
}
