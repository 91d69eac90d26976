using Podspace.Addressing;
using Podspace.Model;
using Podspace.Reachability;

namespace Podspace.Tests.Reachability;

/// <summary>What comes to pods by a port of their nodes.</summary>
public sealed class NodePortTraceTests
{
    [Theory]
    [InlineData(false, TracedVpc.Database, TracedVpc.Node, Verdict.Delivered, TracedVpc.Node)]
    [InlineData(false, TracedVpc.Database, "10.0.16.10", Verdict.Delivered, "10.0.16.10")]
    [InlineData(false, TracedVpc.OtherPod, TracedVpc.Node, Verdict.Delivered, TracedVpc.Node)]
    [InlineData(false, TracedVpc.Pod, TracedVpc.Node, Verdict.Delivered, TracedVpc.Node)]
    [InlineData(false, "192.168.7.7", TracedVpc.Node, Verdict.Leaves, TracedVpc.Node)]
    [InlineData(true, TracedVpc.Database, TracedVpc.Node, Verdict.Delivered, TracedVpc.Database)]
    [InlineData(true, "192.168.7.7", TracedVpc.Node, Verdict.Leaves, "192.168.7.7")]
    [InlineData(true, TracedVpc.Database, "10.0.16.10", Verdict.NobodyThere, TracedVpc.Database)]
    public void Behind_a_port_of_nodes_the_pod_sees_the_node_and_by_the_policy_Local_who_asks(
        bool keepsClients,
        string from,
        string to,
        Verdict verdict,
        string seenAs
    )
    {
        var outcome = TracedVpc.Trace(WithNodePort(keepsClients), from, to, 30080).Outcome;

        Assert.Equal((verdict, Address.Parse(seenAs)), (outcome.Verdict, outcome.SeenAs));
    }

    [Fact]
    public void Where_the_pods_group_refuses_what_came_by_a_nodes_port_the_rule_to_add_is_for_the_pods_port()
    {
        var inventory = WithNodePort(keepsClients: false)
            .With(cloud =>
                cloud with
                {
                    Groups = cloud
                        .Groups.Select(group =>
                            group.Id.Text == "sg-pods"
                                ? group with
                                {
                                    Rules = group.Rules.Where(rule => rule.Direction == Direction.Egress).ToEquatable(),
                                }
                                : group
                        )
                        .ToEquatable(),
                }
            );
        var trace = TracedVpc.Trace(inventory, TracedVpc.Database, "10.0.16.10", 30080);

        Assert.Equal((Verdict.GroupLetsNotIn, "sg-pods \"pods\""), (trace.Outcome.Verdict, trace.Culprit!.At));
        Assert.Contains(
            "--group-id sg-pods --protocol tcp --port 8080 --source-group sg-cluster",
            VerdictText.Remedy(trace, Tracer.Of(inventory)),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void A_pod_without_a_way_back_to_its_node_answers_nobody_who_asked_by_the_nodes_port()
    {
        var inventory = WithNodePort(keepsClients: false)
            .With(cloud =>
                cloud.WithAcl("subnet-pods-b", new SeenAclEntry(1, Direction.Ingress, "-1", -1, -1, Cidr.Parse("0.0.0.0/0"), true))
            );

        Assert.Equal(
            (Verdict.AclLetsNotOut, true),
            TracedVpc.Trace(inventory, TracedVpc.Database, "10.0.16.10", 30080).Outcome is var outcome
                ? (outcome.Verdict, outcome.IsOnTheWayBack)
                : default
        );
    }

    /// <summary>web-1, on node-b alone, behind 30080 of every node.</summary>
    private static Inventory WithNodePort(bool keepsClients)
    {
        var open = new SeenRule("sgr-open", Direction.Ingress, Traffic.Tcp(30080), Cidr.Parse("0.0.0.0/0"), "", []);
        var inventory = TracedVpc
            .Inventory()
            .With(cloud =>
                cloud with
                {
                    Groups = cloud
                        .Groups.Select(group => group.Id.Text == "sg-cluster" ? group with { Rules = [.. group.Rules, open] } : group)
                        .ToEquatable(),
                }
            );
        return inventory with
        {
            Cluster = inventory.Cluster! with
            {
                Pods = [inventory.Cluster!.Pods[0], inventory.Cluster.Pods[1] with { Labels = [] }],
                ClusterIps = [inventory.Cluster.ClusterIps[0] with { KeepsClients = keepsClients, Ports = [new("TCP", 80, 8080, 30080)] }],
            },
        };
    }
}
