using Podspace.Addressing;
using Podspace.Cli;
using Podspace.Findings;
using Podspace.Model;
using Podspace.Naming;
using Podspace.Planning;
using Podspace.Reachability;
using Podspace.Tests.Cli;
using Podspace.Tests.Design;

namespace Podspace.Tests.Reachability;

public sealed class FixedSetTests
{
    [Fact]
    public void What_a_cluster_lives_by_is_asked_and_works_where_the_groups_admit_one_another()
    {
        var vital = EssentialFlows.Ask(TracedVpc.Inventory()).Where(answer => answer.Question.IsVital).ToList();

        Assert.Superset(
            new HashSet<Concern> { Concern.ApiServer, Concern.Kubelet, Concern.Webhooks, Concern.FromNodes, Concern.BetweenPods },
            vital.Select(answer => answer.Question.Concern).ToHashSet()
        );
        Assert.All(vital, answer => Assert.Equal(Verdict.Delivered, answer.Trace.Outcome.Verdict));
    }

    [Fact]
    public void A_group_of_the_pods_own_that_nobody_admits_cannot_reach_the_API_server_and_the_rule_to_add_is_named()
    {
        var inventory = AsInTheGuide(TracedVpc.Inventory());
        var answer = EssentialFlows.Ask(inventory).First(answer => answer.Question.Concern == Concern.ApiServer);

        var finding = FlowFindings.Of(answer, Tracer.Of(inventory), Severity.Error)!;
        Assert.Equal("PS3001", finding.Code);
        Assert.StartsWith(
            "pods cannot reach the API server (tcp/443): the cluster's group sg-cluster admits only itself",
            finding.Problem,
            StringComparison.Ordinal
        );
        Assert.Contains(
            "aws ec2 authorize-security-group-ingress --group-id sg-cluster --protocol tcp --port 443 --source-group sg-pods",
            finding.Fix,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void The_database_that_admits_nodes_is_asked_on_its_port_and_one_that_admits_nobody_of_the_cluster_is_not()
    {
        var servers = EssentialFlows.Ask(TracedVpc.Inventory()).Where(answer => answer.Question.Concern == Concern.Server).ToList();
        Assert.Equal(
            ("db (sg-db)", 5432, Verdict.GroupLetsNotIn),
            Assert.Single(servers) is var one ? (one.Question.To.Name, one.Question.Port, one.Trace.Outcome.Verdict) : default
        );

        var closed = TracedVpc
            .Inventory()
            .With(cloud =>
                cloud with
                {
                    Groups = cloud.Groups.Select(group => group.Id.Text == "sg-db" ? group with { Rules = [] } : group).ToEquatable(),
                }
            );
        Assert.DoesNotContain(EssentialFlows.Ask(closed), answer => answer.Question.Concern == Concern.Server);
    }

    [Fact]
    public void A_plan_warns_of_what_it_would_break_and_only_notes_what_is_broken_already()
    {
        var before = AsNodes(TracedVpc.Inventory());
        var broken = AsInTheGuide(TracedVpc.Inventory());

        var warned = FlowFindings.OfPlan(EssentialFlows.Ask(before), broken, []);
        Assert.Contains(warned, finding => finding is { Code: "PS3001", Severity: Severity.Warning });
        Assert.All(FlowFindings.OfPlan(EssentialFlows.Ask(broken), broken, []), finding => Assert.Equal(Severity.Note, finding.Severity));
        Assert.DoesNotContain(FlowFindings.OfPlan(EssentialFlows.Ask(before), before, []), finding => finding.Severity == Severity.Warning);
    }

    [Fact]
    public void The_guides_VPC_once_planned_by_us_keeps_everything_that_a_cluster_lives_by()
    {
        var inventory = SmallVpc.Guide();
        var spec = SmallVpc.Spec("  security: {pods: dedicated}");
        var planned = PlanFlows.After(spec, SmallVpc.Design(spec, inventory), inventory);

        Assert.Contains(
            planned.Cloud.Groups.Single(group => group.Id.Text == SmallVpc.ClusterGroup).Rules,
            rule => rule.Peer.Group == Ref.Used("pods")
        );
        Assert.Equal(2, planned.Cluster!.EniConfigs.Count);
    }

    [Fact]
    public void Webhooks_are_asked_on_their_own_ports_and_on_pods_that_start_now()
    {
        var inventory = TracedVpc.Inventory() is var seen
            ? seen with
            {
                Cluster = seen.Cluster! with { Webhooks = [new("policy", "shop", "web", 80)] },
            }
            : null!;
        var asked = EssentialFlows.Ask(inventory).Where(answer => answer.Question.Concern == Concern.Webhooks).ToList();

        Assert.Contains(
            asked,
            answer => answer.Question is { To.Name: "webhook shop/web", Port: 8080 } && answer.Trace.Outcome.Verdict == Verdict.Delivered
        );
        Assert.Contains(asked, answer => answer.Question is { Key: "webhooks:8080", To.Name: "pods" });
        var closed = inventory.With(cloud =>
            cloud with
            {
                Groups = cloud
                    .Groups.Select(group =>
                        group.Id.Text == "sg-pods"
                            ? group with
                            {
                                Rules = group.Rules.Where(rule => rule.Id != "sgr-all").ToEquatable(),
                            }
                            : group
                    )
                    .ToEquatable(),
            }
        );
        var answer = EssentialFlows.Ask(closed).First(answer => answer.Question.To.Name == "webhook shop/web");
        Assert.StartsWith(
            "the API server cannot reach webhook shop/web (tcp/8080): ",
            FlowFindings.Of(answer, Tracer.Of(closed), Severity.Error)!.Problem,
            StringComparison.Ordinal
        );
    }

    [Theory]
    [InlineData(true, "k8s-shop-web-abc-0123.elb.eu-west-1.amazonaws.com", true)]
    [InlineData(false, "k8s-shop-web-abc-0123.elb.eu-west-1.amazonaws.com", false)]
    [InlineData(true, "another-0123.elb.eu-west-1.amazonaws.com", false)]
    public void A_load_balancer_is_asked_on_the_nodes_ports_of_the_Services_it_serves_by_them(bool usesNodePorts, string name, bool isAsked)
    {
        var inventory = TracedVpc
            .Inventory()
            .With(cloud =>
                cloud with
                {
                    Interfaces =
                    [
                        .. cloud.Interfaces,
                        cloud.Interfaces.First(eni => eni.Id.Text == "eni-db") with
                        {
                            Id = new("eni-lb"),
                            Description = "ELB net/k8s-shop-web-abc/0123",
                            Addresses = [Address.Parse("10.0.0.50")],
                        },
                    ],
                }
            );
        inventory = inventory with
        {
            Cluster = inventory.Cluster! with
            {
                ClusterIps =
                [
                    inventory.Cluster!.ClusterIps[0] with
                    {
                        LoadBalancer = name,
                        UsesNodePorts = usesNodePorts,
                        Ports = [new("TCP", 80, 8080, 30080)],
                    },
                ],
            },
        };

        Assert.Equal(
            isAsked,
            EssentialFlows.Ask(inventory).Any(answer => answer.Question is { Concern: Concern.LoadBalancer, To.Name: "nodes", Port: 30080 })
        );
    }

    [Fact]
    public void By_the_policy_Local_a_load_balancer_is_asked_only_for_nodes_that_have_a_pod()
    {
        var inventory = TracedVpc
            .Inventory()
            .With(cloud =>
                cloud with
                {
                    Interfaces =
                    [
                        .. cloud.Interfaces,
                        cloud.Interfaces.First(eni => eni.Id.Text == "eni-db") with
                        {
                            Id = new("eni-lb"),
                            Description = "ELB net/k8s-shop-web-abc/0123",
                            Addresses = [Address.Parse("10.0.0.50")],
                            Groups = [new("sg-cluster")],
                        },
                    ],
                }
            );
        inventory = inventory with
        {
            Cluster = inventory.Cluster! with
            {
                Pods = [inventory.Cluster!.Pods[0], inventory.Cluster.Pods[1] with { Labels = [] }],
                ClusterIps =
                [
                    inventory.Cluster.ClusterIps[0] with
                    {
                        LoadBalancer = "k8s-shop-web-abc-0123.elb.eu-west-1.amazonaws.com",
                        UsesNodePorts = true,
                        KeepsClients = true,
                        Ports = [new("TCP", 80, 8080, 30080)],
                    },
                ],
            },
        };

        var answer = EssentialFlows.Ask(inventory).Single(answer => answer.Question is { To.Name: "nodes", Port: 30080 });
        Assert.Equal([Address.Parse(TracedVpc.Node)], answer.Question.To.Addresses);
        Assert.Equal((Verdict.Delivered, Address.Parse("10.0.0.50")), (answer.Trace.Outcome.Verdict, answer.Trace.Outcome.SeenAs));
    }

    [Theory]
    [InlineData(
        "NetworkPolicy",
        """{"spec": {"ingress": [{"from": [{"ipBlock": {"cidr": "10.0.0.0/20"}}]}]}}""",
        "spec.ingress.from.ipBlock"
    )]
    [InlineData("NetworkPolicy", """{"spec": {"egress": [{"to": [{"ipBlock": {"cidr": "10.0.0.0/20"}}]}]}}""", "spec.egress.to.ipBlock")]
    [InlineData("NetworkPolicy", """{"spec": {"ingress": [{"from": [{"ipBlock": {"cidr": "0.0.0.0/0"}}]}]}}""", null)]
    [InlineData(
        "NetworkPolicy",
        """{"spec": {"ingress": [{"from": [{"ipBlock": {"cidr": "10.0.0.0/20"}}, {"ipBlock": {"cidr": "100.64.0.0/10"}}]}]}}""",
        null
    )]
    [InlineData("NetworkPolicy", """{"spec": {"ingress": [{"from": [{"ipBlock": {"cidr": "192.168.0.0/16"}}]}]}}""", null)]
    [InlineData(
        "Ingress",
        """{"metadata": {"annotations": {"nginx.ingress.kubernetes.io/whitelist-source-range": "10.0.0.0/16,192.168.0.0/16"}}}""",
        "annotation nginx.ingress.kubernetes.io/whitelist-source-range"
    )]
    [InlineData(
        "Ingress",
        """{"metadata": {"annotations": {"alb.ingress.kubernetes.io/inbound-cidrs": "10.0.0.0/16"}}}""",
        "annotation alb.ingress.kubernetes.io/inbound-cidrs"
    )]
    [InlineData("Service", """{"spec": {"loadBalancerSourceRanges": ["10.0.0.0/16"]}}""", "spec.loadBalancerSourceRanges")]
    [InlineData(
        "AuthorizationPolicy",
        """{"spec": {"rules": [{"from": [{"source": {"ipBlocks": ["10.0.1.7"]}}]}]}}""",
        "spec.rules.from.source.ipBlocks"
    )]
    [InlineData(
        "Deployment",
        """
            {
              "spec": {
                "template": {
                  "spec": {"containers": [{"name": "web", "env": [{"name": "no_proxy", "value": ".svc,10.0.0.0/16"}]}]}
                }
              }
            }
            """,
        "env no_proxy of container web"
    )]
    [InlineData(
        "Deployment",
        """
            {
              "spec": {
                "template": {
                  "spec": {
                    "containers": [
                      {"name": "web", "env": [{"name": "NO_PROXY", "value": ".svc,10.0.0.0/16,100.64.0.0/16"}]}
                    ]
                  }
                }
              }
            }
            """,
        null
    )]
    [InlineData("Deployment", "{}", null)]
    public void Objects_that_name_the_addresses_of_today_and_not_those_of_pods_to_come_are_told(string kind, string text, string? place)
    {
        var thing = System.Text.Json.Nodes.JsonNode.Parse(text)!.AsObject();
        thing["kind"] = kind;

        var named = NamedAddresses.Of([thing], [Cidr.Parse("10.0.0.0/16")], [Cidr.Parse("100.64.0.0/16")]);
        Assert.Equal(place, named.Select(one => one.Place).SingleOrDefault());
        Assert.Empty(NamedAddresses.Of([thing], [Cidr.Parse("10.0.0.0/16")], []));
    }

    [Fact]
    public async Task The_impact_reads_the_objects_of_the_cluster()
    {
        using var run = new CommandRun();
        run.Write(
            "world.yaml",
            run.Read("world.yaml").TrimEnd()
                + "\n"
                + """
                  - apiVersion: networking.k8s.io/v1
                    kind: NetworkPolicy
                    metadata: {name: db, namespace: shop}
                    spec: {podSelector: {}, ingress: [{from: [{ipBlock: {cidr: 10.196.24.0/24}}]}]}

                """
        );
        var (exit, output, error) = await run.HereAsync("plan --impact");

        Assert.True(exit == ExitCode.Fine, output + error);
        Assert.Contains(
            "networkpolicy shop/db, spec.ingress.from.ipBlock: 10.196.24.0/24: pods would not be let in",
            output,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void The_impact_tells_as_whom_pods_were_seen_and_will_be()
    {
        var rows = Impact.Of(AsNodes(TracedVpc.Inventory()), TracedVpc.Inventory());

        var database = rows.Single(row => row.Question.Concern == Concern.Server);
        Assert.True(database.IsWorse);
        Assert.Equal(Address.Parse(TracedVpc.Pod), database.After.Outcome.SeenAs);
        Golden.Matches(Impact.Render(rows, TracedVpc.Inventory(), [], [], ["ingresses: Forbidden"]), "Reachability/impact.golden");
    }

    /// <summary>The guide's pod group: it admits the VPC, and nobody admits it.</summary>
    private static Inventory AsInTheGuide(Inventory inventory) =>
        inventory.With(cloud =>
            cloud with
            {
                Groups = cloud
                    .Groups.Select(group =>
                        group with
                        {
                            Rules = group.Rules.Where(rule => !(group.Id.Text == "sg-cluster" && rule.Id == "sgr-pods")).ToEquatable(),
                        }
                    )
                    .ToEquatable(),
            }
        );

    /// <summary>Pods carry the nodes' group.</summary>
    private static Inventory AsNodes(Inventory inventory) =>
        inventory.With(cloud =>
            cloud with
            {
                Interfaces = cloud
                    .Interfaces.Select(eni => eni.Groups.Contains(new("sg-pods")) ? eni with { Groups = [new("sg-cluster")] } : eni)
                    .ToEquatable(),
            }
        )
            is var changed
            ? changed with
            {
                Cluster = changed.Cluster! with
                {
                    EniConfigs = changed.Cluster!.EniConfigs.Select(config => config with { Groups = ["sg-cluster"] }).ToEquatable(),
                },
            }
            : inventory;
}
