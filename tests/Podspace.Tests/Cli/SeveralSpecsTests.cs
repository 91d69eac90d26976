using Podspace.Cli;

namespace Podspace.Tests.Cli;

[Trait("speed", "slow")]
public sealed class SeveralSpecsTests
{
    internal const string Second = """
        apiVersion: podspace.io/v1alpha1
        kind: OverlayNetwork
        metadata: {name: second}
        spec:
          region: eu-west-1
          vpc: vpc-09796d57be9cec2d2
          zones: [eu-west-1b]
          addresses: {blocks: [100.65.0.0/16]}

        """;

    [Fact]
    public async Task Several_specs_end_with_a_row_for_each_and_what_to_do_next()
    {
        using var run = Two(Second);

        var (exit, output, _) = await run.RunAsync("plan -f @specs --twin @world.yaml");

        Assert.Equal(ExitCode.Fine, exit);
        Assert.Contains("prod: cluster prod", output, StringComparison.Ordinal);
        Assert.Contains("second: no cluster", output, StringComparison.Ordinal);
        Golden.Matches(output[output.IndexOf("\noverlay  cluster", StringComparison.Ordinal)..], "Cli/several-plans.golden");
    }

    [Fact]
    public async Task A_spec_that_fails_does_not_keep_the_others_from_their_turn()
    {
        using var run = Two(Second.Replace("vpc-09796d57be9cec2d2", "vpc-0aaaaaaaaaaaaaaaa", StringComparison.Ordinal));

        var (exit, output, error) = await run.RunAsync("destroy -f @specs --twin @world.yaml --yes");

        Assert.Equal(ExitCode.Error, exit);
        Assert.Contains("podspace: second: vpc-0aaaaaaaaaaaaaaaa is not there or cannot be read", error, StringComparison.Ordinal);
        Golden.Matches(output, "Cli/several-destroyed-one-wrong.golden");
    }

    [Fact]
    public async Task What_apply_did_to_each_stands_in_its_row()
    {
        using var run = Two(Second);

        var (exit, output, error) = await run.RunAsync("apply -f @specs --twin @world.yaml --yes -q");

        Assert.True(exit == ExitCode.Fine, error);
        Assert.Matches(
            "(?m)^prod +prod +…3333 +eu-west-1 +the switch is left +podspace rollout start -f specs/1.yaml --twin world.yaml$",
            output
        );
        Assert.Matches("(?m)^second +none +…3333 +eu-west-1 +done +podspace verify -f specs/2.yaml --twin world.yaml$", output);
    }

    [Fact]
    public async Task Commands_in_findings_and_checks_carry_what_the_person_said()
    {
        using var run = new CommandRun();
        await run.HereAsync("apply --yes --stage switch");

        var (_, plan, _) = await run.HereAsync("plan");
        var (_, checks, _) = await run.HereAsync("verify");

        Assert.Contains("\n  podspace rollout start -f overlay.yaml --twin world.yaml\n", plan, StringComparison.Ordinal);
        Assert.Contains("\n  podspace rollout start -f overlay.yaml --twin world.yaml\n", checks, StringComparison.Ordinal);
    }

    private static CommandRun Two(string second)
    {
        var run = new CommandRun();
        Directory.CreateDirectory(run.At("specs"));
        run.Write("specs/1.yaml", run.Read("overlay.yaml"));
        run.Write("specs/2.yaml", second);
        return run;
    }
}
