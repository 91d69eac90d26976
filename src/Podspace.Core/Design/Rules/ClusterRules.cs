using Podspace.Cni;
using Podspace.Model;
using Podspace.Spec;

namespace Podspace.Design.Rules;

/// <summary>Nodes that custom networking cannot serve, and nodes on which something else has the last word.</summary>
internal static class ClusterRules
{
    private const string Path = "spec.cluster";

    public static void Check(Ground ground, Network network, SeenCluster cluster)
    {
        CheckKinds(ground, cluster);
        if (network.Modes.Contains(PodMode.EniConfig))
        {
            CheckInterfaces(ground);
            CheckOverrides(ground);
            CheckForeignEniConfigs(ground, network);
        }
        if (network.SubnetRoles.Any(role => !role.IsOffered))
        {
            CheckInterfaces(ground);
            CheckMaxPods(ground, network);
        }
    }

    private static void CheckKinds(Ground ground, SeenCluster cluster)
    {
        Say(DesignCodes.Windows, node => node.IsWindows, "Windows nodes", "custom networking does not exist there; their pods keep addresses of the node's subnet");
        Say(DesignCodes.Fargate, node => node.IsFargate, "Fargate nodes", "their pods take addresses from the Fargate profile's subnets, whatever ENIConfigs say");
        Say(DesignCodes.Hybrid, node => node.IsHybrid, "hybrid nodes", "they are not in the VPC, and another CNI serves them");
        if (!ground.Modes.Contains(Spec.PodMode.AutoMode))
        {
            Say(DesignCodes.AutoNodes, node => node.IsAuto, "Auto Mode nodes", "they read no ENIConfig; 'mode: [eniConfig, autoMode]' moves their pods too");
        }

        var windows = ground.Cloud.Nodegroups.FirstOrDefault(nodegroup => nodegroup.AmiType.StartsWith("WINDOWS_", StringComparison.Ordinal));
        if (windows is not null && !ground.Nodes.Any(node => node.Label("kubernetes.io/os") == "windows"))
        {
            ground.Report.Warning(DesignCodes.Windows, windows.Name, Path, $"Node group {windows.Name} is for Windows: custom networking does not exist there; its pods keep addresses of the node's subnet.", "Size the node subnets for them.");
        }

        void Say(string code, Func<SeenNode, bool> matches, string kind, string what)
        {
            var count = ground.Nodes.Count(matches);
            if (count > 0)
            {
                ground.Report.Warning(code, cluster.Name, Path, $"{count} of {ground.Nodes.Count} nodes are {kind}: {what}.", "Size the subnets that they do use for their pods.");
            }
        }
    }

    // Source: amazon-vpc-cni-k8s: custom networking keeps pods off the primary interface, security groups for pods take another for the trunk (#2792).
    private static void CheckInterfaces(Ground ground)
    {
        var needed = CniEnv.IsTrue(ground.Written(CniEnv.PodInterfaces) ?? ground.Running(CniEnv.PodInterfaces)) ? 3 : 2;
        foreach (var name in NodeTypes.Of(ground))
        {
            if (NodeTypes.Find(ground, name) is { } type && type.Interfaces < needed)
            {
                ground.Report.Error(DesignCodes.TooFewInterfaces, name, Path, $"{name} takes {type.Interfaces} network interface{(type.Interfaces == 1 ? "" : "s")}, and {needed} are needed: one for the node{(needed == 3 ? ", one as trunk for security groups for pods," : "")} and one for pods. Such nodes would run none.", "Replace the type in its node group.");
            }
        }
    }

    // EKS takes one interface off for custom networking, and knows nothing of closed subnets (UNCONFIRMED, as all that is known of its calculation).
    private static void CheckMaxPods(Ground ground, Network network)
    {
        var prefixes = network.Cni?.Env.Contains(new(CniEnv.PrefixDelegation, "true")) is true;
        foreach (var name in ground.Cloud.Nodegroups.Where(group => group.AmiType != "CUSTOM").SelectMany(group => group.InstanceTypes).Distinct())
        {
            if (NodeTypes.Find(ground, name) is not { } type)
            {
                continue;
            }
            var limits = new InstanceLimits(type.Name, type.Interfaces, type.AddressesPerInterface, type.VCpus, type.Hypervisor, type.IsBareMetal);
            var (told, fit) = (MaxPods.OfManagedNode(limits, customNetworking: false, prefixes), MaxPods.Uncapped(limits, customNetworking: true, prefixes) ?? MaxPods.OnHostNetwork);
            if (told > fit)
            {
                ground.Report.Error(DesignCodes.TooManyPods, name, "spec.mode", $"A managed {name} is told to take {told} pods, and without its own subnet it has addresses for {fit}: those beyond would hang in ContainerCreating.",
                    "Set 'cni.prefixDelegation: true', or use mode: eniConfig, for which EKS takes one interface off.");
            }
        }
    }

    // Looked up in this order: label externalEniConfig, annotation, then the label that we set. Source: amazon-vpc-cni-k8s, pkg/eniconfig.
    private static void CheckOverrides(Ground ground)
    {
        var annotation = ground.Written(CniEnv.EniConfigAnnotation) ?? ground.Running(CniEnv.EniConfigAnnotation) ?? "k8s.amazonaws.com/eniConfig";
        foreach (var node in ground.CniNodes)
        {
            var named = node.Label("vpc.amazonaws.com/externalEniConfig") ?? node.Annotations.Where(seen => seen.Key == annotation).Select(seen => seen.Value).FirstOrDefault();
            if (named is not null && named != node.Zone)
            {
                ground.Report.Warning(DesignCodes.NodeOverrides, node.Name, Path, $"Node {node.Name} names the ENIConfig \"{named}\" itself, by label or annotation, which beats the one of its zone {node.Zone}.", $"Take it off, in the node group's labels too:\n  kubectl annotate node {node.Name} {annotation}-");
            }
        }
        foreach (var node in ground.CniNodes.Where(node => node.Zone.Length == 0))
        {
            ground.Report.Warning(DesignCodes.NodeOverrides, node.Name, Path, $"Node {node.Name} has no label {CniEnv.ZoneLabel}, so no ENIConfig is found for it.", "Wait until the cloud controller has labelled it, or label it.");
        }
    }

    private static void CheckForeignEniConfigs(Ground ground, Network network)
    {
        // Objects that others write are left to them; only the add-on cannot leave out a zone.
        foreach (var wanted in network.Cni is { Writer: EniConfigWriter.Addon } && ground.Spec.Owners.Cni == Owner.Podspace ? network.EniConfigs : [])
        {
            var foreign = ground.Actual.Ids.ForeignEniConfigs.FirstOrDefault(config => config.Zone == wanted.Zone);
            var seen = ground.Inventory.Cluster?.EniConfigs.FirstOrDefault(config => config.Name == wanted.Zone);
            if (foreign is null || foreign == wanted || seen?.Managers.Contains("eks") is true)
            {
                continue;
            }
            ground.Report.Error(DesignCodes.EniConfigTaken, wanted.Zone, $"spec.subnets.existing.{wanted.Zone}",
                $"ENIConfig {wanted.Zone} is there, is not ours, and names {foreign.Subnet} with [{string.Join(", ", foreign.Groups)}], where {wanted.Subnet} with [{string.Join(", ", wanted.Groups)}] is wanted.",
                $"Delete it so that ours can take its place, or name its subnet and groups in 'spec.subnets.existing' and 'spec.security.pods':\n  kubectl get eniconfig {wanted.Zone} -o yaml");
        }
    }
}
