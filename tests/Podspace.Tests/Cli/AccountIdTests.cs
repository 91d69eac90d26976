using Podspace.Cli;
using Podspace.Steps;
using Podspace.Tests.Applying;
using Podspace.Twin;
using Podspace.Twin.Aws;
using Podspace.Twin.Kubernetes;

namespace Podspace.Tests.Cli;

/// <summary>Account ids are shown on a terminal; elsewhere, where many read, their last four digits.</summary>
[Trait("speed", "slow")]
public sealed class AccountIdTests : IDisposable
{
    private const string Account = "111122223333";

    private readonly string folder = Directory.CreateTempSubdirectory("podspace-account-").FullName;

    public AccountIdTests()
    {
        File.WriteAllText(Path.Combine(folder, "overlay.yaml"), DemoCommand.Example("overlay.yaml"));
        File.WriteAllText(Path.Combine(folder, "world.yaml"), DemoCommand.Example("world.yaml"));
    }

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public async Task No_command_shows_one_without_a_terminal()
    {
        foreach (
            var command in (string[])
                [
                    "plan",
                    "plan -o json",
                    "apply --yes",
                    "verify",
                    "rollout status",
                    "rollout start --yes",
                    "verify",
                    "plan",
                    "destroy --yes",
                    "rollout back --yes",
                    "destroy --yes",
                ]
        )
        {
            Assert.DoesNotContain(Account, await RunAsync(command, isTerminal: false), StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("vpc: vpc-09796d57be9cec2d2", "vpc: vpc-0aaaaaaaaaaaaaaaa", "There is no VPC")]
    [InlineData("zones: [eu-west-1b, eu-west-1c]", "zones: [eu-west-1b, eu-west-1c, eu-west-1z]", "has no zone eu-west-1z")]
    [InlineData(
        "account: \"111122223333\"",
        "account: \"444455556666\"",
        "credentials lead to account …3333, and the overlay is for …6666"
    )]
    public async Task No_finding_shows_one_without_a_terminal(string line, string instead, string finding)
    {
        var overlay = DemoCommand.Example("overlay.yaml");
        Assert.Contains(line, overlay, StringComparison.Ordinal);
        await File.WriteAllTextAsync(Path.Combine(folder, "overlay.yaml"), overlay.Replace(line, instead, StringComparison.Ordinal));

        var said = await RunAsync("plan", isTerminal: false);

        Assert.Contains(finding, said, StringComparison.Ordinal);
        Assert.DoesNotMatch("[0-9]{12}", said);
        Assert.Contains(Account, await RunAsync("plan", isTerminal: true), StringComparison.Ordinal);
    }

    [Fact]
    public async Task AWS_s_own_words_show_none_either()
    {
        using var bench = new Bench(Guide.World());
        using var said = new StringWriter();
        using var wire = new Denying(
            new TwinHandler(new AwsEndpoint(bench.World), new KubernetesEndpoint(bench.World)),
            asked => asked.Call is "CreateSubnet"
        );
        await using var connections = Connections.ToTwin(bench.World, Guide.Spec, "test", wire);

        await ApplyCommand.ApplyAsync(
            new(said, said, TextReader.Null, false),
            new(Guide.Spec, connections),
            new([], null, null, false),
            new(Stage.Network, true, true),
            default
        );

        Assert.Contains("arn:aws:iam::…3333:user/twin", said.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain(Account, said.ToString(), StringComparison.Ordinal);
    }

    private async Task<string> RunAsync(string command, bool isTerminal)
    {
        using var said = new StringWriter();
        string[] where = ["-f", Path.Combine(folder, "overlay.yaml"), "--twin", Path.Combine(folder, "world.yaml")];
        await CommandLine.RunAsync([.. command.Split(' '), .. where], new(said, said, TextReader.Null, isTerminal));
        return said.ToString();
    }
}
