using Podspace.Cli;
using Podspace.Simulation.State;
using Podspace.Steps;

namespace Podspace.Tests.Applying;

/// <summary>A CreateRouteTable that stalled lands late, after the next run has made the table itself.</summary>
public sealed class SpareTableTests
{
    [Theory]
    [InlineData("rtb-00000000000000000")] // ids are drawn by chance: the late one may sort before or after
    [InlineData("rtb-fffffffffffffffff")]
    public async Task A_table_that_came_late_goes_with_the_next_apply_and_the_one_in_use_stays(string late)
    {
        using var bench = new Bench(Guide.World());
        await bench.ApplyAsync(Guide.Spec);
        using var alone = bench.Copy();
        Land(bench, late);

        var step = Assert.Single((await bench.LookAsync(Guide.Spec)).Plan!.Steps);
        Assert.Equal(new Change.DeleteDuplicateRouteTable(new(late)), step.Change);
        Assert.True(await bench.ApplyAsync(Guide.Spec) == ExitCode.Fine, bench.Said);

        var left = WorldComparison.Differences(alone.World.State, bench.World.State);
        Assert.True(left.Count == 0, string.Join('\n', left));
    }

    [Fact]
    public async Task Destroy_takes_it_too()
    {
        using var bench = new Bench(Guide.World());
        await bench.ApplyAsync(Guide.Spec, Stage.Network);
        Land(bench, "rtb-fffffffffffffffff");

        Assert.True(await bench.DestroyAsync(Guide.Spec) == ExitCode.Fine, bench.Said);

        var left = WorldComparison.Differences(Guide.World().State, bench.World.State);
        Assert.True(left.Count == 0, string.Join('\n', left));
    }

    [Fact]
    public async Task A_table_with_our_tags_that_leads_somewhere_is_left_alone()
    {
        using var bench = new Bench(Guide.World());
        await bench.ApplyAsync(Guide.Spec);
        Land(bench, "rtb-fffffffffffffffff")
            .Routes.Add(
                new()
                {
                    DestinationCidrBlock = "10.0.0.0/8",
                    TransitGatewayId = bench.World.State.Aws.TransitGatewayVpcAttachments[0].TransitGatewayId,
                }
            );

        Assert.Empty((await bench.LookAsync(Guide.Spec)).Plan!.Steps.Select(step => step.Id));
    }

    private static RouteTable Land(Bench bench, string id) =>
        bench.World.Do(() =>
        {
            var tables = bench.World.State.Aws.RouteTables;
            var ours = tables.Find(table => table.Tags.Exists(tag => tag.Key == "podspace.io/name"))!;
            var late = new RouteTable
            {
                RouteTableId = id,
                VpcId = ours.VpcId,
                Tags = [.. ours.Tags],
            };
            tables.Add(late);
            return late;
        });
}
