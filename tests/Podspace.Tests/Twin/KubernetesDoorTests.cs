using System.Text;
using System.Text.Json.Nodes;
using Podspace.Simulation;
using Podspace.Simulation.Kubernetes;
using Podspace.Simulation.State;
using Podspace.Twin.Kubernetes;

namespace Podspace.Tests.Twin;

public sealed class KubernetesDoorTests
{
    private const string ConfigMaps = "/api/v1/namespaces/default/configmaps";
    private const string Table = "application/json;as=Table;v=v1;g=meta.k8s.io,application/json";

    private readonly World world;
    private readonly KubernetesEndpoint endpoint;

    public KubernetesDoorTests()
    {
        world = new(new WorldState { Clock = DateTimeOffset.UnixEpoch });
        endpoint = new(world);
    }

    [Fact]
    public async Task What_is_created_is_read_listed_and_deleted()
    {
        var (status, made) = await Send("POST", ConfigMaps, """{"metadata":{"name":"a"},"data":{"x":"1"}}""");
        Assert.Equal(201, status);
        Assert.Equal(("v1", "ConfigMap", "default"), (made.Api(), made.Kind(), made.Namespace()));
        Assert.Equal("1", (await Send("GET", $"{ConfigMaps}/a")).Body.Text("data", "x"));
        var list = (await Send("GET", "/api/v1/configmaps")).Body;
        Assert.Equal(("ConfigMapList", made.Text("metadata", "resourceVersion")), (list.Kind(), list.Text("metadata", "resourceVersion")));
        Assert.Equal("Success", (await Send("DELETE", $"{ConfigMaps}/a")).Body.Text("status"));

        var (gone, refusal) = await Send("GET", $"{ConfigMaps}/a");
        Assert.Equal(404, gone);
        Assert.Equal(
            ("Status", "Failure", "NotFound", "configmaps \"a\" not found"),
            (refusal.Kind(), refusal.Text("status"), refusal.Text("reason"), refusal.Text("message"))
        );
        Assert.Equal(("a", "configmaps"), (refusal.Text("details", "name"), refusal.Text("details", "kind")));
    }

    [Fact]
    public async Task A_replacement_from_an_old_version_is_a_conflict()
    {
        var made = (await Send("POST", ConfigMaps, """{"metadata":{"name":"a"},"data":{"x":"1"}}""")).Body;
        var old = made.ToJsonString();
        made.Put("2", "data", "x");
        Assert.Equal(200, (await Send("PUT", $"{ConfigMaps}/a", made.ToJsonString())).Status);
        var (status, refusal) = await Send("PUT", $"{ConfigMaps}/a", old.Replace("\"1\"", "\"3\"", StringComparison.Ordinal));
        Assert.Equal((409, "Conflict"), (status, refusal.Text("reason")));
    }

    [Fact]
    public async Task Each_type_of_patch_is_known_by_its_content_type()
    {
        await Send("POST", ConfigMaps, """{"metadata":{"name":"a"},"data":{"x":"1"}}""");
        Assert.Equal("2", (await Patch("application/merge-patch+json", """{"data":{"x":"2"}}""")).Body.Text("data", "x"));
        Assert.Equal("3", (await Patch("application/strategic-merge-patch+json", """{"data":{"x":"3"}}""")).Body.Text("data", "x"));
        Assert.Equal(
            "4",
            (await Patch("application/json-patch+json", """[{"op":"replace","path":"/data/x","value":"4"}]""")).Body.Text("data", "x")
        );
        Assert.Equal(
            "5",
            (
                await Patch(
                    "application/apply-patch+yaml",
                    "apiVersion: v1\nkind: ConfigMap\ndata:\n  x: \"5\"\n",
                    "fieldManager=me&force=true"
                )
            ).Body.Text("data", "x")
        );
        Assert.Equal(415, (await Patch("text/plain", "x")).Status);

        Task<(int Status, JsonObject Body)> Patch(string type, string body, string query = "") =>
            Send("PATCH", $"{ConfigMaps}/a", body, query, type);
    }

    [Fact]
    public async Task A_dry_run_answers_as_if_and_keeps_nothing()
    {
        var version = world.Objects.Version;
        var (status, made) = await Send("POST", ConfigMaps, """{"metadata":{"name":"a"}}""", "dryRun=All");
        Assert.Equal(201, status);
        Assert.NotEqual("", made.Uid());
        Assert.Equal(404, (await Send("GET", $"{ConfigMaps}/a")).Status);
        Assert.Equal((version, 0), (world.Objects.Version, world.State.History.Count));
    }

    [Fact]
    public async Task A_write_to_an_object_leaves_its_status_alone_and_the_other_way_round()
    {
        await Send("POST", "/api/v1/nodes", """{"metadata":{"name":"n"},"status":{"capacity":{"pods":"10"}}}""");
        var main = (
            await Send(
                "PATCH",
                "/api/v1/nodes/n",
                """{"spec":{"unschedulable":true},"status":{"capacity":{"pods":"99"}}}""",
                "",
                "application/merge-patch+json"
            )
        ).Body;
        Assert.True(main.Is("spec", "unschedulable"));
        Assert.Equal("10", main.Text("status", "capacity", "pods"));
        var status = (
            await Send(
                "PATCH",
                "/api/v1/nodes/n/status",
                """{"spec":{"unschedulable":false},"status":{"capacity":{"pods":"20"}}}""",
                "",
                "application/merge-patch+json"
            )
        ).Body;
        Assert.True(status.Is("spec", "unschedulable"));
        Assert.Equal("20", status.Text("status", "capacity", "pods"));
    }

    [Fact]
    public async Task Lists_are_selected_and_cut()
    {
        foreach (var name in (string[])["a", "b", "c"])
        {
            await Send("POST", ConfigMaps, $$$"""{"metadata":{"name":"{{{name}}}","labels":{"app":"{{{name}}}"} } }""");
        }
        Assert.Equal(["b", "c"], Names((await Send("GET", ConfigMaps, query: "labelSelector=app%20in%20(b,c)")).Body));
        Assert.Equal(["a"], Names((await Send("GET", ConfigMaps, query: "fieldSelector=metadata.name%3Da")).Body));
        Assert.Equal(400, (await Send("GET", ConfigMaps, query: "fieldSelector=data.x%3Da")).Status);
        var first = (await Send("GET", ConfigMaps, query: "limit=2")).Body;
        Assert.Equal(["a", "b"], Names(first));
        var token = Uri.EscapeDataString(first.Text("metadata", "continue")!);
        Assert.Equal(["c"], Names((await Send("GET", ConfigMaps, query: $"limit=2&continue={token}")).Body));
    }

    [Fact]
    public async Task A_client_that_asks_for_a_table_gets_rows()
    {
        await Send(
            "POST",
            "/api/v1/nodes",
            """
            {
              "metadata": {"name": "n"},
              "spec": {"unschedulable": true},
              "status": {
                "conditions": [{"type": "Ready", "status": "True"}],
                "nodeInfo": {"kubeletVersion": "v1.33.1"}
              }
            }
            """
        );
        var table = (await Send("GET", "/api/v1/nodes", accept: Table)).Body;
        Assert.Equal("Table", table.Kind());
        Assert.Equal(
            ["Name", "Status", "Roles", "Age", "Version"],
            table.Items("columnDefinitions").Where(column => column.Number("priority") == 0).Select(column => column.Text("name")!)
        );
        Assert.Equal(["n", "Ready,SchedulingDisabled", "<none>", "0s", "v1.33.1"], table.Items("rows").Single().Texts("cells").Take(5));
    }

    [Fact]
    public async Task A_watch_tells_what_is_there_and_what_happens_until_its_time_is_up()
    {
        await Send("POST", ConfigMaps, """{"metadata":{"name":"a"}}""");
        var watch = await Watch(ConfigMaps, "watch=1&timeoutSeconds=5&allowWatchBookmarks=true");
        await using var events = watch.GetAsyncEnumerator();
        Assert.Equal(("ADDED", "a"), await Next());
        await Send("PATCH", $"{ConfigMaps}/a", """{"data":{"x":"1"}}""", "", "application/merge-patch+json");
        Assert.Equal(("MODIFIED", "a"), await Next());
        await Send("DELETE", $"{ConfigMaps}/a");
        Assert.Equal(("DELETED", "a"), await Next());
        Assert.Equal(("BOOKMARK", ""), await Next());
        Assert.False(await events.MoveNextAsync());

        async Task<(string?, string)> Next()
        {
            Assert.True(await events.MoveNextAsync());
            return (events.Current.Text("type"), ((JsonObject)events.Current["object"]!).Name());
        }
    }

    [Fact]
    public async Task A_watch_of_a_selection_tells_of_objects_that_leave_it()
    {
        var start = world.Objects.Version;
        await Send("POST", ConfigMaps, """{"metadata":{"name":"a","labels":{"app":"x"}}}""");
        await Send("PATCH", $"{ConfigMaps}/a", """{"metadata":{"labels":{"app":"y"}}}""", "", "application/merge-patch+json");
        var watch = await Watch(ConfigMaps, $"watch=1&timeoutSeconds=1&labelSelector=app%3Dx&resourceVersion={start}");
        Assert.Equal(["ADDED", "DELETED"], await watch.Select(change => change.Text("type")!).ToListAsync());
    }

    [Fact]
    public async Task A_watch_from_a_version_that_is_not_known_is_told_to_list_anew()
    {
        var (status, refusal) = await Send("GET", ConfigMaps, query: "watch=1&resourceVersion=999");
        Assert.Equal((410, "Expired"), (status, refusal.Text("reason")));
    }

    [Fact]
    public async Task An_apply_that_conflicts_names_each_field_in_the_causes()
    {
        await Send(
            "PATCH",
            $"{ConfigMaps}/a",
            """{"apiVersion":"v1","kind":"ConfigMap","data":{"x":"1"}}""",
            "fieldManager=a",
            "application/apply-patch+yaml"
        );
        var (status, refusal) = await Send(
            "PATCH",
            $"{ConfigMaps}/a",
            """{"apiVersion":"v1","kind":"ConfigMap","data":{"x":"2"}}""",
            "fieldManager=b",
            "application/apply-patch+yaml"
        );
        Assert.Equal(409, status);
        var cause = Assert.Single(refusal.Items("details", "causes"));
        Assert.Equal(("FieldManagerConflict", ".data.x"), (cause.Text("reason"), cause.Text("field")));
    }

    [Fact]
    public async Task A_budget_is_one_object_under_both_of_its_versions()
    {
        await Send(
            "POST",
            "/apis/policy/v1beta1/namespaces/default/poddisruptionbudgets",
            """{"apiVersion":"policy/v1beta1","kind":"PodDisruptionBudget","metadata":{"name":"b"},"spec":{"minAvailable":1}}"""
        );
        Assert.Equal("policy/v1", (await Send("GET", "/apis/policy/v1/namespaces/default/poddisruptionbudgets/b")).Body.Api());
        Assert.Equal("policy/v1beta1", (await Send("GET", "/apis/policy/v1beta1/namespaces/default/poddisruptionbudgets/b")).Body.Api());
    }

    [Theory]
    [InlineData("GET", "/api/v1/unicorns", 404)]
    [InlineData("GET", "/apis/nobody.example/v1", 404)]
    [InlineData("GET", "/nowhere", 404)]
    [InlineData("GET", "/api/v1/namespaces/default/pods/p/log", 405)]
    [InlineData("POST", "/api/v1/namespaces/default/configmaps/a", 405)]
    [InlineData("POST", "/api/v1/configmaps", 405)]
    public async Task What_is_not_served_is_refused_with_a_status(string method, string path, int status)
    {
        var (code, body) = await Send(method, path, method is "POST" ? "{}" : "");
        Assert.Equal((status, "Status", status), (code, body.Kind(), body.Number("code")));
    }

    [Theory]
    [InlineData("{not json", "application/json", 400)]
    [InlineData("a: [1", "application/yaml", 400)]
    [InlineData("[]", "application/json", 400)]
    [InlineData("k8s", "application/vnd.kubernetes.protobuf", 415)]
    [InlineData("k8s\0\u000a\u0009\u0012\u0007Unicorn", "application/vnd.kubernetes.protobuf", 415)]
    [InlineData("k8s\0\u000a\u0063", "application/vnd.kubernetes.protobuf", 415)]
    public async Task A_body_that_cannot_be_read_is_refused_with_a_status(string body, string type, int status) =>
        Assert.Equal(status, (await Send("POST", ConfigMaps, body, "", type)).Body.Number("code"));

    [Fact]
    public async Task Discovery_names_every_kind_with_its_verbs()
    {
        var groups = (await Send("GET", "/apis")).Body.Items("groups").Select(group => group.Text("name"));
        Assert.Contains("crd.k8s.amazonaws.com", groups);
        var resource = (await Send("GET", "/apis/crd.k8s.amazonaws.com/v1alpha1")).Body.Items("resources").Single();
        Assert.Equal(("eniconfigs", "ENIConfig", "eniconfig"), (resource.Text("name"), resource.Kind(), resource.Text("singularName")));
    }

    [Fact]
    public async Task Calls_are_noted_as_reads_and_writes()
    {
        await Send("GET", ConfigMaps);
        await Send("POST", ConfigMaps, """{"metadata":{"name":"a"}}""");
        await Send("POST", "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews", """{"spec":{}}""");
        Assert.Equal([("list", false), ("create", true), ("create", false)], endpoint.Calls.Select(call => (call.Verb, call.IsWrite)));
    }

    private static IEnumerable<string> Names(JsonObject list) => list.Items("items").Select(item => item.Name());

    private async Task<(int Status, JsonObject Body)> Send(
        string method,
        string path,
        string body = "",
        string query = "",
        string type = "application/json",
        string accept = "application/json"
    )
    {
        var headers = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase)
        {
            ["Content-Type"] = type,
            ["Accept"] = accept,
            ["User-Agent"] = "test/1",
        };
        var answer = await endpoint.HandleAsync(new(method, path, query, headers, Encoding.UTF8.GetBytes(body)), default);
        return (answer.Status, (JsonObject)JsonNode.Parse(answer.Body.Span)!);
    }

    private async Task<IAsyncEnumerable<JsonObject>> Watch(string path, string query)
    {
        var answer = await endpoint.HandleAsync(new("GET", path, query, new Dictionary<string, string>(), default), default);
        return answer.Stream!.Select(line => (JsonObject)JsonNode.Parse(line.Span)!);
    }
}
