using Podspace.Cni;
using Podspace.Model;
using Podspace.Spec;

namespace Podspace.Design.Rules;

/// <summary>Nodes that custom networking cannot serve, and nodes on which something else has the last word.</summary>
internal static class ClusterRules
{
    private const string Path = "spec.cluster";

    public static void Check(DesignInput input, Network network, SeenCluster cluster)
    {
        CheckKinds(input, cluster);
        if (network.Modes.Contains(PodMode.EniConfig))
        {
            CheckInterfaces(input);
            CheckOverrides(input);
            CheckForeignEniConfigs(input, network);
        }
        if (network.SubnetRoles.Any(role => !role.IsOffered))
        {
            CheckInterfaces(input);
            CheckMaxPods(input, network);
        }
    }

    private static void CheckKinds(DesignInput input, SeenCluster cluster)
    {
        Say(
            DesignCodes.Windows,
            node => node.IsWindows,
            "Windows nodes",
            "custom networking does not exist there; their pods keep addresses of the node's subnet"
        );
        Say(
            DesignCodes.Fargate,
            node => node.IsFargate,
            "Fargate nodes",
            "their pods take addresses from the Fargate profile's subnets, whatever ENIConfigs say"
        );
        Say(DesignCodes.Hybrid, node => node.IsHybrid, "hybrid nodes", "they are not in the VPC, and another CNI serves them");
        if (!input.Modes.Contains(Spec.PodMode.AutoMode))
        {
            Say(
                DesignCodes.AutoNodes,
                node => node.IsAuto,
                "Auto Mode nodes",
                "they read no ENIConfig; 'mode: [eniConfig, autoMode]' moves their pods too"
            );
        }

        var windows = input.Cloud.Nodegroups.FirstOrDefault(nodegroup =>
            nodegroup.AmiType.StartsWith("WINDOWS_", StringComparison.Ordinal)
        );
        if (windows is not null && !input.Nodes.Any(node => node.Label("kubernetes.io/os") == "windows"))
        {
            input.Report.Warning(
                DesignCodes.Windows,
                windows.Name,
                Path,
                $"Node group {windows.Name} is for Windows: custom networking does not exist there; "
                    + $"its pods keep addresses of the node's subnet.",
                "Size the node subnets for them."
            );
        }

        void Say(string code, Func<SeenNode, bool> matches, string kind, string what)
        {
            var count = input.Nodes.Count(matches);
            if (count > 0)
            {
                input.Report.Warning(
                    code,
                    cluster.Name,
                    Path,
                    $"{count} of {input.Nodes.Count} nodes are {kind}: {what}.",
                    "Size the subnets that they do use for their pods."
                );
            }
        }
    }

    // Source: amazon-vpc-cni-k8s: custom networking keeps pods off the primary interface,
    // security groups for pods take another for the trunk (#2792).
    private static void CheckInterfaces(DesignInput input)
    {
        var needed = CniEnv.IsTrue(input.Written(CniEnv.PodInterfaces) ?? input.Running(CniEnv.PodInterfaces)) ? 3 : 2;
        foreach (var name in NodeTypes.Of(input))
        {
            if (NodeTypes.Find(input, name) is { } type && type.Interfaces < needed)
            {
                input.Report.Error(
                    DesignCodes.TooFewInterfaces,
                    name,
                    Path,
                    $"{name} takes {type.Interfaces} network interface{(type.Interfaces == 1 ? "" : "s")}, "
                        + $"and {needed} are needed: one for the "
                        + $"node{(needed == 3 ? ", one as trunk for security groups for pods," : "")} and one for pods. "
                        + $"Such nodes would run none.",
                    "Replace the type in its node group."
                );
            }
        }
    }

    // EKS takes one interface off for custom networking, and knows nothing of closed subnets
    // (UNCONFIRMED, as all that is known of its calculation).
    private static void CheckMaxPods(DesignInput input, Network network)
    {
        var prefixes = network.Cni?.Env.Contains(new(CniEnv.PrefixDelegation, "true")) is true;
        foreach (
            var name in input.Cloud.Nodegroups.Where(group => group.AmiType != "CUSTOM").SelectMany(group => group.InstanceTypes).Distinct()
        )
        {
            if (NodeTypes.Find(input, name) is not { } type)
            {
                continue;
            }
            var limits = new InstanceLimits(
                type.Name,
                type.Interfaces,
                type.AddressesPerInterface,
                type.VCpus,
                type.Hypervisor,
                type.IsBareMetal
            );
            var (told, fit) = (
                MaxPods.OfManagedNode(limits, customNetworking: false, prefixes),
                MaxPods.Uncapped(limits, customNetworking: true, prefixes) ?? MaxPods.OnHostNetwork
            );
            if (told > fit)
            {
                input.Report.Error(
                    DesignCodes.TooManyPods,
                    name,
                    "spec.mode",
                    $"A managed {name} is told to take {told} pods, and without its own "
                        + $"subnet it has addresses for {fit}: those beyond would hang in ContainerCreating.",
                    "Set 'cni.prefixDelegation: true', or use mode: eniConfig, for which EKS takes one interface off."
                );
            }
        }
    }

    // Looked up in this order: label externalEniConfig, annotation, then the label that we set. Source: amazon-vpc-cni-k8s, pkg/eniconfig.
    private static void CheckOverrides(DesignInput input)
    {
        var annotation =
            input.Written(CniEnv.EniConfigAnnotation) ?? input.Running(CniEnv.EniConfigAnnotation) ?? "k8s.amazonaws.com/eniConfig";
        foreach (var node in input.CniNodes)
        {
            var named =
                node.Label("vpc.amazonaws.com/externalEniConfig")
                ?? node.Annotations.Where(seen => seen.Key == annotation).Select(seen => seen.Value).FirstOrDefault();
            if (named is not null && named != node.Zone)
            {
                input.Report.Warning(
                    DesignCodes.NodeOverrides,
                    node.Name,
                    Path,
                    $"Node {node.Name} names the ENIConfig \"{named}\" itself, by label or annotation, "
                        + $"which beats the one of its zone {node.Zone}.",
                    $"Take it off, in the node group's labels too:\n  kubectl annotate node {node.Name} {annotation}-"
                );
            }
        }
        foreach (var node in input.CniNodes.Where(node => node.Zone.Length == 0))
        {
            input.Report.Warning(
                DesignCodes.NodeOverrides,
                node.Name,
                Path,
                $"Node {node.Name} has no label {CniEnv.ZoneLabel}, so no ENIConfig is found for it.",
                "Wait until the cloud controller has labelled it, or label it."
            );
        }
    }

    private static void CheckForeignEniConfigs(DesignInput input, Network network)
    {
        // Objects that others write are left to them; only the add-on cannot leave out a zone.
        foreach (
            var wanted in network.Cni is { Writer: EniConfigWriter.Addon } && input.Spec.Owners.Cni == Owner.Podspace
                ? network.EniConfigs
                : []
        )
        {
            var foreign = input.Actual.Ids.ForeignEniConfigs.FirstOrDefault(config => config.Zone == wanted.Zone);
            var seen = input.Inventory.Cluster?.EniConfigs.FirstOrDefault(config => config.Name == wanted.Zone);
            if (foreign is null || foreign == wanted || seen?.Managers.Contains("eks") is true)
            {
                continue;
            }
            input.Report.Error(
                DesignCodes.EniConfigTaken,
                wanted.Zone,
                $"spec.subnets.existing.{wanted.Zone}",
                $"ENIConfig {wanted.Zone} is there, is not ours, and names {foreign.Subnet} with "
                    + $"[{string.Join(", ", foreign.Groups)}], where {wanted.Subnet} with [{string.Join(", ", wanted.Groups)}] is "
                    + $"wanted.",
                $"Delete it so that ours can take its place, or name its subnet and groups in "
                    + $"'spec.subnets.existing' and 'spec.security.pods':\n  kubectl get eniconfig {wanted.Zone} -o yaml"
            );
        }
    }
}
