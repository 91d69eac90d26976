using System.Text.Json.Nodes;
using Podspace.Addressing;
using Podspace.Cli;
using Podspace.Simulation.Kubernetes;
using Podspace.Spec;
using Podspace.Steps;

namespace Podspace.Tests.Applying;

/// <summary>The whole job where EKS Auto Mode starts the nodes.</summary>
[Trait("speed", "slow")]
public sealed class AutoModeTests
{
    private static readonly OverlaySpec Spec = Guide.AutoSpec;

    private static readonly OverlaySpec OwnRole = Spec with { AutoMode = Spec.AutoMode with { NodeClassRole = "eks-pods" } };

    [Fact]
    public async Task There_and_back_leaves_the_world_as_it_was()
    {
        var before = Guide.AutoWorld();
        using var bench = new Bench(Guide.AutoWorld());
        var wrong = new List<string>();
        bench.World.Changed += () => wrong.AddRange(Invariants.PodsWithoutTheirAddress(bench.World));

        Assert.True(await bench.ApplyAsync(Spec, null) == ExitCode.Fine, bench.Said);
        Assert.True(await bench.RollAsync(Spec) == ExitCode.Fine, bench.Said);
        Assert.True(await bench.VerifyAsync(Spec) == ExitCode.Fine, bench.Said);
        Assert.Empty((await bench.LookAsync(Spec)).Plan!.Steps.Select(step => step.Id));
        Assert.True(await bench.BackAsync(Spec) == ExitCode.Fine, bench.Said);
        Assert.True(await bench.DestroyAsync(Spec) == ExitCode.Fine, bench.Said);

        var left = WorldComparison.Differences(before.State, bench.World.State);
        Assert.True(left.Count == 0, string.Join('\n', left));
        Assert.Empty(wrong);
    }

    [Fact]
    public async Task The_rollout_keeps_the_budgets_and_never_touches_what_EKS_made()
    {
        using var bench = new Bench(Guide.AutoWorld());
        var fewest = int.MaxValue;
        bench.World.Changed += () =>
            fewest = Math.Min(
                fewest,
                bench.World.Objects.List("v1", "pods", "shop").Count(pod => pod.Label("app") == "api" && pod.IsReady())
            );
        var builtIn = BuiltIn(bench);

        await bench.ApplyAsync(Spec, null);
        Assert.True(await bench.RollAsync(Spec) == ExitCode.Fine, bench.Said);

        Assert.True(fewest >= 9, $"{fewest} of 12");
        Assert.Equal(builtIn, BuiltIn(bench));
        Assert.All(bench.World.Objects.List("v1", "nodes"), node => Assert.Equal("shop", node.Label("eks.amazonaws.com/nodeclass")));
        Assert.DoesNotContain(bench.Aws.Calls, call => call.Operation == "TerminateInstances");
    }

    [Fact]
    public async Task Apply_stops_before_the_pools_while_nodes_run()
    {
        using var bench = new Bench(Guide.AutoWorld());
        Assert.Equal(ExitCode.Fine, await bench.ApplyAsync(Spec, null));
        Assert.NotNull(bench.World.Objects.Find("eks.amazonaws.com/v1", "nodeclasses", null, "shop"));
        Assert.Null(bench.World.Objects.Find("karpenter.sh/v1", "nodepools", null, "shop-general-purpose"));
    }

    [Fact]
    public async Task The_way_back_closes_the_pools_and_destroy_takes_them_once_nobody_lives_there()
    {
        using var bench = new Bench(Guide.AutoWorld());
        await bench.ApplyAsync(Spec, null);
        await bench.RollAsync(Spec);

        Assert.Equal(ExitCode.Something, await bench.DestroyAsync(Spec));
        Assert.NotEqual(
            "0",
            bench.World.Objects.Find("karpenter.sh/v1", "nodepools", null, "shop-general-purpose").Text("spec", "limits", "cpu")
        );

        Assert.True(await bench.BackAsync(Spec) == ExitCode.Fine, bench.Said);
        Assert.Equal(
            "0",
            bench.World.Objects.Find("karpenter.sh/v1", "nodepools", null, "shop-general-purpose").Text("spec", "limits", "cpu")
        );
        Assert.True(await bench.DestroyAsync(Spec) == ExitCode.Fine, bench.Said);
        Assert.Empty(WorldComparison.Differences(Guide.AutoWorld().State, bench.World.State));
    }

    [Fact]
    public async Task A_role_of_its_own_gets_an_access_entry_that_goes_with_the_rest()
    {
        using var bench = new Bench(Guide.AutoWorld());
        Assert.True(await bench.ApplyAsync(OwnRole, null) == ExitCode.Fine, bench.Said);
        var entry = bench.World.State.Aws.AccessEntries.Find(entry => entry.PrincipalArn == "arn:aws:iam::111122223333:role/eks-pods")!;
        Assert.Equal(("EC2", "shop"), (entry.Type, entry.Tags["podspace.io/overlay"]));
        Assert.Contains(entry.AssociatedAccessPolicies, policy => policy.PolicyArn == Podspace.Model.AccessEntry.Policy);

        Assert.True(await bench.RollAsync(OwnRole) == ExitCode.Fine, bench.Said);
        Assert.True(await bench.BackAsync(OwnRole) == ExitCode.Fine, bench.Said);
        Assert.True(await bench.DestroyAsync(OwnRole) == ExitCode.Fine, bench.Said);
        Assert.Empty(WorldComparison.Differences(Guide.AutoWorld().State, bench.World.State));
    }

    [Fact]
    public async Task Destroy_goes_back_stage_by_stage()
    {
        using var bench = new Bench(Guide.AutoWorld());
        await bench.ApplyAsync(OwnRole, Stage.Network);
        using var network = bench.Copy();
        await bench.ApplyAsync(OwnRole, Stage.Switch);

        Assert.True(await bench.DestroyAsync(OwnRole, Stage.Admit) == ExitCode.Fine, bench.Said);
        var left = WorldComparison.Differences(network.World.State, bench.World.State);
        Assert.True(left.Count == 0, string.Join('\n', left));

        Assert.True(await bench.DestroyAsync(OwnRole) == ExitCode.Fine, bench.Said);
        Assert.Empty(WorldComparison.Differences(Guide.AutoWorld().State, bench.World.State));
    }

    [Fact]
    public async Task An_entry_that_somebody_made_is_used_and_stays()
    {
        using var bench = new Bench(Guide.AutoWorld());
        const string arn = "arn:aws:iam::111122223333:role/eks-pods";
        bench.World.Do(() => bench.World.Eks.CreateAccessEntry("auto", arn, "EC2"));
        Assert.Contains((await bench.LookAsync(OwnRole)).Findings, finding => finding.Code == "PS1528");
        bench.World.Do(() => bench.World.Eks.AssociateAccessPolicy("auto", arn, Podspace.Model.AccessEntry.Policy, "cluster", []));

        await bench.ApplyAsync(OwnRole, Stage.Switch);
        Assert.True(await bench.DestroyAsync(OwnRole) == ExitCode.Fine, bench.Said);
        Assert.Contains(bench.World.State.Aws.AccessEntries, entry => entry.PrincipalArn == arn);
    }

    [Fact]
    public async Task A_canary_without_addresses_puts_everything_back()
    {
        using var bench = new Bench(Guide.AutoWorld());
        await bench.ApplyAsync(Spec, null);
        bench.World.Do(() =>
        {
            // Somebody else's interfaces fill the pod subnets: no address and no /28 is left.
            foreach (
                var subnet in bench
                    .World.State.Aws.Subnets.Where(subnet => subnet.CidrBlock.StartsWith("100.64.", StringComparison.Ordinal))
                    .ToList()
            )
            {
                var block = Cidr.Parse(subnet.CidrBlock);
                bench.World.State.Aws.NetworkInterfaces.Add(
                    new()
                    {
                        NetworkInterfaceId = $"eni-0{subnet.AvailabilityZone}",
                        SubnetId = subnet.SubnetId,
                        Status = "available",
                        PrivateIpAddresses =
                        [
                            .. Enumerable
                                .Range(4, 12)
                                .Select(at => block.First.Plus((uint)at))
                                .Concat(Enumerable.Range(1, 15).Select(at => new Address(block.Last.Number - (uint)at)))
                                .Select(at => at.ToString()),
                        ],
                        Ipv4Prefixes = [.. block.Split(28).Skip(1).SkipLast(1).Select(prefix => prefix.ToString())],
                    }
                );
            }
            return 0;
        });

        Assert.Equal(ExitCode.Error, await bench.RollAsync(Spec));

        Assert.Contains("The switch is put back", bench.Said, StringComparison.Ordinal);
        Assert.DoesNotContain(bench.World.Objects.List("v1", "nodes"), node => node.Is("spec", "unschedulable"));
        bench.World.Advance(TimeSpan.FromMinutes(10));
        Assert.All(bench.World.Objects.List("v1", "pods", "shop"), pod => Assert.True(pod.IsReady(), $"{pod.Name()} {bench.Said}"));
    }

    [Fact]
    public async Task A_changed_class_says_that_running_pods_are_disturbed()
    {
        using var bench = new Bench(Guide.AutoWorld());
        await bench.ApplyAsync(Spec, null);
        await bench.RollAsync(Spec);

        var plan = (
            await bench.LookAsync(
                Spec with
                {
                    Routing = new(PacketSource.Pod, Routes: [new(Cidr.Parse("0.0.0.0/0"), "tgw-0b5d7f9a1c3e52468", null)]),
                }
            )
        ).Plan!;

        var change = Assert.Single(plan.Steps, step => step.Change is Change.ApplyNodeClass);
        Assert.Equal((Stage.Switch, Disruption.RunningPods), (change.Stage, change.Disruption));
    }

    [Fact]
    public async Task A_pool_whose_model_was_switched_off_since_stays_as_it_is()
    {
        using var bench = new Bench(Guide.AutoWorld());
        await bench.ApplyAsync(Spec, null);
        await bench.RollAsync(Spec);
        bench.World.Do(() =>
        {
            bench.World.State.Aws.Clusters[0].ComputeConfig!.NodePools.Clear();
            bench.World.Objects.Delete("karpenter.sh/v1", "nodepools", null, "general-purpose");
            bench.World.Objects.Delete("karpenter.sh/v1", "nodepools", null, "system");
            return 0;
        });

        Assert.Empty((await bench.LookAsync(Spec)).Plan!.Steps.Select(step => step.Id));
    }

    [Fact]
    public async Task What_Argo_CD_writes_is_left_to_it_with_the_manifest_that_it_should_write()
    {
        using var bench = new Bench(Guide.AutoWorld());
        await bench.ApplyAsync(Spec, Stage.Switch);
        bench.World.Do(() =>
        {
            var changed = bench.World.Objects.Find("eks.amazonaws.com/v1", "nodeclasses", null, "shop")!.Clone();
            changed.Put(new JsonObject { ["argocd.argoproj.io/tracking-id"] = "x" }, "metadata", "annotations");
            changed.Put("Disabled", "spec", "snatPolicy");
            return bench.World.Objects.Update("eks.amazonaws.com/v1", "nodeclasses", changed, "argocd-controller");
        });

        var plan = (await bench.LookAsync(Spec)).Plan!;

        var step = Assert.Single(plan.Steps);
        Assert.Equal(("update/nodeclass/shop", Podspace.Spec.Owner.Git), (step.Id, step.Owner));
        var before = bench.World.Objects.Find("eks.amazonaws.com/v1", "nodeclasses", null, "shop")!.ToJsonString();
        Assert.Equal(ExitCode.Fine, await bench.ApplyAsync(Spec, Stage.Switch));
        Assert.Equal(before, bench.World.Objects.Find("eks.amazonaws.com/v1", "nodeclasses", null, "shop")!.ToJsonString());
        Assert.Contains("snatPolicy: Random", bench.Said, StringComparison.Ordinal);
    }

    private static List<string> BuiltIn(Bench bench)
    {
        (string Api, string Plural, string Name)[] all =
        [
            ("eks.amazonaws.com/v1", "nodeclasses", "default"),
            ("karpenter.sh/v1", "nodepools", "general-purpose"),
            ("karpenter.sh/v1", "nodepools", "system"),
        ];
        return [.. all.Select(key => bench.World.Objects.Find(key.Api, key.Plural, null, key.Name)!["spec"]!.ToJsonString())];
    }
}
