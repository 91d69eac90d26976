using Podspace.Cni;
using Podspace.Model;
using Podspace.Spec;

namespace Podspace.Design.Rules;

/// <summary>What the CNI that is there can do, who writes it, and what a change of its settings would disturb.</summary>
internal static class CniRules
{
    private const string Path = "spec.cni";

    public static void Check(DesignInput input, Network network)
    {
        CheckVersion(input, network);
        CheckPrefixes(input, network);
        CheckSource(input);
        CheckAddon(input);
    }

    private static void CheckVersion(DesignInput input, Network network)
    {
        if (CniVersion.Of(input.Inventory) is not { } version)
        {
            return;
        }
        if (version == CniVersion.ToAvoid)
        {
            input.Report.Warning(
                DesignCodes.CniToAvoid,
                version.ToString(),
                Path,
                $"The VPC CNI is {version}, whose discovery of security groups the next version took back.",
                "Update to v1.22.2 or later."
            );
        }
        if (network.EniConfigs.Any(config => config.Groups.IsEmpty) && version.CompareTo(CniVersion.NodeGroupsByDefault) < 0)
        {
            input.Report.Error(
                DesignCodes.CniTooOld,
                version.ToString(),
                "spec.security.pods",
                $"The VPC CNI is {version}; before {CniVersion.NodeGroupsByDefault} pods without groups in "
                    + $"their ENIConfig got the VPC's default group, not their node's.",
                "Update the CNI, or list groups in 'spec.security.pods'."
            );
        }
    }

    private static void CheckPrefixes(DesignInput input, Network network)
    {
        if (network.Cni?.Env.Contains(new(CniEnv.PrefixDelegation, "true")) is not true)
        {
            return;
        }
        if (CniVersion.Of(input.Inventory) is { } version && version.CompareTo(CniVersion.Prefixes) < 0)
        {
            input.Report.Error(
                DesignCodes.CniTooOld,
                version.ToString(),
                "spec.cni.prefixDelegation",
                $"The VPC CNI is {version}; prefixes came with {CniVersion.Prefixes}.",
                "Update the CNI, or set 'prefixDelegation: false'."
            );
        }
        foreach (var name in NodeTypes.Of(input))
        {
            if (NodeTypes.Find(input, name) is { } type && !NodeTypes.TakesPrefixes(type))
            {
                input.Report.Warning(
                    DesignCodes.NoPrefixes,
                    name,
                    "spec.cni.prefixDelegation",
                    $"{name} is neither Nitro nor bare metal: "
                        + $"the CNI falls back to single addresses there, which splinter what is kept for prefixes.",
                    "Replace the type, or set 'prefixDelegation: false'."
                );
            }
        }
    }

    private static void CheckSource(DesignInput input)
    {
        var isExternal = CniEnv.IsTrue(input.Running(CniEnv.ExternalSnat)) || CniEnv.IsTrue(input.Written(CniEnv.ExternalSnat));
        if (isExternal && input.Spec.Routing.Source == PacketSource.Node)
        {
            input.Report.Warning(
                DesignCodes.SourceChanges,
                CniEnv.ExternalSnat,
                "spec.routing.source",
                "Pods leave the VPC with their own addresses today (EXTERNALSNAT=true); "
                    + "source: node turns that around on every node within seconds.",
                "Write 'source: pod' to keep it as it is."
            );
        }
        if (!isExternal && input.Spec.Routing.Source == PacketSource.Pod && input.HasNodes)
        {
            input.Report.Warning(
                DesignCodes.SourceChanges,
                CniEnv.ExternalSnat,
                "spec.routing.source",
                "Pods leave the VPC with their node's address today; source: pod turns that around on "
                    + "every node within seconds, for pods in node subnets too.",
                "Make sure that the node subnets' routes carry pods' addresses as well."
            );
        }
    }

    private static void CheckAddon(DesignInput input)
    {
        if (input.Cloud.VpcCni is not { } addon)
        {
            return;
        }
        if (!input.Values.IsReadable)
        {
            input.Report.Error(
                DesignCodes.ValuesNotReadable,
                "vpc-cni",
                Path,
                "The add-on's configuration values are neither JSON nor YAML that can be read; "
                    + "they are replaced as a whole, so what stands in them must be known.",
                $"Look at them:\n  aws eks describe-addon "
                    + $"--cluster-name {input.Spec.Cluster} --addon-name vpc-cni --query addon.configurationValues --output text"
            );
        }
        if (addon.Status is not ("ACTIVE" or "UPDATING"))
        {
            input.Report.Warning(
                DesignCodes.AddonNotWell,
                "vpc-cni",
                Path,
                $"The vpc-cni add-on is {addon.Status}{(addon.Issues.IsEmpty ? "" : $" ({string.Join("; ", addon.Issues)})")}.",
                "Mend it first: an update on top may fail as well."
            );
        }
    }
}
