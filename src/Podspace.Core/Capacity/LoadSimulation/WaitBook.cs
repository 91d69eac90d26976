namespace Podspace.Capacity.LoadSimulation;

/// <summary>Who waited, for what, how long.</summary>
internal sealed class WaitBook(string[] zones)
{
    private readonly Dictionary<(WaitReason, string), (int Pods, long Seconds, long Longest, int Still)> groups = [];

    /// <summary>A pod got its address; one that never waited is none of ours.</summary>
    public void Close(Unit pod, long now) => Add(pod, now, isStill: false);

    public void CloseAll(IEnumerable<Unit> pods, long now)
    {
        foreach (var pod in pods)
        {
            Add(pod, now, isStill: true);
        }
    }

    public EquatableArray<WaitGroup> Groups() =>
        groups
            .OrderByDescending(group => group.Value.Seconds)
            .ThenBy(group => group.Key.ToString(), StringComparer.Ordinal)
            .Select(group => new WaitGroup(
                group.Key.Item1,
                group.Key.Item2,
                group.Value.Pods,
                (double)group.Value.Seconds / group.Value.Pods,
                group.Value.Longest,
                group.Value.Still
            ))
            .ToEquatable();

    private void Add(Unit pod, long now, bool isStill)
    {
        if (pod.Waits is not { } reason || (now == pod.Born && !isStill))
        {
            return;
        }
        var key = (reason, reason is WaitReason.NodeStarting or WaitReason.NoNodeAllowed || pod.Node is null ? "" : zones[pod.Node.Zone]);
        var (pods, seconds, longest, still) = groups.GetValueOrDefault(key);
        var waited = now - pod.Born;
        groups[key] = (pods + 1, seconds + waited, Math.Max(longest, waited), still + (isStill ? 1 : 0));
    }
}
