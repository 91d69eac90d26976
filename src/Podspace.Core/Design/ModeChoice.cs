using Podspace.Cni;
using Podspace.Spec;

namespace Podspace.Design;

/// <summary>How pods get into pod subnets.</summary>
internal static class ModeChoice
{
    private const string Path = "spec.mode";

    /// <summary>One mode, or several in a mixed cluster, sorted. Null: undecided or not possible; a finding says why.</summary>
    public static EquatableArray<PodMode>? Of(DesignInput input)
    {
        var modes = input.Spec.Modes;
        if (modes.IsEmpty)
        {
            if (Found(input) is not { } found)
            {
                return null;
            }
            modes = found;
        }
        // Both are settings of the one aws-node: with custom networking on it does not look for subnets.
        // Source: amazon-vpc-cni-k8s, README.md, ENABLE_SUBNET_DISCOVERY.
        if (modes.Contains(PodMode.EniConfig) && modes.Contains(PodMode.SubnetDiscovery))
        {
            input.Report.Error(
                DesignCodes.ModesExclude,
                input.Spec.Cluster ?? input.Spec.Name,
                Path,
                "eniConfig and subnetDiscovery exclude each other: aws-node is set for one of them on all its nodes.",
                "Name one of the two."
            );
            return null;
        }
        var arePossible = modes.Select(mode => IsPossible(input, mode)).ToList();
        return arePossible.TrueForAll(possible => possible) ? modes.Distinct().Order().ToEquatable() : null;
    }

    private static bool IsPossible(DesignInput input, PodMode mode) =>
        mode switch
        {
            PodMode.EniConfig => HasVpcCni(input, "to read ENIConfigs"),
            PodMode.SubnetDiscovery => HasVpcCni(input, "to look for subnets") && KnowsDiscovery(input),
            PodMode.AutoMode => CheckAutoMode(input),
        };

    /// <summary>What is there stays; else by what the cluster has.</summary>
    private static EquatableArray<PodMode>? Found(DesignInput input)
    {
        var made = input.Actual.Network;
        var kept = new List<PodMode>();
        if (made.SubnetRoles.Any(role => role.IsOffered) && !IsCustomNetworkingOn(input))
        {
            kept.Add(PodMode.SubnetDiscovery);
        }
        else if (!made.EniConfigs.IsEmpty)
        {
            kept.Add(PodMode.EniConfig);
        }
        if (!made.NodeClasses.IsEmpty)
        {
            kept.Add(PodMode.AutoMode);
        }
        if (kept.Count > 0)
        {
            return Chosen(input, "what we made for it is there already", kept);
        }
        if (input.Cluster is not { IsAutoMode: true } cluster)
        {
            return Chosen(
                input,
                input.Cluster is null
                    ? "it goes with every VPC CNI; without a cluster all modes are the same but for subnetDiscovery's tags"
                    : "aws-node is there, and it goes with each of its versions",
                [PodMode.EniConfig]
            );
        }
        if (input.Cloud.VpcCni is null && input.Inventory.Cluster?.AwsNode is null)
        {
            return Chosen(input, "Auto Mode is on and there are no other nodes", [PodMode.AutoMode]);
        }
        input.Report.Error(
            DesignCodes.ModeUndecided,
            cluster.Name,
            Path,
            $"Cluster {cluster.Name} has Auto Mode on and nodes of its own beside it (aws-node is there); "
                + $"which of them shall get pod subnets is not ours to guess.",
            "Write 'mode: [eniConfig, autoMode]' for all, 'mode: eniConfig' for the nodes that run "
                + "aws-node, or 'mode: autoMode' for the others."
        );
        return null;
    }

    private static EquatableArray<PodMode> Chosen(DesignInput input, string why, List<PodMode> modes)
    {
        var names = string.Join(
            ", ",
            modes.Select(mode =>
                mode switch
                {
                    PodMode.EniConfig => "eniConfig",
                    PodMode.SubnetDiscovery => "subnetDiscovery",
                    PodMode.AutoMode => "autoMode",
                }
            )
        );
        input.Report.Note(DesignCodes.ModeChosen, names, Path, $"mode: {names} is taken, because {why}.", "");
        return modes.ToEquatable();
    }

    private static bool IsCustomNetworkingOn(DesignInput input) =>
        CniEnv.IsTrue(input.Running(CniEnv.CustomNetworking)) || CniEnv.IsTrue(input.Written(CniEnv.CustomNetworking));

    // No cluster yet: the network stage is the same for every mode.
    private static bool HasVpcCni(DesignInput input, string what)
    {
        if (input.Cluster is not { } cluster || input.Cloud.VpcCni is not null || input.Inventory.Cluster?.AwsNode is not null)
        {
            return true;
        }
        input.Report.Error(
            DesignCodes.NoVpcCni,
            cluster.Name,
            Path,
            $"Cluster {cluster.Name} has neither the vpc-cni add-on "
                + $"nor a DaemonSet kube-system/aws-node: no Amazon VPC CNI is there {what}.",
            $"Install the add-on, or keep the CNI that is there and its own way of addressing pods:\n "
                + $" aws eks create-addon --cluster-name {cluster.Name} --addon-name vpc-cni"
        );
        return false;
    }

    private static bool KnowsDiscovery(DesignInput input)
    {
        if (input.Cluster is null || (CniVersion.Of(input.Inventory) is { } version && version.CompareTo(CniVersion.Discovery) >= 0))
        {
            return true;
        }
        input.Report.Error(
            DesignCodes.CniTooOld,
            CniVersion.Of(input.Inventory)?.ToString() ?? "aws-node",
            Path,
            $"The VPC CNI is {CniVersion.Of(input.Inventory)?.ToString() ?? "of a version that its image does not tell"}; "
                + $"subnet discovery came with {CniVersion.Discovery}.",
            "Update it to v1.22.2 or later, or use mode: eniConfig."
        );
        return false;
    }

    private static bool CheckAutoMode(DesignInput input)
    {
        if (input.Cluster is not { IsAutoMode: false } cluster)
        {
            return true;
        }
        input.Report.Error(
            DesignCodes.AutoModeOff,
            cluster.Name,
            "spec.mode",
            $"Auto Mode is not on in cluster {cluster.Name}: compute, load balancing and block storage have to be enabled together.",
            "Use 'mode: eniConfig' for its nodes, or switch Auto Mode on first."
        );
        return false;
    }
}
