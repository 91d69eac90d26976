using Podspace.Cli;
using Podspace.Naming;
using Podspace.Simulation.State;
using Podspace.Spec;
using Podspace.Steps;

namespace Podspace.Tests.Applying;

/// <summary>Mode subnetDiscovery: tags of subnets are the switch.</summary>
[Trait("speed", "slow")]
public sealed class DiscoveryTests
{
    private const string NodesInB = "subnet-0c1c2f0f8f6f1e5b1";

    private static readonly Estate Estate = Worlds.Discovery("crowded-vpc");

    private static OverlaySpec EniConfig => Estate.Spec with { Modes = [PodMode.EniConfig] };

    [Fact]
    public async Task Without_asking_for_the_switch_no_subnet_is_offered()
    {
        using var bench = Estate.Open();

        Assert.True(await bench.ApplyAsync(Estate.Spec, null) == ExitCode.Fine, bench.Said);

        Assert.DoesNotContain(bench.World.State.Aws.Subnets, subnet => RoleOf(subnet) is not null);
        Assert.Contains("podspace rollout start", bench.Said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Pod_subnets_are_offered_before_node_subnets_are_closed()
    {
        using var bench = Estate.Open();

        Assert.True(await bench.ApplyAsync(Estate.Spec, Stage.Switch) == ExitCode.Fine, bench.Said);

        var tagged = bench
            .World.State.History.Where(entry => entry.Call == "CreateTags" && entry.Target.StartsWith("subnet-", StringComparison.Ordinal))
            .Select(entry => RoleOf(Subnet(bench, entry.Target)))
            .ToList();
        Assert.Equal(["1", "1", "0", "0"], tagged);
    }

    [Fact]
    public async Task A_role_that_somebody_gave_a_node_subnet_comes_back()
    {
        using var bench = Estate.Open();
        Tag(bench, NodesInB, "1");

        await bench.ApplyAsync(Estate.Spec, Stage.Switch);
        Assert.Equal("0", RoleOf(Subnet(bench, NodesInB)));
        await bench.DestroyAsync(Estate.Spec);

        Assert.Equal("1", RoleOf(Subnet(bench, NodesInB)));
    }

    [Fact]
    public async Task A_role_that_somebody_changed_since_is_left_as_it_is()
    {
        using var bench = Estate.Open();
        await bench.ApplyAsync(Estate.Spec, Stage.Switch);
        Tag(bench, NodesInB, "2");

        await bench.DestroyAsync(Estate.Spec);

        Assert.Equal("2", RoleOf(Subnet(bench, NodesInB)));
        Assert.Contains($"PS2303: Tag {Tags.CniRole} of {NodesInB} is 2", bench.Said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_cni_that_cannot_be_kept_out_of_node_subnets_mixes_and_the_plan_says_so()
    {
        var estate = Worlds.Discovery("crowded-vpc", "v1.20.4");
        using var bench = estate.Open();

        Assert.True(await bench.ApplyAsync(estate.Spec, Stage.Switch) == ExitCode.Fine, bench.Said);
        Assert.Contains("PS2411", bench.Said, StringComparison.Ordinal);
        Assert.Contains("Pods mix", bench.Said, StringComparison.Ordinal);
        Assert.Null(RoleOf(Subnet(bench, NodesInB)));

        Assert.True(await bench.RollAsync(estate.Spec) == ExitCode.Fine, bench.Said);
        Assert.True(await bench.VerifyAsync(estate.Spec) == ExitCode.Fine, bench.Said);
        Assert.True(await bench.BackAsync(estate.Spec) == ExitCode.Fine, bench.Said);
        Assert.True(await bench.DestroyAsync(estate.Spec) == ExitCode.Fine, bench.Said);
        Assert.Empty(WorldComparison.Differences(Bench.Load(estate.World).State, bench.World.State));
    }

    [Fact]
    public async Task Where_another_cluster_is_in_the_vpc_pod_subnets_are_kept_for_ours()
    {
        using var bench = Estate.Open();
        bench.World.Do(() =>
        {
            Subnet(bench, NodesInB).Tags.Add(new() { Key = "kubernetes.io/cluster/staging", Value = "shared" });
            return true;
        });

        Assert.True(await bench.ApplyAsync(Estate.Spec, Stage.Switch) == ExitCode.Fine, bench.Said);

        Assert.Contains("PS2412", bench.Said, StringComparison.Ordinal);
        Assert.Equal(2, bench.World.State.Aws.Subnets.Count(subnet => subnet.Tags.Exists(tag => tag.Key == Tags.CniCluster("prod"))));
        Assert.True(await bench.RollAsync(Estate.Spec) == ExitCode.Fine, bench.Said);
        Assert.True(await bench.VerifyAsync(Estate.Spec) == ExitCode.Fine, bench.Said);
    }

    [Theory]
    [InlineData("v1.17.1", PodGroups.Unset, "PS1504")]
    [InlineData("v1.23.1", PodGroups.Dedicated, "PS1406")]
    public async Task What_discovery_cannot_do_is_said_before_anything_is_done(string version, PodGroups groups, string code)
    {
        var estate = Worlds.Discovery("crowded-vpc", version);
        using var bench = estate.Open();

        Assert.Equal(ExitCode.Error, await bench.ApplyAsync(estate.Spec with { Security = new(groups) }));

        Assert.Contains(code, bench.Said, StringComparison.Ordinal);
        Assert.Empty(WorldComparison.Differences(Bench.Load(estate.World).State, bench.World.State));
    }

    [Fact]
    public async Task Node_subnets_are_not_closed_where_too_many_pods_would_be_sent_to_a_node()
    {
        using var bench = Estate.Open();

        Assert.Equal(ExitCode.Error, await bench.ApplyAsync(Estate.Spec with { Cni = Estate.Spec.Cni with { PrefixDelegation = false } }));

        Assert.Contains(
            "PS1509: A managed m5.large is told to take 29 pods, and without its own subnet it has addresses for 20",
            bench.Said,
            StringComparison.Ordinal
        );
    }

    [Theory]
    [InlineData("crowded-vpc", PodMode.EniConfig)]
    [InlineData("crowded-vpc", PodMode.SubnetDiscovery)]
    [InlineData("self-managed", PodMode.EniConfig)]
    [InlineData("self-managed", PodMode.SubnetDiscovery)]
    public async Task The_mode_of_a_living_overlay_changes_by_apply_rollout_apply(string example, PodMode first)
    {
        var estate = Worlds.Discovery(example);
        using var bench = estate.Open();
        var wrong = new List<string>();
        bench.World.Changed += () => wrong.AddRange(Invariants.PodsWithoutTheirAddress(bench.World));
        foreach (var mode in (PodMode[])[first, first == PodMode.EniConfig ? PodMode.SubnetDiscovery : PodMode.EniConfig])
        {
            var spec = estate.Spec with { Modes = [mode] };
            Assert.True(await bench.ApplyAsync(spec, null) == ExitCode.Fine, bench.Said);
            Assert.True(await bench.RollAsync(spec) == ExitCode.Fine, bench.Said);
            Assert.True(await bench.ApplyAsync(spec) == ExitCode.Fine, bench.Said);
            Assert.True(await bench.VerifyAsync(spec) == ExitCode.Fine, bench.Said);
            Assert.Empty((await bench.LookAsync(spec)).Plan!.Steps.Select(step => step.Id));
            Assert.Equal(mode == PodMode.EniConfig, bench.World.Objects.List("crd.k8s.amazonaws.com/v1alpha1", "eniconfigs").Any());
            Assert.Equal(mode == PodMode.SubnetDiscovery, bench.World.State.Aws.Subnets.Exists(subnet => RoleOf(subnet) is not null));
        }
        Assert.True(await bench.BackAsync(estate.Spec) == ExitCode.Fine, bench.Said);
        Assert.True(await bench.DestroyAsync(estate.Spec) == ExitCode.Fine, bench.Said);
        Assert.Empty(WorldComparison.Differences(Bench.Load(estate.World).State, bench.World.State));
        Assert.Empty(wrong);
    }

    [Fact]
    public async Task Auto_keeps_the_mode_that_is_there_and_says_why()
    {
        using var bench = Estate.Open();
        var auto = Estate.Spec with { Modes = [] };
        Assert.Equal([PodMode.EniConfig], (await bench.LookAsync(auto)).Desired!.Modes);

        await bench.ApplyAsync(Estate.Spec, Stage.Switch);
        var kept = await bench.LookAsync(auto);
        Assert.Equal([PodMode.SubnetDiscovery], kept.Desired!.Modes);
        Assert.Empty(kept.Plan!.Steps.Select(step => step.Id));
        Assert.Contains(
            kept.Findings,
            finding =>
                finding is { Code: "PS2008", Problem: "mode: subnetDiscovery is taken, because what we made for it is there already." }
        );

        await bench.ApplyAsync(EniConfig, Stage.Switch);
        Assert.Equal([PodMode.EniConfig], (await bench.LookAsync(auto)).Desired!.Modes);
    }

    [Fact]
    public async Task One_aws_node_cannot_serve_both()
    {
        using var bench = Estate.Open();

        var seen = await bench.LookAsync(Estate.Spec with { Modes = [PodMode.EniConfig, PodMode.SubnetDiscovery] });

        Assert.Contains(seen.Findings, finding => finding.Code == "PS1508");
    }

    private static Subnet Subnet(Bench bench, string id) => bench.World.State.Aws.Subnets.Find(subnet => subnet.SubnetId == id)!;

    private static string? RoleOf(Subnet subnet) => subnet.Tags.Find(tag => tag.Key == Tags.CniRole)?.Value;

    private static void Tag(Bench bench, string id, string value) =>
        bench.World.Do(() =>
        {
            Subnet(bench, id).Tags.RemoveAll(tag => tag.Key == Tags.CniRole);
            Subnet(bench, id).Tags.Add(new() { Key = Tags.CniRole, Value = value });
            return true;
        });
}
