using System.Text;
using Podspace.Addressing;
using Podspace.Lab;
using Podspace.Lab.Drawing;
using Podspace.Lab.Probing;
using Podspace.Model;
using Podspace.Reachability;
using Podspace.Tests.Reachability;

namespace Podspace.Tests.Packets;

/// <summary>The lab as text, which needs no root.</summary>
public sealed class DrawingTests
{
    [Fact]
    public void A_VPC_with_its_nodes_and_pods_is_drawn_as_it_was_agreed() =>
        Golden.Matches(
            Text(LabDrawing.Of(TracedVpc.Inventory(("AWS_VPC_K8S_CNI_EXCLUDE_SNAT_CIDRS", "172.31.0.0/16")), [Ends.Internet.Addresses[0]])),
            "Packets/traced-vpc.golden"
        );

    [Fact]
    public void Before_v1_23_the_connection_marks_stand_in_iptables()
    {
        var inventory = TracedVpc.Inventory() is var seen
            ? seen with
            {
                Cluster = seen.Cluster! with { AwsNode = seen.Cluster!.AwsNode! with { Image = "amazon-k8s-cni:v1.22.3" } },
            }
            : null!;
        var node = LabDrawing.Of(inventory, []).Namespaces.Single(one => one.Name == "node/node-b");

        Assert.Equal("", node.Nft);
        Assert.Contains(
            "-A PREROUTING -i eni+ -m comment --comment \"AWS, outbound connections\" -j AWS-CONNMARK-CHAIN-0",
            node.Iptables,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void Where_pods_keep_their_address_nothing_is_translated_or_marked()
    {
        var node = LabDrawing
            .Of(TracedVpc.Inventory(("AWS_VPC_K8S_CNI_EXTERNALSNAT", "true")), [])
            .Namespaces.Single(one => one.Name == "node/node-b");

        Assert.Equal("", node.Nft);
        Assert.DoesNotContain("SNAT --to-source", node.Iptables, StringComparison.Ordinal);
        // Rule 1024 stays for NodePorts.
        Assert.Contains("rule add pref 1024 fwmark 0x80/0x80 lookup main", node.Lines);
    }

    [Fact]
    public void A_source_port_is_taken_from_every_range_that_a_network_ACL_tells_apart()
    {
        var cloud = TracedVpc
            .Inventory()
            .Cloud.WithAcl(
                "subnet-nodes-b",
                new(100, Direction.Ingress, "tcp", 1024, 32767, Cidr.Parse("0.0.0.0/0"), true),
                new(110, Direction.Ingress, "tcp", 443, 443, Cidr.Parse("0.0.0.0/0"), true)
            );

        Assert.Equal([1029, 32773], SourcePorts.Of(cloud, Protocol.Tcp, 5));
        Assert.Single(SourcePorts.Of(cloud, Protocol.Udp, 5));
    }

    [Theory]
    [InlineData(Verdict.Delivered, false, true, true)]
    [InlineData(Verdict.Leaves, true, true, true)]
    [InlineData(Verdict.NoRoute, true, true, false)]
    [InlineData(Verdict.GroupLetsNotIn, false, false, false)]
    public void A_verdict_says_what_is_to_be_seen_at_both_ends(Verdict verdict, bool isOnTheWayBack, bool arrives, bool isAnswered)
    {
        var source = Address.Parse("10.0.0.10");

        Assert.Equal(
            new Sighting(arrives ? source : null, isAnswered),
            Comparison.Predict(Ended(new(verdict, isOnTheWayBack, Unread.Nothing, source)))
        );
    }

    [Fact]
    public void Where_the_tracer_cannot_tell_there_is_nothing_to_hold_against_it() =>
        Assert.Null(Comparison.Predict(Ended(new(Verdict.CannotTell, false, Unread.Groups, default))));

    [Fact]
    public void A_question_that_may_not_have_got_through_is_not_held_against_it_when_its_answer_is_lost() =>
        Assert.Null(
            Comparison.Predict(
                Ended(new(Verdict.NoRoute, true, Unread.Nothing, default)) with
                {
                    Hops = [new(HopKind.Unread, "sg-gone", "not read", null, true, default, default, false)],
                }
            )
        );

    private static Trace Ended(Outcome outcome) => new(default, outcome, []);

    [Fact]
    public void No_network_however_odd_makes_the_drawing_stumble() =>
        CsCheck.Check.Sample(
            CsCheck.Gen.Int[0, 1_000_000],
            seed => Text(LabDrawing.Of(new RandomVpc(seed).Inventory, [])).Length > 0,
            iter: 200
        );

    private static string Text(LabNetwork network)
    {
        var text = new StringBuilder();
        foreach (var one in network.Namespaces)
        {
            text.Append($"=== {one.Name}\n");
            text.AppendJoin("", one.Settings.Concat(one.DeviceSettings).Select(setting => $"{setting.File} = {setting.Value}\n"));
            text.AppendJoin("", one.Cables.Concat(one.Lines).Select(line => $"{line}\n"));
            text.Append(one.Nft).Append(one.Iptables);
        }
        return text.ToString();
    }
}
