using System.Diagnostics;
using System.Text.Json.Nodes;
using Podspace.Cli;
using Podspace.Cni;
using Podspace.Simulation.Kubernetes;
using Podspace.Spec;
using Podspace.Tests.Applying;

namespace Podspace.Tests.Rolling;

/// <summary>Where somebody else holds the switch, a rollout says so before it cordons a node, and what it names lets go of it.</summary>
[Trait("speed", "slow")]
public sealed class SwitchHoldTests : IDisposable
{
    private const string Switch = "AWS_VPC_K8S_CNI_CUSTOM_NETWORK_CFG";

    private readonly Bench bench = new(Guide.World());

    public void Dispose() => bench.Dispose();

    [Fact]
    public async Task Back_touches_no_node_while_kubectl_set_env_holds_the_switch()
    {
        await RolledAsync();
        Set(bench, Switch, "1", "kubectl-set");

        await RefusedAsync(bench.BackAsync);

        Assert.EndsWith($"\n  kubectl set env daemonset/aws-node -n kube-system {Switch}-\n", bench.Said, StringComparison.Ordinal);
        Set(bench, Switch, null, "kubectl-set");
        await ThereAndGoneAsync();
    }

    [Fact]
    public async Task Back_touches_no_node_while_the_add_on_s_values_hold_another_s_switch()
    {
        await RolledAsync();
        SetValue("True");

        await RefusedAsync(bench.BackAsync);

        SetValues(await PastedAsync());
        Assert.True(await bench.BackAsync(Guide.Spec) == ExitCode.Fine, bench.Said);
    }

    [Theory]
    [InlineData("""{ "env": { "AWS_VPC_K8S_CNI_LOG_FILE": "hunter2", "AWS_VPC_K8S_CNI_CUSTOM_NETWORK_CFG" : "True" } }""")]
    [InlineData("""{"env":{"AWS_VPC_K8S_CNI_CUSTOM_NETWORK_CFG":"1","AWS_VPC_K8S_CNI_LOG_FILE":"hunter2"}}""")]
    [InlineData("env:\n  AWS_VPC_K8S_CNI_CUSTOM_NETWORK_CFG: 'True'\n  AWS_VPC_K8S_CNI_LOG_FILE: hunter2 # it is\n")]
    [InlineData("env: {'AWS_VPC_K8S_CNI_CUSTOM_NETWORK_CFG': 'True', AWS_VPC_K8S_CNI_LOG_FILE: hunter2}")]
    public async Task The_command_that_turns_it_off_shows_nothing_else_of_the_values_and_keeps_it(string values)
    {
        await bench.ApplyAsync(Guide.Spec);
        SetValues(values);

        Assert.Equal(ExitCode.Error, await bench.BackAsync(Guide.Spec));

        Assert.DoesNotContain("hunter2", bench.Said, StringComparison.Ordinal);
        var after = AddonValues.Parse(await PastedAsync());
        Assert.Equal("false", after.Setting(Switch));
        Assert.Equal("hunter2", after.Setting("AWS_VPC_K8S_CNI_LOG_FILE"));
    }

    private string Values() => bench.World.State.Aws.Addons.Find(addon => addon.AddonName == "vpc-cni")!.ConfigurationValues!;

    /// <summary>What the printed command hands to <c>aws eks update-addon</c>, when it is pasted into a shell.</summary>
    private async Task<string> PastedAsync()
    {
        const string Aws = """
            addon="--cluster-name prod --addon-name vpc-cni"
            aws() { case "$*" in
              "eks describe-addon $addon --query addon.configurationValues --output text") printf '%s\n' "$VALUES" ;;
              "eks update-addon $addon --configuration-values "*) printf '%s' "$8" ;;
              *) exit 9 ;;
            esac; }
            """;
        var start = new ProcessStartInfo("sh", ["-c", $"{Aws}\n{bench.Said.Split("run the same command again:\n")[^1]}"])
        {
            RedirectStandardOutput = true,
        };
        start.Environment["VALUES"] = Values();
        using var shell = Process.Start(start)!;
        var said = await shell.StandardOutput.ReadToEndAsync();
        await shell.WaitForExitAsync();
        Assert.Equal(0, shell.ExitCode);
        return said;
    }

    [Fact]
    public async Task What_preserve_would_leave_on_is_found_before_too()
    {
        await RolledAsync();
        Set(bench, Switch, "1", "kubectl-set");

        await RefusedAsync(_ => bench.BackAsync(With(Conflicts.Preserve)));

        Assert.True(await bench.BackAsync(With(Conflicts.Overwrite)) == ExitCode.Fine, bench.Said);

        static OverlaySpec With(Conflicts conflicts) => Guide.Spec with { Cni = Guide.Spec.Cni with { Conflicts = conflicts } };
    }

    [Fact]
    public async Task Back_names_the_manager_that_holds_a_setting_of_its_own_aws_node()
    {
        var estate = Worlds.All().Single(one => one.Name == "self-managed");
        using var own = estate.Open();
        await own.ApplyAsync(estate.Spec, null);
        await own.RollAsync(estate.Spec);
        Set(own, Switch, "1", "node-tuner");

        Assert.Equal(ExitCode.Error, await own.BackAsync(estate.Spec));

        Assert.Contains("Change it with node-tuner", own.Said, StringComparison.Ordinal);
        Assert.Empty(Cordoned(own));
        Set(own, Switch, null, "node-tuner");
        Assert.True(await own.BackAsync(estate.Spec) == ExitCode.Fine, own.Said);
    }

    [Fact]
    public async Task Start_touches_no_node_while_the_switch_cannot_be_turned_on()
    {
        await bench.ApplyAsync(Guide.Spec, null);
        Set(bench, Switch, "0", "kubectl-set");

        await RefusedAsync(bench.RollAsync);

        Assert.Contains("the switch cannot be turned on, so no node was touched.", bench.Said, StringComparison.Ordinal);
        Set(bench, Switch, null, "kubectl-set");
        Assert.True(await bench.RollAsync(Guide.Spec) == ExitCode.Fine, bench.Said);
    }

    [Fact]
    public async Task Where_others_replace_nodes_back_turns_the_switch_off_and_leaves_them_the_rest()
    {
        await RolledAsync();
        var spec = Guide.Spec with { Owners = Guide.Spec.Owners with { Nodes = Owner.Terraform } };
        var nodes = bench.World.Objects.List("v1", "nodes").Select(node => node.Name()).ToList();

        Assert.Equal(ExitCode.Something, await bench.BackAsync(spec));

        const string Left = "The switch is off. Replacing 6 nodes is left to terraform ('spec.owners.nodes')";
        Assert.Contains(Left, bench.Said, StringComparison.Ordinal);
        Assert.Equal(nodes, bench.World.Objects.List("v1", "nodes").Select(node => node.Name()));
        Assert.Equal("false", Env(bench).Single(one => one["name"]!.ToString() == Switch)["value"]!.ToString());
        Assert.Empty(Cordoned(bench));
    }

    private async Task RolledAsync()
    {
        await bench.ApplyAsync(Guide.Spec, null);
        Assert.True(await bench.RollAsync(Guide.Spec) == ExitCode.Fine, bench.Said);
    }

    private async Task RefusedAsync(Func<OverlaySpec, Task<int>> run)
    {
        Assert.True(await run(Guide.Spec) == ExitCode.Error, bench.Said);
        Assert.Empty(Cordoned(bench));
    }

    private async Task ThereAndGoneAsync()
    {
        Assert.True(await bench.BackAsync(Guide.Spec) == ExitCode.Fine, bench.Said);
        Assert.True(await bench.DestroyAsync(Guide.Spec) == ExitCode.Fine, bench.Said);
    }

    private void SetValue(string value)
    {
        var document = JsonNode.Parse(Values())!;
        document["env"]![Switch] = value;
        SetValues(document.ToJsonString());
    }

    private void SetValues(string document)
    {
        bench.World.Do(() => bench.World.Eks.UpdateAddon("prod", "vpc-cni", null, document, "NONE", null));
        bench.World.Advance(TimeSpan.FromMinutes(5));
    }

    private static IEnumerable<string> Cordoned(Bench bench) =>
        bench.World.Objects.List("v1", "nodes").Where(node => node.Is("spec", "unschedulable")).Select(node => node.Name());

    private static JsonObject AwsNode(Bench bench) => bench.World.Objects.Find("apps/v1", "daemonsets", "kube-system", "aws-node")!;

    private static JsonArray EnvOf(JsonObject daemonSet) =>
        daemonSet["spec"]!["template"]!["spec"]!["containers"]!.AsArray().Single(one => one!["name"]!.ToString() == "aws-node")![
            "env"
        ]!.AsArray();

    private static IEnumerable<JsonNode> Env(Bench bench) => EnvOf(AwsNode(bench))!;

    /// <param name="value">Null: taken out.</param>
    private static void Set(Bench bench, string name, string? value, string manager)
    {
        bench.World.Do(() =>
        {
            var changed = AwsNode(bench).Clone();
            var env = EnvOf(changed);
            if (env.FirstOrDefault(one => one!["name"]!.ToString() == name) is { } there)
            {
                env.Remove(there);
            }
            if (value is not null)
            {
                env.Add(new JsonObject { ["name"] = name, ["value"] = value });
            }
            return bench.World.Objects.Update("apps/v1", "daemonsets", changed, manager);
        });
        bench.World.Advance(TimeSpan.FromMinutes(5));
    }
}
