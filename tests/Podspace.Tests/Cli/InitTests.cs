using Podspace.Cli;
using Podspace.Formats;
using Podspace.Formats.Yaml;
using Podspace.Spec;
using Podspace.Tests.Applying;

namespace Podspace.Tests.Cli;

public sealed class InitTests
{
    [Fact]
    public async Task Init_writes_a_commented_spec_that_pins_what_it_chose()
    {
        using var run = new CommandRun();

        var (exit, output, error) = await run.RunAsync("init --twin @world.yaml -o @new.yaml");

        Assert.True(exit == ExitCode.Fine, error);
        Assert.Equal(
            "Wrote new.yaml: 100.64.0.0/16 in eu-west-1b, eu-west-1c. Read it, then "
                + "see what would be done:\n  podspace plan -f new.yaml --twin world.yaml\n",
            output
        );
        Golden.Matches(run.Read("new.yaml"), "Cli/init.golden");
    }

    [Fact]
    public async Task What_init_writes_plans_to_the_network_that_it_chose_and_passes_the_schema()
    {
        using var run = new CommandRun();
        await run.RunAsync("init --twin @world.yaml -o @new.yaml");
        var written = Guide.Parsed(run.Read("new.yaml"));
        using var bench = new Bench(Guide.World());

        var chosen = await bench.LookAsync(
            new()
            {
                Name = "prod",
                Region = "eu-west-1",
                Vpc = "vpc-09796d57be9cec2d2",
                Cluster = "prod",
            }
        );

        Assert.Equal(chosen.Desired, (await bench.LookAsync(written)).Desired);
        Assert.Empty(
            JsonSchema.Check(System.Text.Json.Nodes.JsonNode.Parse(OverlaySchema.Text)!.AsObject(), YamlJson.Read(run.Read("new.yaml")))
        );
    }

    [Fact]
    public async Task Before_there_is_a_cluster_the_VPC_and_its_zones_are_named()
    {
        using var run = new CommandRun();

        var (exit, _, error) = await run.RunAsync(
            "init --twin @world.yaml -o @new.yaml --vpc vpc-09796d57be9cec2d2 --zones eu-west-1b eu-west-1c"
        );

        Assert.True(exit == ExitCode.Fine, error);
        Assert.Null(Guide.Parsed(run.Read("new.yaml")).Cluster);
    }

    [Theory]
    [InlineData("init --twin @world.yaml -o @overlay.yaml", "overlay.yaml is there already and was left as it is")]
    [InlineData("init --twin @world.yaml -o @new.yaml --cluster prd", "error PS1004: There is no cluster prd in eu-west-1")]
    [InlineData("init --twin @world.yaml -o @new.yaml --vpc vpc-09796d57be9cec2d2", "List the zones in 'spec.zones'")]
    [InlineData("init -o @new.yaml --region eu-west-1", "Cluster is not known. Name it with --cluster")]
    public async Task What_init_cannot_do_it_says_and_writes_nothing(string line, string why)
    {
        using var run = new CommandRun();
        var before = run.Read("overlay.yaml");

        var (exit, _, error) = await run.RunAsync(line);

        Assert.Equal(ExitCode.Error, exit);
        Assert.Contains(why, error, StringComparison.Ordinal);
        Assert.Equal(before, run.Read("overlay.yaml"));
        Assert.False(File.Exists(run.At("new.yaml")));
    }

    [Fact]
    public async Task A_file_is_written_over_only_with_force()
    {
        using var run = new CommandRun();

        var (exit, _, error) = await run.RunAsync("init --twin @world.yaml -o @overlay.yaml --force");

        Assert.True(exit == ExitCode.Fine, error);
        Assert.Contains("as podspace init found it", run.Read("overlay.yaml"), StringComparison.Ordinal);
    }
}
