using System.Xml.Linq;
using Podspace.Addressing;
using Podspace.Model;
using Podspace.Planning;
using Podspace.Reachability;
using Podspace.Rendering.Maps;
using Podspace.Tests.Cli;
using Podspace.Tests.Design;

namespace Podspace.Tests.Rendering;

public sealed class NetworkMapTests
{
    [Theory]
    [InlineData("crowded-vpc")]
    [InlineData("self-managed")]
    [InlineData("auto-mode")]
    [InlineData("mixed")]
    [InlineData("new-cluster")]
    [InlineData("terraform-eks")]
    public async Task An_examples_network_is_drawn_with_what_a_plan_would_add(string example)
    {
        using var run = CommandRun.Of(example);

        var text = await run.HereAsync("render map --of network -o text");
        var picture = await run.HereAsync("render map --of network");

        Assert.Equal((0, 0), (text.Exit, picture.Exit));
        Golden.Matches(text.Output, $"Rendering/network-{example}.golden");
        Golden.Matches(picture.Output, $"Rendering/network-{example}.golden.svg");
    }

    [Fact]
    public async Task The_documentation_shows_the_pictures_as_they_are()
    {
        using var run = new CommandRun();

        Golden.Matches((await run.HereAsync("render map --of network")).Output, "../../docs/network.svg");
        Golden.Matches((await run.HereAsync("render map")).Output, "../../docs/space.svg");
    }

    [Fact]
    public async Task As_it_is_today_pods_stand_beside_nodes()
    {
        using var run = new CommandRun();

        var (exit, text, _) = await run.HereAsync("render map --of network --now -o text");

        Assert.Equal(0, exit);
        Assert.DoesNotContain("100.64.", text, StringComparison.Ordinal);
        Assert.Contains("the pod's interface in subnet-0c1c2f0f8f6f1e5b1", text, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_drawn_of_a_packet_is_what_the_tracer_says_of_it()
    {
        var (spec, inventory) = (SmallVpc.Spec(), Running());
        var desired = SmallVpc.Design(spec, inventory);
        var map = NetworkMap.From(spec, inventory, desired);
        var tracer = Tracer.Of(NewNodes.In(PlanFlows.After(spec, desired, inventory)));

        Assert.Equal(["another pod", "a node", "on-premises", "Internet"], map.Ways.Select(way => way.To));
        Assert.All(
            map.Ways,
            way =>
            {
                var (protocol, port) = (Protocol.Tcp, int.Parse(way.Service.Split('/')[1]));
                var outcome = tracer.Verdict(new(way.From, way.Destination, protocol, (ushort)port));
                Assert.Equal((outcome.SeenAs, !outcome.IsBlocked), (way.SeenAs, way.IsOpen));
                Assert.True(AddressesOfPods.Contains(way.From), $"{way.From}");
            }
        );
        Assert.NotEqual(map.Ways[0].From, map.Ways[0].Destination);
    }

    [Fact]
    public void Without_a_pod_the_picture_says_why_no_packet_is_drawn()
    {
        var inventory = SmallVpc.Guide() with { Cluster = null };
        var map = NetworkMap.From(SmallVpc.Spec(), inventory, null);

        Assert.Empty(map.Ways);
        Assert.Contains(PlaceText.NoPods, NetworkMapText.Render(map), StringComparison.Ordinal);
    }

    [Fact]
    public void Names_that_would_break_a_picture_or_a_line_do_not()
    {
        const string Name =
            "</text><script>\u0001\n\"ünï\" 名前 and so on, as long as AWS lets it be, and then a little more of it, WITH CAPITALS";
        var inventory = Running()
            .With(cloud => cloud with { Groups = cloud.Groups.Select(group => group with { Name = Name }).ToEquatable() });
        var map = NetworkMap.From(SmallVpc.Spec(), inventory, null);

        var picture = NetworkMapSvg.Render(map);

        Golden.Matches(picture, "Rendering/network-unruly-names.golden.svg");
        Assert.DoesNotContain(XDocument.Parse(picture).Descendants(), element => element.Name.LocalName == "script");
        Assert.Contains(
            NetworkMapText.Render(map).Split('\n'),
            line =>
                line.EndsWith("WITH CAPITALS", StringComparison.Ordinal)
                && line.Contains("<script>  \"ünï\" 名前", StringComparison.Ordinal)
        );
    }

    [Fact]
    public void Every_node_subnet_of_a_VPC_with_50_blocks_and_200_subnets_has_its_box_inside_the_picture()
    {
        var crowd = SmallVpc.Crowd(50, 200);
        var inventory = crowd.With(cloud =>
            cloud with
            {
                Nodegroups = [cloud.Nodegroups[0] with { Subnets = cloud.Subnets.Select(subnet => subnet.Id).ToEquatable() }],
            }
        );
        var map = NetworkMap.From(SmallVpc.Spec(), inventory, null);
        var picture = NetworkMapSvg.Render(map);
        var drawn = XDocument.Parse(picture);
        var box = drawn.Root!.Attribute("viewBox")!.Value.Split(' ').Select(double.Parse).ToArray();

        Golden.Matches(picture, "Rendering/network-crowd.golden.svg");
        var words = drawn.Descendants().Where(element => element.Name.LocalName == "text").Select(element => element.Value).ToHashSet();
        Assert.All(inventory.Cloud.Subnets, subnet => Assert.Contains(subnet.Id.Text, words));
        Assert.All(
            drawn.Descendants().Where(element => element.Name.LocalName is "rect" or "text"),
            element =>
            {
                Assert.InRange((double)element.Attribute("x")! + ((double?)element.Attribute("width") ?? 0), 0, box[2]);
                Assert.InRange((double)element.Attribute("y")! + ((double?)element.Attribute("height") ?? 0), 0, box[3]);
            }
        );
    }

    private static readonly Cidr AddressesOfPods = Cidr.Parse("100.64.0.0/10");

    /// <summary>The guide's VPC with a pod in each zone, and addresses that they and their nodes have.</summary>
    private static Inventory Running()
    {
        var guide = SmallVpc
            .Guide("10.196.24.0/22")
            .With(cloud =>
                cloud with
                {
                    TransitGatewayAttachments =
                    [
                        new(
                            new("tgw-attach-1"),
                            "tgw-0aa36b6cfca793d8d",
                            "available",
                            cloud.Subnets.Select(subnet => subnet.Id).ToEquatable()
                        ),
                    ],
                    Interfaces = cloud
                        .Interfaces.Select(card =>
                            card with
                            {
                                Addresses =
                                [
                                    First(cloud, card, card.Instance is null ? 20u : 10),
                                    .. card.Instance is null ? [] : (Address[])[First(cloud, card, 11)],
                                ],
                            }
                        )
                        .ToEquatable(),
                    Groups = [SmallVpc.ClusterGroupSeen(SmallVpc.Rule("sgr-out", "-1", -1, -1, Cidr.Parse("0.0.0.0/0"), Direction.Egress))],
                    NetworkAcls =
                    [
                        new(
                            new("acl-1"),
                            true,
                            [
                                new(100, Direction.Ingress, "-1", -1, -1, Cidr.Parse("0.0.0.0/0"), true),
                                new(100, Direction.Egress, "-1", -1, -1, Cidr.Parse("0.0.0.0/0"), true),
                            ],
                            cloud.Subnets.Select(subnet => subnet.Id).ToEquatable()
                        ),
                    ],
                }
            );
        return guide.WithCluster(cluster =>
            cluster with
            {
                Nodes = cluster.Nodes.Select(node => node with { InternalAddress = Card(guide, node).Addresses[0] }).ToEquatable(),
                Pods = cluster
                    .Nodes.Select(node => new SeenPod(
                        "default",
                        $"web-{node.Name}",
                        node.Name,
                        Card(guide, node).Addresses[1],
                        false,
                        "Running",
                        true,
                        "ReplicaSet",
                        false,
                        false,
                        []
                    ))
                    .ToEquatable(),
            }
        );
    }

    private static SeenInterface Card(Inventory inventory, SeenNode node) =>
        inventory.Cloud.Interfaces.First(card => card.Instance == node.InstanceId);

    private static Address First(CloudInventory cloud, SeenInterface card, uint n) =>
        cloud.Subnets.First(subnet => subnet.Id == card.Subnet).Cidr.First.Plus(n);
}
