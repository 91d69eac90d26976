namespace Podspace.Simulation.Kubernetes;

/// <summary>The controllers and the scheduler that a cluster needs to be alive.</summary>
/// <remarks>Each looks at the whole and does the next thing; the world runs them until they rest. At rest they cost one comparison.</remarks>
public sealed class Controllers(World world)
{
    private readonly GarbageCollector garbage = new(world);
    private readonly DeploymentController deployments = new(world);
    private readonly ReplicaSetController replicaSets = new(world);
    private readonly StatefulSetController statefulSets = new(world);
    private readonly DaemonSetController daemonSets = new(world);
    private readonly Scheduler scheduler = new(world);
    private readonly BudgetController budgets = new(world);
    private long rested = -1;

    /// <summary>Adds itself to the world; called once, when all parts are there.</summary>
    internal void Join()
    {
        daemonSets.Derive();
        world.AddController(Run);
    }

    private void Run()
    {
        if (world.Objects.Version == rested)
        {
            return;
        }
        var before = world.Objects.Version;
        garbage.Run();
        deployments.Run();
        replicaSets.Run();
        statefulSets.Run();
        daemonSets.Run();
        scheduler.Run();
        budgets.Run();
        rested = world.Objects.Version == before ? before : -1;
    }
}
