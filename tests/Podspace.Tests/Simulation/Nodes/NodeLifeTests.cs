using CsCheck;
using Podspace.Simulation.Kubernetes;
using Podspace.Simulation.Nodes;
using static Podspace.Tests.Simulation.Nodes.NodeStory;

namespace Podspace.Tests.Simulation.Nodes;

[Trait("speed", "slow")]
public sealed class NodeLifeTests
{
    [Fact]
    public void A_world_at_rest_stays_as_it_is()
    {
        var world = Worlds.Crowded();
        world.Do(() => 0);
        world.Advance(TimeSpan.FromSeconds(1));
        Assert.DoesNotContain(world.State.History, entry => entry.By == "ec2");
        Assert.Null(world.NextDue);
    }

    [Fact]
    public void A_terminated_node_is_replaced_in_its_zone()
    {
        var story = new NodeStory();
        var old = story.Node(ZoneC);
        story.Terminate(old);
        Assert.Equal(6, story.Nodes.Count);
        Assert.DoesNotContain(story.Nodes, node => Instance(node) == Instance(old));
        Assert.Equal(3, story.Nodes.Count(node => Zone(node) == ZoneC));
        Assert.DoesNotContain(story.Pods, pod => pod.Text("spec", "nodeName") == old.Name());
        Assert.DoesNotContain(story.World.State.Aws.NetworkInterfaces, found => found.Attachment?.InstanceId == Instance(old));
        Assert.Equal("terminated", story.World.Compute.FindInstance(Instance(old)).State);
    }

    [Fact]
    public void A_new_node_looks_as_the_cloud_controller_and_the_kubelet_make_it()
    {
        var story = new NodeStory();
        var before = story.Nodes.Select(node => node.Name()).ToHashSet();
        story.Resize(7);
        var node = Assert.Single(story.Nodes, node => !before.Contains(node.Name()));
        var primary = story.World.Compute.PrimaryOf(Instance(node))!;
        var name = $"ip-{primary.PrivateIpAddresses[0].Replace('.', '-')}.eu-west-1.compute.internal";
        Assert.Equal(name, node.Name());
        Assert.Equal($"aws:///{ZoneB}/{Instance(node)}", node.Text("spec", "providerID"));
        Assert.Equal(
            ("m5.large", "linux", "amd64", name, ZoneB, "eu-west-1", "workers"),
            (
                node.Label("node.kubernetes.io/instance-type"),
                node.Label("kubernetes.io/os"),
                node.Label("kubernetes.io/arch"),
                node.Label("kubernetes.io/hostname"),
                Zone(node),
                node.Label("topology.kubernetes.io/region"),
                node.Label("eks.amazonaws.com/nodegroup")
            )
        );
        Assert.True(node.IsReady());
        Assert.Equal(["sg-08573594d51163fc9"], primary.Groups);
    }

    [Fact]
    public void A_new_node_takes_its_ENIConfig_and_its_pods_get_addresses_of_the_overlay()
    {
        var story = new NodeStory();
        story.AddEniConfigs();
        story.SwitchToCustomNetworking();
        story.Terminate(story.Node(ZoneB));
        var node = story.Nodes.Single(node => node.Text("status", "capacity", "pods") is "20");
        story.AddPods(node, 10);

        Assert.Equal(ZoneB, Zone(node));
        Assert.All(story.Interfaces(node).Skip(1), found => Assert.Equal(PodSubnet(ZoneB), found.SubnetId));
        Assert.Equal(["sg-08573594d51163fc9"], story.Interfaces(node)[1].Groups);
        Assert.Equal($"aws-K8S-{Instance(node)}", story.Interfaces(node)[1].Description);
        Assert.Single(story.Interfaces(node)[0].PrivateIpAddresses);
        Assert.Equal((3, 20), (story.Interfaces(node).Count, story.Interfaces(node).Skip(1).Sum(found => found.PrivateIpAddresses.Count)));
        Assert.All(
            story.Pods.Where(pod => pod.Namespace() == "test"),
            pod =>
            {
                Assert.StartsWith("100.64.", pod.Text("status", "podIP"));
                Assert.Equal(("Running", true), (pod.Text("status", "phase"), pod.IsReady()));
            }
        );
        story.AssertAddressesAreSound();
    }

    [Fact]
    public void With_prefixes_a_node_takes_whole_blocks_and_more_pods()
    {
        var story = new NodeStory();
        story.AddEniConfigs();
        story.SwitchToCustomNetworking(prefixes: "true");
        story.Resize(7);
        var node = story.Nodes.Single(node => node.Text("status", "capacity", "pods") is "110");
        story.AddPods(node, 40);
        Assert.Equal(4, story.Interfaces(node).Sum(found => found.Ipv4Prefixes.Count));
        Assert.All(story.Pods.Where(pod => pod.Namespace() == "test"), pod => Assert.StartsWith("100.64.", pod.Text("status", "podIP")));
        story.AssertAddressesAreSound();
    }

    [Fact]
    public void A_zone_without_ENIConfig_leaves_its_node_not_ready_until_there_is_one()
    {
        var story = new NodeStory();
        story.AddEniConfig(ZoneB, PodSubnet(ZoneB));
        story.AddEniConfig("default", PodSubnet(ZoneB));
        story.SwitchToCustomNetworking();
        story.Terminate(story.Node(ZoneC));
        var node = Assert.Single(story.Nodes, node => !node.IsReady());
        Assert.Equal(ZoneC, Zone(node));
        Assert.Contains(
            "NetworkPluginNotReady",
            node.Items("status", "conditions").Single(condition => condition.Text("type") is "Ready").Text("message")
        );

        story.AddEniConfig(ZoneC, PodSubnet(ZoneC));
        Assert.All(story.Nodes, other => Assert.True(other.IsReady()));
    }

    [Theory]
    [InlineData("subnet-pods-eu-west-1b")]
    [InlineData("subnet-0000000000000dead")]
    public void An_ENIConfig_that_AWS_cannot_follow_leaves_its_node_not_ready_and_nothing_behind(string subnet)
    {
        var story = new NodeStory();
        story.AddEniConfig(ZoneB, PodSubnet(ZoneB));
        story.AddEniConfig(ZoneC, subnet);
        story.SwitchToCustomNetworking();
        story.Terminate(story.Node(ZoneC));
        var node = Assert.Single(story.Nodes, node => !node.IsReady());
        Assert.Single(story.Interfaces(node));
        Assert.DoesNotContain(story.World.State.Aws.NetworkInterfaces, found => found.Status == "available");
    }

    [Fact]
    public void An_old_node_keeps_its_addresses_and_takes_further_interfaces_from_the_pod_subnet()
    {
        var story = new NodeStory();
        var node = story.Node(ZoneB);
        story.World.State.Aws.InstanceTypes[0].MaximumNetworkInterfaces = 4;
        story.AddEniConfigs();
        story.SwitchToCustomNetworking();
        var before = story.Pods.ToDictionary(pod => pod.Name(), pod => pod.Text("status", "podIP"));
        var old = story.Interfaces(node).SelectMany(found => found.PrivateIpAddresses).ToList();
        story.AddPods(node, 25 - story.Pods.Count(pod => pod.Text("spec", "nodeName") == node.Name()));

        Assert.Equal("29", node.Text("status", "capacity", "pods"));
        Assert.Equal(PodSubnet(ZoneB), story.Interfaces(node)[^1].SubnetId);
        Assert.Subset(story.Interfaces(node).SelectMany(found => found.PrivateIpAddresses).ToHashSet(), old.ToHashSet());
        Assert.All(before, pod => Assert.Equal(pod.Value, story.Pods.Single(now => now.Name() == pod.Key).Text("status", "podIP")));
        Assert.Contains(
            story.Pods.Where(pod => pod.Namespace() == "test"),
            pod => pod.Text("status", "podIP")!.StartsWith("10.196.", StringComparison.Ordinal)
        );
        story.AssertAddressesAreSound();
    }

    [Fact]
    public void A_pod_for_which_there_is_no_address_waits_and_says_so_once()
    {
        var story = new NodeStory();
        var node = story.Node(ZoneB);
        story.AddPods(node, 40);
        story.AddPods(story.Node(ZoneC), 1, "other");
        var waiting = story.Pods.Where(pod => pod.Text("status", "podIP") is null && !pod.HasEnded()).ToList();
        var complaints = story
            .World.Objects.List("v1", "events", "test")
            .Where(seen => seen.Text("message")!.Contains("failed to assign an IP address to container"))
            .ToList();
        Assert.NotEmpty(waiting);
        Assert.All(
            waiting,
            pod => Assert.Equal("ContainerCreating", pod.Items("status", "containerStatuses").Single().Text("state", "waiting", "reason"))
        );
        Assert.Equal(waiting.Select(pod => pod.Uid()).Order(), complaints.Select(seen => seen.Text("involvedObject", "uid")).Order());

        story.Do(() =>
        {
            foreach (
                var pod in story
                    .Pods.Where(pod => pod.Text("spec", "nodeName") == node.Name() && pod.Text("status", "podIP") is not null)
                    .ToList()
            )
            {
                story.World.Objects.Delete("v1", "pods", pod.Namespace(), pod.Name());
            }
        });
        Assert.All(waiting, pod => Assert.NotNull(story.Pod(pod.Name()).Text("status", "podIP")));
        story.AssertAddressesAreSound();
    }

    [Theory]
    [InlineData("AL2023_x86_64_STANDARD", "false", "29", "20")]
    [InlineData("AL2023_x86_64_STANDARD", "true", "29", "110")]
    [InlineData("CUSTOM", "true", "29", "29")]
    public void Max_pods_follows_the_switch_where_EKS_decides_it(string amiType, string prefixes, string before, string after)
    {
        var story = new NodeStory();
        story.Group.AmiType = amiType;
        story.AddEniConfigs();
        story.SwitchToCustomNetworking(prefixes);
        var old = story.Nodes.Select(node => node.Name()).ToHashSet();
        story.Resize(7);
        Assert.All(story.Nodes, node => Assert.Equal(old.Contains(node.Name()) ? before : after, node.Text("status", "capacity", "pods")));
    }

    [Theory]
    [InlineData("vpc.amazonaws.com/externalEniConfig", null, ZoneC)]
    [InlineData(null, "k8s.amazonaws.com/eniConfig", ZoneC)]
    [InlineData(null, null, ZoneB)]
    public void Which_ENIConfig_a_node_takes_follows_its_label_then_annotation_then_zone(string? label, string? annotation, string expected)
    {
        var node = new NodeStory().Node(ZoneB).Clone();
        if (label is not null)
        {
            node.Put(ZoneC, "metadata", "labels", label);
        }
        if (annotation is not null)
        {
            node.Put(ZoneC, "metadata", "annotations", annotation);
        }
        var view = new NodeView(node, new(), null, [], 0, [], null);
        Assert.Equal(expected, NodeAgent.EniConfigName(view, new() { EniConfigLabel = "topology.kubernetes.io/zone" }));
        Assert.Equal(label is null && annotation is null ? "default" : ZoneC, NodeAgent.EniConfigName(view, new()));
    }

    [Fact]
    public void A_smaller_group_loses_a_node_of_the_fullest_zone()
    {
        var story = new NodeStory();
        story.Resize(7);
        story.Resize(5);
        Assert.Equal(5, story.Nodes.Count);
        Assert.Equal(1, Math.Abs(story.Nodes.Count(node => Zone(node) == ZoneB) - story.Nodes.Count(node => Zone(node) == ZoneC)));
    }

    [Fact]
    public void No_address_is_given_twice_and_each_lies_on_an_interface_of_its_node_whatever_happens() =>
        Gen.Select(Gen.Int[0, 7], Gen.Int[0, 1000])
            .Array[3, 12]
            .Sample(
                events =>
                {
                    var story = new NodeStory();
                    for (var number = 0; number < events.Length; number++)
                    {
                        Happen(story, events[number].Item1, events[number].Item2, $"pod{number}");
                        story.AssertAddressesAreSound();
                    }
                },
                iter: 25
            );

    private static void Happen(NodeStory story, int what, int pick, string name)
    {
        var node = story.Nodes[pick % story.Nodes.Count];
        switch (what)
        {
            case 0:
                story.Resize(4 + (pick % 5));
                break;
            case 1:
                story.Cordon(node, pick % 2 == 0);
                break;
            case 2:
                story.Terminate(node);
                break;
            case 3:
                story.SwitchToCustomNetworking(pick % 2 == 0 ? "true" : "false");
                break;
            case 4:
                story.Switch(("AWS_VPC_K8S_CNI_CUSTOM_NETWORK_CFG", "false"), ("WARM_IP_TARGET", pick % 3 == 0 ? "2" : ""));
                break;
            case 5 when story.World.Objects.Find("crd.k8s.amazonaws.com/v1alpha1", "eniconfigs", null, ZoneB) is null:
                story.AddEniConfigs();
                break;
            case 6 when story.Pods.Count > 0:
                var pod = story.Pods[pick % story.Pods.Count];
                story.Do(() => story.World.Objects.Delete("v1", "pods", pod.Namespace(), pod.Name()));
                break;
            default:
                story.AddPods(node, 1 + (pick % 12), name);
                break;
        }
    }
}
