using System.Text.Json.Nodes;
using Podspace.Cli;
using Podspace.Simulation.Faults;
using Podspace.Simulation.Kubernetes;
using Podspace.Steps;

namespace Podspace.Tests.Applying;

/// <summary>What others do, and what breaks, while an apply goes on.</summary>
public sealed class BadDayTests
{
    [Theory]
    [InlineData("create leases*")]
    [InlineData("create configmaps")]
    [InlineData("get daemonsets*")]
    [InlineData("delete leases*")]
    public async Task An_API_server_that_restarts_in_the_middle_is_waited_for(string call)
    {
        using var calm = new Bench(Guide.World());
        await calm.ApplyAsync(Guide.Spec, Stage.Switch);
        using var bench = new Bench(Guide.World());
        using var words = new StringWriter();
        using var wire = Connections.Wire(
            bench.World,
            new(
                bench.World,
                new()
                {
                    Rules =
                    [
                        new()
                        {
                            Fault = FaultKinds.Down,
                            Service = "kubernetes",
                            Operation = call,
                            Most = 1,
                        },
                    ],
                }
            )
        );

        var exit = await bench.ApplyAsAsync("test", Guide.Spec, Stage.Switch, words, _ => wire);

        Assert.True(exit == ExitCode.Fine, words.ToString());
        Assert.Empty(WorldComparison.Differences(calm.World.State, bench.World.State));
    }

    [Theory]
    [InlineData(FaultKinds.Down, "AWS (ec2) gives no answer")]
    [InlineData(FaultKinds.Expire, "AWS does not take the credentials")]
    public async Task What_keeps_the_look_before_the_first_change_from_seeing_is_said_and_nobody_is_blamed(string fault, string said)
    {
        using var bench = new Bench(Guide.World());
        using var words = new StringWriter();
        var isAsked = false;
        // Rights have been asked for, and the lock is taken: what is described from then on is the second look.
        using var faulty = Connections.Wire(
            bench.World,
            new(
                bench.World,
                new()
                {
                    Rules =
                    [
                        new()
                        {
                            Fault = fault,
                            Service = "ec2",
                            Operation = "Describe*",
                            Seconds = 4000,
                        },
                    ],
                }
            )
        );

        var exit = await bench.ApplyAsAsync(
            "test",
            Guide.Spec,
            Stage.Network,
            words,
            wire => new Before(
                new Either(wire, faulty, () => isAsked),
                "kubernetes create leases.coordination.k8s.io",
                () => isAsked = true
            )
        );

        Assert.Equal(ExitCode.Error, exit);
        Assert.Contains(said, words.ToString(), StringComparison.Ordinal);
        Assert.EndsWith("right before the first change: nothing was done.\n", words.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("Somebody changed", words.ToString(), StringComparison.Ordinal);
        Assert.Empty(WorldComparison.Differences(Guide.World().State, bench.World.State));
    }

    [Fact]
    public async Task An_update_of_the_add_on_that_somebody_else_begins_at_the_same_moment_goes_first()
    {
        using var bench = new Bench(Guide.World());
        using var words = new StringWriter();
        var isBegun = false;

        var exit = await bench.ApplyAsAsync(
            "test",
            Guide.Spec,
            Stage.Switch,
            words,
            wire => new Before(
                wire,
                "eks UpdateAddon",
                () =>
                {
                    if (!isBegun)
                    {
                        isBegun = true;
                        bench.World.Do(() => bench.World.Eks.UpdateAddon("prod", "vpc-cni", null, Values(bench), "OVERWRITE", null));
                    }
                }
            )
        );

        Assert.Equal(ExitCode.Error, exit);
        Assert.Contains("ResourceInUseException", words.ToString(), StringComparison.Ordinal);
        Assert.Contains("the same command goes on from there", words.ToString(), StringComparison.Ordinal);
        Assert.True(await bench.ApplyAsync(Guide.Spec, Stage.Switch) == ExitCode.Fine, bench.Said);
    }

    [Fact]
    public async Task An_update_of_the_add_on_that_fails_over_what_somebody_set_is_told_and_changes_nothing_of_theirs()
    {
        using var bench = new Bench(Guide.World());
        await bench.ApplyAsync(Guide.Spec, Stage.Admit);
        using var words = new StringWriter();
        var isSet = false;

        var exit = await bench.ApplyAsAsync(
            "test",
            Guide.Spec,
            Stage.Switch,
            words,
            wire => new Before(
                wire,
                "eks UpdateAddon",
                () =>
                {
                    if (!isSet)
                    {
                        isSet = true;
                        SetByHand(bench, "ENABLE_PREFIX_DELEGATION", "maybe");
                    }
                }
            )
        );

        Assert.Equal(ExitCode.Error, exit);
        Assert.Contains("ConfigurationConflict", words.ToString(), StringComparison.Ordinal);
        Assert.Equal("maybe", Live(bench, "ENABLE_PREFIX_DELEGATION"));
        var taken = Guide.Spec with { Cni = Guide.Spec.Cni with { Conflicts = Podspace.Spec.Conflicts.Overwrite } };
        Assert.True(await bench.ApplyAsync(taken, Stage.Switch) == ExitCode.Fine, bench.Said);
        Assert.Equal("true", Live(bench, "ENABLE_PREFIX_DELEGATION"));
    }

    private static string? Values(Bench bench) =>
        bench.World.State.Aws.Addons.Find(addon => addon.AddonName == "vpc-cni")!.ConfigurationValues;

    private static JsonObject AwsNode(Bench bench) => bench.World.Objects.Find("apps/v1", "daemonsets", "kube-system", "aws-node")!;

    private static IEnumerable<JsonNode> Env(JsonObject daemonSet) =>
        daemonSet["spec"]!["template"]!["spec"]!["containers"]!.AsArray().Single(one => one!["name"]!.ToString() == "aws-node")![
            "env"
        ]!.AsArray()!;

    private static string? Live(Bench bench, string name) =>
        Env(AwsNode(bench)).FirstOrDefault(one => one["name"]!.ToString() == name)?["value"]?.ToString();

    private static void SetByHand(Bench bench, string name, string value) =>
        bench.World.Do(() =>
        {
            var changed = AwsNode(bench).Clone();
            if (Env(changed).FirstOrDefault(one => one["name"]!.ToString() == name) is { } present)
            {
                present["value"] = value;
            }
            else
            {
                changed["spec"]!["template"]!["spec"]!["containers"]!.AsArray().Single(one => one!["name"]!.ToString() == "aws-node")![
                    "env"
                ]!
                    .AsArray()
                    .Add(new JsonObject { ["name"] = name, ["value"] = value });
            }
            return bench.World.Objects.Update("apps/v1", "daemonsets", changed, "kubectl-set");
        });

    /// <summary>Does something right before a call of one name.</summary>
    private sealed class Either(HttpMessageHandler one, HttpMessageHandler other, Func<bool> isOther) : DelegatingHandler(one)
    {
        private readonly HttpMessageInvoker others = new(other, disposeHandler: false);

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
            isOther() ? others.SendAsync(request, cancellationToken) : base.SendAsync(request, cancellationToken);
    }

    private sealed class Before(HttpMessageHandler inner, string call, Action act) : DelegatingHandler(inner)
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            if ((await Asked.OfAsync(request, cancellationToken)).ToString() == call)
            {
                act();
            }
            return await base.SendAsync(request, cancellationToken);
        }
    }
}
