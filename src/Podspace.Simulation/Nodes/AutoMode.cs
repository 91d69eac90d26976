using Podspace.Simulation.Kubernetes;
using Podspace.Simulation.State;

namespace Podspace.Simulation.Nodes;

/// <summary>EKS Auto Mode: pods that fit nowhere bring nodes, nodes that nobody needs go, and nodes that
/// are no longer as their pool and class say are replaced.</summary>
/// <remarks>
/// Karpenter's rules as far as addresses depend on them. Left out: prices, sizes of pods,
/// replacing half-empty nodes, and starting a replacement before its
/// predecessor is drained. Sources: EKS User Guide, "EKS Auto Mode"; karpenter.sh v1, "Disruption" and "NodePools".
/// </remarks>
internal sealed class AutoMode
{
    private const string Provision = "auto-mode-provision";
    private const string Disrupt = "auto-mode-disrupt";
    private const string Empty = "auto-mode-empty";
    private const string Drain = "auto-mode-drain";

    /// <summary>Stands for the second in which Karpenter collects pods before it decides.</summary>
    private static readonly TimeSpan Batch = TimeSpan.FromMilliseconds(30);

    private readonly NodeClassStatus classes;
    private readonly AutoProvisioner provisioner;
    private readonly AutoDisruption disruption;
    private readonly AutoClaims claims;

    public AutoMode(World world)
    {
        classes = new(world);
        claims = new(world);
        provisioner = new(world, claims);
        disruption = new(world, claims);
        world.OnPending(Provision, _ => provisioner.Run());
        world.OnPending(Disrupt, disruption.Disrupt);
        world.OnPending(Empty, disruption.RemoveEmpty);
        world.OnPending(Drain, claims.Drain);
    }

    public static bool IsOn(Cluster cluster) => cluster.ComputeConfig is { Enabled: true };

    /// <summary>Brings statuses up to date, and makes appointments for the rest.</summary>
    public void Keep(Cluster cluster, Action<TimeSpan, string, string> appoint)
    {
        if (!IsOn(cluster))
        {
            return;
        }
        classes.Keep(cluster);
        claims.Keep();
        if (provisioner.HasWork())
        {
            appoint(Batch, Provision, cluster.Name);
        }
        foreach (var claim in claims.All.Where(AutoClaims.IsLeaving))
        {
            appoint(Batch, Drain, claim.Name());
        }
        foreach (var pool in disruption.PoolsWithDrift())
        {
            appoint(Batch, Disrupt, pool);
        }
        foreach (var (claim, after) in disruption.EmptyClaims())
        {
            appoint(after, Empty, claim);
        }
    }
}
