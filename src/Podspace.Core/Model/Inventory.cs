namespace Podspace.Model;

/// <summary>What exists, as AWS and the cluster told it. Possibly stale, possibly partial: what could
/// not be read is a <see cref="Gap"/>, never an empty list.</summary>
/// <remarks>Everything here is seen, ours or not; <c>ActualNetwork</c> finds ours in it.</remarks>
public sealed record Inventory(CloudInventory Cloud, ClusterInventory? Cluster)
{
    /// <summary>Both sides, as each was told by itself: what a NodeClass selects by tags is looked up on the other.</summary>
    public static Inventory Of(CloudInventory cloud, ClusterInventory? cluster) =>
        new(cloud, cluster is null ? null : cluster with { NodeClasses = cluster.NodeClasses.Select(one => one.In(cloud)).ToEquatable() });

    /// <summary>Every read that failed, of AWS and of the cluster.</summary>
    public IEnumerable<Gap> Gaps => Cluster is null ? Cloud.Gaps : Cloud.Gaps.Concat(Cluster.Gaps);

    public bool Sees(Reading reading) => Gaps.All(gap => gap.Reading != reading);
}
