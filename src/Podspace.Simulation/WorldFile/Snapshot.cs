using System.Text.Json.Nodes;
using Podspace.Model;
using Podspace.Naming;
using Podspace.Simulation.State;

namespace Podspace.Simulation.WorldFile;

/// <summary>From what was seen of an account and a cluster to a world in which the same is seen: the same plan comes out of both.</summary>
/// <remarks>What passes by itself is taken for passed: an associating block is associated, an updating add-on
/// at rest. What was not seen is named in the world's metadata.</remarks>
public static class Snapshot
{
    /// <param name="manifests">The cluster's objects as they are; only what a rehearsal needs of them is kept.</param>
    /// <exception cref="ArgumentException">There is no VPC to copy.</exception>
    public static WorldState Of(Inventory inventory, IEnumerable<JsonObject> manifests)
    {
        var cloud = inventory.Cloud;
        var vpc = cloud.Vpc ?? throw new ArgumentException("An inventory without a VPC is no world.", nameof(inventory));
        var state = new WorldState
        {
            Metadata = new()
            {
                Name = cloud.Cluster?.Name ?? vpc.Id.Text,
                Description =
                    $"{vpc.Id}{(cloud.Cluster is null ? "" : $" with cluster {cloud.Cluster.Name}")}, as it was seen. "
                    + $"Account ids are others than the real ones.",
                Unseen = [.. inventory.Gaps.Select(gap => $"{gap.Reading}").Distinct().Order(StringComparer.Ordinal)],
            },
            Clock = cloud.ObservedAt,
            Seed = 1,
            Aws = new() { Account = cloud.ClusterAccount, Region = cloud.Region },
            Kubernetes = [.. manifests.Select(ManifestCopy.Of)],
        };
        new NetworkCopy(cloud, vpc, state.Aws).Copy();
        new ComputeCopy(cloud, vpc, state.Aws).Copy();
        WorldStubs.Fill(state);
        return state;
    }

    internal static List<Tag> Tags(EquatableArray<SeenTag> tags) => [.. tags.Select(tag => new Tag { Key = tag.Key, Value = tag.Value })];

    internal static List<string> Texts(EquatableArray<AwsId> ids) => [.. ids.Select(id => id.Text)];
}
