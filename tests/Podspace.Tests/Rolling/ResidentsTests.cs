using Podspace.Addressing;
using Podspace.Cli;
using Podspace.Model;
using Podspace.Planning;
using Podspace.Simulation.WorldFile;
using Podspace.Steps;
using Podspace.Tests.Applying;
using Podspace.Tests.Cli;

namespace Podspace.Tests.Rolling;

/// <summary>Pods that live in the overlay, and what <c>destroy</c> makes of them.</summary>
public sealed class ResidentsTests
{
    private static readonly Address InOverlay = Address.Parse("100.64.0.77");

    public static TheoryData<string> Estates => [.. Worlds.All().Select(estate => estate.Name)];

    [Theory]
    [MemberData(nameof(Estates))]
    [Trait("speed", "slow")]
    public async Task Destroy_of_any_stage_changes_nothing_while_pods_live_in_the_overlay(string name)
    {
        var estate = Worlds.All().Single(one => one.Name == name).Small();
        using var bench = estate.Open();
        foreach (var job in estate.Jobs.TakeWhile(job => job.Name != "verify"))
        {
            Assert.True(await bench.RunAsync(estate.Spec, job) == ExitCode.Fine, bench.Said);
        }
        var before = WorldWriter.Write(bench.World.State);
        foreach (var stage in (Stage[])[Stage.Network, Stage.Admit, Stage.Switch])
        {
            using var again = new Bench(Bench.Load(before));

            Assert.True(await again.DestroyAsync(estate.Spec, stage) == ExitCode.Something, again.Said);

            Assert.Equal(before, WorldWriter.Write(again.World.State));
            Assert.EndsWith("\n  podspace rollout back\n", again.Said, StringComparison.Ordinal);
        }
    }

    [Fact]
    [Trait("speed", "slow")]
    public async Task Who_lives_there_is_named_by_node_and_no_node_is_mixed_afterwards()
    {
        using var run = new CommandRun();
        await run.HereAsync("apply --yes -q");
        await run.HereAsync("rollout start --yes -q");
        var before = run.Read("world.yaml");

        var destroy = await run.HereAsync("destroy --yes");
        var status = await run.HereAsync("rollout status");

        Assert.Equal(ExitCode.Something, destroy.Exit);
        Golden.Matches(destroy.Output, "Cli/destroy-lived-in.golden");
        Assert.DoesNotContain("mixed", status.Output, StringComparison.Ordinal);
        Assert.Equal(before, run.Read("world.yaml"));
    }

    [Fact]
    [Trait("speed", "slow")]
    public async Task Destroy_changes_nothing_when_pods_came_between_its_two_looks()
    {
        using var bench = new Bench(Guide.World());
        await bench.ApplyAsync(Guide.Spec, null);
        await bench.RollAsync(Guide.Spec);
        Scale(bench, 0);
        var values = bench.World.State.Aws.Addons.Find(addon => addon.AddonName == "vpc-cni")!.ConfigurationValues;
        var hasGrown = false;
        using var wire = new Heeding(
            bench.Wire,
            request =>
            {
                var isOfLock = request.RequestUri!.AbsolutePath.Contains("/leases", StringComparison.Ordinal);
                if (!hasGrown && isOfLock && request.Method != HttpMethod.Get)
                {
                    hasGrown = true;
                    Scale(bench, 2);
                }
            }
        );
        await using var connections = Connections.ToTwin(bench.World, Guide.Spec, "test", wire);

        var exit = await DestroyCommand.DestroyAsync(bench.Terminal, new(Guide.Spec, connections), Where.Unsaid, true, default);

        Assert.True(hasGrown && exit == ExitCode.Something, bench.Said);
        Assert.Equal(values, bench.World.State.Aws.Addons.Find(addon => addon.AddonName == "vpc-cni")!.ConfigurationValues);
        Assert.Null(bench.World.Objects.Find("coordination.k8s.io/v1", "leases", "kube-system", "podspace-prod"));
    }

    [Theory]
    [InlineData("Running", "ReplicaSet", false, false, true)]
    [InlineData("Running", "DaemonSet", false, false, true)]
    [InlineData("Running", null, false, false, true)]
    [InlineData("Running", "DaemonSet", true, false, false)]
    [InlineData("Running", "ReplicaSet", false, true, false)]
    [InlineData("Succeeded", "Job", false, false, false)]
    [InlineData("Failed", "Job", false, false, false)]
    public async Task A_pod_lives_where_its_address_is_unless_that_is_its_node_s_or_it_is_done(
        string phase,
        string? controller,
        bool onHost,
        bool isEnding,
        bool lives
    )
    {
        var pod = new SeenPod("shop", "one", "node", InOverlay, onHost, phase, true, controller, false, isEnding, []);

        var residents = Residents.In(Guide.Spec, await WithAsync(pod));

        Assert.Equal(!lives, residents.Pods.IsEmpty);
    }

    [Fact]
    public async Task Of_many_pods_some_are_named_and_all_are_counted()
    {
        var pods = Enumerable
            .Range(10, 40)
            .Select(i => new SeenPod("shop", $"p{i}", $"n{i % 10}", InOverlay, false, "Running", true, "ReplicaSet", false, false, []));

        var text = Residents.In(Guide.Spec, await WithAsync([.. pods])).ByNode();

        Assert.StartsWith("  n0: 4 pods, shop/p10, shop/p20, shop/p30 and 1 more\n", text, StringComparison.Ordinal);
        Assert.EndsWith("\n  2 more nodes: 8 pods", text, StringComparison.Ordinal);
    }

    private static async Task<Inventory> WithAsync(params SeenPod[] pods)
    {
        using var bench = new Bench(Guide.World());
        await bench.ApplyAsync(Guide.Spec, Stage.Network);
        var inventory = (await bench.LookAsync(Guide.Spec)).Inventory;
        return inventory with { Cluster = inventory.Cluster! with { Pods = pods.ToEquatable() } };
    }

    private static void Scale(Bench bench, int replicas)
    {
        bench.World.Do(() =>
        {
            foreach (var one in bench.World.Objects.List("apps/v1", "deployments").Select(one => one.DeepClone().AsObject()).ToList())
            {
                one["spec"]!["replicas"] = replicas;
                bench.World.Objects.Update("apps/v1", "deployments", one, "kubectl-scale");
            }
            return true;
        });
        bench.World.Advance(TimeSpan.FromMinutes(10));
    }

    /// <summary>Does something before each request.</summary>
    private sealed class Heeding(HttpMessageHandler inner, Action<HttpRequestMessage> before) : DelegatingHandler(inner)
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            before(request);
            return base.SendAsync(request, cancellationToken);
        }
    }
}
