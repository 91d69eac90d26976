using System.Text.Json.Nodes;
using Podspace.Simulation;
using Podspace.Simulation.Kubernetes;
using Podspace.Simulation.Nodes;
using Podspace.Simulation.State;

namespace Podspace.Tests.Simulation.Nodes;

/// <summary>The crowded VPC, made ready for pods in 100.64.0.0/16, and what can happen to its nodes.</summary>
internal sealed class NodeStory
{
    public const string ZoneB = "eu-west-1b";
    public const string ZoneC = "eu-west-1c";

    public NodeStory()
    {
        World = Worlds.Crowded();
        var vpc = World.State.Aws.Vpcs[0].VpcId;
        World.State.Aws.Vpcs[0].CidrBlockAssociationSet.Add(new() { AssociationId = "vpc-cidr-assoc-0pods", CidrBlock = "100.64.0.0/16" });
        World.State.Aws.Subnets.Add(
            new()
            {
                SubnetId = PodSubnet(ZoneB),
                VpcId = vpc,
                CidrBlock = "100.64.0.0/18",
                AvailabilityZone = ZoneB,
            }
        );
        World.State.Aws.Subnets.Add(
            new()
            {
                SubnetId = PodSubnet(ZoneC),
                VpcId = vpc,
                CidrBlock = "100.64.64.0/18",
                AvailabilityZone = ZoneC,
            }
        );
        Rest();
    }

    public World World { get; }

    public Nodegroup Group => World.State.Aws.Nodegroups[0];

    public IReadOnlyList<JsonObject> Nodes => [.. World.Objects.List("v1", "nodes")];

    public IReadOnlyList<JsonObject> Pods => [.. World.Objects.List("v1", "pods").Where(pod => !pod.OnHostNetwork())];

    public static string PodSubnet(string zone) => $"subnet-pods-{zone}";

    public static string Zone(JsonObject node) => node.Label("topology.kubernetes.io/zone")!;

    public static string Instance(JsonObject node) => NodeObjects.InstanceOf(node)!;

    public JsonObject Node(string zone) => Nodes.First(node => Zone(node) == zone);

    public JsonObject Pod(string name) => World.Objects.Find("v1", "pods", "test", name)!;

    /// <summary>A second of world time, which is enough for everything that nodes do.</summary>
    public void Rest()
    {
        World.Do(() => 0);
        World.Advance(TimeSpan.FromSeconds(1));
    }

    public void Do(Action act)
    {
        World.Do(() =>
        {
            act();
            return 0;
        });
        Rest();
    }

    public void Terminate(JsonObject node) => Do(() => World.Compute.TerminateInstances([Instance(node)]));

    public void Resize(int size) =>
        Do(() =>
        {
            Group.ScalingConfig.DesiredSize = size;
            World.Record("eks", "UpdateNodegroupConfig", Group.NodegroupName);
        });

    public void Switch(params (string Name, string Value)[] env) =>
        Do(() =>
        {
            var changed = World.Objects.Find("apps/v1", "daemonsets", "kube-system", "aws-node")!.Clone();
            var container = changed
                .Items("spec", "template", "spec", "containers")
                .First(container => container.Text("name") is "aws-node");
            var settings = (JsonArray)container["env"]!;
            foreach (var (name, value) in env)
            {
                if (settings.OfType<JsonObject>().FirstOrDefault(setting => setting.Text("name") == name) is { } old)
                {
                    settings.Remove(old);
                }
                settings.Add((JsonNode)new JsonObject { ["name"] = name, ["value"] = value });
            }
            World.Objects.Update("apps/v1", "daemonsets", changed, "test");
        });

    public void SwitchToCustomNetworking(string prefixes = "false") =>
        Switch(
            ("AWS_VPC_K8S_CNI_CUSTOM_NETWORK_CFG", "true"),
            ("ENI_CONFIG_LABEL_DEF", "topology.kubernetes.io/zone"),
            ("ENABLE_PREFIX_DELEGATION", prefixes)
        );

    public void AddEniConfig(string name, string subnet, params string[] groups) =>
        Do(() =>
            World.Objects.Create(
                "crd.k8s.amazonaws.com/v1alpha1",
                "eniconfigs",
                new()
                {
                    ["metadata"] = new JsonObject { ["name"] = name },
                    ["spec"] = new JsonObject
                    {
                        ["subnet"] = subnet,
                        ["securityGroups"] = new JsonArray([.. groups.Select(group => JsonValue.Create(group))]),
                    },
                },
                "test"
            )
        );

    public void AddEniConfigs()
    {
        AddEniConfig(ZoneB, PodSubnet(ZoneB));
        AddEniConfig(ZoneC, PodSubnet(ZoneC));
    }

    public void AddPods(JsonObject node, int count, string prefix = "pod") =>
        Do(() =>
        {
            for (var number = 0; number < count; number++)
            {
                World.Objects.Create("v1", "pods", PodOn(node, $"{prefix}-{number}"), "test");
            }
        });

    public void Cordon(JsonObject node, bool cordoned = true) =>
        Do(() =>
        {
            var changed = World.Objects.Find("v1", "nodes", null, node.Name())!.Clone();
            changed.Put(cordoned, "spec", "unschedulable");
            World.Objects.Update("v1", "nodes", changed, "test");
        });

    public IReadOnlyList<NetworkInterface> Interfaces(JsonObject node) => [.. World.Compute.InterfacesOf(Instance(node))];

    /// <summary>No address twice, and each on an interface of the pod's own node.</summary>
    public void AssertAddressesAreSound()
    {
        var pods = Pods.Where(pod => pod.Text("status", "podIP") is not null && !pod.HasEnded()).ToList();
        Assert.Equal(pods.Count, pods.Select(pod => pod.Text("status", "podIP")).Distinct().Count());
        foreach (var pod in pods)
        {
            var node = World.Objects.Find("v1", "nodes", null, pod.Text("spec", "nodeName")!);
            Assert.NotNull(node);
            Assert.Contains(
                pod.Text("status", "podIP")!,
                Interfaces(node)
                    .SelectMany(found => found.PrivateIpAddresses.Skip(1).Concat(found.Ipv4Prefixes.SelectMany(NodeView.AddressesIn)))
            );
        }
        var all = World
            .State.Aws.NetworkInterfaces.SelectMany(found =>
                found.PrivateIpAddresses.Concat(found.Ipv4Prefixes.SelectMany(NodeView.AddressesIn))
            )
            .ToList();
        Assert.Equal(all.Count, all.Distinct().Count());
    }

    private static JsonObject PodOn(JsonObject node, string name) =>
        new()
        {
            ["metadata"] = new JsonObject { ["name"] = name, ["namespace"] = "test" },
            ["spec"] = new JsonObject
            {
                ["nodeName"] = node.Name(),
                ["containers"] = new JsonArray(new JsonObject { ["name"] = "main", ["image"] = "registry.shop.example/test:1" }),
            },
        };
}
