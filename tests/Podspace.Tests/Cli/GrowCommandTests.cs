using System.Text.RegularExpressions;
using Podspace.Cli;

namespace Podspace.Tests.Cli;

[Trait("speed", "slow")]
public sealed partial class GrowCommandTests : IDisposable
{
    private readonly CommandRun run = new();

    [Fact]
    public async Task Growth_is_shown_as_a_changed_spec_and_its_plan_and_changes_nothing()
    {
        var (exit, output, error) = await GrownAsync("grow");

        Assert.Equal((ExitCode.Fine, ""), (exit, error));
        Assert.StartsWith(
            "overlay.yaml would say\n  spec.addresses.blocks: [100.64.0.0/16, 100.65.0.0/16]\n  spec.addresses.subnetPrefixLength: 18\n",
            output,
            StringComparison.Ordinal
        );
        Assert.Contains("  + subnet pods-eu-west-1b-1 100.65.0.0/18 in eu-west-1b\n", output, StringComparison.Ordinal);
        Assert.Contains("eniConfig eu-west-1b: pods-eu-west-1b-1 with sg-08573594d51163fc9;", output, StringComparison.Ordinal);
        Assert.Contains("eniConfig pods-eu-west-1b-0: pods-eu-west-1b-0 with sg-08573594d51163fc9;", output, StringComparison.Ordinal);
        Assert.EndsWith(
            "To write it, and do it:\n  podspace grow --write -f overlay.yaml --twin world.yaml\n "
                + " podspace apply -f overlay.yaml --twin world.yaml\n  podspace rollout start -f overlay.yaml --twin world.yaml\n",
            output,
            StringComparison.Ordinal
        );
        Assert.Equal(DemoCommand.Example("overlay.yaml"), run.Read("overlay.yaml"));
    }

    [Fact]
    public async Task The_changed_spec_can_be_had_alone()
    {
        var (_, output, _) = await GrownAsync("grow -o yaml --block 100.100.0.0/16");

        Assert.Equal(
            DemoCommand
                .Example("overlay.yaml")
                .Replace(
                    "{blocks: [100.64.0.0/16]}",
                    "{subnetPrefixLength: 18, blocks: [100.64.0.0/16, 100.100.0.0/16]}",
                    StringComparison.Ordinal
                ),
            output
        );
    }

    [Fact]
    public async Task A_third_zone_gets_a_subnet_of_the_block_that_is_there()
    {
        await GrownAsync("grow --zone eu-west-1a --write");

        Assert.Contains("zones: [eu-west-1a, eu-west-1b, eu-west-1c]", run.Read("overlay.yaml"), StringComparison.Ordinal);
        Assert.Contains("subnet pods-eu-west-1a-0 100.64.128.0/18", (await run.HereAsync("plan")).Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Terraform_gets_the_same_growth()
    {
        await GrownAsync("grow --write");
        var (exit, output, _) = await run.HereAsync("render terraform");

        Assert.Equal(ExitCode.Fine, exit);
        Assert.Contains("resource \"aws_subnet\" \"pods_eu_west_1b_1\"", output, StringComparison.Ordinal);
        Assert.Equal(
            [
                "eu-west-1b aws_subnet.pods_eu_west_1b_1.id",
                "eu-west-1c aws_subnet.pods_eu_west_1c_1.id",
                "pods-eu-west-1b-0 aws_subnet.pods_eu_west_1b_0.id",
                "pods-eu-west-1c-0 aws_subnet.pods_eu_west_1c_0.id",
            ],
            EniConfigs().Matches(output).Select(match => $"{match.Groups[1].Value} {match.Groups[2].Value}")
        );
    }

    [Fact]
    public async Task A_block_that_nobody_uses_any_more_is_given_back()
    {
        await GrownAsync("grow --write");
        Assert.Equal(ExitCode.Fine, (await run.HereAsync("apply --yes --stage switch")).Exit);

        var (exit, output, error) = await run.HereAsync("grow --drop 100.65.0.0/16 --write");
        Assert.True(exit == ExitCode.Fine, output + error);
        (exit, output, error) = await run.HereAsync("apply --yes --stage switch");
        Assert.True(exit == ExitCode.Fine, output + error);

        var aws = Applying.Bench.Load(run.Read("world.yaml")).State.Aws;
        Assert.DoesNotContain(aws.Subnets, subnet => subnet.CidrBlock.StartsWith("100.65.", StringComparison.Ordinal));
        Assert.DoesNotContain(
            aws.Vpcs.SelectMany(vpc => vpc.CidrBlockAssociationSet),
            block => block.CidrBlock == "100.65.0.0/16" && block.CidrBlockState.State is "associated" or "associating"
        );
        Assert.Contains("\nThe network is as the spec says", (await run.HereAsync("plan")).Output, StringComparison.Ordinal);
        Assert.Contains("blocks: [100.64.0.0/16]", run.Read("overlay.yaml"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("grow --block 100.64/16", "is no block")]
    [InlineData("grow --block 100.65.0.0/28", "no further subnet")]
    [InlineData("grow --block 10.196.0.0/16", "error PS")]
    [InlineData("grow --drop 100.64.0.0/16", "podspace destroy")]
    [InlineData("grow --drop 100.70.0.0/16", "is none of the pods' blocks (100.64.0.0/16)")]
    [InlineData("grow --zone eu-west-9z", "eu-west-9z")]
    [InlineData("grow --zone eu-west-1b", "no further subnet")]
    [InlineData("grow --zone eu-west-1a --block 100.65.0.0/16", "three changes")]
    public async Task What_cannot_be_is_told_and_nothing_is_written(string line, string words)
    {
        var (exit, output, error) = await run.HereAsync($"{line} --write");

        Assert.Equal(ExitCode.Error, exit);
        Assert.Contains(words, output + error, StringComparison.Ordinal);
        Assert.Equal(DemoCommand.Example("overlay.yaml"), run.Read("overlay.yaml"));
    }

    [Fact]
    public async Task A_block_in_use_is_kept_and_the_way_out_of_it_is_told()
    {
        await GrownAsync("rollout start --yes");
        await run.HereAsync("grow --write");
        var (exit, _, error) = await run.HereAsync("grow --drop 100.64.0.0/16");

        Assert.Equal(ExitCode.Error, exit);
        Assert.Contains("network interfaces still stand in 100.64.0.0/16", error, StringComparison.Ordinal);
        Assert.Contains("podspace rollout start", error, StringComparison.Ordinal);
    }

    public void Dispose() => run.Dispose();

    [GeneratedRegex("\"?([\\w-]+)\"? += \\{\\s+id += (aws_subnet\\.\\w+\\.id)")]
    private static partial Regex EniConfigs();

    /// <summary>In the guide's world, once the network is made.</summary>
    private async Task<(int Exit, string Output, string Error)> GrownAsync(string line)
    {
        Assert.Equal(ExitCode.Fine, (await run.HereAsync("apply --yes")).Exit);
        return await run.HereAsync(line);
    }
}
