using Podspace.Cli;
using Podspace.Steps;

namespace Podspace.Tests.Applying;

public sealed class DestroyByStageTests
{
    [Fact]
    public async Task Destroy_goes_back_stage_by_stage()
    {
        var before = Guide.World();
        using var bench = new Bench(Guide.World());
        await bench.ApplyAsync(Guide.Spec, Stage.Switch);

        Assert.True(await bench.DestroyAsync(Guide.Spec, Stage.Switch) == ExitCode.Fine, bench.Said);
        Assert.Equal(["switch"], await LeftAsync(bench));
        Assert.True(await bench.DestroyAsync(Guide.Spec, Stage.Admit) == ExitCode.Fine, bench.Said);
        Assert.Equal(["admit", "switch"], await LeftAsync(bench));
        Assert.True(await bench.DestroyAsync(Guide.Spec) == ExitCode.Fine, bench.Said);

        var left = WorldComparison.Differences(before.State, bench.World.State);
        Assert.True(left.Count == 0, string.Join('\n', left));
    }

    /// <summary>The stages in which there is something to do again.</summary>
    private static async Task<IEnumerable<string>> LeftAsync(Bench bench) =>
        (await bench.LookAsync(Guide.Spec)).Plan!.Steps.Select(step => step.Stage.ToString().ToLowerInvariant()).Distinct();
}
