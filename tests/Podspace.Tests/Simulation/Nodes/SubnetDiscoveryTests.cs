using System.Text.Json.Nodes;
using Podspace.Naming;
using Podspace.Simulation.Kubernetes;

namespace Podspace.Tests.Simulation.Nodes;

/// <summary>ipamd looks for subnets by their tags. Source: amazon-vpc-cni-k8s v1.23.1,
/// pkg/awsutils/awsutils.go; README.md, "CNI role tag".</summary>
public sealed class SubnetDiscoveryTests
{
    private readonly NodeStory story = new();

    [Fact]
    public void The_subnet_with_most_free_addresses_comes_first()
    {
        Version("v1.23.1");
        AddSubnet("subnet-small", "100.64.128.0/28", "1");
        Tag(NodeStory.PodSubnet(NodeStory.ZoneB), Tags.CniRole, "1");
        var node = NewNode();

        story.AddPods(node, 20);

        Assert.Contains(Added(node), subnet => subnet == NodeStory.PodSubnet(NodeStory.ZoneB));
        Assert.DoesNotContain("subnet-small", Added(node));
    }

    [Theory]
    [InlineData(null, false)]
    [InlineData("0", false)]
    [InlineData("1", true)]
    public void Another_subnet_than_the_nodes_own_needs_the_tag(string? role, bool isFound)
    {
        Version("v1.23.1");
        if (role is not null)
        {
            Tag(NodeStory.PodSubnet(NodeStory.ZoneB), Tags.CniRole, role);
        }
        var node = NewNode();

        story.AddPods(node, 20);

        Assert.Equal(isFound, Added(node).Contains(NodeStory.PodSubnet(NodeStory.ZoneB)));
    }

    [Theory]
    [InlineData("v1.23.1", "staging", false)]
    [InlineData("v1.23.1", "prod", true)]
    [InlineData("v1.20.4", "staging", true)]
    public void A_subnet_that_is_kept_for_clusters_is_found_by_those_alone_from_v1_22_1_on(string version, string cluster, bool isFound)
    {
        Version(version);
        Tag(NodeStory.PodSubnet(NodeStory.ZoneB), Tags.CniRole, "1");
        Tag(NodeStory.PodSubnet(NodeStory.ZoneB), Tags.CniCluster(cluster), "1");
        var node = NewNode();

        story.AddPods(node, 20);

        Assert.Equal(isFound, Added(node).Contains(NodeStory.PodSubnet(NodeStory.ZoneB)));
    }

    [Theory]
    [InlineData("v1.22.4", "true", true)]
    [InlineData("v1.21.1", "true", false)]
    [InlineData("v1.22.4", "false", false)]
    public void A_node_subnet_that_is_closed_gets_back_what_no_pod_has_from_v1_22_1_on(string version, string discovery, bool isClosed)
    {
        Version(version);
        story.Switch(("ENABLE_SUBNET_DISCOVERY", discovery));
        var node = story.Node(NodeStory.ZoneB);
        story.AddPods(node, 3);
        Tag(NodeStory.PodSubnet(NodeStory.ZoneB), Tags.CniRole, "1");

        Tag("subnet-0c1c2f0f8f6f1e5b1", Tags.CniRole, "0");

        var pods = story.Pods.Select(pod => pod.Text("status", "podIP")).ToHashSet();
        var spare = story
            .Interfaces(node)
            .Where(found => found.SubnetId == "subnet-0c1c2f0f8f6f1e5b1")
            .SelectMany(found => found.PrivateIpAddresses.Skip(1))
            .Count(address => !pods.Contains(address));
        Assert.Equal(isClosed, spare == 0);
        // A new node does not even begin there.
        var fresh = NewNode();
        Assert.Equal(isClosed, story.Interfaces(fresh)[0].PrivateIpAddresses.Count == 1);
        story.AssertAddressesAreSound();
    }

    [Fact]
    public void An_eniconfig_into_a_subnet_that_is_closed_leaves_a_new_node_NotReady()
    {
        Version("v1.23.1");
        story.AddEniConfigs();
        story.SwitchToCustomNetworking();
        Tag(NodeStory.PodSubnet(NodeStory.ZoneB), Tags.CniRole, "0");
        var known = story.Nodes.Select(node => node.Name()).ToHashSet();

        story.Terminate(story.Node(NodeStory.ZoneB));

        Assert.False(story.Nodes.Single(node => !known.Contains(node.Name())).IsReady());
    }

    /// <summary>Those that run have no slot for another interface left.</summary>
    private JsonObject NewNode()
    {
        var known = story.Nodes.Select(node => node.Name()).ToHashSet();
        story.Terminate(story.Node(NodeStory.ZoneB));
        return story.Nodes.Single(node => !known.Contains(node.Name()));
    }

    /// <summary>Subnets of the interfaces that the agent added.</summary>
    private List<string> Added(JsonObject node) =>
        [.. story.Interfaces(node).Where(found => found.Attachment!.DeviceIndex > 0).Select(found => found.SubnetId)];

    private void Version(string version) =>
        story.Do(() =>
        {
            var changed = story.World.Objects.Find("apps/v1", "daemonsets", "kube-system", "aws-node")!.Clone();
            var container = changed
                .Items("spec", "template", "spec", "containers")
                .First(container => container.Text("name") is "aws-node");
            container["image"] = container.Text("image")!.Replace("v1.20.4", version, StringComparison.Ordinal);
            story.World.Objects.Update("apps/v1", "daemonsets", changed, "test");
        });

    private void AddSubnet(string id, string block, string role) =>
        story.World.State.Aws.Subnets.Add(
            new()
            {
                SubnetId = id,
                VpcId = story.World.State.Aws.Vpcs[0].VpcId,
                CidrBlock = block,
                AvailabilityZone = NodeStory.ZoneB,
                Tags = [new() { Key = Tags.CniRole, Value = role }],
            }
        );

    private void Tag(string subnet, string key, string value) =>
        story.Do(() => story.World.Ec2.CreateTags([subnet], [new() { Key = key, Value = value }]));
}
