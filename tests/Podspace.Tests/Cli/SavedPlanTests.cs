using System.Text.Json.Nodes;
using CsCheck;
using Podspace.Cli;
using Podspace.Planning;
using Podspace.Spec;
using Podspace.Tests.Applying;

namespace Podspace.Tests.Cli;

public sealed class SavedPlanTests
{
    private const string Apply = "apply @saved.json --twin @world.yaml --yes";

    [Fact]
    public async Task A_saved_plan_is_carried_out_without_its_spec_at_hand()
    {
        using var run = await SavedAsync();
        File.Delete(run.At("overlay.yaml"));

        var (exit, output, error) = await run.RunAsync(Apply);

        Assert.True(exit == ExitCode.Fine, error);
        Assert.Contains("\n  podspace rollout start -f overlay.yaml --twin world.yaml\n", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_saved_plan_is_refused_when_its_ground_moved_and_says_what_moved()
    {
        using var run = await SavedAsync();
        run.Write(
            "world.yaml",
            run.Read("world.yaml")
                .Replace(
                    "Routes: [{",
                    "Routes: [{DestinationCidrBlock: 10.9.0.0/16, TransitGatewayId: tgw-04104cab3948eba42}, {",
                    StringComparison.Ordinal
                )
        );
        var before = run.Read("world.yaml");

        var (exit, _, error) = await run.RunAsync(Apply);

        Assert.Equal(ExitCode.Error, exit);
        Assert.Equal(
            """
            What saved.json stands on has changed since it was saved, so nothing was done: changed: route table rtb-07ca0746bf851f443.
            Plan again, and have that approved:
              podspace plan --save saved.json -f overlay.yaml --twin world.yaml

            """,
            error
        );
        Assert.Equal(before, run.Read("world.yaml"));
    }

    [Fact]
    public async Task Nodes_and_pods_that_come_and_go_do_not_move_the_ground()
    {
        using var run = await SavedAsync();
        using (var twin = TwinFile.Open(run.At("world.yaml")))
        {
            var pod = twin.World.State.Kubernetes.First(item => $"{item["kind"]}" == "Pod");
            twin.World.Do(() =>
            {
                twin.World.Objects.Delete("v1", "pods", $"{pod["metadata"]!["namespace"]}", $"{pod["metadata"]!["name"]}");
                return true;
            });
            twin.World.Clock.CreateTimer(_ => { }, null, TimeSpan.FromDays(3), Timeout.InfiniteTimeSpan);
        }

        var (exit, _, error) = await run.RunAsync(Apply);

        Assert.True(exit == ExitCode.Fine, error);
    }

    [Fact]
    public async Task A_plan_that_was_begun_by_other_means_says_how_much_of_it_is_done()
    {
        using var run = await SavedAsync();
        await run.HereAsync("apply --yes --stage network");

        var (exit, _, error) = await run.RunAsync(Apply);

        Assert.Equal(ExitCode.Error, exit);
        Assert.Contains("of its 13 steps are done already", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_plan_saved_up_to_a_stage_is_carried_out_so_far_and_no_further()
    {
        using var run = await SavedAsync("--stage network");

        var (past, _, refused) = await run.RunAsync($"{Apply} --stage switch");
        var (exit, _, error) = await run.RunAsync(Apply);

        Assert.Equal(ExitCode.Error, past);
        Assert.Contains("saved with --stage network", refused, StringComparison.Ordinal);
        Assert.True(exit == ExitCode.Fine, error);
        Assert.DoesNotContain("+ eniconfig", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("overlay.yaml", "it is not JSON")]
    [InlineData("plain.json", "it lacks the ground on which the plan stands")]
    [InlineData("list.json", "it is not a JSON object")]
    [InlineData("other.json", "its kind is \"Pod\"")]
    [InlineData("edited.json", "somebody changed it since it was saved")]
    [InlineData("none.json", "there is no saved plan none.json")]
    public async Task What_is_no_saved_plan_is_refused_with_what_to_do(string file, string why)
    {
        using var run = await SavedAsync();
        run.Write("plain.json", (await run.HereAsync("plan -o json")).Output);
        run.Write("list.json", "[]");
        run.Write("other.json", """{"apiVersion": "v1", "kind": "Pod"}""");
        run.Write("edited.json", run.Read("saved.json").Replace("100.64.0.0/16", "100.65.0.0/16", StringComparison.Ordinal));

        var (exit, _, error) = await run.RunAsync($"apply @{file} --twin @world.yaml --yes");

        Assert.Equal(ExitCode.Error, exit);
        Assert.Contains(why, error, StringComparison.Ordinal);
        Assert.Contains($"\n  podspace plan --save {file}", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_saved_plan_and_a_spec_are_not_named_together()
    {
        using var run = await SavedAsync();

        var (exit, _, error) = await run.HereAsync("apply @saved.json --yes");

        Assert.Equal(ExitCode.Error, exit);
        Assert.Equal("podspace: saved.json holds its own spec: leave out -f, or leave out the plan.\n", error);
    }

    [Fact]
    public async Task A_plan_with_errors_is_not_saved()
    {
        using var run = new CommandRun();
        run.Write(
            "overlay.yaml",
            run.Read("overlay.yaml").Replace("vpc-09796d57be9cec2d2", "vpc-0aaaaaaaaaaaaaaaa", StringComparison.Ordinal)
        );

        var (exit, _, _) = await run.HereAsync("plan --save @saved.json");

        Assert.Equal(ExitCode.Error, exit);
        Assert.False(File.Exists(run.At("saved.json")));
    }

    [Fact]
    public async Task No_letter_or_digit_of_a_saved_plan_can_be_another()
    {
        using var bench = new Bench(Guide.World());
        var plan = (await bench.LookAsync(Guide.Spec)).Plan!;
        var text = SavedPlan.Write(plan, "…3333", null, new SourceText("overlay.yaml", DemoCommand.Example("overlay.yaml")), "0.0.0");
        Assert.NotNull(SavedPlan.Read(text).Plan);

        Gen.Int[0, text.Length - 1]
            .Where(at => char.IsAsciiLetterOrDigit(text[at]))
            .Sample(at =>
            {
                var other =
                    text[at] is 'a' or '1' ? (char)(text[at] + 1)
                    : char.IsAsciiDigit(text[at]) ? '1'
                    : 'a';
                var (read, problem) = SavedPlan.Read($"{text[..at]}{other}{text[(at + 1)..]}");
                Assert.True(read is null && problem.Length > 0);
            });
    }

    [Fact]
    public async Task The_change_ticket_of_the_guide_reads_as_it_should()
    {
        using var run = new CommandRun();
        Golden.Matches((await run.HereAsync("plan -o markdown")).Output, "Cli/plan.md.golden");
    }

    [Fact]
    public async Task A_report_holds_every_step_and_every_call_with_its_request_id()
    {
        using var run = new CommandRun();

        var (exit, _, error) = await run.HereAsync("apply --yes --report @report.json");

        Assert.True(exit == ExitCode.Fine, error);
        var done = JsonNode.Parse(run.Read("report.json"))!["runs"]![0]!;
        Assert.Equal("…3333", $"{done["account"]}");
        Assert.Equal(0, (int)done["exitCode"]!);
        Assert.All(done["steps"]!.AsArray(), step => Assert.Equal("done", $"{step!["result"]}"));
        var calls = done["calls"]!.AsArray();
        Assert.Equal(2, calls.Count(call => $"{call!["operation"]}" == "CreateSubnet" && call["error"] is null && call["dryRun"] is null));
        Assert.All(calls.Where(call => $"{call!["service"]}" != "kubernetes"), call => Assert.NotEmpty($"{call!["requestId"]}"));
        Assert.DoesNotContain("111122223333", run.Read("report.json"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_report_is_written_of_a_run_that_was_refused_too()
    {
        using var run = new CommandRun();
        run.Write(
            "overlay.yaml",
            run.Read("overlay.yaml").Replace("vpc-09796d57be9cec2d2", "vpc-0aaaaaaaaaaaaaaaa", StringComparison.Ordinal)
        );

        var (exit, _, _) = await run.HereAsync("apply --yes --report @report.json");

        Assert.Equal(ExitCode.Error, exit);
        Assert.Equal(1, (int)JsonNode.Parse(run.Read("report.json"))!["runs"]![0]!["exitCode"]!);
    }

    private static async Task<CommandRun> SavedAsync(string options = "")
    {
        var run = new CommandRun();
        var (exit, _, error) = await run.HereAsync($"plan --save @saved.json {options}");
        Assert.True(exit == ExitCode.Fine, error);
        Assert.Equal(
            "Saved. To carry it out for as long as nobody touches what it stands on:\n  podspace apply saved.json --twin world.yaml\n",
            error
        );
        return run;
    }
}
