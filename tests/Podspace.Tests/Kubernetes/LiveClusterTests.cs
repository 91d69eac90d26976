using System.Net;
using System.Text.Json.Nodes;
using Podspace.Applying;
using Podspace.Kubernetes;
using Podspace.Model;
using Podspace.Simulation;
using Podspace.Steps.Calls;
using Podspace.Tests.Aws;
using Podspace.Twin;
using Podspace.Twin.Aws;
using Podspace.Twin.Kubernetes;
using Reading = Podspace.Model.Reading;

namespace Podspace.Tests.Kubernetes;

/// <summary>The adapter in front of the simulated cluster, and what it makes of servers that break.</summary>
public sealed class LiveClusterTests
{
    private readonly World world = Worlds.Crowded();
    private readonly List<CallRecord> calls = [];

    [Fact]
    public async Task Everything_that_the_planner_needs_is_seen()
    {
        var seen = await Cluster().ObserveAsync("prod", default);

        Assert.Empty(seen.Gaps);
        Assert.Equal(world.Objects.List("v1", "nodes").Count(), seen.Nodes.Count);
        Assert.Equal(world.Objects.List("v1", "pods").Count(), seen.Pods.Count);
        Assert.Equal(world.Objects.List("policy/v1", "poddisruptionbudgets").Count(), seen.Budgets.Count);
        Assert.All(seen.Nodes, node => Assert.StartsWith("i-", node.InstanceId, StringComparison.Ordinal));
        Assert.All(seen.Nodes, node => Assert.StartsWith("eu-west-1", node.Zone, StringComparison.Ordinal));
        Assert.All(seen.Nodes, node => Assert.True(node.MaxPods > 0 && node.InternalAddress is not null));
        Assert.Contains(seen.Pods, pod => pod is { Controller: null, HostNetwork: false });
        Assert.Contains(seen.Pods, pod => pod is { Controller: "ReplicaSet", IsReady: true, Node: not null, Address: not null });
        Assert.NotNull(seen.AwsNode);
        Assert.Equal("false", seen.AwsNode.Setting("AWS_VPC_K8S_CNI_EXTERNALSNAT"));
        Assert.Equal(seen.Nodes.Count, seen.AwsNode.Desired);
        Assert.Null(seen.Record);
    }

    [Fact]
    public async Task A_cluster_without_the_ENIConfig_CRD_has_none_and_that_is_no_gap()
    {
        world.Do(() =>
        {
            world.Objects.Delete("apiextensions.k8s.io/v1", "customresourcedefinitions", null, "eniconfigs.crd.k8s.amazonaws.com");
            return true;
        });

        var seen = await Cluster().ObserveAsync("prod", default);

        Assert.Empty(seen.EniConfigs);
        Assert.Empty(seen.Gaps);
    }

    [Fact]
    public async Task What_may_not_be_read_is_a_gap_in_the_server_s_words()
    {
        var cluster = Cluster(handler => new Breaking(
            handler,
            request =>
                request.RequestUri!.AbsolutePath.EndsWith("/pods", StringComparison.Ordinal)
                    ? Status(403, "Forbidden", "pods is forbidden")
                    : null
        ));

        var seen = await cluster.ObserveAsync("prod", default);

        Assert.Equal(new Gap(Reading.Pods, "Forbidden — pods is forbidden"), Assert.Single(seen.Gaps));
        Assert.NotEmpty(seen.Nodes);
    }

    [Fact]
    public async Task An_ENIConfig_is_applied_seen_and_deleted_each_as_often_as_one_likes()
    {
        var cluster = Cluster();
        var key = ObjectKey.EniConfig("eu-west-1b");
        var apply = new ClusterCall.Apply(
            key,
            """
            {
              "apiVersion": "crd.k8s.amazonaws.com/v1alpha1",
              "kind": "ENIConfig",
              "metadata": {"name": "eu-west-1b", "labels": {"podspace.io/overlay": "prod"}},
              "spec": {"subnet": "subnet-1", "securityGroups": ["sg-2", "sg-1"]}
            }
            """,
            Force: false
        );

        var first = await cluster.CallAsync(apply, default);
        Assert.NotNull(first.Id);
        Assert.Equal(first, await cluster.CallAsync(apply, default));
        var seen = Assert.Single((await cluster.ObserveAsync("prod", default)).EniConfigs);
        Assert.Equal(new SeenEniConfig("eu-west-1b", "subnet-1", ["sg-1", "sg-2"], "prod", ["podspace"]), seen);

        Assert.Equal(Outcome.Done(), await cluster.CallAsync(new ClusterCall.Delete(key), default));
        Assert.Equal(Outcome.Done(), await cluster.CallAsync(new ClusterCall.Delete(key), default));
        Assert.Equal((null, null), await cluster.GetAsync(key, default));
    }

    [Fact]
    public async Task A_field_of_another_manager_is_a_conflict_until_it_is_taken_by_force()
    {
        var cluster = Cluster();
        world.Do(() => world.Objects.Create("v1", "configmaps", Record("theirs"), "kubectl"));
        var ours = Record("ours").ToJsonString();

        var refused = await cluster.CallAsync(new ClusterCall.Apply(ObjectKey.Record("prod"), ours, Force: false), default);
        var forced = await cluster.CallAsync(new ClusterCall.Apply(ObjectKey.Record("prod"), ours, Force: true), default);

        Assert.Equal(RefusalKind.Conflict, refused.Refusal!.Kind);
        Assert.Null(forced.Refusal);
    }

    [Fact]
    public async Task The_record_keeps_the_values_before_and_after_us_and_other_entries()
    {
        var cluster = Cluster();
        var record = Record("x");
        record["data"] = new JsonObject
        {
            ["written-values"] = "{}",
            ["note"] = "n",
            ["addon-values"] = "{\"env\":{}}",
        };

        await cluster.CallAsync(new ClusterCall.Apply(ObjectKey.Record("prod"), record.ToJsonString(), Force: false), default);

        var seen = await cluster.ObserveAsync("prod", default);
        Assert.Equal(new SeenRecord("{\"env\":{}}", "{}", [new("note", "n")]), seen.Record);
    }

    [Fact]
    public async Task What_exists_cannot_be_created_and_what_moved_on_cannot_be_replaced()
    {
        var cluster = Cluster();
        var create = new ClusterCall.Create(ObjectKey.Lease("prod"), Lease("me", null));

        var version = (await cluster.CallAsync(create, default)).Id;
        Assert.Equal(RefusalKind.Conflict, (await cluster.CallAsync(create, default)).Refusal!.Kind);
        Assert.Null((await cluster.CallAsync(new ClusterCall.Replace(ObjectKey.Lease("prod"), Lease("you", version)), default)).Refusal);
        Assert.Equal(
            RefusalKind.Conflict,
            (await cluster.CallAsync(new ClusterCall.Replace(ObjectKey.Lease("prod"), Lease("me", version)), default)).Refusal!.Kind
        );
    }

    [Fact]
    public async Task A_create_whose_answer_was_lost_is_done_and_not_a_conflict()
    {
        var cluster = Cluster(handler => new Losing(handler));

        var outcome = await cluster.CallAsync(new ClusterCall.Create(ObjectKey.Lease("prod"), Lease("me", null)), default);

        Assert.Null(outcome.Refusal);
        Assert.Equal(["NoAnswer", "AlreadyExists", null], calls.Select(call => call.Error));
    }

    [Fact]
    public async Task A_create_that_another_won_while_the_answer_was_lost_is_a_conflict()
    {
        world.Do(() => world.Objects.Create("coordination.k8s.io/v1", "leases", JsonNode.Parse(Lease("you", null))!.AsObject(), "other"));
        var cluster = Cluster(handler => new Losing(handler));

        var outcome = await cluster.CallAsync(new ClusterCall.Create(ObjectKey.Lease("prod"), Lease("me", null)), default);

        Assert.Equal(RefusalKind.Conflict, outcome.Refusal!.Kind);
    }

    [Fact]
    public async Task A_node_is_cordoned_and_opened_again_with_its_mark()
    {
        const string Mark = "podspace.io/rollout.prod";
        var cluster = Cluster();
        var node = (await cluster.ObserveAsync("prod", default)).Nodes[0].Name;

        await cluster.CallAsync(new ClusterCall.Cordon(node, true, Mark, "to-overlay"), default);
        Assert.Equal((true, "to-overlay"), await SeenAsync());
        await cluster.CallAsync(new ClusterCall.Cordon(node, false, Mark, null), default);
        Assert.Equal((false, null), await SeenAsync());

        async Task<(bool, string?)> SeenAsync()
        {
            var seen = (await cluster.ObserveAsync("prod", default)).Nodes.Single(seen => seen.Name == node);
            return (seen.IsCordoned, seen.Annotation(Mark));
        }
    }

    [Fact]
    public async Task Evicting_a_pod_that_is_gone_is_done()
    {
        var cluster = Cluster();
        var bare = (await cluster.ObserveAsync("prod", default)).Pods.First(pod => pod is { Controller: null, IsMirror: false });

        Assert.Equal(Outcome.Done(), await cluster.CallAsync(new ClusterCall.Evict(bare.Namespace, bare.Name), default));
        Assert.Equal(Outcome.Done(), await cluster.CallAsync(new ClusterCall.Evict(bare.Namespace, "no-such-pod"), default));
    }

    [Fact]
    public async Task A_budget_that_allows_no_eviction_now_is_a_conflict_and_is_not_waited_for_here()
    {
        var cluster = Cluster(handler => new Breaking(
            handler,
            request =>
                request.RequestUri!.AbsolutePath.EndsWith("/eviction", StringComparison.Ordinal)
                    ? Status(429, "TooManyRequests", "Cannot evict pod as it would violate the pod's disruption budget.")
                    : null
        ));

        var outcome = await cluster.CallAsync(new ClusterCall.Evict("web", "web-0"), default);

        Assert.Equal(RefusalKind.Conflict, outcome.Refusal!.Kind);
        Assert.Single(calls, call => call.Operation.EndsWith("/eviction", StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_old_server_is_sent_the_eviction_that_it_knows()
    {
        string? sent = null;
        var cluster = Cluster(handler => new Breaking(
            handler,
            request =>
            {
                if (request.RequestUri!.AbsolutePath == "/api/v1")
                {
                    return Answer(200, """{"kind":"APIResourceList","resources":[{"name":"pods/eviction","version":"v1beta1"}]}""");
                }
                sent = request.Content!.ReadAsStringAsync().GetAwaiter().GetResult();
                return Answer(201, """{"kind":"Status","status":"Success"}""");
            }
        ));

        await cluster.CallAsync(new ClusterCall.Evict("web", "web-0"), default);

        Assert.Equal("policy/v1beta1", (string?)JsonNode.Parse(sent!)!["apiVersion"]);
    }

    [Fact]
    public async Task A_busy_server_is_given_the_time_that_it_asks_for()
    {
        var asked = 0;
        var start = world.Clock.GetUtcNow();
        var cluster = Cluster(handler => new Breaking(
            handler,
            _ =>
            {
                if (asked++ > 0)
                {
                    return null;
                }
                var busy = Status(429, "TooManyRequests", "too many requests");
                busy.Headers.Add("Retry-After", "5");
                return busy;
            }
        ));

        var (found, _) = await cluster.GetAsync(ObjectKey.AwsNode, default);

        Assert.NotNull(found);
        Assert.Equal(TimeSpan.FromSeconds(5), world.Clock.GetUtcNow() - start);
    }

    [Fact]
    public async Task A_server_that_stays_down_is_unavailable_in_the_end()
    {
        var cluster = Cluster(handler => new Breaking(handler, _ => Answer(503, "upstream connect error")));

        var (_, refusal) = await cluster.GetAsync(ObjectKey.AwsNode, default);

        Assert.Equal(RefusalKind.Unavailable, refusal!.Kind);
        Assert.Equal(9, calls.Count);
    }

    [Fact]
    public async Task A_list_comes_in_pages()
    {
        var cluster = Cluster(handler => new Breaking(
            handler,
            request =>
                request.RequestUri!.AbsolutePath == "/api/v1/nodes"
                    ? request.RequestUri.Query.Contains("continue=abc", StringComparison.Ordinal)
                        ? Answer(200, """{"kind":"NodeList","apiVersion":"v1","metadata":{},"items":[{"metadata":{"name":"b"}}]}""")
                        : Answer(
                            200,
                            """{"kind":"NodeList","apiVersion":"v1","metadata":{"continue":"abc"},"items":[{"metadata":{"name":"a"}}]}"""
                        )
                    : null
        ));

        Assert.Equal(["a", "b"], (await cluster.ObserveAsync("prod", default)).Nodes.Select(node => node.Name));
    }

    [Fact]
    public async Task Rehearsing_asks_for_the_right_and_changes_nothing()
    {
        var cluster = Cluster();
        var apply = new ClusterCall.Apply(ObjectKey.Record("prod"), "{}", Force: false);

        Assert.Equal(Outcome.Done(), await cluster.RehearseAsync(apply, default));
        Assert.DoesNotContain(calls, call => call.IsWrite);

        const string No = """{"kind":"SelfSubjectAccessReview","status":{"allowed":false,"reason":"no RBAC"}}""";
        var denying = Cluster(handler => new Breaking(handler, _ => Answer(201, No)));
        var refusal = (await denying.RehearseAsync(apply, default))!.Refusal!;
        Assert.Equal(RefusalKind.Denied, refusal.Kind);
        Assert.Equal("You may not patch configmaps \"podspace-prod\" in namespace kube-system (no RBAC).", refusal.Message);
    }

    private LiveCluster Cluster(Func<HttpMessageHandler, HttpMessageHandler>? between = null)
    {
        HttpMessageHandler handler = new TwinHandler(new AwsEndpoint(world), new KubernetesEndpoint(world));
        return new(ClusterConnection.InProcess(between?.Invoke(handler) ?? handler, world.Clock) with { OnCall = Note });
    }

    private void Note(CallRecord call)
    {
        lock (calls)
        {
            calls.Add(call);
        }
    }

    private static JsonObject Record(string value) =>
        new()
        {
            ["apiVersion"] = "v1",
            ["kind"] = "ConfigMap",
            ["metadata"] = new JsonObject { ["name"] = "podspace-prod", ["namespace"] = "kube-system" },
            ["data"] = new JsonObject { ["key"] = value },
        };

    private static string Lease(string holder, string? version)
    {
        var metadata = new JsonObject { ["name"] = "podspace-prod", ["namespace"] = "kube-system" };
        if (version is not null)
        {
            metadata["resourceVersion"] = version;
        }
        return new JsonObject
        {
            ["apiVersion"] = "coordination.k8s.io/v1",
            ["kind"] = "Lease",
            ["metadata"] = metadata,
            ["spec"] = new JsonObject { ["holderIdentity"] = holder },
        }.ToJsonString();
    }

    private static HttpResponseMessage Status(int status, string reason, string message) =>
        Answer(status, $$"""{"kind":"Status","status":"Failure","reason":"{{reason}}","message":"{{message}}","code":{{status}}}""");

    private static HttpResponseMessage Answer(int status, string body) => ScriptedTransport.Json(body, (HttpStatusCode)status)();

    /// <summary>Answers in the twin's stead where told to.</summary>
    private sealed class Breaking(HttpMessageHandler inner, Func<HttpRequestMessage, HttpResponseMessage?> answer)
        : DelegatingHandler(inner)
    {
        private readonly Lock gate = new();

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            HttpResponseMessage? instead;
            lock (gate)
            {
                instead = answer(request);
            }
            return instead ?? await base.SendAsync(request, cancellationToken);
        }
    }

    /// <summary>Loses the first answer, after its effect.</summary>
    private sealed class Losing(HttpMessageHandler inner) : DelegatingHandler(inner)
    {
        private bool hasLost;

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var response = await base.SendAsync(request, cancellationToken);
            if (hasLost)
            {
                return response;
            }
            hasLost = true;
            throw new HttpRequestException("the connection was closed");
        }
    }
}
