using Podspace.Spec;

namespace Podspace.Design;

/// <summary>How pods get into pod subnets.</summary>
internal static class ModeChoice
{
    private const string Path = "spec.mode";

    /// <summary>One mode, or several in a mixed cluster, sorted. Null: undecided or not possible; a finding says why.</summary>
    public static EquatableArray<PodMode>? Of(Ground ground)
    {
        var modes = ground.Spec.Modes;
        if (modes.IsEmpty)
        {
            if (Found(ground) is not { } found)
            {
                return null;
            }
            modes = [found];
        }
        // Both are settings of the one aws-node: with custom networking on it does not look for subnets. Source: amazon-vpc-cni-k8s, README.md, ENABLE_SUBNET_DISCOVERY.
        if (modes.Contains(PodMode.EniConfig) && modes.Contains(PodMode.SubnetDiscovery))
        {
            ground.Report.Error(DesignCodes.ModesExclude, ground.Spec.Cluster ?? ground.Spec.Name, Path, "eniConfig and subnetDiscovery exclude each other: aws-node is set for one of them on all its nodes.", "Name one of the two.");
            return null;
        }
        var arePossible = modes.Select(mode => IsPossible(ground, mode)).ToList();
        return arePossible.TrueForAll(possible => possible) ? modes.Distinct().Order().ToEquatable() : null;
    }

    private static bool IsPossible(Ground ground, PodMode mode) =>
        mode switch
        {
            PodMode.EniConfig => HasVpcCni(ground, "to read ENIConfigs"),
            PodMode.SubnetDiscovery => HasVpcCni(ground, "to look for subnets") && KnowsDiscovery(ground),
            PodMode.AutoMode => Refuse(ground, "Mode autoMode", "Until then the pods of Auto Mode's nodes keep their addresses; nodes outside of Auto Mode take mode: eniConfig."),
        };

    /// <summary>What is there stays; else by what the cluster has.</summary>
    private static PodMode? Found(Ground ground)
    {
        if (ground.Actual.Network.SubnetRoles.Any(role => role.IsOffered) && !IsCustomNetworkingOn(ground))
        {
            return Chosen(ground, PodMode.SubnetDiscovery, "subnets carry our tags for it already");
        }
        if (!ground.Actual.Network.EniConfigs.IsEmpty)
        {
            return Chosen(ground, PodMode.EniConfig, "our ENIConfigs are there already");
        }
        if (ground.Cluster is not { IsAutoMode: true } cluster)
        {
            return Chosen(ground, PodMode.EniConfig, ground.Cluster is null ? "it goes with every VPC CNI; without a cluster all modes are the same but for subnetDiscovery's tags" : "aws-node is there, and it goes with each of its versions");
        }
        if (ground.Cloud.VpcCni is null && ground.Inventory.Cluster?.AwsNode is null)
        {
            return Chosen(ground, PodMode.AutoMode, "Auto Mode is on and there are no other nodes");
        }
        ground.Report.Error(DesignCodes.ModeUndecided, cluster.Name, Path,
            $"Cluster {cluster.Name} has Auto Mode on and nodes of its own beside it (aws-node is there); which of them shall get pod subnets is not ours to guess.",
            "Write mode: eniConfig for the nodes that run aws-node.");
        return null;
    }

    private static PodMode Chosen(Ground ground, PodMode mode, string why)
    {
        var name = mode switch { PodMode.EniConfig => "eniConfig", PodMode.SubnetDiscovery => "subnetDiscovery", _ => "autoMode" };
        ground.Report.Note(DesignCodes.ModeChosen, name, Path, $"mode: {name} is taken, because {why}.", "");
        return mode;
    }

    private static bool IsCustomNetworkingOn(Ground ground) => ground.Running(CniEnv.CustomNetworking) == "true" || ground.Written(CniEnv.CustomNetworking) == "true";

    // No cluster yet: the network stage is the same for every mode.
    private static bool HasVpcCni(Ground ground, string what)
    {
        if (ground.Cluster is not { } cluster || ground.Cloud.VpcCni is not null || ground.Inventory.Cluster?.AwsNode is not null)
        {
            return true;
        }
        ground.Report.Error(DesignCodes.NoVpcCni, cluster.Name, Path,
            $"Cluster {cluster.Name} has neither the vpc-cni add-on nor a DaemonSet kube-system/aws-node: no Amazon VPC CNI is there {what}.",
            $"Install the add-on, or keep the CNI that is there and its own way of addressing pods:\n  aws eks create-addon --cluster-name {cluster.Name} --addon-name vpc-cni");
        return false;
    }

    private static bool KnowsDiscovery(Ground ground)
    {
        if (ground.Cluster is null || (CniVersion.Of(ground) is { } version && version.CompareTo(CniVersion.Discovery) >= 0))
        {
            return true;
        }
        ground.Report.Error(DesignCodes.CniTooOld, CniVersion.Of(ground)?.ToString() ?? "aws-node", Path,
            $"The VPC CNI is {CniVersion.Of(ground)?.ToString() ?? "of a version that its image does not tell"}; subnet discovery came with {CniVersion.Discovery}.", "Update it to v1.22.2 or later, or use mode: eniConfig.");
        return false;
    }

    private static bool Refuse(Ground ground, string what, string fix)
    {
        ground.Report.Error(DesignCodes.NotInThisVersion, ground.Spec.Cluster ?? ground.Spec.Name, Path, $"{what} is not in this version.", fix);
        return false;
    }
}
