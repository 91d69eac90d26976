using Podspace.Cli;
using Podspace.Simulation;
using Podspace.Steps;

namespace Podspace.Tests.Applying;

/// <summary>Somebody else updates the add-on just when a command looks.</summary>
public sealed class AddonUpdateTests
{
    [Fact]
    public async Task A_plan_says_that_an_update_is_under_way_and_does_not_wait()
    {
        using var bench = new Bench(Guide.World());
        Update(bench.World);
        var before = bench.World.State.Clock;

        var plan = (await bench.LookAsync(Guide.Spec)).Plan!;

        Assert.Contains(plan.Findings, finding => finding.Code == "PS2307");
        Assert.Equal(before, bench.World.State.Clock);
    }

    [Theory]
    [InlineData("apply")]
    [InlineData("roll")]
    [InlineData("back")]
    [InlineData("destroy")]
    public async Task Whoever_changes_something_waits_for_its_end_first(string command)
    {
        using var bench = new Bench(Guide.World());
        await bench.ApplyAsync(Guide.Spec, Stage.Admit);
        Update(bench.World);

        var exit = await (
            command switch
            {
                "apply" => bench.ApplyAsync(Guide.Spec, Stage.Switch),
                "roll" => bench.RollAsync(Guide.Spec),
                "back" => bench.BackAsync(Guide.Spec),
                _ => bench.DestroyAsync(Guide.Spec),
            }
        );

        Assert.True(exit == ExitCode.Fine, bench.Said);
        Assert.Contains("An update of add-on vpc-cni is under way. Waiting for its end.", bench.Said, StringComparison.Ordinal);
        Assert.DoesNotContain("PS2307", bench.Said, StringComparison.Ordinal);
    }

    private static void Update(World world) =>
        world.Do(() =>
            world.Eks.UpdateAddon(
                "prod",
                "vpc-cni",
                null,
                world.State.Aws.Addons.Find(addon => addon.AddonName == "vpc-cni")!.ConfigurationValues,
                "OVERWRITE",
                null
            )
        );
}
