using System.Text.Json.Nodes;
using Podspace.Cni;
using Podspace.Model;
using Podspace.Nodes.Launching;
using Podspace.Simulation.Kubernetes;
using Podspace.Simulation.State;

namespace Podspace.Simulation.Nodes;

/// <summary>Instances become Node objects, and these go when their instance is gone.</summary>
internal sealed class NodeObjects(World world)
{
    private const string TypeLabel = "node.kubernetes.io/instance-type";

    // The kubelet's own words, which people search for.
    private const string NoNetwork =
        "container runtime network not ready: NetworkReady=false reason:NetworkPluginNotReady message:Network plugin "
        + "returns error: cni plugin not initialized";

    public static string ClusterTag(string cluster) => $"kubernetes.io/cluster/{cluster}";

    /// <summary>The instance's id, from <c>aws:///eu-west-1b/i-…</c>; null for nodes that are none of EC2's.</summary>
    public static string? InstanceOf(JsonObject node) =>
        node.Text("spec", "providerID") is { } provider && provider.StartsWith("aws:///", StringComparison.Ordinal)
            ? provider[(provider.LastIndexOf('/') + 1)..]
            : null;

    /// <summary>Running instances of the cluster that are not nodes yet.</summary>
    public IEnumerable<Instance> Newcomers(Cluster cluster)
    {
        var tag = ClusterTag(cluster.Name);
        var joined = world.Objects.List("v1", "nodes").Select(InstanceOf).ToHashSet();
        return world.State.Aws.Instances.Where(instance =>
            instance.State == "running"
            && !joined.Contains(instance.InstanceId)
            && instance.Tags.Exists(found => found.Key == tag && found.Value == "owned")
            && IsAdmitted(cluster, instance)
        );
    }

    /// <summary>A node of Auto Mode whose role has no access entry starts, and never joins.
    /// Source: EKS User Guide, "Create a Node Class".</summary>
    private bool IsAdmitted(Cluster cluster, Instance instance) =>
        instance.Tags.Find(tag => tag.Key == AutoClaims.ClassTag) is not { } named
        || (
            world.Objects.Find(NodeClassStatus.Api, "nodeclasses", null, named.Value)?.Text("spec", "role") is { } role
            && world.Eks.AdmitsAutoNodes(cluster, role)
        );

    /// <summary>The kubelet on a new instance says hello.</summary>
    public void Join(string instanceId)
    {
        var cluster = world.State.Aws.Clusters.FirstOrDefault();
        if (
            cluster is not null
            && Newcomers(cluster).FirstOrDefault(found => found.InstanceId == instanceId) is { } instance
            && world.Compute.PrimaryOf(instanceId) is { PrivateIpAddresses: [var address, ..] }
        )
        {
            var manifest = Manifest(cluster, instance, address);
            if (AutoClaims.For(world, instanceId) is { } claim)
            {
                Dress(manifest, claim, instanceId);
            }
            if (world.Objects.Find("v1", "nodes", null, manifest.Name()) is null)
            {
                world.Objects.Create("v1", "nodes", manifest, Managers.Kubelet);
            }
        }
    }

    /// <summary>A node that shuts down is not ready; one whose instance is terminated goes, with its pods.
    /// A node whose instance the world does not know stays.</summary>
    public void Leave()
    {
        foreach (var node in world.Objects.List("v1", "nodes"))
        {
            var id = InstanceOf(node);
            switch (world.State.Aws.Instances.Find(instance => instance.InstanceId == id)?.State)
            {
                case "terminated":
                    Remove(node);
                    break;
                case "shutting-down" when node.IsReady():
                    SetReady(node, false, "node is shutting down");
                    break;
            }
        }
    }

    /// <summary>Ready once the CNI has something to give. A node that was ready stays so: its CNI configuration is written.</summary>
    public void SetReady(NodeView view)
    {
        if (!view.IsReady && view.CanBeReady)
        {
            SetReady(view.Node, true, "kubelet is posting ready status");
        }
    }

    private void SetReady(JsonObject node, bool ready, string message)
    {
        var changed = node.Clone();
        changed.SetCondition(
            "Ready",
            ready ? "True" : "False",
            ready ? "KubeletReady" : "KubeletNotReady",
            message,
            world.Clock.GetUtcNow()
        );
        world.Objects.Update("v1", "nodes", changed, Managers.Kubelet, "status");
    }

    private void Remove(JsonObject node)
    {
        foreach (var pod in world.Objects.List("v1", "pods").Where(pod => pod.Text("spec", "nodeName") == node.Name()))
        {
            world.Objects.Delete("v1", "pods", pod.Namespace(), pod.Name());
        }
        world.Objects.Delete("v1", "nodes", null, node.Name());
    }

    private JsonObject Manifest(Cluster cluster, Instance instance, string address)
    {
        var zone = world.Compute.ZoneOf(instance.InstanceId)!;
        var group = world.State.Aws.Nodegroups.Find(group =>
            instance.Tags.Exists(tag => tag.Key == NodeGroups.GroupTag && tag.Value == group.NodegroupName)
        );
        var name = Name(address);
        var type = world.Compute.FindType(instance.InstanceType);
        var sibling = world.Objects.List("v1", "nodes").FirstOrDefault(node => node.Label(TypeLabel) == instance.InstanceType);
        var architecture = group?.AmiType.Contains("ARM", StringComparison.Ordinal) is true ? "arm64" : "amd64";
        var manifest = new JsonObject
        {
            ["apiVersion"] = "v1",
            ["kind"] = "Node",
            ["metadata"] = new JsonObject { ["name"] = name, ["labels"] = Labels(instance, group, zone, name, architecture) },
            ["spec"] = new JsonObject { ["providerID"] = $"aws:///{zone}/{instance.InstanceId}" },
            ["status"] = new JsonObject
            {
                ["addresses"] = Addresses(("InternalIP", address), ("InternalDNS", name), ("Hostname", name)),
                ["capacity"] = Amounts(sibling, "capacity", type, group),
                ["allocatable"] = Amounts(sibling, "allocatable", type, group),
                ["nodeInfo"] = sibling?.At("status", "nodeInfo")?.DeepClone() ?? NodeInfo(cluster, architecture),
            },
        };
        var now = world.Clock.GetUtcNow();
        manifest.SetCondition("MemoryPressure", "False", "KubeletHasSufficientMemory", "kubelet has sufficient memory available", now);
        manifest.SetCondition("DiskPressure", "False", "KubeletHasNoDiskPressure", "kubelet has no disk pressure", now);
        manifest.SetCondition("PIDPressure", "False", "KubeletHasSufficientPID", "kubelet has sufficient PID available", now);
        manifest.SetCondition("Ready", "False", "KubeletNotReady", NoNetwork, now);
        return manifest;
    }

    /// <summary>Nodes of Auto Mode are named as their instance, and carry what their claim says.</summary>
    private static void Dress(JsonObject manifest, JsonObject claim, string instanceId)
    {
        manifest.Put(instanceId, "metadata", "name");
        manifest.Put(instanceId, "metadata", "labels", "kubernetes.io/hostname");
        foreach (var (key, value) in claim.Map("metadata", "labels"))
        {
            manifest.Put(value, "metadata", "labels", key);
        }
        var owner = PodTemplate.OwnerReference(claim);
        owner.Remove("controller");
        manifest.Put(new JsonArray(owner), "metadata", "ownerReferences");
        if (claim.At("spec", "taints") is { } taints)
        {
            manifest.Put(taints.DeepClone(), "spec", "taints");
        }
        foreach (var which in (string[])["capacity", "allocatable"])
        {
            manifest.Put(claim.Text("status", "capacity", "pods"), "status", which, "pods");
        }
        manifest.Put("Bottlerocket (EKS Auto)", "status", "nodeInfo", "osImage");
    }

    /// <summary>As EC2's private DNS names are made: us-east-1 has a domain of its own. Source:
    /// VPC User Guide, "DNS attributes for your VPC".</summary>
    private string Name(string address) =>
        $"ip-{address.Replace('.', '-')}."
        + $"{(world.State.Aws.Region == "us-east-1" ? "ec2.internal" : $"{world.State.Aws.Region}.compute.internal")}";

    private JsonObject Labels(Instance instance, Nodegroup? group, string zone, string name, string architecture)
    {
        var labels = new JsonObject
        {
            ["kubernetes.io/arch"] = architecture,
            ["kubernetes.io/hostname"] = name,
            ["kubernetes.io/os"] = "linux",
            [TypeLabel] = instance.InstanceType,
            ["topology.kubernetes.io/region"] = world.State.Aws.Region,
            [CniEnv.ZoneLabel] = zone,
        };
        if (group is not null)
        {
            labels[NodeGroups.GroupLabel] = group.NodegroupName;
            labels["eks.amazonaws.com/capacityType"] = "ON_DEMAND";
            foreach (var (key, value) in group.Labels)
            {
                labels[key] = value;
            }
        }
        return labels;
    }

    private static JsonArray Addresses(params IEnumerable<(string Type, string Address)> addresses) =>
        new([.. addresses.Select(entry => new JsonObject { ["address"] = entry.Address, ["type"] = entry.Type })]);

    /// <summary>As a node of the same type has them: the world knows no memory sizes. The pods are its own.</summary>
    private JsonObject Amounts(JsonObject? sibling, string which, InstanceType type, Nodegroup? group)
    {
        var amounts = (sibling?.At("status", which) as JsonObject)?.Clone() ?? new JsonObject { ["cpu"] = type.DefaultVCpus.ToString() };
        amounts["pods"] = PodsOf(type, group).ToString();
        return amounts;
    }

    /// <summary>Fixed when the kubelet starts: a later change of the CNI does not move it.</summary>
    /// <remarks>
    /// A managed group without an AMI of its own follows what the CNI is set to (third-party
    /// knowledge, UNCONFIRMED; see <see cref="MaxPods.OfManagedNode"/>);
    /// one with an AMI of its own what its launch template says, and all others what the AMI's
    /// own formula says, which knows nothing of the CNI.
    /// </remarks>
    private int PodsOf(InstanceType type, Nodegroup? group)
    {
        var limits = new InstanceLimits(
            type.Name,
            type.MaximumNetworkInterfaces,
            type.Ipv4AddressesPerInterface,
            type.DefaultVCpus,
            type.Hypervisor,
            type.BareMetal
        );
        if (group is null or { AmiType: "CUSTOM" })
        {
            return Launches.PodsOn(limits, TemplateOf(group) is { } template ? UserData.Read(template.UserData) : new ToldPods.Unknown(""))
                ?? MaxPodsExpression.Standard(limits);
        }
        var settings = NodeViews.SettingsIn(world) ?? new();
        return MaxPods.OfManagedNode(limits, settings.CustomNetworking, settings.PrefixDelegation);
    }

    private LaunchTemplateData? TemplateOf(Nodegroup? group) =>
        group?.LaunchTemplate is not { } named
            ? null
            : world
                .State.Aws.LaunchTemplateVersions.Find(one =>
                    (one.LaunchTemplateId == named.Id || one.LaunchTemplateName == named.Name)
                    && one.VersionNumber.ToString() == named.Version
                )
                ?.LaunchTemplateData;

    private static JsonObject NodeInfo(Cluster cluster, string architecture) =>
        new()
        {
            ["architecture"] = architecture,
            ["containerRuntimeVersion"] = "containerd://1.7.27",
            ["kernelVersion"] = "6.1.141-155.222.amzn2023",
            ["kubeProxyVersion"] = $"v{cluster.Version}.0",
            ["kubeletVersion"] = $"v{cluster.Version}.0",
            ["operatingSystem"] = "linux",
            ["osImage"] = "Amazon Linux 2023",
        };
}
