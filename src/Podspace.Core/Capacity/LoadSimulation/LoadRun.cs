using Podspace.Cni;

namespace Podspace.Capacity.LoadSimulation;

/// <summary>Runs a load: scheduler, node groups or Karpenter, every node's agent, and the subnets they draw from.
/// Discrete events, virtual seconds; the same profile gives the same result.</summary>
/// <remarks>Waits of the agent: amazon-vpc-cni-k8s v1.23.1, pkg/ipamd. Times of nodes and of the kubelet's
/// tries are usual ones, not documented anywhere (DERIVED).</remarks>
public sealed partial class LoadRun
{
    private const int AgentPeriod = 5,
        ShrinkPeriod = 30,
        InterfaceMinimumAge = 60,
        AfterFullSubnet = 120;
    private const int KubeletRetry = 10,
        RolloutStep = 15,
        CurvePeriod = 300,
        SamplePeriod = 600,
        RollStep = 30;

    private readonly LoadProfile profile;
    private readonly SeededRandom random;
    private readonly AddressSpace[] spaces;
    private readonly string[] zones;
    private readonly int[][] subnetsOfZone;
    private readonly bool[] isOut;
    private readonly EventQueue<Event> queue;
    private readonly List<Fleet> groups;
    private readonly Placement placement;
    private readonly List<SimNode> workers = [];
    private readonly Queue<Unit> pending = [];
    private readonly List<LoadSample> samples = [];
    private readonly SimWorkload[] crowds;
    private readonly WaitBook waits;
    private long now,
        started,
        launched,
        calls,
        failed,
        handled;
    private int running,
        thirsty,
        unplaced,
        coming,
        born;
    private bool isScalePlanned;

    private LoadRun(LoadProfile profile, IAddressWatch? watch)
    {
        (this.profile, this.watch) = (profile, watch);
        random = new(profile.Seed);
        zones = [.. profile.Subnets.Select(subnet => subnet.Zone).Distinct().Order(StringComparer.Ordinal)];
        spaces = [.. profile.Subnets.Select(subnet => new AddressSpace(subnet.Cidr, subnet.Reserved, random))];
        subnetsOfZone =
        [
            .. zones.Select(zone => Enumerable.Range(0, spaces.Length).Where(at => profile.Subnets[at].Zone == zone).ToArray()),
        ];
        isOut = new bool[zones.Length];
        crowds = [.. profile.Workloads.Select(_ => new SimWorkload(zones.Length))];
        groups =
        [
            .. profile.Nodes.Select(group => new Fleet(
                group,
                MaxPodsOf(group),
                RoomOf(group),
                profile.Settings.On(group.Limits),
                zones.Length
            )),
        ];
        placement = new(zones.Length, groups.Select(group => group.Room).DefaultIfEmpty(0).Max());
        queue = new(profile.Hours * 3600);
        waits = new(zones);
    }

    private enum Kind
    {
        Agent,
        Retry,
        NodeReady,
        Scale,
        ScaleDown,
        JobStarts,
        PodEnds,
        Curve,
        Sample,
        EventStarts,
        OutageEnds,
        RolloutStep,
        RollStep,
    }

    private readonly record struct Event(Kind Kind, object? About, int Number = 0);

    /// <summary>Pods of one workload.</summary>
    private sealed class SimWorkload(int zones)
    {
        private const int FewPods = 1024;

        public int Count { get; private set; }

        public List<RolloutState> Rollouts { get; } = [];

        public int[] ByZone { get; } = new int[zones];

        /// <summary>Oldest first; pods that are gone stay in it until they come up.</summary>
        public Queue<Unit> Ages { get; private set; } = [];

        public void Add(Unit pod)
        {
            Count++;
            Ages.Enqueue(pod);
            // Of jobs nobody asks for the oldest: those that are gone would never leave.
            if (Ages.Count > (2 * Count) + FewPods)
            {
                Ages = new(Ages.Where(one => !one.IsGone));
            }
        }

        public void Lose(Unit pod)
        {
            Count--;
            foreach (var rollout in Rollouts)
            {
                rollout.Left -= pod.Born < rollout.Since ? 1 : 0;
            }
        }
    }

    public static LoadResult Of(LoadProfile profile, IAddressWatch? watch = null) => new LoadRun(profile, watch).Run();

    private LoadResult Run()
    {
        Begin();
        while (queue.TryNext(out var happens))
        {
            now = queue.Now;
            handled++;
            Handle(happens);
        }
        now = profile.Hours * 3600L;
        waits.CloseAll(
            pending
                .Where(pod => !pod.IsGone)
                .Concat(
                    workers
                        .Where(node => !node.IsGone)
                        .SelectMany(node => node.Thirsty)
                        .Where(pod => pod is { IsGone: false, Interface: null })
                ),
            now
        );
        return new(profile, samples.ToEquatable(), waits.Groups(), started, launched, calls, failed, handled);
    }

    private void Begin()
    {
        foreach (var group in groups)
        {
            for (var count = 0; count < group.Of.Least; count++)
            {
                if (Launch(group) is { } node)
                {
                    // They were there before the load.
                    Join(node);
                }
            }
        }
        At(0, new(Kind.Curve, null));
        At(0, new(Kind.Sample, null));
        At(60, new(Kind.ScaleDown, null));
        for (var index = 0; index < profile.Workloads.Count; index++)
        {
            if (profile.Workloads[index].PerHour > 0)
            {
                PlanJobs(index);
            }
        }
        foreach (var happens in profile.Events)
        {
            At(happens.AtMinutes * 60L, new(Kind.EventStarts, happens));
        }
    }

    private void Handle(Event happens)
    {
        switch (happens.Kind)
        {
            case Kind.Agent:
                CheckAgent((SimNode)happens.About!);
                break;
            case Kind.Retry:
                Retry((SimNode)happens.About!);
                break;
            case Kind.NodeReady:
                Join((SimNode)happens.About!);
                break;
            case Kind.Scale:
                ScaleUp();
                break;
            case Kind.ScaleDown:
                ScaleDown();
                break;
            case Kind.JobStarts:
                StartJobs(happens.Number);
                break;
            case Kind.PodEnds:
                EndOfLife((Unit)happens.About!);
                break;
            case Kind.Curve:
                FollowCurve();
                break;
            case Kind.Sample:
                TakeSample();
                break;
            case Kind.EventStarts:
                StartEvent((LoadEvent)happens.About!);
                break;
            case Kind.OutageEnds:
                isOut[happens.Number] = false;
                break;
            case Kind.RolloutStep:
                StepRollout((RolloutState)happens.About!);
                break;
            case Kind.RollStep:
                StepRoll((RollState)happens.About!);
                break;
        }
    }

    private void At(long time, Event happens) => queue.Add(time, happens);

    private void After(long seconds, Event happens) => At(now + seconds, happens);

    private void TakeSample()
    {
        samples.Add(
            new(
                (int)(now / 60),
                workers.Count(node => !node.IsGone),
                running,
                unplaced + thirsty,
                spaces.Select(space => space.Free).ToEquatable(),
                spaces.Select(space => space.FreePrefixes).ToEquatable()
            )
        );
        After(SamplePeriod, new(Kind.Sample, null));
    }

    private int RoomOf(LoadNodes group) => Math.Max(0, Math.Min(MaxPodsOf(group) - MaxPods.OnHostNetwork, group.PodsPerNode));

    private int MaxPodsOf(LoadNodes group) => group.MaxPods ?? MaxPods.Advised(group.Limits, profile.Settings);
}

/// <summary>Told of every address that changes hands, so that a test can hold a run against the rules.</summary>
public interface IAddressWatch
{
    void Given(uint address, int subnet, long second);

    void TakenBack(uint address, int subnet, long second);

    /// <summary>The node that let it cool down is gone.</summary>
    void Forgotten(uint address);
}
