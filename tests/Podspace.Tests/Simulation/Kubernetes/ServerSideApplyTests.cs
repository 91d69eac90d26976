using System.Text.Json.Nodes;
using Podspace.Simulation;
using Podspace.Simulation.Kubernetes;
using Podspace.Simulation.State;

namespace Podspace.Tests.Simulation.Kubernetes;

public sealed class ServerSideApplyTests
{
    private readonly ObjectStore objects = new World(new WorldState()).Objects;

    [Fact]
    public void Applying_makes_the_object_and_owns_exactly_what_was_said()
    {
        var made = Apply("a", """{"data":{"x":"1"}}""");
        Assert.Equal("1", made.Text("data", "x"));
        var owner = Assert.Single(made.Items("metadata", "managedFields"));
        Assert.Equal(("a", "Apply", "v1"), (owner.Text("manager"), owner.Text("operation"), owner.Text("apiVersion")));
        Assert.Equal("""{"f:data":{"f:x":{}}}""", owner["fieldsV1"]!.ToJsonString());
    }

    [Fact]
    public void Applying_the_same_again_changes_nothing()
    {
        var first = Apply("a", """{"data":{"x":"1"}}""");
        Assert.Equal(first.Version(), Apply("a", """{"data":{"x":"1"}}""").Version());
    }

    [Fact]
    public void A_field_that_is_no_longer_applied_goes()
    {
        Apply("a", """{"metadata":{"labels":{"l":"1"}},"data":{"x":"1","y":"2"}}""");
        var now = Apply("a", """{"data":{"y":"2"}}""");
        Assert.Null(now.At("data", "x"));
        Assert.Null(now.At("metadata", "labels"));
        Assert.Equal("2", now.Text("data", "y"));
    }

    [Fact]
    public void A_field_that_another_manager_applies_too_stays()
    {
        Apply("a", """{"data":{"x":"1","y":"2"}}""");
        Apply("b", """{"data":{"x":"1"}}""");
        var now = Apply("a", """{"data":{"y":"2"}}""");
        Assert.Equal("1", now.Text("data", "x"));
    }

    [Fact]
    public void Another_value_for_what_another_manager_owns_is_a_conflict_that_names_the_field()
    {
        Apply("a", """{"data":{"x":"1"}}""");
        var refusal = Assert.Throws<WorldRefusal>(() => Apply("b", """{"data":{"x":"2"}}"""));
        Assert.Equal(("Conflict", 409), (refusal.Code, refusal.Status));
        Assert.Equal("Apply failed with 1 conflict: conflict with \"a\": .data.x", refusal.Message);
        Assert.Equal([new RefusalCause("FieldManagerConflict", "conflict with \"a\"", ".data.x")], refusal.Causes);
    }

    [Fact]
    public void Force_takes_the_field_away()
    {
        Apply("a", """{"data":{"x":"1"}}""");
        var now = Apply("b", """{"data":{"x":"2"}}""", force: true);
        Assert.Equal("2", now.Text("data", "x"));
        Assert.Equal("b", Assert.Single(now.Items("metadata", "managedFields")).Text("manager"));
    }

    [Fact]
    public void An_update_takes_ownership_and_an_apply_then_conflicts_with_it()
    {
        var made = Apply("a", """{"data":{"x":"1"}}""").Clone();
        made.Put("2", "data", "x");
        objects.Update("v1", "configmaps", made, "kubectl-edit");
        var refusal = Assert.Throws<WorldRefusal>(() => Apply("a", """{"data":{"x":"1"}}"""));
        Assert.StartsWith(
            "Apply failed with 1 conflict: conflict with \"kubectl-edit\" using v1 at ",
            refusal.Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void What_the_cluster_itself_changes_is_nobodys_from_then_on()
    {
        var made = Apply("a", """{"data":{"x":"1"}}""").Clone();
        made.Put("2", "data", "x");
        objects.Update("v1", "configmaps", made, Managers.Kubelet);
        Assert.Equal("1", Apply("b", """{"data":{"x":"1"}}""").Text("data", "x"));
    }

    [Fact]
    public void One_env_setting_of_a_container_is_owned_apart_from_the_others()
    {
        objects.Create(
            "apps/v1",
            "daemonsets",
            Parse(
                """
                {
                  "kind": "DaemonSet",
                  "metadata": {"name": "ds", "namespace": "x"},
                  "spec": {
                    "template": {
                      "spec": {"containers": [{"name": "c", "image": "i", "env": [{"name": "A", "value": "1"}]}]}
                    }
                  }
                }
                """
            ),
            "eks"
        );
        var mine = Parse(
            """
            {
              "apiVersion": "apps/v1",
              "kind": "DaemonSet",
              "metadata": {"name": "ds", "namespace": "x"},
              "spec": {"template": {"spec": {"containers": [{"name": "c", "env": [{"name": "B", "value": "2"}]}]}}}
            }
            """
        );
        var both = objects.Apply("apps/v1", "daemonsets", mine, "podspace", force: false);
        Assert.Equal(["A", "B"], Env(both));

        mine.At("spec", "template", "spec", "containers")![0]!.AsObject()["env"] = new JsonArray();
        Assert.Equal(["A"], Env(objects.Apply("apps/v1", "daemonsets", mine, "podspace", force: false)));

        mine.At("spec", "template", "spec", "containers")![0]!.AsObject()["env"] = JsonNode.Parse("""[{"name":"A","value":"9"}]""");
        var refusal = Assert.Throws<WorldRefusal>(() => objects.Apply("apps/v1", "daemonsets", mine, "podspace", force: false));
        Assert.Equal(".spec.template.spec.containers[name=\"c\"].env[name=\"A\"].value", Assert.Single(refusal.Causes).Field);
    }

    [Fact]
    public void An_item_in_which_somebody_else_owns_a_field_stays()
    {
        const string spec =
            """{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"m","namespace":"x"},"env":[{"name":"A","value":"1"}]}""";
        objects.Apply("v1", "configmaps", Parse(spec), "a", force: false);
        var edited = objects.Find("v1", "configmaps", "x", "m")!.Clone();
        edited["env"]![0]!["value"] = "2";
        objects.Update("v1", "configmaps", edited, "kubectl-edit");
        Assert.Equal("2", Apply("a", "{}").Items("env").Single().Text("value"));
    }

    [Fact]
    public void Lists_of_custom_resources_are_owned_as_a_whole()
    {
        const string api = "crd.k8s.amazonaws.com/v1alpha1";
        objects.Apply(
            api,
            "eniconfigs",
            Parse(
                """
                {
                  "apiVersion": "crd.k8s.amazonaws.com/v1alpha1",
                  "kind": "ENIConfig",
                  "metadata": {"name": "z"},
                  "spec": {"subnet": "s", "securityGroups": ["a"]}
                }
                """
            ),
            "eks",
            false
        );
        var other = Parse(
            """
            {
              "apiVersion": "crd.k8s.amazonaws.com/v1alpha1",
              "kind": "ENIConfig",
              "metadata": {"name": "z"},
              "spec": {"securityGroups": ["a", "b"]}
            }
            """
        );
        Assert.Equal(
            ".spec.securityGroups",
            Assert.Single(Assert.Throws<WorldRefusal>(() => objects.Apply(api, "eniconfigs", other, "podspace", false)).Causes).Field
        );
    }

    [Fact]
    public void The_nested_form_of_a_set_of_fields_reads_back_as_the_set()
    {
        HashSet<string> fields =
        [
            "f:spec\nf:a",
            "f:spec\nf:l\nk:{\"name\":\"x\"}",
            "f:spec\nf:l\nk:{\"name\":\"x\"}\nf:v",
            "f:metadata\nf:finalizers\nv:\"h\"",
        ];
        var nested = FieldPaths.ToFieldsV1(fields);
        Assert.NotNull(nested.At("f:spec", "f:l", "k:{\"name\":\"x\"}", "."));
        Assert.Null(nested.At("f:spec", "."));
        Assert.Equal(fields.Order(), FieldPaths.FromFieldsV1(nested).Order());
    }

    private static IEnumerable<string> Env(JsonObject daemonSet) =>
        daemonSet.Items("spec", "template", "spec", "containers").Single().Items("env").Select(setting => setting.Text("name")!);

    private JsonObject Apply(string manager, string fields, bool force = false)
    {
        var wanted = Parse(fields);
        wanted["apiVersion"] = "v1";
        wanted["kind"] = "ConfigMap";
        wanted.Put("m", "metadata", "name");
        wanted.Put("x", "metadata", "namespace");
        return objects.Apply("v1", "configmaps", wanted, manager, force);
    }

    private static JsonObject Parse(string json) => (JsonObject)JsonNode.Parse(json)!;
}
