using System.Globalization;
using Podspace.Addressing;

namespace Podspace.Naming;

/// <summary>The tag table: every tag that Podspace writes or gives a meaning to. docs/tags.md explains each.</summary>
public static class Tags
{
    public const string Prefix = "podspace.io/";

    /// <summary>On everything made: the overlay's name.</summary>
    public const string Overlay = Prefix + "overlay";

    /// <summary>On everything made: the cluster's name; empty where the spec names none.</summary>
    public const string Cluster = Prefix + "cluster";

    /// <summary>On everything made: our <see cref="ResourceName"/> for it.</summary>
    public const string Name = Prefix + "name";

    /// <summary>On subnets made: <c>true</c> when the design keeps /28 blocks whole in it, so
    /// that the choice outlives the run that made it.</summary>
    public const string Prefixes = Prefix + "prefixes";

    /// <summary>On NodePools made, as an annotation: the pool whose spec it took.</summary>
    public const string Like = Prefix + "like";

    /// <summary>On nodes that a rollout has cordoned, as an annotation: where it leads, and
    /// whether somebody else had cordoned the node before.</summary>
    public static string Rollout(string overlay) => $"{Prefix}rollout.{overlay}";

    /// <summary>On the VPC, written before a block is associated and removed after it is gone: <c>overlay@UTC</c>,
    /// the block's ownership and the start of the control plane's clock.</summary>
    public static string Block(Cidr block) => $"{Prefix}block.{block.ToString().Replace('/', '_')}";

    public static string BlockValue(string overlay, DateTimeOffset since) =>
        $"{overlay}@{since.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture)}";

    /// <summary>On the VPC while a run goes on and there is no cluster to hold a Lease: <c>holder@UTC</c> of its expiry.</summary>
    public static string Lock(string overlay) => $"{LockPrefix}{overlay}";

    public const string LockPrefix = Prefix + "lock.";

    // A tag's value may hold these characters and no others. Source: EC2 User Guide, "Tag restrictions"; 256 at most.
    public static string LockValue(string holder, DateTimeOffset until)
    {
        var name = string.Concat(
            holder.Select(letter => char.IsLetterOrDigit(letter) || " +-=._:/@".Contains(letter, StringComparison.Ordinal) ? letter : '_')
        );
        return $"{(name.Length > 200 ? name[..200] : name)}@"
            + $"{until.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture)}";
    }

    /// <summary>1 offers a subnet to the CNI's subnet discovery, 0 keeps it away. Source: amazon-vpc-cni-k8s pkg/awsutils.</summary>
    public const string CniRole = "kubernetes.io/role/cni";

    /// <summary>A subnet with tags of this prefix is discovered only by the clusters that they name.
    /// Source: amazon-vpc-cni-k8s v1.22.1, pkg/awsutils.</summary>
    public const string CniClusterPrefix = "cni.networking.k8s.aws/cluster/";

    public static string CniCluster(string cluster) => CniClusterPrefix + cluster;

    public const string ElbRole = "kubernetes.io/role/elb";

    public const string InternalElbRole = "kubernetes.io/role/internal-elb";

    public const string KarpenterDiscovery = "karpenter.sh/discovery";

    public static string ClusterOwned(string cluster) => $"kubernetes.io/cluster/{cluster}";
}
