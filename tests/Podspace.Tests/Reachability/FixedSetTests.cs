using Podspace.Addressing;
using Podspace.Findings;
using Podspace.Model;
using Podspace.Reachability;
using Podspace.Tests.Design;

namespace Podspace.Tests.Reachability;

public sealed class FixedSetTests
{
    [Fact]
    public void What_a_cluster_lives_by_is_asked_and_works_where_the_groups_admit_one_another()
    {
        var vital = FixedSet.Ask(TracedVpc.Inventory()).Where(answer => answer.Question.IsVital).ToList();

        Assert.Superset(new HashSet<Concern> { Concern.ApiServer, Concern.Kubelet, Concern.Webhooks, Concern.FromNodes, Concern.BetweenPods }, vital.Select(answer => answer.Question.Concern).ToHashSet());
        Assert.All(vital, answer => Assert.Equal(Verdict.Delivered, answer.Trace.Outcome.Verdict));
    }

    [Fact]
    public void A_group_of_the_pods_own_that_nobody_admits_cannot_reach_the_API_server_and_the_rule_to_add_is_named()
    {
        var inventory = AsInTheGuide(TracedVpc.Inventory());
        var answer = FixedSet.Ask(inventory).First(answer => answer.Question.Concern == Concern.ApiServer);

        var finding = FlowFindings.Of(answer, Tracer.Of(inventory), Severity.Error)!;
        Assert.Equal("PS3001", finding.Code);
        Assert.StartsWith("pods cannot reach the API server (tcp/443): the cluster's group sg-cluster admits only itself", finding.Problem, StringComparison.Ordinal);
        Assert.Contains("aws ec2 authorize-security-group-ingress --group-id sg-cluster --protocol tcp --port 443 --source-group sg-pods", finding.Fix, StringComparison.Ordinal);
    }

    [Fact]
    public void The_database_that_admits_nodes_is_asked_on_its_port_and_one_that_admits_nobody_of_the_cluster_is_not()
    {
        var servers = FixedSet.Ask(TracedVpc.Inventory()).Where(answer => answer.Question.Concern == Concern.Server).ToList();
        Assert.Equal(("db (sg-db)", 5432, Verdict.GroupLetsNotIn), Assert.Single(servers) is var one ? (one.Question.To.Name, one.Question.Port, one.Trace.Outcome.Verdict) : default);

        var closed = TracedVpc.Inventory().With(cloud => cloud with { Groups = cloud.Groups.Select(group => group.Id.Text == "sg-db" ? group with { Rules = [] } : group).ToEquatable() });
        Assert.DoesNotContain(FixedSet.Ask(closed), answer => answer.Question.Concern == Concern.Server);
    }

    [Fact]
    public void A_plan_warns_of_what_it_would_break_and_only_notes_what_is_broken_already()
    {
        var before = AsNodes(TracedVpc.Inventory());
        var broken = AsInTheGuide(TracedVpc.Inventory());

        var warned = FlowFindings.OfPlan(FixedSet.Ask(before), broken, []);
        Assert.Contains(warned, finding => finding is { Code: "PS3001", Severity: Severity.Warning });
        Assert.All(FlowFindings.OfPlan(FixedSet.Ask(broken), broken, []), finding => Assert.Equal(Severity.Note, finding.Severity));
        Assert.DoesNotContain(FlowFindings.OfPlan(FixedSet.Ask(before), before, []), finding => finding.Severity == Severity.Warning);
    }

    [Fact]
    public void The_guides_VPC_once_planned_by_us_keeps_everything_that_a_cluster_lives_by()
    {
        var inventory = SmallVpc.Guide();
        var spec = SmallVpc.Spec("  security: {pods: dedicated}");
        var planned = PlanFlows.After(spec, SmallVpc.Design(spec, inventory), inventory);

        Assert.Contains(planned.Cloud.Groups.Single(group => group.Id.Text == SmallVpc.ClusterGroup).Rules, rule => rule.Peer.Group == Ref.Used("pods"));
        Assert.Equal(2, planned.Cluster!.EniConfigs.Count);
    }

    [Fact]
    public void The_impact_tells_as_whom_pods_were_seen_and_will_be()
    {
        var rows = Impact.Of(AsNodes(TracedVpc.Inventory()), TracedVpc.Inventory());

        var database = rows.Single(row => row.Question.Concern == Concern.Server);
        Assert.True(database.IsWorse);
        Assert.Equal(Address.Parse(TracedVpc.Pod), database.After.Outcome.SeenAs);
        Golden.Matches(Impact.Render(rows, TracedVpc.Inventory(), []), "Reachability/impact.golden");
    }

    /// <summary>The guide's pod group: it admits the VPC, and nobody admits it.</summary>
    private static Inventory AsInTheGuide(Inventory inventory) => inventory.With(cloud => cloud with
    {
        Groups = cloud.Groups.Select(group => group with { Rules = group.Rules.Where(rule => !(group.Id.Text == "sg-cluster" && rule.Id == "sgr-pods")).ToEquatable() }).ToEquatable(),
    });

    /// <summary>Pods carry the nodes' group.</summary>
    private static Inventory AsNodes(Inventory inventory) => inventory.With(cloud => cloud with
    {
        Interfaces = cloud.Interfaces.Select(card => card.Groups.Contains(new("sg-pods")) ? card with { Groups = [new("sg-cluster")] } : card).ToEquatable(),
    }) is var changed ? changed with { Cluster = changed.Cluster! with { EniConfigs = changed.Cluster!.EniConfigs.Select(config => config with { Groups = ["sg-cluster"] }).ToEquatable() } } : inventory;
}
