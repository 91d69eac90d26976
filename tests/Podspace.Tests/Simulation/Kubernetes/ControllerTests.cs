using System.Text.Json.Nodes;
using Podspace.Simulation;
using Podspace.Simulation.Kubernetes;

namespace Podspace.Tests.Simulation.Kubernetes;

/// <summary>Controllers, scheduler and budgets on the guide's cluster: six nodes, three in a zone.</summary>
public sealed class ControllerTests
{
    private const string Zone = "topology.kubernetes.io/zone";

    private readonly World world = Worlds.Crowded();
    private readonly ApiServer api;

    public ControllerTests() => api = new(world);

    private IReadOnlyList<JsonObject> Nodes => [.. world.Objects.List("v1", "nodes")];

    [Fact]
    public void A_world_that_was_at_rest_stays_at_rest_when_it_is_loaded()
    {
        var issued = world.State.Issued.Count;
        var history = world.State.History.Count;
        Rest();
        Assert.Equal((history, issued), (world.State.History.Count, world.State.Issued.Count));
        Assert.Equal(12, world.Objects.List("v1", "pods").Count(ObjectStore.IsDerived));
    }

    [Fact]
    public void Pods_of_a_DaemonSet_have_the_same_names_whenever_the_world_is_loaded() =>
        Assert.Equal(
            Daemons("aws-node").Select(pod => pod.Name()),
            Pods(Worlds.Crowded(), "kube-system", "k8s-app", "aws-node").Select(pod => pod.Name())
        );

    [Fact]
    public void A_Deployment_gets_its_pods_which_spread_over_zones_and_nodes()
    {
        Create("deployments", Deployment("six", 6));
        var pods = Pods("default", "app", "six");
        Assert.Equal([3, 3], pods.GroupBy(pod => NodeOf(pod).Label(Zone)).Select(group => group.Count()));
        Assert.Equal(6, pods.Select(pod => pod.Text("spec", "nodeName")).Distinct().Count());
        Assert.All(pods, pod => Assert.True(pod.IsReady(), pod.ToJsonString()));
        var deployment = Find("deployments", "default", "six");
        Assert.Equal((6, "True"), (deployment.Number("status", "availableReplicas"), deployment.Condition("Available")));
    }

    [Fact]
    public void A_new_template_replaces_the_pods_and_never_more_than_may_be_missing_at_once()
    {
        Create("deployments", Deployment("four", 4));
        var fewest = 4;
        world.Objects.Happened += () => fewest = Math.Min(fewest, Pods("default", "app", "four").Count(pod => pod.IsReady()));
        Change("deployments", "default", "four", """{"spec":{"template":{"spec":{"containers":[{"name":"c","image":"new"}]}}}}""");
        Assert.Equal(
            ["new", "new", "new", "new"],
            Pods("default", "app", "four").Select(pod => pod.Items("spec", "containers").Single().Text("image"))
        );
        Assert.Equal(3, fewest);
        Assert.Equal(
            [0, 4],
            world.Objects.List("apps/v1", "replicasets", "default").Select(set => set.Number("spec", "replicas")!.Value).Order()
        );
    }

    [Fact]
    public void What_the_deleted_owned_goes_with_it_unless_it_is_orphaned()
    {
        Create("deployments", Deployment("gone", 2));
        Create("deployments", Deployment("kept", 2));
        Do(() => api.Delete(Target("deployments", "default", "gone"), null, new("me")));
        Do(() => api.Delete(Target("deployments", "default", "kept"), JsonNode.Parse("""{"propagationPolicy":"Orphan"}"""), new("me")));
        Assert.Empty(Pods("default", "app", "gone"));
        Assert.Equal(2, Pods("default", "app", "kept").Count);
        Assert.Empty(Assert.Single(world.Objects.List("apps/v1", "replicasets", "default")).Items("metadata", "ownerReferences"));
    }

    [Fact]
    public void A_namespace_takes_its_contents_along()
    {
        Do(() => api.Delete(new(KindTable.Find("v1", "namespaces")!, null, "shop"), null, new("me")));
        Assert.Empty(world.Objects.List("v1", "pods", "shop"));
        Assert.Empty(world.Objects.List("apps/v1", "deployments", "shop"));
    }

    [Fact]
    public void A_DaemonSet_runs_on_cordoned_and_unready_nodes_too()
    {
        SetNode(Nodes[0].Name(), node => node.Put(true, "spec", "unschedulable"));
        SetNode(Nodes[1].Name(), node => node.SetCondition("Ready", "False", "KubeletNotReady", "", world.Clock.GetUtcNow()));
        Assert.Equal(
            Nodes.Select(node => node.Name()),
            Daemons("aws-node").Select(pod => pod.Text("spec", "nodeName")!).Order(StringComparer.Ordinal)
        );
    }

    [Fact]
    public void A_changed_DaemonSet_makes_its_pods_anew_one_after_another()
    {
        var before = Daemons("aws-node").Select(pod => pod.Name()).ToList();
        var mostMissing = 0;
        world.Objects.Happened += () => mostMissing = Math.Max(mostMissing, 6 - Daemons("aws-node").Count(pod => pod.IsReady()));
        Change("daemonsets", "kube-system", "aws-node", """{"spec":{"template":{"metadata":{"annotations":{"restarted":"now"}}}}}""");
        Assert.Empty(before.Intersect(Daemons("aws-node").Select(pod => pod.Name())));
        Assert.Equal(1, mostMissing);
        var set = Find("daemonsets", "kube-system", "aws-node");
        Assert.Equal(
            (6, 6, 2),
            (
                set.Number("status", "updatedNumberScheduled"),
                set.Number("status", "numberReady"),
                set.Number("status", "observedGeneration")
            )
        );
    }

    [Fact]
    public void A_node_that_is_deleted_takes_its_pods_along()
    {
        var node = Nodes[0].Name();
        Do(() => world.Objects.Delete("v1", "nodes", null, node));
        Assert.DoesNotContain(
            world.Objects.List("v1", "pods"),
            pod => pod.Text("spec", "nodeName") == node && !world.Objects.List("v1", "nodes").Any(there => there.Name() == node)
        );
    }

    [Fact]
    public void No_pod_goes_to_a_node_that_is_cordoned_unready_tainted_or_full()
    {
        SetNode(Nodes[0].Name(), node => node.Put(true, "spec", "unschedulable"));
        SetNode(Nodes[1].Name(), node => node.Put(JsonNode.Parse("""[{"key":"only","effect":"NoSchedule"}]"""), "spec", "taints"));
        SetNode(Nodes[2].Name(), node => node.Put("1", "status", "allocatable", "pods"));
        Create("deployments", Deployment("many", 9));
        Assert.Equal(
            Nodes.Skip(3).Select(node => node.Name()),
            Pods("default", "app", "many").Select(pod => pod.Text("spec", "nodeName")!).Distinct().Order(StringComparer.Ordinal)
        );
    }

    [Fact]
    public void A_pod_with_no_place_waits_and_says_so()
    {
        Create("deployments", Deployment("nowhere", 1, """{"nodeSelector":{"disk":"tape"}}"""));
        var pod = Assert.Single(Pods("default", "app", "nowhere"));
        Assert.Equal(("Pending", "False"), (pod.Text("status", "phase"), pod.Condition("PodScheduled")));
        SetNode(Nodes[0].Name(), node => node.Put("tape", "metadata", "labels", "disk"));
        Assert.Equal(Nodes[0].Name(), Assert.Single(Pods("default", "app", "nowhere")).Text("spec", "nodeName"));
    }

    [Fact]
    public void A_StatefulSet_numbers_its_pods()
    {
        Create(
            "statefulsets",
            Parse(
                """
                {
                  "metadata": {"name": "db"},
                  "spec": {
                    "replicas": 3,
                    "selector": {"matchLabels": {"app": "db"}},
                    "template": {
                      "metadata": {"labels": {"app": "db"}},
                      "spec": {"containers": [{"name": "c", "image": "i"}]}
                    }
                  }
                }
                """
            )
        );
        Assert.Equal(["db-0", "db-1", "db-2"], Pods("default", "app", "db").Select(pod => pod.Name()));
        Change("statefulsets", "default", "db", """{"spec":{"replicas":1}}""");
        Assert.Equal(["db-0"], Pods("default", "app", "db").Select(pod => pod.Name()));
    }

    [Theory]
    [InlineData("""{"minAvailable":3}""", 4, 3, 1)]
    [InlineData("""{"minAvailable":5}""", 4, 5, 0)]
    [InlineData("""{"minAvailable":"50%"}""", 4, 2, 2)]
    [InlineData("""{"minAvailable":"51%"}""", 4, 3, 1)]
    [InlineData("""{"maxUnavailable":1}""", 4, 3, 1)]
    [InlineData("""{"maxUnavailable":"30%"}""", 4, 2, 2)]
    [InlineData("""{"maxUnavailable":0}""", 4, 4, 0)]
    public void A_budget_counts_how_many_pods_may_go(string spec, int expected, int desired, int allowed)
    {
        Create("deployments", Deployment("web", 4));
        Budget(spec);
        var budget = world.Objects.Find("policy/v1", "poddisruptionbudgets", "default", "web")!;
        Assert.Equal(
            (expected, desired, 4, allowed),
            (
                budget.Number("status", "expectedPods"),
                budget.Number("status", "desiredHealthy"),
                budget.Number("status", "currentHealthy"),
                budget.Number("status", "disruptionsAllowed")
            )
        );
        Assert.Equal(allowed > 0 ? "True" : "False", budget.Condition("DisruptionAllowed"));
    }

    [Fact]
    public void Evictions_go_on_until_the_budget_is_spent()
    {
        Create("deployments", Deployment("web", 4));
        Budget("""{"minAvailable":3}""");
        var pods = Pods("default", "app", "web");
        // No time passes between the two: the replacement of the first is not there yet.
        world.Do(() => Evicted(pods[0]));
        var refusal = Assert.Throws<WorldRefusal>(() => world.Do(() => Evicted(pods[1])));
        Assert.Equal((429, "TooManyRequests"), (refusal.Status, refusal.Code));
        Assert.Equal(
            [new RefusalCause("DisruptionBudget", "The disruption budget web needs 3 healthy pods and has 3 currently")],
            refusal.Causes
        );
        Rest();
        Do(() => Evicted(pods[1]));
    }

    [Fact]
    public void Two_budgets_over_one_pod_are_an_error_of_the_server()
    {
        Create("deployments", Deployment("web", 4));
        Budget("""{"minAvailable":1}""");
        Budget("""{"minAvailable":1}""", "other");
        Assert.Equal(500, Assert.Throws<WorldRefusal>(() => world.Do(() => Evicted(Pods("default", "app", "web")[0]))).Status);
    }

    private int Evicted(JsonObject pod)
    {
        Eviction.Evict(world, pod.Namespace()!, pod.Name(), dryRun: false);
        return 0;
    }

    private void Budget(string spec, string name = "web")
    {
        var budget = Parse("""{"apiVersion":"policy/v1","kind":"PodDisruptionBudget"}""");
        budget["metadata"] = new JsonObject { ["name"] = name };
        budget["spec"] = JsonNode.Parse(spec);
        budget.Put("web", "spec", "selector", "matchLabels", "app");
        Do(() => api.Create(new(KindTable.Find("policy/v1", "poddisruptionbudgets")!, "default", null), budget, new("me")));
    }

    private static JsonObject Deployment(string name, int replicas, string podSpec = "{}")
    {
        var deployment = Parse("""{"spec":{"template":{"spec":{"containers":[{"name":"c","image":"i"}]}}}}""");
        deployment["metadata"] = new JsonObject { ["name"] = name };
        deployment.Put(replicas, "spec", "replicas");
        deployment.Put(name, "spec", "selector", "matchLabels", "app");
        deployment.Put(name, "spec", "template", "metadata", "labels", "app");
        foreach (var (key, value) in Parse(podSpec))
        {
            deployment.Put(value?.DeepClone(), "spec", "template", "spec", key);
        }
        return deployment;
    }

    private static Target Target(string plural, string ns, string? name) => new(KindTable.Find("apps/v1", plural)!, ns, name);

    private void Create(string plural, JsonObject manifest) => Do(() => api.Create(Target(plural, "default", null), manifest, new("me")));

    private void Change(string plural, string ns, string name, string patch) =>
        Do(() => api.Patch(Target(plural, ns, name), PatchKind.StrategicMerge, JsonNode.Parse(patch), new("me")));

    private void SetNode(string name, Action<JsonObject> change) =>
        Do(() =>
        {
            var node = world.Objects.Find("v1", "nodes", null, name)!.Clone();
            change(node);
            return world.Objects.Update("v1", "nodes", node, "me");
        });

    private void Do(Action act) =>
        Do(() =>
        {
            act();
            return 0;
        });

    private void Do<T>(Func<T> act)
    {
        world.Do(act);
        Rest();
    }

    private void Rest()
    {
        world.Do(() => 0);
        world.Advance(TimeSpan.FromSeconds(2));
    }

    private JsonObject Find(string plural, string ns, string name) => world.Objects.Find("apps/v1", plural, ns, name)!;

    private JsonObject NodeOf(JsonObject pod) => world.Objects.Find("v1", "nodes", null, pod.Text("spec", "nodeName")!)!;

    private IReadOnlyList<JsonObject> Daemons(string app) => Pods("kube-system", "k8s-app", app);

    private IReadOnlyList<JsonObject> Pods(string ns, string label, string value) => Pods(world, ns, label, value);

    private static IReadOnlyList<JsonObject> Pods(World world, string ns, string label, string value) =>
        [.. world.Objects.List("v1", "pods", ns).Where(pod => pod.Label(label) == value && PodTemplate.IsActive(pod))];

    private static JsonObject Parse(string json) => (JsonObject)JsonNode.Parse(json)!;
}
