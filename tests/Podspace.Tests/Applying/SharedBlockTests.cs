using Podspace.Addressing;
using Podspace.Cli;
using Podspace.Spec;
using Podspace.Steps;

namespace Podspace.Tests.Applying;

/// <summary>Two overlays of one VPC with their subnets in one block.</summary>
public sealed class SharedBlockTests
{
    private const string Tag = "podspace.io/block.100.64.0.0_16";

    private static readonly OverlaySpec First = Guide.Spec;

    /// <summary>Of a cluster that is not there yet.</summary>
    private static readonly OverlaySpec Second = Guide.Spec with { Name = "next", Cluster = "next" };

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task The_last_one_that_leaves_takes_the_block_along(bool ownerLeavesFirst)
    {
        using var bench = new Bench(Guide.World());
        await MakeAsync(bench);
        var since = Claim(bench).Split('@')[1];
        var (leaver, stayer) = ownerLeavesFirst ? (First, Second) : (Second, First);

        Assert.True(await bench.DestroyAsync(leaver) == ExitCode.Fine, bench.Said);

        Assert.Equal($"{stayer.Name}@{since}", Claim(bench));
        Assert.Contains(bench.World.State.Aws.Vpcs[0].CidrBlockAssociationSet, block => block.CidrBlock == "100.64.0.0/16");
        Assert.Equal(2, Inside(bench, stayer).Count());
        Assert.Empty(Inside(bench, leaver));
        var stays = (await bench.LookAsync(stayer)).Plan!;
        Assert.Empty(stays.Steps.Where(step => step.Stage == Stage.Network).Select(step => step.Id));

        Assert.True(await bench.DestroyAsync(stayer) == ExitCode.Fine, bench.Said);
        Assert.Empty(WorldComparison.Differences(Guide.World().State, bench.World.State));
    }

    [Fact]
    public async Task Each_has_subnets_of_its_own_and_neither_wants_what_is_the_others()
    {
        using var bench = new Bench(Guide.World());
        await MakeAsync(bench);

        var blocks = bench
            .World.State.Aws.Subnets.Where(subnet => subnet.CidrBlock.StartsWith("100.64.", StringComparison.Ordinal))
            .Select(subnet => Cidr.Parse(subnet.CidrBlock))
            .ToList();
        Assert.Equal(4, blocks.Count);
        Assert.All(blocks, block => Assert.Single(blocks, block.Overlaps));
        foreach (var spec in (OverlaySpec[])[First, Second])
        {
            Assert.Empty((await bench.LookAsync(spec)).Plan!.Steps.Where(step => step.Stage == Stage.Network).Select(step => step.Id));
        }
        Assert.StartsWith("prod@", Claim(bench), StringComparison.Ordinal);
        Assert.Contains("block 100.64.0.0/16", (await bench.LookAsync(Second)).Plan!.Uses);
    }

    [Fact]
    [Trait("speed", "slow")]
    public async Task The_owner_that_was_cut_off_while_it_left_leaves_the_same_the_second_time()
    {
        using var start = new Bench(Guide.World());
        await MakeAsync(start);
        using var whole = start.Copy();
        var calls = await whole.CutAsync(First, 0, false, Job.All[^1]);

        for (var at = 1; at <= calls; at += 3)
        {
            using var cut = start.Copy();
            await cut.CutAsync(First, at, isAfterEffect: true, Job.All[^1]);
            Assert.True(await cut.DestroyAsync(First) == ExitCode.Fine, cut.Said);
            Assert.Empty(WorldComparison.Differences(whole.World.State, cut.World.State));
        }
    }

    [Fact]
    public async Task A_block_in_which_a_stranger_stands_stays_and_says_why()
    {
        using var bench = new Bench(Guide.World());
        await bench.ApplyAsync(First, Stage.Network);
        bench.World.Do(() => bench.World.Ec2.CreateSubnet(First.Vpc, "100.64.192.0/24", "eu-west-1b", []));

        Assert.Equal(ExitCode.Something, await bench.DestroyAsync(First));

        Assert.Contains("PS2324", bench.Said, StringComparison.Ordinal);
        Assert.DoesNotContain("rollout back", bench.Said, StringComparison.Ordinal);
        Assert.StartsWith("prod@", Claim(bench), StringComparison.Ordinal);
    }

    private static async Task MakeAsync(Bench bench)
    {
        Assert.True(await bench.ApplyAsync(First, Stage.Network) == ExitCode.Fine, bench.Said);
        Assert.True(await bench.ApplyAsync(Second, Stage.Network) == ExitCode.Fine, bench.Said);
    }

    private static string Claim(Bench bench) => bench.World.State.Aws.Vpcs[0].Tags.Find(tag => tag.Key == Tag)!.Value;

    private static IEnumerable<string> Inside(Bench bench, OverlaySpec spec) =>
        bench
            .World.State.Aws.Subnets.Where(subnet => subnet.Tags.Exists(tag => tag.Key == "podspace.io/overlay" && tag.Value == spec.Name))
            .Select(subnet => subnet.CidrBlock);
}
