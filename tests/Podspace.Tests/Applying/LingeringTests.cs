using Podspace.Cli;
using Podspace.Simulation.Faults;
using Podspace.Steps;

namespace Podspace.Tests.Applying;

/// <summary>AWS may hold on for minutes to what is gone: what is refused because of it is asked again, and not for ever.</summary>
[Trait("speed", "slow")]
public sealed class LingeringTests
{
    public static TheoryData<string, string> Holds =>
        new()
        {
            { "DeleteSubnet", "DependencyViolation" },
            { "DeleteSecurityGroup", "DependencyViolation" },
            { "DeleteRouteTable", "DependencyViolation" },
            { "DisassociateVpcCidrBlock", "InvalidCidrBlock.InUse" },
        };

    [Theory]
    [MemberData(nameof(Holds))]
    public async Task What_lingers_for_a_minute_is_asked_again_and_goes(string operation, string code)
    {
        using var bench = await WholeAsync();
        var began = bench.World.Clock.GetUtcNow();

        var (exit, said) = await DestroyAsync(bench, operation, code, most: 10);

        Assert.True(exit == ExitCode.Fine, said);
        Assert.InRange(bench.World.Clock.GetUtcNow() - began, TimeSpan.FromSeconds(30), TimeSpan.FromMinutes(5));
        var held = bench.World.State.Aws.Vpcs[0].CidrBlockAssociationSet.Where(one => one.CidrBlockState.State != "disassociated");
        Assert.DoesNotContain(held, one => one.CidrBlock.StartsWith("100.64.", StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Holds))]
    public async Task What_never_goes_ends_with_the_refusal_after_five_minutes(string operation, string code)
    {
        using var bench = await WholeAsync();
        var began = bench.World.Clock.GetUtcNow();

        var (exit, said) = await DestroyAsync(bench, operation, code, most: 0);

        Assert.NotEqual(ExitCode.Fine, exit);
        Assert.Contains($"{code} — still held\nStill so after 5 minutes of asking again.", said, StringComparison.Ordinal);
        Assert.InRange(bench.World.Clock.GetUtcNow() - began, TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(12));
        Assert.True(await bench.DestroyAsync(Spec) == ExitCode.Fine, bench.Said);
    }

    private static readonly Podspace.Spec.OverlaySpec Spec = Guide.Parsed(
        DemoCommand.Example("overlay.yaml") + "  security: {pods: dedicated}\n"
    );

    private static async Task<Bench> WholeAsync()
    {
        var bench = new Bench(Guide.World());
        Assert.True(await bench.ApplyAsync(Spec, Stage.Admit) == ExitCode.Fine, bench.Said);
        return bench;
    }

    /// <param name="most">How often AWS says no; 0: always.</param>
    private static async Task<(int Exit, string Said)> DestroyAsync(Bench bench, string operation, string code, int most)
    {
        var rule = new FaultRule
        {
            Fault = FaultKinds.Error,
            Service = "ec2",
            Operation = operation,
            Code = code,
            Status = 400,
            Message = "still held",
            Most = most,
        };
        using var words = new StringWriter();
        using var wire = FaultDayTests.Wire(bench, rule);
        var destroy = Job.All.Single(job => job.Name == "destroy");
        return (await bench.RunAsync(Spec, destroy, new(words, words, TextReader.Null, false), wire), words.ToString());
    }
}
