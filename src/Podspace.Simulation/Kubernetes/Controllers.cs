namespace Podspace.Simulation.Kubernetes;

/// <summary>The controllers and the scheduler that a cluster needs to be alive.</summary>
/// <remarks>Each looks at the whole of its kinds and does the next thing, when one of them has
/// changed; the world runs all of them until they rest.</remarks>
public sealed class Controllers(World world)
{
    private static readonly (string Api, string Plural) Pods = ("v1", "pods");
    private static readonly (string Api, string Plural) Nodes = ("v1", "nodes");
    private static readonly (string Api, string Plural) Deployments = ("apps/v1", "deployments");
    private static readonly (string Api, string Plural) ReplicaSets = ("apps/v1", "replicasets");
    private static readonly (string Api, string Plural) StatefulSets = ("apps/v1", "statefulsets");
    private static readonly (string Api, string Plural) DaemonSets = ("apps/v1", "daemonsets");
    private static readonly (string Api, string Plural) Budgets = ("policy/v1", "poddisruptionbudgets");

    private readonly List<Watcher> watchers = [];
    private long rested = -1;

    /// <summary>Adds itself to the world; called once, when all parts are there.</summary>
    internal void Join()
    {
        var daemonSets = new DaemonSetController(world);
        daemonSets.Derive();
        watchers.AddRange([
            new(world.Objects, new DeploymentController(world).Run, Deployments, ReplicaSets),
            new(world.Objects, new ReplicaSetController(world).Run, ReplicaSets, Pods),
            new(world.Objects, new StatefulSetController(world).Run, StatefulSets, Pods),
            new(world.Objects, daemonSets.Run, DaemonSets, Pods, Nodes),
            new(world.Objects, new Scheduler(world).Run, Pods, Nodes),
            new(world.Objects, new BudgetController(world).Run, Budgets, Pods, Deployments, ReplicaSets, StatefulSets),
        ]);
        var garbage = new GarbageCollector(world);
        world.AddController(() => Run(garbage));
    }

    private void Run(GarbageCollector garbage)
    {
        if (world.Objects.Version == rested)
        {
            return;
        }
        rested = world.Objects.Version;
        garbage.Run();
        watchers.ForEach(watcher => watcher.Run());
    }

    /// <summary>Runs a controller when one of its kinds has changed since it was run last, its own changes among them.</summary>
    private sealed class Watcher(ObjectStore objects, Action controller, params (string Api, string Plural)[] kinds)
    {
        private long seen = -1;

        public void Run()
        {
            var now = kinds.Max(kind => objects.VersionOf(kind.Api, kind.Plural));
            if (now == seen)
            {
                return;
            }
            seen = now;
            controller();
        }
    }
}
