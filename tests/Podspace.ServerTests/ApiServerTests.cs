using System.Text.Json.Nodes;
using Podspace.Applying;
using Podspace.Kubernetes;
using Podspace.Model;
using Podspace.Steps.Calls;

namespace Podspace.ServerTests;

/// <summary>What Podspace asks of Kubernetes, asked of a real kube-apiserver; and, by the same
/// lines, of the twin, whose answers must be the same.</summary>
public sealed class ApiServerTests(ApiServer server) : IClassFixture<ApiServer>
{
    public static TheoryData<string> Doors => [ClusterDoor.Twin, ClusterDoor.Real];

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [MemberData(nameof(Doors))]
    public async Task An_ENIConfig_is_applied_and_applied_again_without_a_change(string which)
    {
        await using var door = await ClusterDoor.OpenAsync(which, server);
        var zone = Name("zone");

        var first = await door.Cluster.CallAsync(EniConfig(zone, "subnet-0a", force: false), Cancel);
        var again = await door.Cluster.CallAsync(EniConfig(zone, "subnet-0a", force: false), Cancel);

        Assert.Null(first.Refusal);
        Assert.Equal(first, again);
        var (found, _) = await door.Cluster.GetAsync(ObjectKey.EniConfig(zone), Cancel);
        Assert.Equal("subnet-0a", (string?)found!["spec"]!["subnet"]);
        Assert.Equal("podspace Apply", Managers(found));
    }

    [Theory]
    [MemberData(nameof(Doors))]
    public async Task What_another_manager_holds_is_a_conflict_that_names_it_until_it_is_forced(string which)
    {
        await using var door = await ClusterDoor.OpenAsync(which, server);
        var zone = Name("zone");
        // A replacement is an Update in the eyes of the server: fields of another kind of manager, though of the same name.
        var manifest = Manifest(zone, "subnet-0theirs");
        Assert.Null((await door.Cluster.CallAsync(new ClusterCall.Create(ObjectKey.EniConfig(zone), manifest), Cancel)).Refusal);

        var refused = await door.Cluster.CallAsync(EniConfig(zone, "subnet-0ours", force: false), Cancel);
        var forced = await door.Cluster.CallAsync(EniConfig(zone, "subnet-0ours", force: true), Cancel);

        Assert.Equal(RefusalKind.Conflict, refused.Refusal!.Kind);
        Assert.Contains("conflict with \"podspace\"", refused.Refusal.Message, StringComparison.Ordinal);
        Assert.Contains(".spec.subnet", refused.Refusal.Message, StringComparison.Ordinal);
        Assert.Null(forced.Refusal);
        Assert.Equal("subnet-0ours", (string?)(await door.Cluster.GetAsync(ObjectKey.EniConfig(zone), Cancel)).Object!["spec"]!["subnet"]);
    }

    [Theory]
    [MemberData(nameof(Doors))]
    public async Task A_record_is_written_only_onto_what_was_read(string which)
    {
        await using var door = await ClusterDoor.OpenAsync(which, server);
        var key = ObjectKey.Record(Name("overlay"));

        var made = await door.Cluster.CallAsync(new ClusterCall.Create(key, Record(key, "one")), Cancel);
        var twice = await door.Cluster.CallAsync(new ClusterCall.Create(key, Record(key, "two")), Cancel);
        var onto = await door.Cluster.CallAsync(new ClusterCall.Apply(key, Record(key, "three", made.Id), true), Cancel);
        var late = await door.Cluster.CallAsync(new ClusterCall.Apply(key, Record(key, "four", made.Id), true), Cancel);

        Assert.Null(made.Refusal);
        Assert.Equal((RefusalKind.Conflict, "AlreadyExists"), (twice.Refusal!.Kind, twice.Refusal.Code));
        Assert.Null(onto.Refusal);
        Assert.Equal((RefusalKind.Conflict, "Conflict"), (late.Refusal!.Kind, late.Refusal.Code));
        Assert.Equal("three", (string?)(await door.Cluster.GetAsync(key, Cancel)).Object!["data"]!["addon-values"]);
    }

    [Theory]
    [MemberData(nameof(Doors))]
    public async Task Of_two_runs_at_once_one_holds_the_Lease_and_the_other_hears_who(string which)
    {
        await using var door = await ClusterDoor.OpenAsync(which, server);
        var (overlay, time) = (Name("overlay"), new Hurried(20));
        var ann = RunLock.OnLease(door.Cluster, overlay, "ann", time);
        var bob = RunLock.OnLease(door.Cluster, overlay, "bob", time);
        Assert.Null(await ann.AcquireAsync(Cancel));

        var waiting = bob.AcquireAsync(Cancel);
        while (!waiting.IsCompleted)
        {
            Assert.Null(await ann.RenewLockAsync(Cancel));
            await Task.Delay(50, Cancel);
        }
        var refusal = await waiting;

        Assert.Equal("Held", refusal!.Code);
        Assert.Contains("ann", refusal.Message, StringComparison.Ordinal);
        await ann.ReleaseAsync(Cancel);
        Assert.Null((await door.Cluster.GetAsync(ObjectKey.Lease(overlay), Cancel)).Object);
        Assert.Null(await bob.AcquireAsync(Cancel));
        await bob.ReleaseAsync(Cancel);
    }

    [Theory]
    [MemberData(nameof(Doors))]
    public async Task The_Lease_of_a_killed_run_is_taken_once_it_expired_and_its_holder_does_not_take_it_back(string which)
    {
        await using var door = await ClusterDoor.OpenAsync(which, server);
        var (overlay, time) = (Name("overlay"), new Hurried(20));
        var killed = RunLock.OnLease(door.Cluster, overlay, "killed", time);
        var next = RunLock.OnLease(door.Cluster, overlay, "next", time);
        Assert.Null(await killed.AcquireAsync(Cancel));

        Assert.Null(await next.AcquireAsync(Cancel));

        Assert.Equal("LockLost", (await killed.RenewLockAsync(Cancel))!.Code);
        await killed.ReleaseAsync(Cancel);
        Assert.Equal("next", (string?)(await door.Cluster.GetAsync(ObjectKey.Lease(overlay), Cancel)).Object!["spec"]!["holderIdentity"]);
        await next.ReleaseAsync(Cancel);
    }

    [Theory]
    [MemberData(nameof(Doors))]
    public async Task Of_those_who_ask_for_a_free_Lease_together_one_gets_it(string which)
    {
        await using var door = await ClusterDoor.OpenAsync(which, server);
        var (overlay, time) = (Name("overlay"), new Hurried(20));
        var key = ObjectKey.Lease(overlay);

        var runs = Enumerable.Range(0, 6).Select(i => RunLock.OnLease(door.Cluster, overlay, $"run-{i}", time)).ToList();
        var first = await Task.WhenAny(runs.Select(run => run.AcquireAsync(Cancel)));

        Assert.Null(await first);
        var holder = (string?)(await door.Cluster.GetAsync(key, Cancel)).Object!["spec"]!["holderIdentity"];
        Assert.StartsWith("run-", holder, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Doors))]
    public async Task A_Lease_that_changed_since_is_not_deleted(string which)
    {
        await using var door = await ClusterDoor.OpenAsync(which, server);
        var key = ObjectKey.Record(Name("overlay"));
        var made = await door.Cluster.CallAsync(new ClusterCall.Create(key, Record(key, "one")), Cancel);
        await door.Cluster.CallAsync(new ClusterCall.Apply(key, Record(key, "two"), true), Cancel);

        var stale = await door.Cluster.CallAsync(new ClusterCall.Delete(key, made.Id), Cancel);
        var gone = await door.Cluster.CallAsync(new ClusterCall.Delete(key), Cancel);
        var again = await door.Cluster.CallAsync(new ClusterCall.Delete(key), Cancel);

        Assert.Equal(RefusalKind.Conflict, stale.Refusal!.Kind);
        Assert.Null(gone.Refusal);
        Assert.Null(again.Refusal);
    }

    [Theory]
    [MemberData(nameof(Doors))]
    public async Task A_budget_that_allows_none_holds_a_pod_and_one_that_allows_it_lets_it_go(string which)
    {
        await using var door = await ClusterDoor.OpenAsync(which, server);

        var (held, pod) = await door.BudgetedPodAsync(allowed: 0);
        var kept = await door.Cluster.CallAsync(new ClusterCall.Evict(held, pod), Cancel);
        var (free, other) = await door.BudgetedPodAsync(allowed: 1);
        var left = await door.Cluster.CallAsync(new ClusterCall.Evict(free, other), Cancel);
        var absent = await door.Cluster.CallAsync(new ClusterCall.Evict(free, "never-was"), Cancel);

        Assert.Equal(RefusalKind.Conflict, kept.Refusal!.Kind);
        Assert.Contains("disruption budget", kept.Refusal.Message, StringComparison.Ordinal);
        Assert.Null(left.Refusal);
        Assert.Null(absent.Refusal);
    }

    [Theory]
    [MemberData(nameof(Doors))]
    public async Task A_node_is_cordoned_and_uncordoned_as_kubectl_does_it(string which)
    {
        await using var door = await ClusterDoor.OpenAsync(which, server);
        var node = await door.NodeAsync();
        var key = new ObjectKey("v1", "nodes", null, node);

        await door.Cluster.CallAsync(new ClusterCall.Cordon(node, true, "podspace.io/rollout.prod", "to-overlay"), Cancel);
        var cordoned = (bool?)(await door.Cluster.GetAsync(key, Cancel)).Object!["spec"]!["unschedulable"];
        await door.Cluster.CallAsync(new ClusterCall.Cordon(node, false, "podspace.io/rollout.prod", null), Cancel);

        Assert.True(cordoned);
        Assert.Null((await door.Cluster.GetAsync(key, Cancel)).Object!["spec"]?["unschedulable"]);
        Assert.Equal(
            RefusalKind.NotFound,
            (await door.Cluster.CallAsync(new ClusterCall.Cordon("never-was", true, "podspace.io/rollout.prod", null), Cancel))
                .Refusal!
                .Kind
        );
    }

    [Theory]
    [MemberData(nameof(Doors))]
    public async Task The_whole_cluster_can_be_looked_at_whatever_its_version(string which)
    {
        await using var door = await ClusterDoor.OpenAsync(which, server);
        var zone = Name("zone");
        await door.Cluster.CallAsync(EniConfig(zone, "subnet-0a", force: false), Cancel);

        var seen = await door.Cluster.ObserveAsync(Name("overlay"), Cancel);

        Assert.Empty(seen.Gaps);
        Assert.Contains(seen.EniConfigs, config => config.Name == zone);
        Assert.Null(seen.Record);
    }

    [Fact]
    public async Task Who_may_not_is_told_what_it_is_that_he_may_not()
    {
        using var limited = new LiveCluster(server.Connect(ApiServer.Limited));
        await server.SendAsync(
            HttpMethod.Post,
            "/apis/rbac.authorization.k8s.io/v1/namespaces/kube-system/roles",
            """
            {
              "apiVersion": "rbac.authorization.k8s.io/v1",
              "kind": "Role",
              "metadata": {"name": "records"},
              "rules": [{"apiGroups": [""], "resources": ["configmaps"], "verbs": ["get", "create", "patch"]}]
            }
            """
        );
        await server.SendAsync(
            HttpMethod.Post,
            "/apis/rbac.authorization.k8s.io/v1/namespaces/kube-system/rolebindings",
            """
            {
              "apiVersion": "rbac.authorization.k8s.io/v1",
              "kind": "RoleBinding",
              "metadata": {"name": "records"},
              "roleRef": {"apiGroup": "rbac.authorization.k8s.io", "kind": "Role", "name": "records"},
              "subjects": [{"kind": "User", "name": "limited"}]
            }
            """
        );

        // A role is in force a moment after it was written.
        var record = new ClusterCall.Apply(ObjectKey.Record("prod"), "{}", false);
        while ((await limited.RehearseAsync(record, Cancel)).Refusal is not null)
        {
            await Task.Delay(100, Cancel);
        }
        var lease = await limited.RehearseAsync(new ClusterCall.Create(ObjectKey.Lease("prod"), "{}"), Cancel);
        var (_, unseen) = await limited.GetAsync(ObjectKey.AwsNode, Cancel);
        var seen = await limited.ObserveAsync("prod", Cancel);

        Assert.Equal(
            (RefusalKind.Denied, "You may not create leases \"podspace-prod\" in namespace kube-system."),
            (lease.Refusal!.Kind, lease.Refusal.Message)
        );
        Assert.Equal((RefusalKind.Denied, "Forbidden"), (unseen!.Kind, unseen.Code));
        Assert.Contains(
            seen.Gaps,
            gap => gap.Reading == Reading.Nodes && gap.Why.Contains("cannot list resource \"nodes\"", StringComparison.Ordinal)
        );
        Assert.DoesNotContain(seen.Gaps, gap => gap.Reading == Reading.Record);
    }

    [Fact]
    public async Task A_server_that_is_replaced_in_the_middle_of_a_run_is_waited_for()
    {
        await using var door = await ClusterDoor.OpenAsync(ClusterDoor.Real, server);
        var key = ObjectKey.Record(Name("overlay"));
        var made = await door.Cluster.CallAsync(new ClusterCall.Create(key, Record(key, "before")), Cancel);

        var restart = server.RestartAsync();
        var during = await door.Cluster.CallAsync(new ClusterCall.Apply(key, Record(key, "during", made.Id), true), Cancel);
        await restart;

        Assert.Null(during.Refusal);
        Assert.Equal("during", (string?)(await door.Cluster.GetAsync(key, Cancel)).Object!["data"]!["addon-values"]);
    }

    private static string Name(string what) => $"{what}-{Guid.NewGuid():N}"[..20];

    private static string Managers(JsonObject found) =>
        string.Join(", ", found["metadata"]!["managedFields"]!.AsArray().Select(entry => $"{entry!["manager"]} {entry["operation"]}"));

    private static ClusterCall.Apply EniConfig(string zone, string subnet, bool force) =>
        new(ObjectKey.EniConfig(zone), Manifest(zone, subnet), force);

    private static string Manifest(string zone, string subnet) =>
        new JsonObject
        {
            ["apiVersion"] = "crd.k8s.amazonaws.com/v1alpha1",
            ["kind"] = "ENIConfig",
            ["metadata"] = new JsonObject { ["name"] = zone },
            ["spec"] = new JsonObject { ["subnet"] = subnet, ["securityGroups"] = new JsonArray("sg-0a") },
        }.ToJsonString();

    private static string Record(ObjectKey key, string values, string? version = null)
    {
        var metadata = new JsonObject { ["name"] = key.Name, ["namespace"] = key.Namespace };
        if (version is not null)
        {
            metadata["resourceVersion"] = version;
        }
        return new JsonObject
        {
            ["apiVersion"] = "v1",
            ["kind"] = "ConfigMap",
            ["metadata"] = metadata,
            ["data"] = new JsonObject { ["addon-values"] = values },
        }.ToJsonString();
    }

    /// <summary>Wall time at a multiple, for what counts half minutes.</summary>
    private sealed class Hurried(double speed) : TimeProvider
    {
        private readonly DateTimeOffset start = System.GetUtcNow();
        private readonly long stamp = System.GetTimestamp();

        public override DateTimeOffset GetUtcNow() => start + (System.GetElapsedTime(stamp) * speed);

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
            System.CreateTimer(callback, state, dueTime == Timeout.InfiniteTimeSpan ? dueTime : dueTime / speed, period);
    }
}
