namespace Podspace.Capacity.LoadSimulation;

/// <summary>Nodes: started for pods that wait, taken away when empty, replaced, lost.</summary>
public sealed partial class LoadRun
{
    // Usual times (DERIVED): Karpenter binds within seconds and takes empty nodes away at once; the cluster autoscaler scans every 10 s and waits ten minutes.
    private const int ScanSeconds = 10;

    private int ScaleDelay => profile.Nodes.Any(group => group.IsKarpenter) ? 2 : ScanSeconds;

    private static int StartSeconds(LoadNodes group) => group.IsKarpenter ? 45 : 90;

    private static int EmptySeconds(LoadNodes group) => group.IsKarpenter ? 60 : 600;

    private readonly Dictionary<string, int> alive = [];

    private bool MayGrow(LoadNodes group) => alive.GetValueOrDefault(group.Name) < group.Most && RoomOf(group) > 0;

    private IEnumerable<int> ZonesOf(LoadNodes group) =>
        Enumerable.Range(0, zones.Length).Where(zone => !isOut[zone] && (group.Zones.IsEmpty || group.Zones.Contains(zones[zone])));

    private Worker? Launch(LoadNodes group)
    {
        var open = ZonesOf(group).ToList();
        if (open.Count == 0)
        {
            return null;
        }
        var zone = open.MinBy(zone => (workersIn[group.Name, zone], zone));
        var node = new Worker(workers.Count, group, zone, MaxPodsOf(group), RoomOf(group));
        workers.Add(node);
        workersIn[group.Name, zone]++;
        alive[group.Name] = alive.GetValueOrDefault(group.Name) + 1;
        launched++;
        return node;
    }

    private readonly Tally workersIn = new();

    private sealed class Tally
    {
        private readonly Dictionary<(string, int), int> counts = [];

        public int this[string name, int zone]
        {
            get => counts.GetValueOrDefault((name, zone));
            set => counts[(name, zone)] = value;
        }
    }

    /// <summary>Its agent takes what it takes first; with an empty pool the node stays NotReady. Source: amazon-vpc-cni-k8s, pkg/ipamd, nodeInit.</summary>
    private void Join(Worker node)
    {
        if (node.IsGone)
        {
            return;
        }
        if (node.Cards.Count == 0)
        {
            Grow(node, PoolOf(node));
            node.BlockedUntil = 0;
        }
        if (!node.Cards.Exists(card => card.Slots.Count > 0))
        {
            // The container ends and is started again.
            After(KubeletRetry, new(Kind.NodeReady, node));
            return;
        }
        (node.IsReady, node.EmptySince) = (true, now);
        placement.Update(node);
        Touch(node);
        Settle();
    }

    private void Settle()
    {
        for (var count = pending.Count; count > 0; count--)
        {
            var pod = pending.Dequeue();
            if (pod.IsGone)
            {
                continue;
            }
            if (placement.Choose(crowds[pod.Workload].ByZone) is null)
            {
                pending.Enqueue(pod);
                continue;
            }
            Place(pod);
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
        var coming = workers.Where(node => !node.IsGone && !node.IsReady).Sum(node => node.Room);
        var missing = pending.Count(pod => !pod.IsGone) - coming;
        while (missing > 0 && profile.Nodes.FirstOrDefault(MayGrow) is { } group && Launch(group) is { } node)
        {
            After(StartSeconds(group), new(Kind.NodeReady, node));
            missing -= node.Room;
        }
        if (pending.Count > 0)
        {
            isScalePlanned = true;
            After(ScanSeconds, new(Kind.Scale, null));
        }
    }

    private void ScaleDown()
    {
        foreach (var node in workers)
        {
            if (node is { IsGone: false, IsReady: true, IsCordoned: false, Pods.Count: 0 } && alive[node.Group.Name] > node.Group.Least && now - node.EmptySince >= EmptySeconds(node.Group))
            {
                Terminate(node);
            }
        }
        workers.RemoveAll(node => node.IsGone);
        After(60, new(Kind.ScaleDown, null));
    }

    /// <summary>Its interfaces go with it, and their addresses are the subnet's again.</summary>
    private void Terminate(Worker node)
    {
        node.IsGone = true;
        placement.Update(node);
        alive[node.Group.Name]--;
        workersIn[node.Group.Name, node.Zone]--;
        var lost = node.Pods.ToList();
        lost.Sort((left, right) => left.Born.CompareTo(right.Born));
        lost.ForEach(End);
        foreach (var card in node.Cards)
        {
            GiveBack(node, card);
            card.Slots.ForEach(slot => watch?.Forgotten(slot.Address));
        }
        node.Cards.Clear();
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
                After(0, new(Kind.RolloutStep, new RolloutState(workload, now, [])));
                break;
            case LoadEventKind.NodeRoll:
                After(0, new(Kind.RollStep, new RollState(new(workers.Where(node => !node.IsGone && node.Group.Name == happens.About)), null)));
                break;
        }
    }

    /// <param name="Since">Pods older than this are still to be replaced.</param>
    /// <param name="Surge">New ones that do not run yet.</param>
    private sealed record RolloutState(int Workload, long Since, List<Unit> Surge);

    private void StepRollout(RolloutState state)
    {
        var crowd = crowds[state.Workload];
        foreach (var fresh in state.Surge.Where(pod => pod.Slot is not null || pod.IsGone).ToList())
        {
            state.Surge.Remove(fresh);
            if (crowd.Ages.TryPeek(out _) && Oldest(crowd) is { } old)
            {
                if (old.Born >= state.Since && old.Slot is not null)
                {
                    crowd.Ages.Enqueue(old);
                    continue;
                }
                End(old);
            }
        }
        var left = crowd.Pods.Count(pod => pod.Born < state.Since);
        if (left == 0)
        {
            return;
        }
        var most = Math.Max(1, profile.Workloads[state.Workload].Wanted(now / 3600.0) / 4);
        while (state.Surge.Count < Math.Min(most, left))
        {
            state.Surge.Add(Create(state.Workload));
        }
        After(RolloutStep, new(Kind.RolloutStep, state));
    }

    /// <param name="Fresh">What replaces the node in front; null: not started yet.</param>
    private sealed record RollState(Queue<Worker> Old, Worker? Fresh);

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
            fresh = Launch(old.Group);
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
