using Podspace.Spec;

namespace Podspace.Design;

/// <summary>How pods get into pod subnets.</summary>
internal static class ModeChoice
{
    /// <summary>One mode, or several in a mixed cluster, sorted. Null: undecided or not possible; a finding says why.</summary>
    public static EquatableArray<PodMode>? Of(Ground ground)
    {
        var asked = ground.Spec.Modes;
        if (asked.Count > 1)
        {
            Refuse(ground, "A mixed cluster (several modes)", "Name one mode: eniConfig.");
            return null;
        }
        return Possible(ground, asked.Count == 1 ? asked[0] : Found(ground)) is { } mode ? [mode] : null;
    }

    private static PodMode? Possible(Ground ground, PodMode? mode) =>
        mode switch
        {
            PodMode.EniConfig => CheckEniConfig(ground),
            PodMode.SubnetDiscovery => Refuse(ground, "Mode subnetDiscovery", "Use mode: eniConfig, which reaches the same with every CNI version."),
            PodMode.AutoMode => Refuse(ground, "Mode autoMode", "Until then the pods of Auto Mode's nodes keep their addresses; nodes outside of Auto Mode take mode: eniConfig."),
            null => null,
        };

    private static PodMode? Found(Ground ground)
    {
        if (ground.Cluster is not { IsAutoMode: true } cluster)
        {
            return PodMode.EniConfig;
        }
        if (ground.Cloud.VpcCni is null && ground.Inventory.Cluster?.AwsNode is null)
        {
            return PodMode.AutoMode;
        }
        ground.Report.Error(DesignCodes.ModeUndecided, cluster.Name, "spec.mode",
            $"Cluster {cluster.Name} has Auto Mode on and nodes of its own beside it (aws-node is there); which of them shall get pod subnets is not ours to guess.",
            "Write mode: eniConfig for the nodes that run aws-node.");
        return null;
    }

    // No cluster yet: the network stage is the same for every mode.
    private static PodMode? CheckEniConfig(Ground ground)
    {
        if (ground.Cluster is not { } cluster || ground.Cloud.VpcCni is not null || ground.Inventory.Cluster?.AwsNode is not null)
        {
            return PodMode.EniConfig;
        }
        ground.Report.Error(DesignCodes.NoVpcCni, cluster.Name, "spec.mode",
            $"Cluster {cluster.Name} has neither the vpc-cni add-on nor a DaemonSet kube-system/aws-node: no Amazon VPC CNI is there to read ENIConfigs.",
            $"Install the add-on, or keep the CNI that is there and its own way of addressing pods:\n  aws eks create-addon --cluster-name {cluster.Name} --addon-name vpc-cni");
        return null;
    }

    private static PodMode? Refuse(Ground ground, string what, string fix)
    {
        ground.Report.Error(DesignCodes.NotInThisVersion, ground.Spec.Cluster ?? ground.Spec.Name, "spec.mode", $"{what} is not in this version.", fix);
        return null;
    }
}
