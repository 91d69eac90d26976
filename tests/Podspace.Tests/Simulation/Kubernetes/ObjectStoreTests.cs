using System.Text.Json.Nodes;
using Podspace.Simulation;
using Podspace.Simulation.Kubernetes;
using Podspace.Simulation.State;

namespace Podspace.Tests.Simulation.Kubernetes;

public sealed class ObjectStoreTests
{
    private readonly World world = new(new WorldState { Clock = DateTimeOffset.UnixEpoch });

    private ObjectStore Objects => world.Objects;

    [Fact]
    public void A_new_object_gets_identity_and_is_found_in_the_file_in_order()
    {
        Create("""{"metadata":{"name":"b","namespace":"x"}}""");
        var made = Create("""{"metadata":{"name":"a","namespace":"x"},"data":{"k":"v"}}""");

        Assert.Equal(
            ["a", "b"],
            world.State.Kubernetes.Where(manifest => manifest.Kind() is "ConfigMap").Select(manifest => manifest.Name())
        );
        Assert.Equal("1970-01-01T00:00:00Z", made.Text("metadata", "creationTimestamp"));
        Assert.Matches("^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$", made.Uid());
        Assert.Equal(Objects.Version, made.Version());
        Assert.Equal("f:k", Assert.Single(made.At("metadata", "managedFields")![0].At("fieldsV1", "f:data")!.AsObject()).Key);
    }

    [Fact]
    public void A_name_is_given_once()
    {
        Create("""{"metadata":{"name":"a","namespace":"x"}}""");
        var refusal = Assert.Throws<WorldRefusal>(() => Create("""{"metadata":{"name":"a","namespace":"x"}}"""));
        Assert.Equal(("AlreadyExists", 409), (refusal.Code, refusal.Status));
    }

    [Fact]
    public void An_update_that_changes_nothing_keeps_the_version()
    {
        var made = Create("""{"metadata":{"name":"a","namespace":"x"},"data":{"k":"v"}}""");
        var before = world.State.History.Count;
        Assert.Equal(made.Version(), Objects.Update("v1", "configmaps", made.Clone(), "somebody").Version());
        Assert.Equal(before, world.State.History.Count);
    }

    [Fact]
    public void An_update_of_what_has_changed_since_it_was_read_is_a_conflict()
    {
        var read = Create("""{"metadata":{"name":"a","namespace":"x"},"data":{"k":"v"}}""").Clone();
        var other = read.Clone();
        other.Put("w", "data", "k");
        Objects.Update("v1", "configmaps", other, "somebody");
        read.Put("z", "data", "k");
        Assert.Equal("Conflict", Assert.Throws<WorldRefusal>(() => Objects.Update("v1", "configmaps", read, "me")).Code);
    }

    [Fact]
    public void Changes_are_told_from_any_version_that_is_remembered()
    {
        var start = Objects.Version;
        var made = Create("""{"metadata":{"name":"a","namespace":"x"}}""");
        var changed = made.Clone();
        changed.Put("v", "data", "k");
        Objects.Update("v1", "configmaps", changed, "me");
        Objects.Delete("v1", "configmaps", "x", "a");

        Assert.Equal(
            [ChangeKind.Added, ChangeKind.Modified, ChangeKind.Deleted],
            Objects.Since("v1", "configmaps", start).Select(change => change.Kind)
        );
        Assert.Single(Objects.Since("v1", "configmaps", Objects.Version - 1));
        Assert.Empty(Objects.Since("v1", "secrets", start));
        Assert.Equal(410, Assert.Throws<WorldRefusal>(() => Objects.Since("v1", "configmaps", Objects.Version + 1)).Status);
    }

    [Fact]
    public void An_object_with_finalizers_goes_when_the_last_of_them_does()
    {
        var made = Create("""{"metadata":{"name":"a","namespace":"x","finalizers":["example.com/hold"]}}""");
        Objects.Delete("v1", "configmaps", "x", "a");
        var held = Objects.Find("v1", "configmaps", "x", "a")!.Clone();
        Assert.NotNull(held.Text("metadata", "deletionTimestamp"));
        Assert.Equal(made.Uid(), held.Uid());

        held.Put(new JsonArray(), "metadata", "finalizers");
        Objects.Update("v1", "configmaps", held, "me");
        Assert.Null(Objects.Find("v1", "configmaps", "x", "a"));
    }

    [Fact]
    public void The_generation_counts_changes_of_the_spec_alone()
    {
        var made = Objects.Create(
            "apps/v1",
            "daemonsets",
            Parse("""{"kind":"DaemonSet","metadata":{"name":"a","namespace":"x"},"spec":{"a":1}}"""),
            "me"
        );
        var status = made.Clone();
        status.Put(3, "status", "numberReady");
        Assert.Equal(1, Objects.Update("apps/v1", "daemonsets", status, "me").Number("metadata", "generation"));
        var spec = Objects.Find("apps/v1", "daemonsets", "x", "a")!.Clone();
        spec.Put(2, "spec", "a");
        Assert.Equal(2, Objects.Update("apps/v1", "daemonsets", spec, "me").Number("metadata", "generation"));
    }

    [Fact]
    public void A_world_that_is_loaded_again_goes_on_behind_its_newest_version()
    {
        var made = Create("""{"metadata":{"name":"a","namespace":"x"}}""");
        var again = new World(world.State);
        Assert.True(again.Objects.Version >= made.Version());
        Assert.Equal(made.Uid(), again.Objects.Find("v1", "configmaps", "x", "a")!.Uid());
    }

    private JsonObject Create(string json) => Objects.Create("v1", "configmaps", Parse(json), "me");

    private static JsonObject Parse(string json) => (JsonObject)JsonNode.Parse(json)!;
}
