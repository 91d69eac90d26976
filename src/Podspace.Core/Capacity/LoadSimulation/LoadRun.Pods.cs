using Podspace.Cni;

namespace Podspace.Capacity.LoadSimulation;

/// <summary>Pods: born, placed, given an address, ended.</summary>
public sealed partial class LoadRun
{
    private Unit Create(int workload)
    {
        var pod = new Unit(workload, now, born++);
        crowds[workload].Add(pod);
        Place(pod);
        return pod;
    }

    private void Place(Unit pod)
    {
        if (placement.Choose(crowds[pod.Workload].ByZone) is not { } node)
        {
            pending.Enqueue(pod);
            unplaced++;
            pod.Waits ??= groups.Exists(MayGrow) ? WaitReason.NodeStarting : WaitReason.NoNodeAllowed;
            PlanScale();
            return;
        }
        pod.Node = node;
        node.PodCount++;
        crowds[pod.Workload].ByZone[node.Zone]++;
        placement.Update(node);
        if (!GiveAddress(pod, node))
        {
            node.Thirsty.Enqueue(pod);
            thirsty++;
            PlanRetry(node);
        }
        Touch(node);
    }

    private bool GiveAddress(Unit pod, SimNode node)
    {
        if (Take(pod, node) is not { } address)
        {
            pod.Waits = WhyNone(node);
            return false;
        }
        watch?.Given(address, pod.Interface!.Subnet, now);
        running++;
        started++;
        waits.Close(pod, now);
        var life = profile.Workloads[pod.Workload].LifeMinutes;
        if (life > 0)
        {
            After(random.Wait(life * 60), new(Kind.PodEnds, pod));
        }
        return true;
    }

    private WaitReason WhyNone(SimNode node)
    {
        if (node.Blocked is { } blocked)
        {
            return blocked;
        }
        if (node.Interfaces.Exists(card => card.Taken < card.Count))
        {
            return WaitReason.Cooldown;
        }
        return MaxPods.Uncapped(node.Group.Limits, profile.Settings) is { } fits && node.PodCount + MaxPods.OnHostNetwork <= fits
            ? WaitReason.PoolGrowing
            : WaitReason.NodeFull;
    }

    private void PlanRetry(SimNode node)
    {
        if (!node.IsRetryPlanned)
        {
            node.IsRetryPlanned = true;
            After(KubeletRetry, new(Kind.Retry, node));
        }
    }

    private void Retry(SimNode node)
    {
        node.IsRetryPlanned = false;
        for (var count = node.Thirsty.Count; count > 0; count--)
        {
            var pod = node.Thirsty.Dequeue();
            if (pod.IsGone)
            {
                continue;
            }
            if (GiveAddress(pod, node))
            {
                thirsty--;
            }
            else
            {
                node.Thirsty.Enqueue(pod);
            }
        }
        if (node.Thirsty.Count > 0)
        {
            PlanRetry(node);
        }
        Touch(node);
    }

    private void End(Unit pod)
    {
        if (pod.IsGone)
        {
            return;
        }
        pod.IsGone = true;
        crowds[pod.Workload].Lose(pod);
        if (pod.Node is not { } node)
        {
            unplaced--;
            return;
        }
        crowds[pod.Workload].ByZone[node.Zone]--;
        node.PodCount--;
        if (node.PodCount == 0)
        {
            node.EmptySince = now;
        }
        if (pod.Interface is { } card)
        {
            var address = card.TakeBack(pod.Place, now + profile.Settings.CooldownSeconds);
            watch?.TakenBack(address, card.Subnet, now);
            running--;
        }
        else
        {
            thirsty--;
        }
        placement.Update(node);
        Touch(node);
    }

    /// <summary>A job is over; a pod of a deployment comes back.</summary>
    private void EndOfLife(Unit pod)
    {
        if (pod.IsGone)
        {
            return;
        }
        End(pod);
        if (profile.Workloads[pod.Workload].PerHour == 0)
        {
            Create(pod.Workload);
        }
    }

    private void StartJobs(int workload)
    {
        for (var count = JobsAtOnce(workload); count > 0; count--)
        {
            Create(workload);
        }
        PlanJobs(workload);
    }

    private void PlanJobs(int workload) =>
        After(random.Wait(3600 * JobsAtOnce(workload) / profile.Workloads[workload].PerHour), new(Kind.JobStarts, null, workload));

    /// <summary>Time goes by in whole seconds: what starts oftener than every four starts in
    /// bunches, or the seconds would round most of it away.</summary>
    private int JobsAtOnce(int workload) => (int)Math.Max(1, Math.Ceiling(profile.Workloads[workload].PerHour / 900));

    private void FollowCurve()
    {
        for (var index = 0; index < crowds.Length; index++)
        {
            if (profile.Workloads[index] is not { PerHour: 0 } workload)
            {
                continue;
            }
            var (crowd, wanted) = (crowds[index], workload.Wanted(now / 3600.0));
            while (crowd.Count < wanted)
            {
                Create(index);
            }
            while (crowd.Count > wanted && Oldest(crowd) is { } pod)
            {
                End(pod);
            }
        }
        After(CurvePeriod, new(Kind.Curve, null));
    }

    private static Unit? Oldest(SimWorkload workload)
    {
        while (workload.Ages.TryDequeue(out var pod))
        {
            if (!pod.IsGone)
            {
                return pod;
            }
        }
        return null;
    }
}
