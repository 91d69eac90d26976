using Podspace.Cli;

namespace Podspace.Tests.Reachability;

/// <summary>The command as it is typed, on the guide's VPC.</summary>
public sealed class TraceCommandTests
{
    private static readonly string Example = Path.Combine(Golden.Checkout(), "examples", "crowded-vpc");

    [Theory]
    [InlineData("a-pod-asks-the-API-server", "shop/api api", ExitCode.Fine)]
    [InlineData("a-pod-asks-somebody-beyond-the-VPC", "shop/api internet", ExitCode.Fine)]
    [InlineData("a-pod-asks-the-database-on-another-port", "shop/api eni-02be0819d8cad0363 --port 22", ExitCode.Something)]
    [InlineData("a-pod-asks-for-its-instance's-metadata", "shop/api imds", ExitCode.Fine)]
    [InlineData("a-pod-asks-the-database-on-another-port", "shop/api eni-02be0819d8cad0363:22", ExitCode.Something)]
    [InlineData("for-programs", "shop/api eni-02be0819d8cad0363 --port 22 -o json", ExitCode.Something)]
    [InlineData("as-a-line", "shop/api internet -o path", ExitCode.Fine)]
    public async Task A_trace_is_told_as_it_was_agreed(string story, string arguments, int expected)
    {
        var (exit, output, _) = await RunAsync(arguments.Split(' '));

        Assert.Equal(expected, exit);
        Golden.Matches(output, $"Reachability/traces/{story}.golden");
    }

    [Theory]
    [InlineData("nobody api", "\"nobody\" is no end of a trace")]
    [InlineData("shop/nothing api", "stands for no address here")]
    [InlineData("pod api --port 70000", "ports go from 0 to 65535")]
    [InlineData("pod api:70000", "ports go from 0 to 65535")]
    [InlineData("pod api:443 --port 8443", "Leave one of them out")]
    [InlineData("pod api --protocol gre", "gre")]
    [InlineData("pod", "to")]
    public async Task A_mistake_is_said_and_nothing_is_guessed(string arguments, string says)
    {
        var (exit, output, error) = await RunAsync(arguments.Split(' '));

        Assert.Equal(ExitCode.Error, exit);
        Assert.Contains(says, output + error, StringComparison.Ordinal);
    }

    private static async Task<(int Exit, string Output, string Error)> RunAsync(params string[] arguments)
    {
        var folder = Directory.CreateTempSubdirectory("podspace-trace");
        try
        {
            var world = Path.Combine(folder.FullName, "world.yaml");
            File.Copy(Path.Combine(Example, "world.yaml"), world);
            var (output, error) = (new StringWriter(), new StringWriter());
            var exit = await CommandLine.RunAsync(
                ["trace", .. arguments, "-f", Path.Combine(Example, "overlay.yaml"), "--twin", world],
                new(output, error, TextReader.Null, false),
                TestContext.Current.CancellationToken
            );
            return (exit, output.ToString(), error.ToString());
        }
        finally
        {
            folder.Delete(true);
        }
    }
}
