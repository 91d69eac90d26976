using Podspace.Cli;
using Podspace.Steps;

namespace Podspace.Tests.Applying;

[Trait("speed", "slow")]
public sealed class ForeignEditTests
{
    [Fact]
    public async Task A_whole_job_edits_nothing_of_others_but_what_the_table_names()
    {
        using var bench = new Bench(Guide.World());
        var theirs = Existing(bench);

        Assert.Equal(ExitCode.Fine, await bench.ApplyAsync(Guide.Spec, null));
        Assert.Equal(ExitCode.Fine, await bench.RollAsync(Guide.Spec));
        Assert.Equal(ExitCode.Fine, await bench.BackAsync(Guide.Spec));
        Assert.Equal(ExitCode.Fine, await bench.DestroyAsync(Guide.Spec));

        var allowed = ForeignEdit.Table.Select(edit => edit.Operation).ToHashSet();
        // Nodes' agents call EC2 too, but not through the door.
        var made = bench.Aws.Calls.Where(call => call.IsWrite).Select(call => call.Operation).ToHashSet();
        var calls = bench.World.State.History.Where(entry => made.Contains(entry.Call)).ToList();
        Assert.NotEmpty(calls);
        Assert.Empty(
            calls
                .Where(entry => theirs.Any(entry.Target.Contains) && !allowed.Contains(entry.Call))
                .Select(entry => $"{entry.Call} {entry.Target}")
        );
    }

    /// <summary>Ids of everything that stood there before.</summary>
    private static List<string> Existing(Bench bench)
    {
        var aws = bench.World.State.Aws;
        return
        [
            .. aws.Vpcs.Select(one => one.VpcId),
            .. aws.Subnets.Select(one => one.SubnetId),
            .. aws.RouteTables.Select(one => one.RouteTableId),
            .. aws.SecurityGroups.Select(one => one.GroupId),
            .. aws.SecurityGroupRules.Select(one => one.SecurityGroupRuleId),
            .. aws.NetworkInterfaces.Select(one => one.NetworkInterfaceId),
        ];
    }
}
