using Podspace.Applying;
using Podspace.Aws;
using Podspace.Kubernetes;
using Podspace.Model;
using Podspace.Operations;
using Podspace.Simulation;
using Podspace.Simulation.Faults;
using Podspace.Spec;
using Podspace.Twin;
using Podspace.Twin.Aws;
using Podspace.Twin.Faults;
using Podspace.Twin.Kubernetes;

namespace Podspace.Cli;

/// <summary>The ways to a world: the real one, or a twin behind the same adapters.</summary>
internal sealed class Connections : IConnections
{
    private readonly Func<CloudInventory, ICluster?> clusterOf;
    private readonly IDisposable? owned;
    private ICluster? cluster;

    private Connections(ICloud cloud, Func<CloudInventory, ICluster?> clusterOf, TimeProvider time, string holder, IDisposable? owned)
    {
        Cloud = cloud;
        this.clusterOf = clusterOf;
        this.owned = owned;
        Time = time;
        Holder = holder;
    }

    public ICloud Cloud { get; }

    public TimeProvider Time { get; }

    /// <summary>The world behind a twin's doors; null before the real ones.</summary>
    public World? Twin { get; private init; }

    /// <summary>Told of each attempt of each call from now on; called from any thread.</summary>
    public Action<CallRecord>? OnCall { get; set; }

    /// <summary>Who we are to others who want the Lease.</summary>
    public string Holder { get; }

    /// <summary>Null until <see cref="ClusterOf"/> has found it.</summary>
    public ICluster? KnownCluster => cluster;

    /// <summary>Null where there is no cluster (yet). Asked again, it is the same one.</summary>
    public ICluster? ClusterOf(CloudInventory cloud) => cluster ??= clusterOf(cloud);

    /// <summary>In the twin, whatever Region the spec names is the world's business to refuse. Roles
    /// count where the world holds several accounts.</summary>
    public static Connections ToTwin(
        World world,
        OverlaySpec spec,
        string holder,
        HttpMessageHandler? handler = null,
        IDisposable? owned = null
    ) =>
        world.State.Aws.OtherAccounts.Count == 0
            ? ToTwin(world, spec.Region, holder, handler, owned)
            : ToTwin(
                world,
                AwsConnection.InProcess(spec.Region, handler ?? Wire(world, null), world.Clock) with
                {
                    NetworkRole = Role(spec.Access.Network),
                    ClusterRole = Role(spec.Access.Cluster),
                },
                holder,
                owned
            );

    public static Connections ToTwin(
        World world,
        string region,
        string holder,
        HttpMessageHandler? handler = null,
        IDisposable? owned = null
    ) => ToTwin(world, AwsConnection.InProcess(region, handler ?? Wire(world, null), world.Clock), holder, owned);

    private static Connections ToTwin(World world, AwsConnection connection, string holder, IDisposable? owned)
    {
        Connections? connections = null;
        var wire = connection.Handler!;
        var cloud = new AwsCloud(connection with { OnCall = Tell });
        return connections = new(
            cloud,
            seen => seen.Cluster is null ? null : new LiveCluster(ClusterConnection.InProcess(wire, world.Clock) with { OnCall = Tell }),
            world.Clock,
            holder,
            owned
        )
        {
            Twin = world,
        };

        void Tell(CallRecord call) => connections?.OnCall?.Invoke(call);
    }

    /// <summary>The world in this process, with what goes wrong at its doors.</summary>
    public static TwinHandler Wire(World world, Faults? faults)
    {
        var (aws, kubernetes) = (new AwsEndpoint(world), new KubernetesEndpoint(world));
        return faults is null
            ? new(aws, kubernetes)
            : new(FaultyEndpoint.OfAws(aws, world, faults), FaultyEndpoint.OfKubernetes(kubernetes, world, faults));
    }

    public static Connections ToAws(OverlaySpec spec, string? context, string holder)
    {
        Connections? connections = null;
        var connection = Connection(spec) with { OnCall = Tell };
        var cloud = new AwsCloud(connection);
        return connections = new(
            cloud,
            seen => seen.Cluster is { } cluster ? new LiveCluster(ToCluster(cluster, cloud, context) with { OnCall = Tell }) : null,
            TimeProvider.System,
            holder,
            cloud
        );

        void Tell(CallRecord call) => connections?.OnCall?.Invoke(call);
    }

    /// <exception cref="UsageException">The environment names an endpoint that is none.</exception>
    private static AwsConnection Connection(OverlaySpec spec)
    {
        try
        {
            var connection = AwsConnection.FromEnvironment(spec.Region);
            return connection with { NetworkRole = Role(spec.Access.Network), ClusterRole = Role(spec.Access.Cluster) };
        }
        catch (BadSettingException wrong)
        {
            throw new UsageException(wrong.Message);
        }
    }

    private static AwsRole? Role(AccessRole? role) => role is null ? null : new(role.RoleArn, role.ExternalId);

    /// <summary>A kubeconfig where one is named, else the pod's own account, else a token made from the AWS credentials.</summary>
    private static ClusterConnection ToCluster(SeenCluster cluster, AwsCloud cloud, string? context)
    {
        if (context is null && Environment.GetEnvironmentVariable("KUBECONFIG") is not { Length: > 0 })
        {
            return ClusterConnection.IsInCluster
                ? ClusterConnection.InCluster()
                : ClusterConnection.ForEks(cluster.Endpoint, cluster.AuthorityData, _ => cloud.TokenAsync(cluster.Name));
        }
        var (connection, refusal) = Kubeconfig.Connect(Kubeconfig.Files(), context);
        if (connection is null)
        {
            throw new UsageException($"{refusal}");
        }
        // A context left over from another cluster would have us write to the wrong one.
        if (!connection.LeadsTo(cluster.Endpoint, cluster.AuthorityData))
        {
            var what = connection.Authorities is null ? "" : ", with another certificate authority";
            throw new UsageException(
                $"the kubeconfig leads to {connection.Server.Authority}{what}, but EKS says that {cluster.Name} "
                    + $"is {new Uri(cluster.Endpoint).Authority}. "
                    + $"Name the right --context, or unset KUBECONFIG and --context to be connected by the AWS credentials."
            );
        }
        return connection;
    }

    public ValueTask DisposeAsync()
    {
        (cluster as IDisposable)?.Dispose();
        owned?.Dispose();
        return ValueTask.CompletedTask;
    }
}
