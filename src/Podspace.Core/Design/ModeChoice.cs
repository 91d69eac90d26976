using Podspace.Spec;

namespace Podspace.Design;

/// <summary>How pods get into pod subnets.</summary>
internal static class ModeChoice
{
    /// <summary>One mode, or several in a mixed cluster, sorted. Null: undecided or not possible; a finding says why.</summary>
    public static EquatableArray<PodMode>? Of(Ground ground)
    {
        var modes = ground.Spec.Modes.IsEmpty ? Found(ground) : ground.Spec.Modes;
        var possible = modes?.Where(mode => IsPossible(ground, mode)).Distinct().Order().ToEquatable();
        return possible is { IsEmpty: false } all && all.Count == modes!.Value.Distinct().Count() ? all : null;
    }

    private static bool IsPossible(Ground ground, PodMode mode) =>
        mode switch
        {
            PodMode.EniConfig => CheckEniConfig(ground),
            PodMode.SubnetDiscovery => Refuse(ground, "Mode subnetDiscovery", "Use mode: eniConfig, which reaches the same with every CNI version."),
            PodMode.AutoMode => CheckAutoMode(ground),
        };

    // What is there stays; only then is there something to choose.
    private static EquatableArray<PodMode>? Found(Ground ground)
    {
        if (ground.Cluster is not { IsAutoMode: true } cluster)
        {
            return [PodMode.EniConfig];
        }
        var made = ground.Actual.Network;
        if (!made.NodeClasses.IsEmpty)
        {
            return made.EniConfigs.IsEmpty ? [PodMode.AutoMode] : [PodMode.EniConfig, PodMode.AutoMode];
        }
        if (!made.EniConfigs.IsEmpty)
        {
            return [PodMode.EniConfig];
        }
        if (ground.Cloud.VpcCni is null && ground.Inventory.Cluster?.AwsNode is null)
        {
            return [PodMode.AutoMode];
        }
        ground.Report.Error(DesignCodes.ModeUndecided, cluster.Name, "spec.mode",
            $"Cluster {cluster.Name} has Auto Mode on and nodes of its own beside it (aws-node is there); which of them shall get pod subnets is not ours to guess.",
            "Write 'mode: [eniConfig, autoMode]' for all, 'mode: eniConfig' for the nodes that run aws-node, or 'mode: autoMode' for the others.");
        return null;
    }

    // No cluster yet: the network stage is the same for every mode.
    private static bool CheckEniConfig(Ground ground)
    {
        if (ground.Cluster is not { } cluster || ground.Cloud.VpcCni is not null || ground.Inventory.Cluster?.AwsNode is not null)
        {
            return true;
        }
        ground.Report.Error(DesignCodes.NoVpcCni, cluster.Name, "spec.mode",
            $"Cluster {cluster.Name} has neither the vpc-cni add-on nor a DaemonSet kube-system/aws-node: no Amazon VPC CNI is there to read ENIConfigs.",
            $"Install the add-on, or keep the CNI that is there and its own way of addressing pods:\n  aws eks create-addon --cluster-name {cluster.Name} --addon-name vpc-cni");
        return false;
    }

    private static bool CheckAutoMode(Ground ground)
    {
        if (ground.Cluster is not { IsAutoMode: false } cluster)
        {
            return true;
        }
        ground.Report.Error(DesignCodes.AutoModeOff, cluster.Name, "spec.mode",
            $"Auto Mode is not on in cluster {cluster.Name}: compute, load balancing and block storage have to be enabled together.", "Use 'mode: eniConfig' for its nodes, or switch Auto Mode on first.");
        return false;
    }

    private static bool Refuse(Ground ground, string what, string fix)
    {
        ground.Report.Error(DesignCodes.NotInThisVersion, ground.Spec.Cluster ?? ground.Spec.Name, "spec.mode", $"{what} is not in this version.", fix);
        return false;
    }
}
