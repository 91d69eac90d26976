using Podspace.Simulation.Kubernetes;
using Podspace.Simulation.State;

namespace Podspace.Simulation.Nodes;

/// <summary>Keeps each managed node group at its desired size, spread over the zones of its subnets.</summary>
internal sealed class NodeGroups(World world)
{
    public const string GroupTag = "eks:nodegroup-name";
    public const string ClusterTag = "eks:cluster-name";
    public const string GroupLabel = "eks.amazonaws.com/nodegroup";

    /// <summary>What EKS takes when a node group names no type. Source: EKS API reference, CreateNodegroup.</summary>
    private const string UsualType = "t3.medium";

    public void Keep(Cluster cluster)
    {
        foreach (
            var group in world.State.Aws.Nodegroups.Where(group =>
                group.ClusterName == cluster.Name && group.Status is "ACTIVE" or "UPDATING" or "CREATING"
            )
        )
        {
            var members = Members(group);
            for (
                var count = members.Count(IsAlive);
                count < group.ScalingConfig.DesiredSize && Launch(cluster, group, members) is { } launched;
                count++
            )
            {
                members.Add(launched);
            }
            for (var count = members.Count(IsAlive); count > group.ScalingConfig.DesiredSize; count--)
            {
                world.Compute.TerminateInstances([Surplus(members).InstanceId]);
            }
        }
    }

    /// <summary>By tag; or by the node's label, so that a world written by hand need not tag its instances.</summary>
    private List<Instance> Members(Nodegroup group)
    {
        var labelled = world
            .Objects.List("v1", "nodes")
            .Where(node => node.Label(GroupLabel) == group.NodegroupName)
            .Select(NodeObjects.InstanceOf)
            .ToHashSet();
        return world.State.Aws.Instances.FindAll(instance =>
            labelled.Contains(instance.InstanceId)
            || (TagOf(instance, GroupTag) == group.NodegroupName && TagOf(instance, ClusterTag) == group.ClusterName)
        );
    }

    /// <summary>In the zone that has fewest, so that what was terminated comes back where it was; in the next
    /// one when AWS refuses. Null when it refuses everywhere.</summary>
    private Instance? Launch(Cluster cluster, Nodegroup group, List<Instance> members)
    {
        var standing = members.Where(IsAlive).Select(instance => world.Compute.ZoneOf(instance.InstanceId)).ToList();
        var subnets = group
            .Subnets.Select(id => world.State.Aws.Subnets.Find(subnet => subnet.SubnetId == id))
            .OfType<Subnet>()
            .OrderBy(subnet => standing.Count(zone => zone == subnet.AvailabilityZone))
            .ThenBy(subnet => subnet.AvailabilityZone, StringComparer.Ordinal);
        foreach (var subnet in subnets)
        {
            try
            {
                var launched = world.Compute.RunInstance(
                    group.InstanceTypes is [var first, ..] ? first : UsualType,
                    subnet.SubnetId,
                    Groups(cluster, members),
                    Tags(group),
                    $"{group.NodegroupName}/{subnet.AvailabilityZone}"
                );
                world.Compute.PrimaryOf(launched.InstanceId)!.TagSet.AddRange(Tags(group).Where(tag => tag.Key is GroupTag or ClusterTag));
                return launched;
            }
            catch (WorldRefusal)
            {
                // Like an Auto Scaling group: the next zone is tried, and all of them again when something has changed.
            }
        }
        return null;
    }

    /// <summary>As its siblings have them, which is what a launch template of the group's own says; else the cluster's group.
    /// Source: EKS User Guide, "Customize managed nodes with launch templates".</summary>
    private List<string> Groups(Cluster cluster, List<Instance> members) =>
        members.Select(member => world.Compute.PrimaryOf(member.InstanceId)).FirstOrDefault(primary => primary is not null)?.Groups
        ?? (cluster.ResourcesVpcConfig.ClusterSecurityGroupId is { Length: > 0 } group ? [group] : []);

    private static List<Tag> Tags(Nodegroup group) =>
        [
            new() { Key = GroupTag, Value = group.NodegroupName },
            new() { Key = ClusterTag, Value = group.ClusterName },
            new() { Key = NodeObjects.ClusterTag(group.ClusterName), Value = "owned" },
            .. group.Tags.Select(tag => new Tag { Key = tag.Key, Value = tag.Value }),
        ];

    /// <summary>The oldest in the zone that has most. Source: EC2 Auto Scaling User Guide, default
    /// termination policy (less its look at launch templates).</summary>
    private Instance Surplus(List<Instance> members) =>
        members
            .Where(IsAlive)
            .GroupBy(instance => world.Compute.ZoneOf(instance.InstanceId))
            .OrderByDescending(zone => zone.Count())
            .ThenBy(zone => zone.Key, StringComparer.Ordinal)
            .First()
            .OrderBy(instance => instance.LaunchTime)
            .ThenBy(instance => instance.InstanceId, StringComparer.Ordinal)
            .First();

    private static bool IsAlive(Instance instance) => instance.State is "pending" or "running";

    private static string? TagOf(Instance instance, string key) => instance.Tags.Find(tag => tag.Key == key)?.Value;
}
