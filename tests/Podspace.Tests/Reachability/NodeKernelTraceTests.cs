using Podspace.Reachability;

namespace Podspace.Tests.Reachability;

/// <summary>What the node's own kernel does with a flow, as the lab's random networks showed it.</summary>
public sealed class NodeKernelTraceTests
{
    [Fact]
    public void A_ClusterIP_means_nothing_to_who_runs_no_kube_proxy()
    {
        var trace = TracedVpc.Trace(TracedVpc.Inventory(), TracedVpc.Database, "172.20.7.7", 80);

        Assert.DoesNotContain(trace.Hops, hop => hop.Kind == HopKind.KubeProxy);
        Assert.Equal(Verdict.Leaves, trace.Outcome.Verdict);
    }

    [Fact]
    public void A_node_reaches_a_pod_of_its_own_that_has_a_branch_by_the_pods_ClusterIP()
    {
        var inventory = TracedVpc
            .Inventory()
            .With(cloud =>
                cloud with
                {
                    Interfaces = cloud
                        .Interfaces.Select(eni => eni.Id.Text == "eni-pods-b" ? eni with { Type = "branch" } : eni)
                        .ToEquatable(),
                }
            );

        Assert.Equal(Verdict.Delivered, TracedVpc.Trace(inventory, TracedVpc.Node, "172.20.7.7", 80).Outcome.Verdict);
    }

    [Fact]
    public void The_resolver_is_not_reached_by_an_interface_that_does_not_hold_the_pods_address() =>
        Assert.Equal(
            Verdict.SourceCheck,
            TracedVpc
                .Trace(
                    TracedVpc.Inventory(("AWS_EXTERNAL_SERVICE_CIDRS", "10.0.0.0/18"), ("AWS_VPC_K8S_CNI_EXTERNALSNAT", "true")),
                    TracedVpc.Pod,
                    "10.0.0.2",
                    53
                )
                .Outcome.Verdict
        );

    [Theory]
    [InlineData("strict", Verdict.NobodyThere)]
    [InlineData("standard", Verdict.Delivered)]
    public void A_pod_with_a_branch_of_its_own_reaches_Pod_Identitys_agent_in_standard_mode_alone(string mode, Verdict expected)
    {
        var inventory = TracedVpc
            .Inventory(("POD_SECURITY_GROUP_ENFORCING_MODE", mode))
            .With(cloud =>
                cloud with
                {
                    Interfaces = cloud
                        .Interfaces.Select(eni => eni.Id.Text == "eni-pods-b" ? eni with { Type = "branch" } : eni)
                        .ToEquatable(),
                }
            );

        Assert.Equal(expected, TracedVpc.Trace(inventory, TracedVpc.Pod, "169.254.170.23", 80).Outcome.Verdict);
    }

    [Theory]
    [InlineData(false, Verdict.LostOnNode)]
    [InlineData(true, Verdict.Delivered)]
    public void A_kubelet_reaches_a_pod_with_a_branch_by_TCP_only_where_early_demultiplexing_is_off(bool disabled, Verdict expected)
    {
        var inventory = TracedVpc
            .Inventory()
            .With(cloud =>
                cloud with
                {
                    Interfaces = cloud
                        .Interfaces.Select(eni => eni.Id.Text == "eni-pods-b" ? eni with { Type = "branch" } : eni)
                        .ToEquatable(),
                }
            );
        inventory = inventory with
        {
            Cluster = inventory.Cluster! with { AwsNode = inventory.Cluster!.AwsNode! with { DisablesEarlyDemux = disabled } },
        };

        Assert.Equal(expected, TracedVpc.Trace(inventory, TracedVpc.Node, TracedVpc.Pod, 8080).Outcome.Verdict);
    }
}
