using CsCheck;
using Podspace.Addressing;
using Podspace.Cli;
using Podspace.Design;
using Podspace.Operations;
using Podspace.Spec;
using Podspace.Steps;

namespace Podspace.Tests.Applying;

/// <summary>From any network to any other one apply is enough, where no nodes are; where pods live: apply, rollout, apply.</summary>
[Trait("speed", "slow")]
public sealed class MoveProperties
{
    private static readonly Gen<OverlaySpec> Specs =
        from block in OneOf("100.64.0.0/16", "100.65.0.0/16", "100.66.0.0/17", "100.64.0.0/17")
        from zones in OneOf<string[]>(["eu-west-1b", "eu-west-1c"], ["eu-west-1a", "eu-west-1b", "eu-west-1c"], ["eu-west-1c"])
        from length in OneOf<int?>(null, 19, 20)
        from groups in OneOf(PodGroups.Dedicated, PodGroups.Cluster, PodGroups.Unset)
        from prefixes in OneOf<bool?>(null, true, false)
        from mode in OneOf<PodMode?>(null, PodMode.EniConfig, PodMode.SubnetDiscovery)
        select Guide.Spec with
        {
            Modes = mode is { } one ? [one] : [],
            Zones = [.. zones],
            Addresses = new(Blocks: [Cidr.Parse(block)], SubnetPrefixLength: length),
            Security = new(groups),
            Cni = new(PrefixDelegation: prefixes),
        };

    [Fact]
    public Task Without_nodes_one_apply_leads_from_any_network_to_any_other() =>
        Gen.Select(Specs, Specs)
            .SampleAsync(
                async (first, second) =>
                {
                    using var bench = new Bench(WithoutNodes());
                    foreach (var spec in (OverlaySpec[])[first, second])
                    {
                        if ((await bench.LookAsync(spec)).HasErrors)
                        {
                            return;
                        }
                        Assert.True(await bench.ApplyAsync(spec) == ExitCode.Fine, bench.Said);
                        var after = await bench.LookAsync(spec);
                        Assert.Empty(after.Plan!.Steps.Select(step => step.Id));
                        Assert.Empty(NetworkChecks.Check(after.Desired!));
                    }
                },
                iter: 60,
                threads: 1
            );

    [Fact]
    public Task With_pods_apply_rollout_apply_leads_from_any_network_to_any_other() =>
        Gen.Select(Specs, Specs)
            .SampleAsync(
                async (first, second) =>
                {
                    using var bench = new Bench(World());
                    var wrong = new List<string>();
                    bench.World.Changed += () => wrong.AddRange(Invariants.PodsWithoutTheirAddress(bench.World));
                    foreach (var spec in (OverlaySpec[])[first, second])
                    {
                        if ((await bench.LookAsync(spec)).HasErrors)
                        {
                            return;
                        }
                        Assert.True(await bench.ApplyAsync(spec, null) == ExitCode.Fine, bench.Said);
                        Assert.True(await bench.RollAsync(spec) == ExitCode.Fine, bench.Said);
                        Assert.True(await bench.ApplyAsync(spec) == ExitCode.Fine, bench.Said);
                        Assert.True(await bench.VerifyAsync(spec) == ExitCode.Fine, bench.Said);
                        Assert.Empty((await bench.LookAsync(spec)).Plan!.Steps.Select(step => step.Id));
                    }
                    Assert.Empty(wrong);
                },
                iter: 10,
                threads: 1
            );

    [Fact]
    public Task No_step_uses_what_does_not_exist_yet() =>
        Specs.SampleAsync(
            async spec =>
            {
                var state = await LookAsync(spec);
                var done = new HashSet<string>();
                var last = Stage.Network;
                foreach (var step in state.Plan?.Steps ?? [])
                {
                    Assert.All(step.After, id => Assert.Contains(id, done));
                    Assert.True(step.Stage >= last, $"{step.Id} comes after a later stage");
                    last = step.Stage;
                    Assert.True(done.Add(step.Id), $"{step.Id} stands twice");
                }
            },
            iter: 40,
            threads: 1
        );

    private static async Task<PlannedState> LookAsync(OverlaySpec spec)
    {
        using var bench = new Bench(World());
        return await bench.LookAsync(spec);
    }

    private static Gen<T> OneOf<T>(params T[] values) => Gen.Int[0, values.Length - 1].Select(index => values[index]);

    /// <summary>The guide's, with a VPC CNI that can be kept out of the nodes' subnets.</summary>
    private static Podspace.Simulation.World World() => Bench.Load(Worlds.Discovery("crowded-vpc").World);

    private static Podspace.Simulation.World WithoutNodes()
    {
        var world = World();
        world.Do(() =>
        {
            world.State.Aws.Nodegroups[0].ScalingConfig.DesiredSize = 0;
            world.State.Aws.Nodegroups[0].ScalingConfig.MinSize = 0;
            world.Compute.TerminateInstances([.. world.State.Aws.Instances.Select(one => one.InstanceId)]);
            foreach (var deployment in world.Objects.List("apps/v1", "deployments").ToList())
            {
                world.Objects.Delete(
                    "apps/v1",
                    "deployments",
                    deployment["metadata"]!["namespace"]!.ToString(),
                    deployment["metadata"]!["name"]!.ToString()
                );
            }
            return true;
        });
        world.Advance(TimeSpan.FromMinutes(1));
        return world;
    }
}
