using System.Globalization;
using Podspace.Model;
using Podspace.Naming;

namespace Podspace.Observed;

/// <summary>Interfaces that nodes left behind: made by the CNI, attached to nothing, their instance
/// gone. They keep a subnet and a group from being deleted.</summary>
/// <remarks>Source: amazon-vpc-cni-k8s pkg/awsutils, whose own clean-up looks for the same
/// description and tags, and runs only while a node does.</remarks>
internal static class LeakedInterfaces
{
    /// <summary>On every interface that the CNI makes.</summary>
    public const string NodeTag = "node.k8s.amazonaws.com/instance_id";
    private const string ClusterTag = "cluster.k8s.amazonaws.com/name";
    private const string CreatedTag = "node.k8s.amazonaws.com/createdAt";

    /// <summary>An interface is available for a moment between being made and being attached. The CNI itself waits as long.</summary>
    private static readonly TimeSpan Settling = TimeSpan.FromMinutes(5);

    public static IEnumerable<AwsId> In(Inventory inventory, string? cluster)
    {
        // Unseen is not absent: without the instances nobody knows which are gone.
        var isBlind = !inventory.Sees(Reading.Instances) || !inventory.Sees(Reading.Interfaces);
        var living = inventory
            .Cloud.Instances.Where(one => one.State is not ("terminated" or "shutting-down"))
            .Select(one => one.Id.Text)
            .ToHashSet();
        return inventory
            .Cloud.Interfaces.Where(one =>
                !isBlind
                && IsLeft(one, inventory.Cloud.ObservedAt, cluster)
                && !living.Contains(Tag(one, NodeTag) ?? one.Description[SeenInterface.CniDescription.Length..])
            )
            .Select(one => one.Id);
    }

    private static bool IsLeft(SeenInterface one, DateTimeOffset now, string? cluster) =>
        one is { Status: "available", Instance: null, RequesterManaged: false, IsOfCni: true }
        && (Tag(one, NodeTag) is not null || Tag(one, ClusterTag) is not null)
        && (Tag(one, ClusterTag) is not { } name || name == cluster)
        && (
            !DateTimeOffset.TryParse(Tag(one, CreatedTag), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var created)
            || now - created > Settling
        );

    private static string? Tag(SeenInterface one, string key) =>
        one.Tags.Where(tag => tag.Key == key).Select(tag => tag.Value).FirstOrDefault();
}
