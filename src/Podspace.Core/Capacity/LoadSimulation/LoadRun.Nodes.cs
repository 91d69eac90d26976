using Podspace.Cni;

namespace Podspace.Capacity.LoadSimulation;

/// <summary>Nodes: started for pods that wait, taken away when empty, replaced, lost.</summary>
public sealed partial class LoadRun
{
    // Usual times (DERIVED): Karpenter binds within seconds and takes empty nodes away at once; the
    // cluster autoscaler scans every 10 s and waits ten minutes.
    private const int ScanSeconds = 10;

    private int ScaleDelay => groups.Exists(group => group.Of.IsKarpenter) ? 2 : ScanSeconds;

    private static int StartSeconds(LoadNodes group) => group.IsKarpenter ? 45 : 90;

    private static int EmptySeconds(LoadNodes group) => group.IsKarpenter ? 60 : 600;

    /// <summary>What a group has, and what each node of it is.</summary>
    private sealed class Fleet(LoadNodes of, int maxPods, int room, IpamdSettings settings, int zones)
    {
        public LoadNodes Of => of;

        public int MaxPods => maxPods;

        public int Room => room;

        public IpamdSettings Settings => settings;

        public int Alive { get; set; }

        public int[] InZone { get; } = new int[zones];
    }

    private static bool MayGrow(Fleet group) => group.Alive < group.Of.Most && group.Room > 0;

    private SimNode? Launch(Fleet group)
    {
        var zone = -1;
        for (var at = 0; at < zones.Length; at++)
        {
            if (
                !isOut[at]
                && (group.Of.Zones.IsEmpty || group.Of.Zones.Contains(zones[at]))
                && (zone < 0 || group.InZone[at] < group.InZone[zone])
            )
            {
                zone = at;
            }
        }
        if (zone < 0)
        {
            return null;
        }
        var node = new SimNode(workers.Count, group.Of, zone, group.MaxPods, group.Room, group.Settings) { Fleet = groups.IndexOf(group) };
        workers.Add(node);
        group.InZone[zone]++;
        group.Alive++;
        launched++;
        coming += node.Room;
        return node;
    }

    /// <summary>Its agent takes what it takes first; with an empty pool the node stays NotReady.
    /// Source: amazon-vpc-cni-k8s, pkg/ipamd, nodeInit.</summary>
    private void Join(SimNode node)
    {
        if (node.IsGone)
        {
            return;
        }
        if (HasOwn(node) && !node.Interfaces.Exists(card => card.Count > 0))
        {
            Grow(node, PoolOf(node));
            node.BlockedUntil = 0;
        }
        if (!node.Interfaces.Exists(card => card.Count > 0))
        {
            // The container ends and is started again.
            After(KubeletRetry, new(Kind.NodeReady, node));
            return;
        }
        (node.IsReady, node.EmptySince) = (true, now);
        coming -= node.Room;
        placement.Update(node);
        Touch(node);
        Settle();
    }

    /// <summary>In their order, until no node has room: that it has none for the first is true of all.</summary>
    private void Settle()
    {
        while (pending.TryPeek(out var pod) && (pod.IsGone || placement.Choose(crowds[pod.Workload].ByZone) is not null))
        {
            pending.Dequeue();
            if (!pod.IsGone)
            {
                unplaced--;
                Place(pod);
            }
        }
    }

    private void PlanScale()
    {
        if (!isScalePlanned)
        {
            isScalePlanned = true;
            After(ScaleDelay, new(Kind.Scale, null));
        }
    }

    private void ScaleUp()
    {
        isScalePlanned = false;
        Settle();
        var missing = unplaced - coming;
        while (missing > 0 && groups.Find(MayGrow) is { } group && Launch(group) is { } node)
        {
            After(StartSeconds(group.Of), new(Kind.NodeReady, node));
            missing -= node.Room;
        }
        if (unplaced > 0)
        {
            isScalePlanned = true;
            After(ScanSeconds, new(Kind.Scale, null));
        }
    }

    private void ScaleDown()
    {
        foreach (var node in workers)
        {
            if (
                node is { IsGone: false, IsReady: true, IsCordoned: false, PodCount: 0 }
                && groups[node.Fleet].Alive > node.Group.Least
                && now - node.EmptySince >= EmptySeconds(node.Group)
            )
            {
                Terminate(node);
            }
        }
        workers.RemoveAll(node => node.IsGone);
        After(60, new(Kind.ScaleDown, null));
    }

    /// <summary>Its interfaces go with it, and their addresses are the subnet's again.</summary>
    private void Terminate(SimNode node)
    {
        node.IsGone = true;
        placement.Update(node);
        coming -= node.IsReady ? 0 : node.Room;
        groups[node.Fleet].Alive--;
        groups[node.Fleet].InZone[node.Zone]--;
        // Who was there first comes back first.
        var lost = node.Pods.ToList();
        lost.Sort((left, right) => left.Number.CompareTo(right.Number));
        lost.ForEach(End);
        foreach (var card in node.Interfaces)
        {
            GiveBack(node, card);
            foreach (ref readonly var slot in card.Slots)
            {
                watch?.Forgotten(slot.Address);
            }
        }
        node.Interfaces.Clear();
        foreach (var pod in lost.Where(pod => profile.Workloads[pod.Workload].PerHour == 0))
        {
            Create(pod.Workload);
        }
    }

    private void StartEvent(LoadEvent happens)
    {
        switch (happens.Kind)
        {
            case LoadEventKind.ZoneOutage:
                var zone = Array.IndexOf(zones, happens.About);
                isOut[zone] = true;
                workers.FindAll(node => node.Zone == zone && !node.IsGone).ForEach(Terminate);
                After(happens.ForMinutes * 60L, new(Kind.OutageEnds, null, zone));
                break;
            case LoadEventKind.Rollout:
                var workload = profile.Workloads.Select((one, index) => (one, index)).First(one => one.one.Name == happens.About).index;
                var state = new RolloutState(workload, now, [])
                {
                    Left = crowds[workload].Ages.Count(pod => !pod.IsGone && pod.Born < now),
                };
                crowds[workload].Rollouts.Add(state);
                After(0, new(Kind.RolloutStep, state));
                break;
            case LoadEventKind.NodeRoll:
                After(
                    0,
                    new(Kind.RollStep, new RollState(new(workers.Where(node => !node.IsGone && node.Group.Name == happens.About)), null))
                );
                break;
        }
    }

    /// <param name="Since">Pods older than this are still to be replaced.</param>
    /// <param name="Surge">New ones that do not run yet.</param>
    private sealed record RolloutState(int Workload, long Since, List<Unit> Surge)
    {
        /// <summary>How many older ones there are.</summary>
        public int Left { get; set; }
    }

    private void StepRollout(RolloutState state)
    {
        var workload = crowds[state.Workload];
        foreach (var fresh in state.Surge.Where(pod => pod.Interface is not null || pod.IsGone).ToList())
        {
            state.Surge.Remove(fresh);
            if (workload.Ages.TryPeek(out _) && Oldest(workload) is { } old)
            {
                if (old.Born >= state.Since && old.Interface is not null)
                {
                    workload.Ages.Enqueue(old);
                    continue;
                }
                End(old);
            }
        }
        if (state.Left == 0)
        {
            workload.Rollouts.Remove(state);
            return;
        }
        var most = Math.Max(1, profile.Workloads[state.Workload].Wanted(now / 3600.0) / 4);
        while (state.Surge.Count < Math.Min(most, state.Left))
        {
            state.Surge.Add(Create(state.Workload));
        }
        After(RolloutStep, new(Kind.RolloutStep, state));
    }

    /// <param name="Fresh">What replaces the node in front; null: not started yet.</param>
    private sealed record RollState(Queue<SimNode> Old, SimNode? Fresh);

    private void StepRoll(RollState state)
    {
        while (state.Old.TryPeek(out var gone) && gone.IsGone)
        {
            state.Old.Dequeue();
        }
        if (!state.Old.TryPeek(out var old))
        {
            return;
        }
        if (state.Fresh is not { } fresh)
        {
            old.IsCordoned = true;
            placement.Update(old);
            fresh = Launch(groups[old.Fleet]);
            if (fresh is not null)
            {
                After(StartSeconds(old.Group), new(Kind.NodeReady, fresh));
            }
            After(RollStep, new(Kind.RollStep, state with { Fresh = fresh }));
            return;
        }
        if (fresh.IsReady || fresh.IsGone)
        {
            Terminate(state.Old.Dequeue());
            After(RollStep, new(Kind.RollStep, state with { Fresh = null }));
            return;
        }
        After(RollStep, new(Kind.RollStep, state));
    }
}
