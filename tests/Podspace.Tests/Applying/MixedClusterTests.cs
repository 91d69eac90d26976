using Podspace.Cli;
using Podspace.Tests.Cli;

namespace Podspace.Tests.Applying;

/// <summary>examples/mixed: nodes of Auto Mode and nodes with aws-node, in one overlay.</summary>
[Trait("speed", "slow")]
public sealed class MixedClusterTests : IDisposable
{
    private readonly CommandRun run = CommandRun.Of("mixed");

    [Fact]
    public async Task Each_kind_of_node_has_a_canary_in_each_zone()
    {
        await DoneAsync("apply --yes");
        var said = await DoneAsync("rollout start --yes");

        var canaries = said.Split('\n').Where(line => line.Contains("(canary)", StringComparison.Ordinal)).Select(line => (IsAuto: line.Contains(" i-", StringComparison.Ordinal), Zone: line.Split(" in ")[1].Split(' ')[0])).Order();
        Assert.Equal([(false, "eu-west-1b"), (false, "eu-west-1c"), (true, "eu-west-1b"), (true, "eu-west-1c")], canaries);
    }

    public void Dispose() => run.Dispose();

    private async Task<string> DoneAsync(string command)
    {
        var (exit, output, error) = await run.HereAsync(command);
        Assert.True(exit == ExitCode.Fine, $"{command}: {output}{error}");
        return output + error;
    }
}
