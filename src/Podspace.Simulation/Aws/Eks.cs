using Podspace.Simulation.State;

namespace Podspace.Simulation.Aws;

/// <summary>EKS: clusters, node groups, add-ons and their updates.</summary>
/// <remarks>Messages of refusals are EKS's own where they are known, and marked UNCONFIRMED where they are not.</remarks>
public sealed partial class Eks
{
    public const string NotFound = "ResourceNotFoundException";
    public const string BadParameter = "InvalidParameterException";
    public const string InUse = "ResourceInUseException";

    /// <summary>Real updates take minutes; here everything that takes time is over within a second.</summary>
    private static readonly TimeSpan UpdateTime = TimeSpan.FromMilliseconds(300);

    internal Eks(World world)
    {
        World = world;
        world.OnPending("addon-update", EndAddonUpdate);
        world.OnPending("nodegroup-update", EndNodegroupUpdate);
        JoinCreation();
    }

    internal World World { get; }

    /// <summary>Set by whoever puts the world on a socket.</summary>
    public ClusterEndpoint Endpoint { get; set; } = ClusterEndpoint.InProcess;

    private AwsState Aws => World.State.Aws;

    public IReadOnlyList<string> ListClusters() => [.. Aws.Clusters.Select(cluster => cluster.Name).Order(StringComparer.Ordinal)];

    public Cluster DescribeCluster(string name) =>
        Aws.Clusters.Find(cluster => cluster.Name == name) ?? throw Missing($"No cluster found for name: {name}.");

    public string ClusterArn(string cluster) => Arn($"cluster/{cluster}");

    public IReadOnlyList<string> ListNodegroups(string cluster) =>
        [.. Of(cluster).Nodegroups.Select(group => group.NodegroupName).Order(StringComparer.Ordinal)];

    public Nodegroup DescribeNodegroup(string cluster, string name) =>
        Of(cluster).Nodegroups.Find(group => group.NodegroupName == name) ?? throw Missing($"No node group found for name: {name}.");

    public IReadOnlyList<string> ListFargateProfiles(string cluster)
    {
        DescribeCluster(cluster);
        return [];
    }

    internal string Arn(string resource) => $"arn:aws:eks:{Aws.Region}:{Aws.Account}:{resource}";

    internal static WorldRefusal Missing(string message) => new(NotFound, message, 404);

    internal static WorldRefusal Bad(string message) => new(BadParameter, message, 400);

    private static WorldRefusal Busy(string message) => new(InUse, message, 409);

    private (List<Nodegroup> Nodegroups, List<Addon> Addons, List<AddonUpdate> Updates, List<AccessEntry> Entries) Of(string cluster)
    {
        DescribeCluster(cluster);
        return (
            Aws.Nodegroups.FindAll(group => group.ClusterName == cluster),
            Aws.Addons.FindAll(addon => addon.ClusterName == cluster),
            Aws.Updates.FindAll(update => update.ClusterName == cluster),
            Aws.AccessEntries.FindAll(entry => entry.ClusterName == cluster)
        );
    }
}
