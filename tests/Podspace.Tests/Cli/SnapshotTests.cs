using System.Text.Json.Nodes;
using Podspace.Cli;
using Podspace.Planning;
using Podspace.Simulation.WorldFile;
using Podspace.Spec;
using Podspace.Steps;
using Podspace.Tests.Applying;

namespace Podspace.Tests.Cli;

/// <summary>A copy is worth what the plan on it is worth: it must be the plan of the
/// original, at every point of a network's life.</summary>
[Trait("speed", "slow")]
public sealed class SnapshotTests
{
    public static TheoryData<string> Lives => ["untouched", "network", "admit", "switch", "rolled", "back"];

    public static TheoryData<string> Examples => [.. Worlds.Examples()];

    [Theory]
    [MemberData(nameof(Lives))]
    public async Task The_plan_on_a_copy_is_the_plan_of_the_original(string life)
    {
        using var bench = new Bench(Guide.World());
        await LiveAsync(bench, life);

        using var copy = new Bench(Bench.Load(await CopyAsync(bench, Guide.Spec)));

        Assert.Equal(await PlanAsync(bench, Guide.Spec), await PlanAsync(copy, Guide.Spec));
    }

    [Theory]
    [MemberData(nameof(Examples))]
    public async Task Every_shipped_world_survives_being_copied(string example)
    {
        using var bench = new Bench(Bench.Load(Worlds.Text(example)));
        var aws = bench.World.State.Aws;
        var spec = new OverlaySpec
        {
            Name = "prod",
            Region = aws.Region,
            Vpc = aws.Vpcs[0].VpcId,
            Cluster = aws.Clusters.FirstOrDefault()?.Name,
            Zones = [aws.Subnets[0].AvailabilityZone],
        };

        using var copy = new Bench(Bench.Load(await CopyAsync(bench, spec)));

        // Of whose it is, a copy says only that it is another's.
        string Plain(string text) => System.Text.RegularExpressions.Regex.Replace(text, "[0-9]{12}", "account");
        Assert.Equal(Plain(await PlanAsync(bench, spec)), Plain(await PlanAsync(copy, spec)));
    }

    [Fact]
    public async Task A_network_can_be_made_and_rolled_out_on_a_copy()
    {
        using var bench = new Bench(Guide.World());
        using var copy = new Bench(Bench.Load(await CopyAsync(bench, Guide.Spec)));

        Assert.True(await copy.ApplyAsync(Guide.Spec, null) == ExitCode.Fine, copy.Said);
        Assert.True(await copy.RollAsync(Guide.Spec) == ExitCode.Fine, copy.Said);
        Assert.True(await copy.VerifyAsync(Guide.Spec) == ExitCode.Fine, copy.Said);
    }

    [Fact]
    public async Task A_copy_of_a_copy_is_the_same_bytes()
    {
        using var bench = new Bench(Guide.World());
        var first = await CopyAsync(bench, Guide.Spec);
        using var copy = new Bench(Bench.Load(first));

        Assert.Equal(first, await CopyAsync(copy, Guide.Spec));
    }

    [Fact]
    public async Task No_account_id_and_no_secret_leaves_in_a_copy()
    {
        using var run = new CommandRun();
        run.Write("overlay.yaml", run.Read("overlay.yaml").Replace("111122223333", "987654321098", StringComparison.Ordinal));
        run.Write("world.yaml", run.Read("world.yaml").Replace("111122223333", "987654321098", StringComparison.Ordinal));
        using (var twin = TwinFile.Open(run.At("world.yaml")))
        {
            twin.World.State.Aws.Addons[0].ConfigurationValues =
                """{"env": {"MY_API_KEY": "s3cr3t-of-the-addon", "WARM_ENI_TARGET": "1"}}""";
            foreach (var manifest in twin.World.State.Kubernetes)
            {
                if (Spec(manifest)?["containers"]?[0] is JsonObject container)
                {
                    container["args"] = new JsonArray("--password=s3cr3t-of-the-args");
                    container["env"] = new JsonArray(new JsonObject { ["name"] = "DB_PASSWORD", ["value"] = "s3cr3t-of-the-env" });
                }
                manifest["metadata"]!["annotations"] = new JsonObject
                {
                    ["kubectl.kubernetes.io/last-applied-configuration"] = "s3cr3t-applied",
                    ["example.com/note"] = "s3cr3t-note",
                };
            }
            twin.Save();
        }

        var (exit, output, error) = await run.HereAsync("snapshot -o @copy.yaml");

        Assert.True(exit == ExitCode.Fine, error);
        Assert.Contains("leave it out for the copy", output, StringComparison.Ordinal);
        var copy = run.Read("copy.yaml");
        Assert.DoesNotContain("987654321098", copy, StringComparison.Ordinal);
        Assert.DoesNotContain("s3cr3t", copy, StringComparison.Ordinal);
        Assert.Contains("WARM_ENI_TARGET", copy, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Services_and_webhooks_are_copied_as_far_as_packets_go()
    {
        using var run = new CommandRun();
        using (var twin = TwinFile.Open(run.At("world.yaml")))
        {
            twin.World.State.Kubernetes.Add(
                JsonNode
                    .Parse(
                        """
                        {
                          "apiVersion": "v1",
                          "kind": "Service",
                          "metadata": {"name": "hook", "namespace": "shop"},
                          "spec": {
                            "type": "ClusterIP",
                            "clusterIP": "172.20.0.77",
                            "selector": {"app": "web"},
                            "ports": [{"protocol": "TCP", "port": 443, "targetPort": 8443}]
                          }
                        }
                        """
                    )!
                    .AsObject()
            );
            twin.World.State.Kubernetes.Add(
                JsonNode
                    .Parse(
                        """
                        {
                          "apiVersion": "admissionregistration.k8s.io/v1",
                          "kind": "ValidatingWebhookConfiguration",
                          "metadata": {"name": "hooks"},
                          "webhooks": [
                            {
                              "name": "hook.shop.example",
                              "clientConfig": {
                                "service": {"namespace": "shop", "name": "hook", "port": 443},
                                "caBundle": "Y2VydGlmaWNhdGU="
                              },
                              "rules": [{"operations": ["*"]}]
                            }
                          ]
                        }
                        """
                    )!
                    .AsObject()
            );
            twin.Save();
        }

        var (exit, _, error) = await run.HereAsync("snapshot -o @copy.yaml");
        var copy = run.Read("copy.yaml");
        run.Write("world.yaml", copy);
        var (_, trace, _) = await run.HereAsync("trace pod svc/shop/hook -o path");

        Assert.True(exit == ExitCode.Fine, error);
        Assert.DoesNotContain("Y2VydGlmaWNhdGU=", copy, StringComparison.Ordinal);
        Assert.Contains("hook.shop.example", copy, StringComparison.Ordinal);
        Assert.Contains("svc/shop/hook", trace, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_summary_says_what_was_copied_and_how_to_go_on()
    {
        using var run = new CommandRun();

        var (exit, output, _) = await run.HereAsync("snapshot -o @copy.yaml");

        Assert.Equal(ExitCode.Fine, exit);
        Assert.Matches(
            "^copy.yaml: vpc-09796d57be9cec2d2 with 2 subnets, 6 nodes and [0-9]+ pods. "
                + "To rehearse on it:\n  podspace plan -f overlay.yaml --twin copy.yaml\n$",
            output
        );
    }

    [Fact]
    public async Task A_world_is_not_copied_onto_itself()
    {
        using var run = new CommandRun();

        var (exit, _, error) = await run.HereAsync("snapshot -o @world.yaml");

        Assert.Equal(ExitCode.Error, exit);
        Assert.Equal("podspace: world.yaml is the world that is copied. Name another file.\n", error);
    }

    private static JsonNode? Spec(JsonObject manifest) =>
        $"{manifest["kind"]}" == "Pod" ? manifest["spec"]
        : $"{manifest["kind"]}" == "Deployment" ? manifest["spec"]?["template"]?["spec"]
        : null;

    private static async Task LiveAsync(Bench bench, string life)
    {
        if (life is "network" or "admit" or "switch")
        {
            await bench.ApplyAsync(Guide.Spec, Enum.Parse<Stage>(life, ignoreCase: true));
        }
        if (life is "rolled" or "back")
        {
            await bench.ApplyAsync(Guide.Spec, null);
            await bench.RollAsync(Guide.Spec);
        }
        if (life == "back")
        {
            await bench.BackAsync(Guide.Spec);
        }
    }

    private static async Task<string> CopyAsync(Bench bench, OverlaySpec spec)
    {
        await using var connections = Connections.ToTwin(bench.World, spec, "test");
        var inventory = await new Session(spec, connections).ObserveAsync(default);
        var (objects, unseen) = connections.ClusterOf(inventory.Cloud) is { } cluster
            ? await cluster.CopyAsync(spec.Name, default)
            : ([], []);
        Assert.Empty(unseen);
        var written = Redaction.Write(Snapshot.Of(inventory, objects));
        Assert.True(written.Ok(out var text), string.Join('\n', written.Findings));
        return text;
    }

    /// <summary>Fingerprint and all.</summary>
    private static async Task<string> PlanAsync(Bench bench, OverlaySpec spec)
    {
        var state = await bench.LookAsync(spec);
        return state.Plan is { } plan ? PlanJson.Render(plan, plan.Account) : string.Join('\n', state.Findings);
    }
}
