using Podspace.Cli;

namespace Podspace.Tests.Applying;

/// <summary>Where packets to 100.64.0.0/10 leave through a transit gateway today, a block of the
/// VPC's own takes that way from pods that run now.</summary>
[Trait("speed", "slow")]
public sealed class RunningPodsTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("podspace-running-").FullName;

    public RunningPodsTests()
    {
        var world = DemoCommand
            .Example("world.yaml")
            .Replace(
                "Routes: [{",
                "Routes: [{DestinationCidrBlock: 100.64.0.0/10, TransitGatewayId: tgw-04104cab3948eba42}, {",
                StringComparison.Ordinal
            );
        File.WriteAllText(World, world);
        File.WriteAllText(Path.Combine(folder, "overlay.yaml"), DemoCommand.Example("overlay.yaml"));
    }

    private string World => Path.Combine(folder, "world.yaml");

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public async Task What_disturbs_running_pods_is_marked_and_refused_before_any_change()
    {
        var before = await File.ReadAllTextAsync(World);

        var (exit, said) = await RunAsync("apply", "--yes");

        Assert.True(exit == ExitCode.Error, said);
        Assert.Contains("+ block 100.64.0.0/16  [DISTURBS RUNNING PODS]", said, StringComparison.Ordinal);
        Assert.Contains(
            "\"block 100.64.0.0/16\" disturbs pods that run now, so nothing was changed. "
                + "If that is meant:\n  podspace apply --allow running-pods",
            said,
            StringComparison.Ordinal
        );
        Assert.Equal(before, await File.ReadAllTextAsync(World));
    }

    [Fact]
    public async Task Allowed_it_goes_through_and_is_not_asked_for_again()
    {
        var (exit, said) = await RunAsync("apply", "--yes", "--allow", "running-pods");
        Assert.True(exit == ExitCode.Fine, said);

        (exit, said) = await RunAsync("rollout", "start", "--yes");
        Assert.True(exit == ExitCode.Fine, said);
        (exit, said) = await RunAsync("plan", "--detailed-exitcode");
        Assert.True(exit == ExitCode.Fine, said);
    }

    private async Task<(int Exit, string Said)> RunAsync(params string[] command)
    {
        using var said = new StringWriter();
        var exit = await CommandLine.RunAsync(
            [.. command, "-f", Path.Combine(folder, "overlay.yaml"), "--twin", World],
            new(said, said, TextReader.Null, false)
        );
        return (exit, said.ToString());
    }
}
