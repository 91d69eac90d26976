using Podspace.Cli;

namespace Podspace.Tests.Cli;

public sealed class CapacityCommandTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("podspace-test-").FullName;

    public CapacityCommandTests()
    {
        foreach (var name in (string[])["overlay.yaml", "world.yaml"])
        {
            Write(name, DemoCommand.Example(name));
        }
    }

    [Fact]
    public async Task The_guides_cluster_says_how_many_pods_fit_and_what_breaks_first()
    {
        var (exit, output, error) = await RunAsync($"capacity -f {folder}/overlay.yaml --twin {folder}/world.yaml");
        Assert.Equal((ExitCode.Fine, ""), (exit, error));
        Golden.Matches(output, "Cli/capacity.golden");
    }

    [Theory]
    [InlineData("auto-mode")]
    [InlineData("mixed")]
    [InlineData("new-cluster")]
    public async Task Clusters_of_other_kinds_are_counted_by_their_own_rules(string example)
    {
        var files = Path.Combine(Golden.Checkout(), "examples", example);
        var (exit, output, error) = await RunAsync($"capacity -f {files}/overlay.yaml --twin {files}/world.yaml");
        Assert.Equal((ExitCode.Fine, ""), (exit, error));
        Golden.Matches(output, $"Cli/capacity-{example}.golden");
    }

    [Fact]
    public async Task Nodes_of_Auto_Mode_take_prefixes_whatever_aws_node_is_set_to()
    {
        var files = Path.Combine(Golden.Checkout(), "examples", "auto-mode");
        var (_, output, _) = await RunAsync($"capacity -f {files}/overlay.yaml --twin {files}/world.yaml --nodes 4xc5.large@eu-west-1b");

        Assert.Contains("440 pods fit on 4 nodes", output, StringComparison.Ordinal);
        Assert.DoesNotContain("hang in ContainerCreating", output, StringComparison.Ordinal);
        Assert.DoesNotContain("WARM_", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Supposed_nodes_need_no_world_and_come_as_JSON_too()
    {
        var (exit, output, error) = await RunAsync("capacity --nodes 40xm5.large@eu-west-1b 20xm5.xlarge@eu-west-1c -o json");
        Assert.Equal((ExitCode.Fine, ""), (exit, error));
        Golden.Matches(output, "Cli/capacity.json.golden");
    }

    [Fact]
    public async Task Prices_say_what_density_costs()
    {
        Write("prices.csv", "# a type, an hour\nm5.large,0.107\nm5.xlarge,0.214\n");
        var (_, output, _) = await RunAsync(
            $"capacity --nodes 20xm5.large@b --type m5.xlarge,c5.large --prices {folder}/prices.csv --pods 500 --max-pods"
        );
        Golden.Matches(output, "Cli/capacity-prices.golden");
    }

    [Theory]
    [InlineData("--nodes 0xm5.large@b", "has 0 nodes")]
    [InlineData("--nodes m5.large", "\"m5.large\" is not a number of nodes")]
    [InlineData("--nodes 3xm5.gigantic@b", "aws ec2 describe-instance-types --instance-types m5.gigantic")]
    [InlineData("--nodes 3xm5.large@b --subnets 100.64.0.0/30@b", "is no subnet")]
    [InlineData("--nodes 3xm5.large@b --subnets 100.64/18@b", "Did you mean 100.64.0.0/18?")]
    [InlineData("--nodes 3xm5.large@b --set WARM", "is no setting such as WARM_IP_TARGET=5")]
    [InlineData("--nodes 3xm5.large@b --prices FOLDER/world.yaml", "is not a type and its price an hour")]
    [InlineData("--nodes 3xm5.large@b --prices FOLDER/none.csv", "there is no file")]
    [InlineData("--nodes 3xm5.large@b --instance-types FOLDER/world.yaml", "holds no instance types")]
    public async Task Bad_input_is_told_in_one_message(string arguments, string words)
    {
        var (exit, output, error) = await RunAsync($"capacity {arguments.Replace("FOLDER", folder, StringComparison.Ordinal)}");
        Assert.Equal((ExitCode.Error, ""), (exit, output));
        Assert.Contains(words, error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_adviser_gives_its_reasons()
    {
        var (exit, output, _) = await RunAsync($"capacity --advise -f {folder}/overlay.yaml --twin {folder}/world.yaml");
        Assert.Equal(ExitCode.Fine, exit);
        Golden.Matches(output, "Cli/capacity-advise.golden");
    }

    public void Dispose() => Directory.Delete(folder, recursive: true);

    private void Write(string name, string text) => File.WriteAllText(Path.Combine(folder, name), text);

    private static async Task<(int Exit, string Output, string Error)> RunAsync(string arguments)
    {
        var (output, error) = (new StringWriter(), new StringWriter());
        var exit = await CommandLine.RunAsync(arguments.Split(' '), new(output, error, TextReader.Null, false));
        return (exit, output.ToString(), error.ToString());
    }
}
