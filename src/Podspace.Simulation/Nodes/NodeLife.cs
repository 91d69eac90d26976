using Podspace.Simulation.Kubernetes;
using Podspace.Simulation.State;

namespace Podspace.Simulation.Nodes;

/// <summary>Node groups and Auto Mode launch instances, instances become nodes, ipamd on each
/// gets interfaces and addresses for its pods.</summary>
/// <remarks>
/// A pass looks at everything and only makes appointments; what happens on a node happens when
/// its appointment comes. A pass runs again only after the
/// world's history has grown, so that an attempt that AWS refused is made anew when something changed, and not before.
/// </remarks>
public sealed class NodeLife(World world)
{
    private const string Joined = "node-joined";
    private const string AgentLooks = "node-agent";
    private const string EventExpired = "event-expired";

    /// <summary>From the instance's running to its kubelet's first word.</summary>
    private static readonly TimeSpan UntilJoined = TimeSpan.FromMilliseconds(150);

    /// <summary>Stands for the agent's five seconds and the kubelet's one.</summary>
    private static readonly TimeSpan UntilAgentLooks = TimeSpan.FromMilliseconds(20);

    private readonly NodeGroups groups = new(world);
    private readonly NodeObjects nodes = new(world);
    private readonly NodeViews views = new(world);
    private readonly NodeAgent agent = new(world);
    private readonly PodStart pods = new(world);
    private readonly AutoMode autoMode = new(world);
    private (int Count, HistoryEntry? Last) seen = (-1, null);

    /// <summary>Adds itself to the world; called once, when all parts are there.</summary>
    internal void Join()
    {
        world.OnPending(Joined, nodes.Join);
        world.OnPending(AgentLooks, Look);
        world.OnPending(EventExpired, pods.ForgetEvent);
        world.AddController(Pass);
    }

    private void Pass()
    {
        var history = world.State.History;
        var now = (history.Count, history.Count > 0 ? history[^1] : null);
        if (seen.Count == now.Count && ReferenceEquals(seen.Last, now.Item2))
        {
            return;
        }
        seen = now;
        if (world.State.Aws.Clusters is not [var cluster, ..])
        {
            return;
        }
        groups.Keep(cluster);
        nodes.Leave();
        autoMode.Keep(cluster, Appoint);
        foreach (var instance in nodes.Newcomers(cluster))
        {
            Appoint(UntilJoined, Joined, instance.InstanceId);
        }
        foreach (var view in views.All().Where(view => NodeAgent.HasWork(view) || PodStart.HasWork(view)))
        {
            Appoint(UntilAgentLooks, AgentLooks, view.Node.Name());
        }
    }

    private void Appoint(TimeSpan delay, string change, string target)
    {
        if (!world.State.Pending.Exists(pending => pending.Change == change && pending.Target == target))
        {
            world.Later(delay, change, target);
        }
    }

    /// <summary>One round on one node, as agent and kubelet do it: pods get what there is, then the pool changes by one action.</summary>
    private void Look(string name)
    {
        if (views.Find(name) is not { } view)
        {
            return;
        }
        var left = pods.Start(view);
        if (!agent.Act(views.Find(name)!))
        {
            foreach (var complaint in pods.Complain(left))
            {
                world.Later(PodStart.EventLife, EventExpired, complaint);
            }
        }
        nodes.SetReady(views.Find(name)!);
    }
}
