using Podspace.Cli;
using Podspace.Steps;

namespace Podspace.Tests.Applying;

[Trait("speed", "slow")]
public sealed class WholeJobTests
{
    public static TheoryData<string> Estates => [.. Worlds.All().Select(estate => estate.Name)];

    [Theory]
    [MemberData(nameof(Estates))]
    public async Task There_and_back_leaves_the_world_as_it_was(string name)
    {
        var job = Worlds.All().Single(estate => estate.Name == name);
        using var bench = job.Open();
        var wrong = new List<string>();
        bench.World.Changed += () => wrong.AddRange(Invariants.PodsWithoutTheirAddress(bench.World));

        foreach (var command in job.Jobs)
        {
            Assert.True(await bench.RunAsync(job.Spec, command) == ExitCode.Fine, $"{command}: {bench.Said}");
            if (command.Name == "verify")
            {
                Assert.Empty((await bench.LookAsync(job.Spec)).Plan!.Steps.Select(step => step.Id));
            }
        }

        bench.World.Advance(TimeSpan.FromHours(2));
        var left = WorldComparison.Differences(job.WithoutUs(job.Jobs), bench.World.State);
        Assert.True(left.Count == 0, string.Join('\n', left));
        Assert.Empty(wrong);
    }

    [Fact]
    public async Task A_record_that_somebody_broke_is_said_and_nothing_is_changed()
    {
        using var bench = new Bench(Guide.World());
        await bench.ApplyAsync(Guide.Spec, Stage.Switch);
        bench.World.Do(() =>
        {
            var record = bench.World.Objects.Find("v1", "configmaps", "kube-system", "podspace-prod")!.DeepClone().AsObject();
            record["data"]!["written-values"] = "{ half";
            return bench.World.Objects.Update("v1", "configmaps", record, "kubectl-edit");
        });

        var mistake = await Assert.ThrowsAsync<UsageException>(() => bench.DestroyAsync(Guide.Spec));

        Assert.Contains("kubectl -n kube-system edit configmap podspace-prod", mistake.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_network_that_is_as_desired_needs_no_plan()
    {
        using var bench = new Bench(Guide.World());
        await bench.ApplyAsync(Guide.Spec, Stage.Switch);

        var plan = (await bench.LookAsync(Guide.Spec)).Plan;

        Assert.NotNull(plan);
        Assert.Empty(plan.Steps.Select(step => step.Id));
    }
}
