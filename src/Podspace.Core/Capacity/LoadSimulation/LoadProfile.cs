using Podspace.Addressing;
using Podspace.Cni;

namespace Podspace.Capacity.LoadSimulation;

/// <summary>A load and what it runs on.</summary>
/// <param name="Hours">How long to simulate.</param>
public sealed record LoadProfile(
    ulong Seed,
    int Hours,
    EquatableArray<LoadSubnet> Subnets,
    EquatableArray<LoadNodes> Nodes,
    EquatableArray<Workload> Workloads,
    EquatableArray<LoadEvent> Events,
    IpamdSettings Settings
);

public sealed record LoadSubnet(string Zone, Cidr Cidr, EquatableArray<Cidr> Reserved = default);

/// <summary>What starts nodes.</summary>
/// <param name="Zones">Empty: every zone that has a subnet.</param>
/// <param name="PodsPerNode">What CPU and memory allow; max-pods may allow fewer.</param>
/// <param name="IsKarpenter">True: starts nodes at once for pods that wait, and takes empty ones away
/// soon. False: a node group with the cluster autoscaler.</param>
/// <param name="MaxPods">Null: what fits.</param>
public sealed record LoadNodes(
    string Name,
    InstanceLimits Limits,
    EquatableArray<string> Zones,
    int Least,
    int Most,
    int PodsPerNode,
    bool IsKarpenter,
    int? MaxPods = null
);

/// <summary>Pods that belong together.</summary>
/// <param name="Pods">At the height of the day; 0 for jobs.</param>
/// <param name="Low">The share of <paramref name="Pods"/> that is left at night; 1: no rhythm.</param>
/// <param name="Peak">Hour of the day, 0 to 23.</param>
/// <param name="LifeMinutes">After which, on average, a pod is replaced; 0: never.</param>
/// <param name="PerHour">Jobs that start in an hour, each lasting <paramref name="LifeMinutes"/> on average; 0: no jobs.</param>
public sealed record Workload(string Name, int Pods, double Low = 1, int Peak = 14, double LifeMinutes = 0, double PerHour = 0)
{
    /// <summary>How many pods are wanted at a time of day.</summary>
    public int Wanted(double hours) => (int)Math.Round(Pods * (Low + ((1 - Low) * (1 + Math.Cos(2 * Math.PI * (hours - Peak) / 24)) / 2)));
}

public enum LoadEventKind
{
    /// <summary>Every pod of a workload is replaced, a quarter at a time.</summary>
    Rollout,

    /// <summary>A zone is gone, its nodes with it.</summary>
    ZoneOutage,

    /// <summary>Every node of a group is replaced, one at a time.</summary>
    NodeRoll,
}

/// <param name="About">A workload, a zone or a node group.</param>
/// <param name="AtMinutes">From the start.</param>
/// <param name="ForMinutes">Of an outage.</param>
public sealed record LoadEvent(LoadEventKind Kind, string About, int AtMinutes, int ForMinutes = 0);
