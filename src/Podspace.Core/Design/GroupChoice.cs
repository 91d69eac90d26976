using Podspace.Model;
using Podspace.Naming;
using Podspace.Observed;
using Podspace.Spec;

namespace Podspace.Design;

/// <param name="Pods">What pods' interfaces carry. Empty: whatever their node's primary
/// interface does, or nothing is known of a cluster yet.</param>
/// <param name="Made">The group of the pods' own, when it is ours to make.</param>
internal sealed record PodGroupChoice(EquatableArray<Ref> Pods, SecurityGroup? Made);

/// <summary>Security groups of the pods.</summary>
internal static class GroupChoice
{
    private const string Path = "spec.security.pods";

    public static PodGroupChoice Of(DesignInput input, EquatableArray<PodMode> modes, IReadOnlyList<string> zones) =>
        modes.Contains(PodMode.SubnetDiscovery) ? OfNodes(input) : Of(input, zones);

    private static PodGroupChoice Of(DesignInput input, IReadOnlyList<string> zones) =>
        input.Spec.Security.Pods switch
        {
            PodGroups.Unset => Kept(input, zones),
            PodGroups.Dedicated => Dedicated(input, zones),
            PodGroups.SameAsNode => SameAsNode(input),
            PodGroups.Cluster => new(input.Cluster is { } cluster ? [Ref.Used(cluster.ClusterGroup.Text)] : [], null),
            PodGroups.Listed => Listed(input),
        };

    // Interfaces that subnet discovery makes carry the groups of their node's primary one. Source: amazon-vpc-cni-k8s, pkg/awsutils.
    private static PodGroupChoice OfNodes(DesignInput input)
    {
        var nodes = SameAsNode(input);
        var asked = input.Spec.Security.Pods switch
        {
            PodGroups.Unset or PodGroups.SameAsNode => nodes,
            PodGroups.Cluster when input.Cluster is { } cluster => new([Ref.Used(cluster.ClusterGroup.Text)], null),
            PodGroups.Listed => Listed(input),
            _ => null,
        };
        if (asked?.Pods != nodes.Pods)
        {
            input.Report.Error(
                DesignCodes.GroupsNotChosen,
                input.Spec.Cluster ?? input.Spec.Name,
                Path,
                $"With mode: subnetDiscovery pods carry the groups of their node "
                    + $"({(nodes.Pods.IsEmpty ? "whatever those are" : string.Join(", ", nodes.Pods))}), and no others can "
                    + $"be chosen.",
                "Take 'security.pods' out or write sameAsNode, or use mode: eniConfig."
            );
        }
        return nodes;
    }

    // What is there stays; only then are there two ways to choose from.
    private static PodGroupChoice Kept(DesignInput input, IReadOnlyList<string> zones)
    {
        if (input.Actual.Ids.Groups.Count > 0)
        {
            return Dedicated(input, zones);
        }
        if (Common(input.Actual.Network.EniConfigs, zones) is { } ours)
        {
            return new(ours, null);
        }
        if (input.Actual.Network.NodeClasses is [{ PodGroups: { IsEmpty: false } groups }] && groups.All(group => !group.IsMade))
        {
            return new(groups, null);
        }
        if (Common(input.Actual.Ids.ForeignEniConfigs, zones) is { IsEmpty: false } theirs)
        {
            return new(theirs, null);
        }
        return input.HasNodes ? SameAsNode(input) : Dedicated(input, zones);
    }

    private static PodGroupChoice Dedicated(DesignInput input, IReadOnlyList<string> zones)
    {
        if (
            input.Actual.Ids.Groups.Count == 0
            && Common(input.Actual.Ids.ForeignEniConfigs, zones) is [var only]
            && IsForPodsAlone(input, only)
        )
        {
            return new([only], null);
        }
        var group = Ref.Made(ResourceNames.Pods);
        var (name, description) = (ResourceNames.GroupName(input.Spec), $"Pods of overlay {input.Spec.Name}");
        if (input.Actual.Network.Groups is [var existing, ..])
        {
            // A group can be renamed by no call: a template that changed since holds for the next one.
            (name, description) = (existing.GroupName, existing.Description);
        }
        else if (
            input.Cloud.Groups.FirstOrDefault(other => string.Equals(other.Name, name, StringComparison.OrdinalIgnoreCase)) is { } taken
        )
        {
            var wasOurs = LostTags.IsOurs(input.Spec, RecordedMade.Of(input.Inventory), taken);
            var whose = wasOurs ? "has none of our tags any more: it was ours, somebody changed it" : "is not ours";
            input.Report.Error(
                DesignCodes.GroupNameTaken,
                taken.Id.Text,
                Path,
                $"{taken.Id} is named {taken.Name} already and {whose}; a VPC has one group of a name.",
                $"{(wasOurs ? $"{LostTags.PutBack(taken.Id, ResourceNames.TagsForGroup(input.Spec))}\nOtherwise use" : "Use")} "
                    + $"it with 'pods: [{taken.Id}]', or choose another name in 'spec.names.securityGroup'."
            );
        }
        return new([group], new(group, name, description));
    }

    private static PodGroupChoice SameAsNode(DesignInput input)
    {
        if (input.Cluster is not { } cluster)
        {
            return new([], null);
        }
        var sets = GroupSets.SeenOfNodes(input);
        var ours = input.Actual.Network.EniConfigs;
        if (
            !ours.IsEmpty
            && ours.All(config => config.Groups == ours[0].Groups)
            && ours[0].Groups.All(group => !group.IsMade)
            && (ours[0].Groups.IsEmpty || sets.TrueForAll(set => Refs(set) == ours[0].Groups))
        )
        {
            return new(ours[0].Groups, null);
        }
        if (sets.Count > 1)
        {
            input.Report.Note(
                DesignCodes.NodeGroupsDiffer,
                cluster.Name,
                Path,
                $"Nodes carry {sets.Count} different sets of security groups, so ENIConfigs name none: "
                    + $"pods then carry those of their own node.",
                ""
            );
            return new([], null);
        }
        return new(Refs(sets.Count == 1 ? sets[0] : [cluster.ClusterGroup]), null);
    }

    private static PodGroupChoice Listed(DesignInput input)
    {
        foreach (var id in input.Spec.Security.GroupIds)
        {
            if (input.Group(new(id)) is null)
            {
                input.Report.Error(
                    DesignCodes.GroupUnknown,
                    id,
                    Path,
                    $"There is no security group {id} in {input.Vpc.Id}.",
                    $"To see those that are there:\n  aws ec2 describe-security-groups --filters Name=vpc-id,Values={input.Vpc.Id}"
                );
            }
        }
        return new(input.Spec.Security.GroupIds.Select(Ref.Used).Order().ToEquatable(), null);
    }

    // The groups that all of these ENIConfigs name alike; null when there are none, or they differ.
    private static EquatableArray<Ref>? Common(EquatableArray<EniConfig> configs, IReadOnlyList<string> zones)
    {
        EquatableArray<Ref>? common = null;
        foreach (var config in configs)
        {
            if (!zones.Contains(config.Zone))
            {
                continue;
            }
            if ((common is { } other && other != config.Groups) || config.Groups.Any(group => group.IsMade))
            {
                return null;
            }
            common = config.Groups;
        }
        return common;
    }

    private static bool IsForPodsAlone(DesignInput input, Ref group) =>
        input.Cluster is { } cluster
        && group != Ref.Used(cluster.ClusterGroup.Text)
        && !GroupSets.SeenOfNodes(input).Exists(set => Refs(set).Contains(group))
        && input.Group(group.Id) is not null;

    private static EquatableArray<Ref> Refs(EquatableArray<AwsId> ids) => ids.Select(id => Ref.Used(id.Text)).Order().ToEquatable();
}
