using Podspace.Addressing;
using Podspace.Model;
using Podspace.Naming;
using Podspace.Reachability;

namespace Podspace.Tests.Reachability;

public sealed class TracerTests
{
    private const string ExternalSnat = "AWS_VPC_K8S_CNI_EXTERNALSNAT";
    private const string Excluded = "AWS_VPC_K8S_CNI_EXCLUDE_SNAT_CIDRS";

    [Theory]
    [InlineData(TracedVpc.OtherPod, TracedVpc.Pod, Verdict.Delivered)]
    [InlineData(TracedVpc.Api, TracedVpc.Pod, Verdict.Delivered)]
    [InlineData("100.64.0.21", TracedVpc.Pod, Verdict.Delivered)]
    [InlineData("10.0.0.2", TracedVpc.Pod, Verdict.Delivered)]
    [InlineData("172.31.0.9", TracedVpc.Node, Verdict.Leaves)]
    [InlineData("192.168.7.7", TracedVpc.Node, Verdict.Leaves)]
    [InlineData("8.8.8.8", "10.0.32.7", Verdict.Leaves)]
    [InlineData("169.254.169.253", TracedVpc.Node, Verdict.Delivered)]
    [InlineData("169.254.170.23", TracedVpc.Pod, Verdict.Delivered)]
    [InlineData("172.20.0.1", TracedVpc.Pod, Verdict.Delivered)]
    public void Where_nodes_translate_a_pod_is_itself_inside_the_VPC_and_its_node_beyond(string to, string seenAs, Verdict verdict)
    {
        var outcome = TracedVpc.Trace(TracedVpc.Inventory(), TracedVpc.Pod, to).Outcome;

        Assert.Equal((verdict, Address.Parse(seenAs)), (outcome.Verdict, outcome.SeenAs));
    }

    [Fact]
    public void Where_nodes_do_not_translate_a_pod_leaves_by_its_own_subnet_which_needs_a_route()
    {
        var inventory = TracedVpc.Inventory((ExternalSnat, "true"));
        var trace = TracedVpc.Trace(inventory, TracedVpc.Pod, "192.168.7.7");
        Assert.Equal((Verdict.NoRoute, "rtb-pods"), (trace.Outcome.Verdict, trace.Culprit!.At));

        var routed = TracedVpc
            .Trace(inventory.With(cloud => cloud.WithRoute("rtb-pods", "0.0.0.0/0", "tgw-0")), TracedVpc.Pod, "192.168.7.7")
            .Outcome;
        Assert.Equal((Verdict.Leaves, Address.Parse(TracedVpc.Pod)), (routed.Verdict, routed.SeenAs));
    }

    [Fact]
    public void What_is_excluded_from_translation_sees_the_pod_and_the_rest_still_the_node()
    {
        var inventory = TracedVpc
            .Inventory((Excluded, "192.168.0.0/16"))
            .With(cloud => cloud.WithRoute("rtb-pods", "192.168.0.0/16", "tgw-0"));

        Assert.Equal(Address.Parse(TracedVpc.Pod), TracedVpc.Trace(inventory, TracedVpc.Pod, "192.168.7.7").Outcome.SeenAs);
        Assert.Equal(Address.Parse(TracedVpc.Node), TracedVpc.Trace(inventory, TracedVpc.Pod, "172.31.0.9").Outcome.SeenAs);
    }

    [Fact]
    public void An_external_service_network_inside_the_VPC_sends_pods_out_by_an_interface_that_does_not_hold_their_address()
    {
        var trace = TracedVpc.Trace(
            TracedVpc.Inventory(("AWS_EXTERNAL_SERVICE_CIDRS", "10.0.16.0/20")),
            TracedVpc.Pod,
            TracedVpc.Database,
            5432
        );

        Assert.Equal(Verdict.SourceCheck, trace.Outcome.Verdict);
    }

    [Fact]
    public void A_pod_with_a_branch_of_its_own_is_not_translated_unless_the_mode_is_standard()
    {
        static Inventory Branched(params (string, string)[] env) =>
            TracedVpc
                .Inventory(env)
                .With(cloud =>
                    cloud with
                    {
                        Interfaces = cloud
                            .Interfaces.Select(eni => eni.Id.Text == "eni-pods-b" ? eni with { Type = "branch" } : eni)
                            .ToEquatable(),
                    }
                );

        Assert.Equal(Verdict.NoRoute, TracedVpc.Trace(Branched(), TracedVpc.Pod, "192.168.7.7").Outcome.Verdict);
        Assert.Equal(
            Address.Parse(TracedVpc.Node),
            TracedVpc.Trace(Branched(("POD_SECURITY_GROUP_ENFORCING_MODE", "standard")), TracedVpc.Pod, "192.168.7.7").Outcome.SeenAs
        );
    }

    [Fact]
    public void A_group_of_the_pods_own_is_not_the_nodes_and_the_database_that_admits_nodes_refuses_pods()
    {
        var inventory = TracedVpc.Inventory();
        var tracer = Tracer.Of(inventory);
        var trace = TracedVpc.Trace(inventory, TracedVpc.Pod, TracedVpc.Database, 5432);

        Assert.Equal(Verdict.GroupLetsNotIn, trace.Outcome.Verdict);
        Assert.Equal("sg-db \"db\"", trace.Culprit!.At);
        Assert.Contains(
            "authorize-security-group-ingress --group-id sg-db --protocol tcp --port 5432 --source-group sg-pods",
            VerdictText.Remedy(trace, tracer),
            StringComparison.Ordinal
        );
        Assert.Equal(Verdict.Delivered, TracedVpc.Trace(inventory, TracedVpc.Node, TracedVpc.Database, 5432).Outcome.Verdict);
    }

    [Fact]
    public void Inside_a_subnet_no_network_ACL_is_asked_and_across_subnets_the_answer_needs_an_entry_of_its_own()
    {
        var inventory = TracedVpc
            .Inventory()
            .With(cloud =>
                cloud.WithAcl("subnet-pods-c", new SeenAclEntry(1, Direction.Ingress, "tcp", 443, 443, Cidr.Parse("0.0.0.0/0"), true))
            );

        var across = TracedVpc.Trace(inventory, TracedVpc.Pod, TracedVpc.OtherPod).Outcome;
        Assert.Equal((Verdict.AclLetsNotOut, true), (across.Verdict, across.IsOnTheWayBack));
        Assert.Equal(Verdict.Delivered, TracedVpc.Trace(inventory, "100.64.128.19", TracedVpc.OtherPod, 9).Outcome.Verdict);
    }

    [Fact]
    public void Half_of_the_ports_that_answers_take_is_not_enough()
    {
        SeenAclEntry Entry(int number, Direction direction, int from, int to, bool allows = true) =>
            new(number, direction, "tcp", from, to, Cidr.Parse("0.0.0.0/0"), allows);
        Verdict With(params SeenAclEntry[] entries) =>
            TracedVpc
                .Trace(
                    TracedVpc
                        .Inventory()
                        .With(cloud => cloud.WithAcl("subnet-pods-c", [Entry(1, Direction.Ingress, 0, 65535), .. entries])),
                    TracedVpc.Pod,
                    TracedVpc.OtherPod
                )
                .Outcome.Verdict;

        Assert.Equal(Verdict.AclLetsNotOut, With(Entry(1, Direction.Egress, 32768, 65535)));
        Assert.Equal(Verdict.Delivered, With(Entry(1, Direction.Egress, 32768, 65535), Entry(2, Direction.Egress, 1024, 40000)));
        Assert.Equal(
            Verdict.AclLetsNotOut,
            With(Entry(1, Direction.Egress, 5000, 5000, allows: false), Entry(2, Direction.Egress, 0, 65535))
        );
    }

    [Fact]
    public void A_route_for_a_whole_subnet_by_a_private_NAT_gateway_hides_pods_from_it_and_the_answer_finds_back()
    {
        var inventory = TracedVpc
            .Inventory()
            .With(cloud =>
                cloud.WithRoute("rtb-pods", "10.0.16.0/20", "nat-0") with
                {
                    NatGateways = [new(new("nat-0"), new("subnet-nat"), "available", "private")],
                    Groups = cloud
                        .Groups.Select(group =>
                            group.Id.Text != "sg-db"
                                ? group
                                : group with
                                {
                                    Rules =
                                    [
                                        .. group.Rules,
                                        new("sgr-nat", Direction.Ingress, Traffic.Tcp(5432), Cidr.Parse("10.0.32.0/20"), "", []),
                                    ],
                                }
                        )
                        .ToEquatable(),
                }
            );

        var outcome = TracedVpc.Trace(inventory, TracedVpc.Pod, TracedVpc.Database, 5432).Outcome;
        Assert.Equal((Verdict.Delivered, Address.Parse("10.0.32.7")), (outcome.Verdict, outcome.SeenAs));
        // Its answers do not pass the NAT gateway where the pod is the one that is asked.
        Assert.Equal(
            (Verdict.StrangerToNat, true),
            TracedVpc.Trace(inventory, "10.0.16.10", TracedVpc.Pod, 8080).Outcome is var back
                ? (back.Verdict, back.IsOnTheWayBack)
                : default
        );
    }

    [Fact]
    public void A_peering_carries_to_the_peer_and_no_further_and_a_transit_gateway_only_from_zones_of_its_attachment()
    {
        var far = TracedVpc.Inventory().With(cloud => cloud.WithRoute("rtb-nodes", "172.16.0.0/16", "pcx-0"));
        Assert.Equal(Verdict.Blackhole, TracedVpc.Trace(far, TracedVpc.Node, "172.16.0.1").Outcome.Verdict);

        var oneZone = TracedVpc
            .Inventory()
            .With(cloud =>
                cloud with
                {
                    TransitGatewayAttachments = [new(new("tgw-attach-0"), "tgw-0", "available", [new("subnet-nodes-b")])],
                }
            );
        Assert.Equal(Verdict.Leaves, TracedVpc.Trace(oneZone, TracedVpc.Node, "192.168.7.7").Outcome.Verdict);
        Assert.Equal(Verdict.Blackhole, TracedVpc.Trace(oneZone, "10.0.16.10", "192.168.7.7").Outcome.Verdict);
    }

    [Fact]
    public void NAT_gateways_that_lead_to_themselves_are_a_loop_and_not_an_endless_walk()
    {
        var inventory = TracedVpc
            .Inventory()
            .With(cloud =>
                cloud with
                {
                    RouteTables = cloud
                        .RouteTables.Select(table =>
                            table.Id.Text == "rtb-nat"
                                ? table with
                                {
                                    Routes = [new(Cidr.Parse("0.0.0.0/0"), null, "nat-0", "active", "CreateRoute")],
                                }
                                : table
                        )
                        .ToEquatable(),
                }
            );

        Assert.Equal(Verdict.Loop, TracedVpc.Trace(inventory, TracedVpc.Pod, "8.8.8.8").Outcome.Verdict);
    }

    [Theory]
    [InlineData(Reading.SecurityGroups, Unread.Groups)]
    [InlineData(Reading.NetworkAcls, Unread.NetworkAcls)]
    [InlineData(Reading.RouteTables, Unread.RouteTables)]
    public void What_was_not_read_is_neither_taken_for_a_yes_nor_for_a_no(Reading reading, Unread unread)
    {
        var inventory = TracedVpc
            .Inventory()
            .With(cloud =>
                cloud with
                {
                    Groups = reading == Reading.SecurityGroups ? [] : cloud.Groups,
                    NetworkAcls = reading == Reading.NetworkAcls ? [] : cloud.NetworkAcls,
                    RouteTables = reading == Reading.RouteTables ? [] : cloud.RouteTables,
                    Gaps = [new(reading, "AccessDenied — no")],
                }
            );

        var trace = TracedVpc.Trace(inventory, TracedVpc.Pod, TracedVpc.OtherPod);
        Assert.Equal((Verdict.CannotTell, unread), (trace.Outcome.Verdict, trace.Outcome.Unread));
        Assert.Contains(trace.Hops, hop => hop.Kind == HopKind.Unread && hop.Why.Contains("AccessDenied — no", StringComparison.Ordinal));
    }

    [Fact]
    public void A_gap_does_not_hide_what_forbids_the_flow_for_certain()
    {
        var inventory = TracedVpc
            .Inventory()
            .With(cloud => cloud with { NetworkAcls = [], Gaps = [new(Reading.NetworkAcls, "AccessDenied")] });

        Assert.Equal(Verdict.GroupLetsNotIn, TracedVpc.Trace(inventory, TracedVpc.Pod, TracedVpc.Database, 5432).Outcome.Verdict);
    }

    [Fact]
    public void Ten_thousand_rules_and_groups_that_refer_to_one_another_are_compiled_in_a_moment()
    {
        var groups = Enumerable
            .Range(0, 100)
            .Select(i => new SeenGroup(
                new($"sg-{i}"),
                $"{i}",
                "",
                Enumerable
                    .Range(0, 100)
                    .Select(n => new SeenRule(
                        $"sgr-{i}-{n}",
                        n % 2 == 0 ? Direction.Ingress : Direction.Egress,
                        new("tcp", n, n + i),
                        n % 3 == 0 ? Ref.Used($"sg-{(i + n) % 100}") : Cidr.Containing(new((uint)(i * n) << 12), 8 + (n % 24)),
                        "",
                        []
                    ))
                    .ToEquatable(),
                []
            ))
            .ToEquatable();
        var inventory = TracedVpc
            .Inventory()
            .With(cloud =>
                cloud with
                {
                    Groups = groups,
                    Interfaces = cloud
                        .Interfaces.Select(eni => eni with { Groups = groups.Select(group => group.Id).ToEquatable() })
                        .ToEquatable(),
                }
            );

        Assert.Equal(Verdict.GroupLetsNotOut, TracedVpc.Trace(inventory, TracedVpc.Pod, TracedVpc.OtherPod, 60000).Outcome.Verdict);
    }
}
