using Podspace.Addressing;
using Podspace.Model;
using Podspace.Naming;
using Podspace.Reachability;

namespace Podspace.Tests.Reachability;

/// <summary>Between whom a trace is: Services, new nodes, and ends by their names.</summary>
public sealed class TraceEndsTests
{
    [Fact]
    public void A_Service_is_what_stands_behind_it()
    {
        var trace = TracedVpc.Trace(TracedVpc.Inventory(), TracedVpc.Node, "172.20.7.7", 80);

        Assert.Equal(HopKind.KubeProxy, trace.Hops[0].Kind);
        Assert.Contains("shop/web", trace.Hops[0].Why, StringComparison.Ordinal);
        Assert.Equal(Verdict.NobodyThere, TracedVpc.Trace(TracedVpc.Inventory(), TracedVpc.Node, "172.20.9.9").Outcome.Verdict);
    }

    [Fact]
    public void A_new_node_takes_its_pods_place_from_the_ENIConfig_of_its_zone_and_none_where_there_is_none()
    {
        var inventory = TracedVpc.Inventory();
        inventory = inventory with
        {
            Cluster = inventory.Cluster! with { EniConfigs = [new("eu-west-1b", "subnet-pods-b", ["sg-db"], null, [])] },
        };
        var seen = NewNodes.In(inventory);
        var ends = new Ends(seen);

        Assert.True(Cidr.Parse("100.64.0.0/17").Contains(Assert.Single(ends.Find("newpod")!.Addresses)));
        Assert.Empty(ends.Find("newpod@eu-west-1c")!.Addresses);
        Assert.Equal(
            Verdict.GroupLetsNotIn,
            Tracer.Of(seen).Between(ends.Find("newpod")!, ends.Find("api")!, Protocol.Tcp, 443)!.Outcome.Verdict
        );
        Assert.Equal(2, ends.Find("pod")!.Addresses.Count);
    }

    [Fact]
    public void A_class_of_Auto_Mode_says_where_new_pods_stand_and_with_whose_address_they_leave()
    {
        Inventory With(string snat) =>
            TracedVpc.Inventory() is var inventory
                ? inventory with
                {
                    Cluster = inventory.Cluster! with
                    {
                        AwsNode = null,
                        NodeClasses =
                        [
                            new(
                                "pods",
                                "role",
                                ["subnet-nodes-b"],
                                ["sg-cluster"],
                                [],
                                [],
                                ["subnet-pods-b"],
                                ["sg-pods"],
                                false,
                                snat,
                                "Auto",
                                true,
                                null,
                                []
                            ),
                        ],
                    },
                }
                : throw new InvalidOperationException();

        Outcome Ask(string snat)
        {
            var seen = NewNodes.In(With(snat));
            return Tracer.Of(seen).Between(new Ends(seen).Find("newpod")!, new Ends(seen).Find("192.168.7.7")!, Protocol.Tcp, 443)!.Outcome;
        }
        Assert.True(Cidr.Parse("10.0.0.0/20").Contains(Ask("Random").SeenAs));
        Assert.Equal(Verdict.NoRoute, Ask("Disabled").Verdict);
    }

    [Fact]
    public void Subnet_discovery_puts_new_pods_into_the_subnet_that_a_tag_offers()
    {
        var inventory = TracedVpc
            .Inventory()
            .With(cloud =>
                cloud with
                {
                    Subnets = cloud
                        .Subnets.Select(subnet =>
                            subnet.Id.Text switch
                            {
                                "subnet-pods-b" => subnet with { Tags = [new(Tags.CniRole, "1")] },
                                "subnet-nodes-b" => subnet with { Tags = [new(Tags.CniRole, "0")] },
                                _ => subnet,
                            }
                        )
                        .ToEquatable(),
                }
            );
        inventory = inventory with { Cluster = inventory.Cluster! with { AwsNode = inventory.Cluster!.AwsNode! with { Env = [] } } };
        var ends = new Ends(NewNodes.In(inventory));

        Assert.True(Cidr.Parse("100.64.0.0/17").Contains(Assert.Single(ends.Find("newpod@eu-west-1b")!.Addresses)));
        Assert.True(Cidr.Parse("10.0.16.0/20").Contains(Assert.Single(ends.Find("newpod@eu-west-1c")!.Addresses)));
    }

    [Theory]
    [InlineData("pod/shop/web-2", TracedVpc.OtherPod)]
    [InlineData("shop/web", TracedVpc.Pod)]
    [InlineData("pod/web-2", TracedVpc.OtherPod)]
    [InlineData("svc/default/kubernetes", "172.20.0.1")]
    [InlineData("pod@eu-west-1c", TracedVpc.OtherPod)]
    [InlineData("node/node-b", TracedVpc.Node)]
    [InlineData("api", TracedVpc.Api)]
    [InlineData("vpce-sts", TracedVpc.Endpoint)]
    [InlineData("eni-db", TracedVpc.Database)]
    [InlineData("i-b", TracedVpc.Node)]
    [InlineData("svc/shop/web", "172.20.7.7")]
    [InlineData("onprem", "192.168.0.1")]
    [InlineData("pcx-0", "172.31.0.1")]
    [InlineData("imds", "169.254.169.254")]
    public void An_end_is_found_by_the_name_that_people_give_it(string name, string address) =>
        Assert.Equal(Address.Parse(address), Assert.Single(new Ends(TracedVpc.Inventory()).Find(name)!.Addresses));

    [Theory]
    [InlineData("everything")]
    [InlineData("api@eu-west-1b")]
    [InlineData("a/b/c/d")]
    public void What_is_no_name_of_an_end_is_not_taken_for_one(string name) => Assert.Null(new Ends(TracedVpc.Inventory()).Find(name));
}
