using System.Text.Json.Nodes;
using Podspace.Cli;
using Podspace.Simulation.Kubernetes;
using Podspace.Spec;
using Podspace.Steps;

namespace Podspace.Tests.Applying;

/// <summary>A DaemonSet aws-node that no add-on manages: whose settings are whose.</summary>
[Trait("speed", "slow")]
public sealed class AwsNodeTests : IDisposable
{
    private const string Switch = "AWS_VPC_K8S_CNI_CUSTOM_NETWORK_CFG";

    private static readonly Estate Estate = Worlds.All().Single(estate => estate.Name == "self-managed");

    private readonly Bench bench = Estate.Open();

    private static OverlaySpec Spec => Estate.Spec;

    public void Dispose() => bench.Dispose();

    [Fact]
    public async Task Just_our_settings_are_written_and_what_others_set_stays()
    {
        Write("kubectl-set", env => Put(env, "WARM_IP_TARGET", "5"));

        Assert.True(await bench.ApplyAsync(Spec, Stage.Switch) == ExitCode.Fine, bench.Said);
        Assert.Equal("true", Setting(Switch));
        Assert.Equal("5", Setting("WARM_IP_TARGET"));
        Assert.Equal(["podspace"], HoldersOf(Switch));

        // Nodes that have grown meanwhile still hold addresses of the pod subnets.
        Assert.True(await bench.DestroyAsync(Spec) == ExitCode.Something, bench.Said);
        Assert.Equal("false", Setting(Switch));
        Assert.Null(Setting("ENI_CONFIG_LABEL_DEF"));
        Assert.Equal("5", Setting("WARM_IP_TARGET"));
    }

    [Fact]
    public async Task A_setting_that_somebody_changed_since_is_left_as_it_is()
    {
        await bench.ApplyAsync(Spec, Stage.Switch);
        Write("kubectl-set", env => Put(env, "ENABLE_PREFIX_DELEGATION", "maybe"));

        Assert.True(await bench.DestroyAsync(Spec) == ExitCode.Fine, bench.Said);

        Assert.Equal("maybe", Setting("ENABLE_PREFIX_DELEGATION"));
        Assert.Equal("false", Setting(Switch));
        Assert.Contains("PS2303", bench.Said, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("metadata", "annotations", "meta.helm.sh/release-name", "Helm")]
    [InlineData("metadata", "annotations", "argocd.argoproj.io/tracking-id", "Argo CD")]
    [InlineData("metadata", "labels", "kustomize.toolkit.fluxcd.io/name", "Flux")]
    public async Task A_live_writer_is_told_what_to_set_and_not_fought(string metadata, string map, string mark, string writer)
    {
        Change("helm", daemonSet => daemonSet.Put("aws-node", metadata, map, mark));

        Assert.True(await bench.ApplyAsync(Spec, null) == ExitCode.Fine, bench.Said);
        Assert.Contains($"{writer} writes the DaemonSet aws-node", bench.Said, StringComparison.Ordinal);
        Assert.Contains($"    {Switch}: \"true\"\n", bench.Said, StringComparison.Ordinal);
        Assert.Equal("false", Setting(Switch));
        await Assert.ThrowsAsync<UsageException>(() => bench.RollAsync(Spec));

        var wanted = (await bench.LookAsync(Spec))
            .Plan!.Steps.Select(step => step.Change)
            .OfType<Podspace.Steps.Change.SetAwsNode>()
            .Single()
            .Settings.Changes;
        Write("helm", env => wanted.ToList().ForEach(change => Put(env, change.Name, change.Wanted!)));
        Assert.True(await bench.RollAsync(Spec) == ExitCode.Fine, bench.Said);
        Assert.True(await bench.VerifyAsync(Spec) == ExitCode.Fine, bench.Said);

        // The way back is its writer's as well, and until it is taken nodes look for ENIConfigs.
        Assert.Equal(ExitCode.Error, await bench.BackAsync(Spec));
        Assert.DoesNotContain(bench.World.Objects.List("v1", "nodes"), node => node.Is("spec", "unschedulable"));
        Assert.Contains("so no node was touched.", bench.Said, StringComparison.Ordinal);
        Assert.Contains($"\n    {Switch}: \"false\"", bench.Said, StringComparison.Ordinal);
        Assert.Equal(ExitCode.Something, await bench.DestroyAsync(Spec));
        Assert.NotNull(bench.World.Objects.Find("crd.k8s.amazonaws.com/v1alpha1", "eniconfigs", null, "eu-west-1b"));
        Write("helm", env => wanted.ToList().ForEach(change => Put(env, change.Name, change.Live ?? "")));
        Assert.True(await bench.BackAsync(Spec) == ExitCode.Fine, bench.Said);
        Assert.True(await bench.DestroyAsync(Spec) == ExitCode.Fine, bench.Said);
        Assert.Null(bench.World.Objects.Find("crd.k8s.amazonaws.com/v1alpha1", "eniconfigs", null, "eu-west-1b"));
    }

    [Fact]
    public async Task What_another_manager_holds_is_not_taken_from_it()
    {
        Write("node-tuner", env => Put(env, "ENI_CONFIG_LABEL_DEF", "team"));

        Assert.Equal(ExitCode.Error, await bench.ApplyAsync(Spec, Stage.Switch));

        Assert.Contains("PS2309", bench.Said, StringComparison.Ordinal);
        Assert.Contains("\"node-tuner\"", bench.Said, StringComparison.Ordinal);
        Assert.Equal("team", Setting("ENI_CONFIG_LABEL_DEF"));
        Assert.Equal("false", Setting(Switch));
    }

    [Fact]
    public async Task A_value_that_comes_from_elsewhere_is_not_written_beside_it()
    {
        Write(
            "kubectl-edit",
            env =>
                env.Add(
                    new JsonObject
                    {
                        ["name"] = "ENI_CONFIG_LABEL_DEF",
                        ["valueFrom"] = new JsonObject
                        {
                            ["configMapKeyRef"] = new JsonObject { ["name"] = "cni", ["key"] = "label" },
                        },
                    }
                )
        );

        Assert.Equal(ExitCode.Error, await bench.ApplyAsync(Spec, Stage.Switch));

        Assert.Contains("PS2310", bench.Said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_change_by_another_between_looking_and_writing_is_a_refusal()
    {
        await bench.ApplyAsync(Spec, Stage.Admit);
        using var words = new StringWriter();
        var hit = false;

        var exit = await bench.ApplyAsAsync(
            "late",
            Spec,
            Stage.Switch,
            words,
            inner => new Meddling(
                inner,
                request =>
                {
                    // The record is written right before the settings.
                    if (
                        !hit
                        && request.Method != HttpMethod.Get
                        && request.RequestUri!.AbsolutePath.EndsWith("/configmaps", StringComparison.Ordinal)
                    )
                    {
                        hit = true;
                        Write("node-tuner", env => Put(env, "ENI_CONFIG_LABEL_DEF", "team"));
                    }
                }
            )
        );

        Assert.True(hit);
        Assert.Equal(ExitCode.Error, exit);
        Assert.Contains(
            "SettingsChanged — ENI_CONFIG_LABEL_DEF of aws-node is team, and was not set when this run looked",
            words.ToString(),
            StringComparison.Ordinal
        );
        Assert.Equal("team", Setting("ENI_CONFIG_LABEL_DEF"));
        Assert.Equal("false", Setting(Switch));
    }

    [Fact]
    public async Task Nothing_else_of_the_cluster_is_written_but_what_the_table_names()
    {
        var theirs = bench.World.State.Kubernetes.Select(item => $"{item["kind"]} {item["metadata"]!["name"]}").ToHashSet();

        Assert.True(await bench.ApplyAsync(Spec, null) == ExitCode.Fine, bench.Said);
        Assert.True(await bench.RollAsync(Spec) == ExitCode.Fine, bench.Said);

        var written = bench
            .World.State.Kubernetes.Where(item =>
                (item["metadata"]!["managedFields"] as JsonArray ?? []).Any(entry => entry!["manager"]!.ToString() == "podspace")
            )
            .Select(item => $"{item["kind"]} {item["metadata"]!["name"]}");
        Assert.Equal(["DaemonSet aws-node"], written.Where(theirs.Contains));
        Assert.Contains(ForeignEdit.Table, edit => edit.Operation == "patch daemonsets");
    }

    private JsonObject Live() => bench.World.Objects.Find("apps/v1", "daemonsets", "kube-system", "aws-node")!;

    private string? Setting(string name) =>
        Podspace.Cni.AwsNodeEnv.Settings(Live()).Where(setting => setting.Name == name).Select(setting => setting.Value).FirstOrDefault();

    private IEnumerable<string> HoldersOf(string name) =>
        Podspace.Cni.AwsNodeEnv.Holders(Live()).Where(holder => holder.Setting == name).Select(holder => holder.Manager);

    private void Write(string manager, Action<JsonArray> change) =>
        Change(
            manager,
            daemonSet =>
                change(
                    daemonSet["spec"]!["template"]!["spec"]!["containers"]!
                        .AsArray()
                        .Single(one => one!["name"]!.ToString() == "aws-node")!["env"]!.AsArray()
                )
        );

    private void Change(string manager, Action<JsonObject> change) =>
        bench.World.Do(() =>
        {
            var daemonSet = Live().DeepClone().AsObject();
            change(daemonSet);
            return bench.World.Objects.Update("apps/v1", "daemonsets", daemonSet, manager);
        });

    private static void Put(JsonArray env, string name, string value)
    {
        if (env.FirstOrDefault(one => one!["name"]!.ToString() == name) is { } there)
        {
            there["value"] = value;
            return;
        }
        env.Add(new JsonObject { ["name"] = name, ["value"] = value });
    }

    private sealed class Meddling(HttpMessageHandler inner, Action<HttpRequestMessage> before) : DelegatingHandler(inner)
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            before(request);
            return base.SendAsync(request, cancellationToken);
        }
    }
}
