using Podspace.Applying;
using Podspace.Model;

namespace Podspace.Operations;

/// <summary>The ways to a world: an account and its cluster, real or simulated.</summary>
public interface IConnections : IAsyncDisposable
{
    ICloud Cloud { get; }

    /// <summary>Null until <see cref="ClusterOf"/> has found it.</summary>
    ICluster? KnownCluster { get; }

    TimeProvider Time { get; }

    /// <summary>Who we are to others who want the lock.</summary>
    string Holder { get; }

    /// <summary>Null where there is no cluster (yet). Asked again, it is the same one: only the cloud knows where it is.</summary>
    ICluster? ClusterOf(CloudInventory cloud);
}
