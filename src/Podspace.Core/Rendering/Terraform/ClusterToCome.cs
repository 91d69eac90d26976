using Podspace.Cni;
using Podspace.Design;
using Podspace.Model;
using Podspace.Naming;
using Podspace.Spec;

namespace Podspace.Rendering.Terraform;

/// <summary>A cluster that the spec names and Terraform is yet to make: its ENIConfigs and settings stand in the add-on before
/// the first node starts, and rules are put into groups that do not exist yet.</summary>
/// <remarks>A plan cannot do this, because it can only ask a cluster that is there: it stops at the network stage.</remarks>
internal static class ClusterToCome
{
    /// <summary>The group that EKS makes for the cluster; no id, so that nobody takes it for one.</summary>
    public static readonly Ref ClusterGroup = Ref.Used("cluster_group");

    /// <summary>The nodes' group of terraform-aws-modules/eks.</summary>
    public static readonly Ref NodeGroup = Ref.Used("node_group");

    public static bool IsAwaited(Blueprint blueprint) =>
        blueprint.Spec.Cluster is not null
        && blueprint.Inventory.Cloud.Cluster is null
        && blueprint.Inventory.Sees(Reading.Cluster)
        && blueprint.Desired.Modes.Contains(PodMode.EniConfig);

    /// <param name="hasNodeGroup">Reports whether nodes will carry a group of their own beside the cluster's.</param>
    public static Blueprint Fill(Blueprint blueprint, bool hasNodeGroup)
    {
        if (!IsAwaited(blueprint) || blueprint.Inventory.Cloud.Vpc is not { } vpc)
        {
            return blueprint;
        }
        var (spec, network) = (blueprint.Spec, blueprint.Desired);
        var groups = Groups(spec, network);
        var configs = network
            .Subnets.Select(subnet => new EniConfig(subnet.Zone, subnet.Ref, groups))
            .OrderBy(config => config.Zone, StringComparer.Ordinal)
            .ToEquatable();
        var prefixes = spec.Cni.PrefixDelegation ?? network.Subnets.Any(subnet => !subnet.Reserved.IsEmpty);
        CniSettings cni = CniChoice.ToCome(new DesignInput(spec, blueprint.Inventory, vpc), network.Modes, prefixes);
        EquatableArray<EniConfig>? eniConfigs = cni.Writer == EniConfigWriter.Addon ? configs : null;
        var addon = new AddonDocument(CniPurpose.Values, "{}", spec.Region, eniConfigs, cni.Env, "");
        return blueprint with
        {
            Desired = network with { EniConfigs = configs, Cni = cni, Rules = [.. network.Rules, .. Rules(groups, hasNodeGroup)] },
            Addon = addon,
        };
    }

    // Without a group of their own pods carry their node's, whatever that will be.
    private static EquatableArray<Ref> Groups(OverlaySpec spec, Network network) =>
        spec.Security.Pods switch
        {
            PodGroups.Cluster => [ClusterGroup],
            PodGroups.Listed => spec.Security.GroupIds.Select(Ref.Used).Order().ToEquatable(),
            _ => network.Groups.Select(group => group.Ref).ToEquatable(),
        };

    private static IEnumerable<GroupRule> Rules(EquatableArray<Ref> groups, bool hasNodeGroup)
    {
        if (groups.IsEmpty || groups.Contains(ClusterGroup))
        {
            yield break;
        }
        if (hasNodeGroup)
        {
            yield return new(NodeGroup, Direction.Ingress, Traffic.All, groups[0], AdmissionRules.ToNodes);
            yield return new(ClusterGroup, Direction.Ingress, Traffic.Tcp(443), groups[0], AdmissionRules.ToControlPlane);
            yield break;
        }
        yield return new(ClusterGroup, Direction.Ingress, Traffic.All, groups[0], AdmissionRules.ToNodes);
    }
}
