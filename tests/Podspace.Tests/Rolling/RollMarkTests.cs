using System.Text.Json.Nodes;
using Podspace.Cli;
using Podspace.Simulation.Kubernetes;
using Podspace.Tests.Applying;

namespace Podspace.Tests.Rolling;

/// <summary>What a rollout has cordoned carries its mark, so that whoever comes after one that
/// was cut off knows which nodes go and which stay.</summary>
[Trait("speed", "slow")]
public sealed class RollMarkTests
{
    private const string Mark = "podspace.io/rollout.prod";

    private static readonly Job Start = Job.All.Single(job => job.Name == "rollout start");

    private static readonly Job Back = Job.All.Single(job => job.Name == "rollout back");

    [Theory] // emptied, a node gives its addresses back and looks as if it had always lived in the pod subnets
    [InlineData("crowded-vpc, discovered")]
    [InlineData("self-managed, discovered")]
    [InlineData("crowded-vpc")]
    public async Task A_node_that_was_emptied_is_ended_also_when_the_run_was_cut_off_in_between(string world)
    {
        var estate = Worlds.All().Single(one => one.Name == world).Small();
        using var bench = estate.Open();
        await bench.ApplyAsync(estate.Spec, null);
        await bench.CutBeforeAsync(estate.Spec, "ec2 TerminateInstances", Start);
        bench.World.Advance(TimeSpan.FromMinutes(30));
        var leaving = Marked(bench);
        Assert.NotEmpty(leaving);

        Assert.True(await bench.RunAsync(estate.Spec, Start) == ExitCode.Fine, bench.Said);

        Assert.Empty(leaving.Intersect(Nodes(bench)));
        Assert.Empty(Cordoned(bench));
    }

    [Fact]
    public async Task On_the_way_back_nodes_that_were_only_cordoned_take_pods_again()
    {
        using var bench = new Bench(Guide.World());
        await bench.ApplyAsync(Guide.Spec, null);
        var old = Nodes(bench);
        await bench.CutBeforeAsync(Guide.Spec, "kubernetes create pods/eviction", Start);
        Assert.Equal(old, Cordoned(bench));

        Assert.True(await bench.RunAsync(Guide.Spec, Back) == ExitCode.Fine, bench.Said);

        Assert.Empty(old.Except(Nodes(bench)));
        Assert.Empty(Cordoned(bench));
        Assert.Empty(Marked(bench));
    }

    [Fact]
    public async Task Destroy_lets_them_take_pods_again_too()
    {
        using var bench = new Bench(Guide.World());
        await bench.ApplyAsync(Guide.Spec, null);
        await bench.CutBeforeAsync(Guide.Spec, "eks UpdateAddon", Start);
        await bench.CutBeforeAsync(Guide.Spec, "kubernetes create pods/eviction", Start);

        await bench.DestroyAsync(Guide.Spec);

        Assert.Empty(Cordoned(bench));
        Assert.Empty(Marked(bench));
    }

    [Theory]
    [InlineData("rollout back")]
    [InlineData("destroy")]
    public async Task A_node_that_somebody_else_had_cordoned_stays_so(string command)
    {
        using var bench = new Bench(Guide.World());
        await bench.ApplyAsync(Guide.Spec, null);
        var theirs = Nodes(bench)[1];
        Cordon(bench, theirs);
        await bench.CutBeforeAsync(Guide.Spec, "kubernetes create pods/eviction", Start);

        await bench.RunAsync(Guide.Spec, Job.All.Single(job => job.Name == command));

        Assert.Equal([theirs], Cordoned(bench));
        Assert.Empty(Marked(bench));
    }

    private static List<string> Nodes(Bench bench, Func<JsonObject, bool>? which = null) =>
        [.. bench.World.Objects.List("v1", "nodes").Where(which ?? (_ => true)).Select(node => node.Name()).Order(StringComparer.Ordinal)];

    private static List<string> Cordoned(Bench bench) => Nodes(bench, node => node.Is("spec", "unschedulable"));

    private static List<string> Marked(Bench bench) => Nodes(bench, node => node.Text("metadata", "annotations", Mark) is { Length: > 0 });

    private static void Cordon(Bench bench, string name) =>
        bench.World.Do(() =>
        {
            var node = bench.World.Objects.Find("v1", "nodes", null, name)!.Clone();
            node.Put(true, "spec", "unschedulable");
            return bench.World.Objects.Update("v1", "nodes", node, "kubectl");
        });
}
