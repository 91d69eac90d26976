using System.Text.Json.Nodes;
using Podspace.Cni;
using Podspace.Simulation.Kubernetes;
using Podspace.Simulation.State;

namespace Podspace.Simulation.Nodes;

/// <summary>Puts together what belongs to a node: object, instance, interfaces, pods.</summary>
internal sealed class NodeViews(World world)
{
    private readonly SubnetDiscovery discovery = new(world);
    private JsonObject? daemonSet;
    private IpamdSettings? settings;

    /// <summary>Nodes whose instance runs.</summary>
    public IReadOnlyList<NodeView> All()
    {
        var pods = world.Objects.List("v1", "pods").ToLookup(pod => pod.Text("spec", "nodeName"));
        var interfaces = world.State.Aws.NetworkInterfaces.ToLookup(found => found.Attachment?.InstanceId);
        var instances = world.State.Aws.Instances.ToDictionary(instance => instance.InstanceId);
        return
        [
            .. world
                .Objects.List("v1", "nodes")
                .Select(node =>
                    instances.GetValueOrDefault(NodeObjects.InstanceOf(node) ?? "") is { State: "running" } instance
                        ? View(node, instance, interfaces[instance.InstanceId], [.. pods[node.Name()]])
                        : null
                )
                .OfType<NodeView>(),
        ];
    }

    /// <summary>Null: there is no such node, or its instance does not run.</summary>
    public NodeView? Find(string name)
    {
        var node = world.Objects.Find("v1", "nodes", null, name);
        var id = node is null ? null : NodeObjects.InstanceOf(node);
        return world.State.Aws.Instances.Find(instance => instance.InstanceId == id) is { State: "running" } instance
            ? View(
                node!,
                instance,
                world.State.Aws.NetworkInterfaces.Where(found => found.Attachment?.InstanceId == id),
                [.. world.Objects.List("v1", "pods").Where(pod => pod.Text("spec", "nodeName") == name)]
            )
            : null;
    }

    /// <summary>What aws-node is set to; null when there is none. Read anew whenever the
    /// DaemonSet changes, which is when it restarts.</summary>
    public static IpamdSettings? SettingsIn(World world) =>
        world.Objects.Find("apps/v1", "daemonsets", "kube-system", "aws-node") is { } found ? Read(found) : null;

    private NodeView View(JsonObject node, Instance instance, IEnumerable<NetworkInterface> attached, IReadOnlyList<JsonObject> pods)
    {
        var all = attached.OrderBy(found => found.Attachment!.DeviceIndex).ToList();
        var managed = all.FindAll(found => !found.TagSet.Exists(tag => tag is { Key: "node.k8s.amazonaws.com/no_manage", Value: "true" }));
        var current = AutoAgent.IsAuto(node) ? AutoAgent.SettingsOf(world, node, managed) : Settings();
        return new(node, instance, world.Compute.TypeOrNull(instance.InstanceType), managed, all.Count - managed.Count, pods, current)
        {
            Excluded = current is null
                ? new HashSet<string>()
                : managed
                    .Where(found => discovery.IsExcluded(found.SubnetId, current))
                    .Select(found => found.NetworkInterfaceId)
                    .ToHashSet(),
        };
    }

    private IpamdSettings? Settings()
    {
        var found = world.Objects.Find("apps/v1", "daemonsets", "kube-system", "aws-node");
        if (!ReferenceEquals(found, daemonSet))
        {
            daemonSet = found;
            settings = found is null ? null : Read(found);
        }
        return settings;
    }

    private static IpamdSettings Read(JsonObject found)
    {
        var env = new Dictionary<string, string>(StringComparer.Ordinal);
        var container = found
            .Items("spec", "template", "spec", "containers")
            .FirstOrDefault(container => container.Text("name") is "aws-node");
        foreach (var setting in container.Items("env"))
        {
            env[setting.Text("name") ?? ""] = setting.Text("value") ?? "";
        }
        var image = container.Text("image") ?? "";
        var version = CniVersion.Parse(image[(image.LastIndexOf(':') + 1)..]);
        return IpamdSettings.From(env) with { KnowsExclusion = version is { } known && known.CompareTo(CniVersion.Exclusion) >= 0 };
    }
}
