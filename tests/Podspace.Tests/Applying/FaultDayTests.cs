using Podspace.Cli;
using Podspace.Simulation.Faults;
using Podspace.Simulation.WorldFile;
using Podspace.Steps;

namespace Podspace.Tests.Applying;

/// <summary>Bad days: one clear message each, nothing half done that the next run does not finish, nothing of others touched.</summary>
public sealed class FaultDayTests
{
    /// <summary>What went wrong, what is said of it once, and the command that hears it.</summary>
    public static TheoryData<string, string, string> BeforeAnything =>
        new()
        {
            {
                "expire",
                "",
                "AWS does not take the credentials, and nothing is decided without it. ExpiredToken — The security token "
                    + "included in the request is expired\nThe keys given are no longer good: get new ones and run this again."
            },
            {
                "down",
                "ec2",
                "AWS (ec2) gives no answer, however often it is asked (NoAnswer — Connection "
                    + "refused), and nothing is decided without it. Once it answers, run the same command again."
            },
            {
                "down",
                "eks",
                "AWS (eks) gives no answer, however often it is asked (NoAnswer — Connection "
                    + "refused), and nothing is decided without it. Once it answers, run the same command again."
            },
            {
                "down",
                "kubernetes",
                "The cluster's API server gives no answer, however often it is asked (NoAnswer — Connection "
                    + "refused), and nothing is decided without it. Once it answers, run the same command again."
            },
            {
                "timeout",
                "kubernetes",
                "The cluster's API server gives no answer, however often it is asked (NoAnswer — the answer did not come in "
                    + "time), and nothing is decided without it. Once it answers, run the same command again."
            },
            {
                "expire",
                "kubernetes",
                "The cluster's API server does not take the credentials, and nothing is decided without it. "
                    + "Unauthorized — Unauthorized. Its token or certificate has run out, or is not known there: sign "
                    + "in again, or give its owner an access entry. Then run the same command again."
            },
        };

    [Theory]
    [MemberData(nameof(BeforeAnything))]
    public async Task What_cannot_be_asked_is_said_once_and_nothing_is_changed(string fault, string service, string message)
    {
        foreach (var job in Job.All.Where(job => job.Name is "apply" or "rollout start" or "verify"))
        {
            using var bench = new Bench(Guide.World());
            using var words = new StringWriter();
            using var wire = Wire(
                bench,
                new()
                {
                    Fault = fault,
                    Service = service,
                    Seconds = 100_000,
                }
            );

            var exit = await bench.RunAsync(Guide.Spec, job, new(words, words, TextReader.Null, false), wire);

            Assert.Equal(ExitCode.Error, exit);
            Assert.Equal(1, words.ToString().Split(message).Length - 1);
            Assert.Equal(1, words.ToString().Split(": error PS").Length - 1);
            Assert.Empty(WorldComparison.Differences(Guide.World().State, bench.World.State));
        }
    }

    [Theory]
    [InlineData("expire", "")]
    [InlineData("down", "kubernetes")]
    [InlineData("down", "ec2")]
    public async Task Nothing_is_taken_back_while_it_cannot_be_asked_what_is_there(string fault, string service)
    {
        using var bench = new Bench(Guide.World());
        await bench.ApplyAsync(Guide.Spec, Stage.Admit);
        var before = WorldWriter.Write(bench.World.State);
        using var words = new StringWriter();
        using var wire = Wire(
            bench,
            new()
            {
                Fault = fault,
                Service = service,
                Seconds = 100_000,
            }
        );

        var mistake = await Assert.ThrowsAsync<UsageException>(() =>
            bench.RunAsync(Guide.Spec, Job.All[^1], new(words, words, TextReader.Null, false), wire)
        );

        Assert.Matches("gives no answer|does not take the credentials|nothing can be taken back", mistake.Message);
        Assert.Empty(WorldComparison.Differences(Bench.Load(before).State, bench.World.State));
    }

    [Theory]
    [InlineData("ResourceInUseException", 409, "Addon vpc-cni cannot be updated as it is currently in UPDATING state")]
    [InlineData("InvalidParameterException", 400, "ConfigurationValue provided in request is not supported")]
    [InlineData("AccessDeniedException", 403, "User is not authorized to perform: eks:UpdateAddon")]
    public async Task An_update_of_the_add_on_that_EKS_refuses_is_told_in_its_words_and_the_next_apply_makes_it(
        string code,
        int status,
        string message
    )
    {
        using var bench = new Bench(Guide.World());
        using var words = new StringWriter();
        using var wire = Wire(
            bench,
            new()
            {
                Fault = FaultKinds.Error,
                Operation = "UpdateAddon",
                Code = code,
                Status = status,
                Message = message,
            }
        );

        var exit = await bench.ApplyAsAsync("test", Guide.Spec, Stage.Switch, words, _ => wire);

        Assert.Equal(ExitCode.Error, exit);
        Assert.Contains($"{code} — {message}", words.ToString(), StringComparison.Ordinal);
        Assert.True(await bench.ApplyAsync(Guide.Spec, Stage.Switch) == ExitCode.Fine, bench.Said);
    }

    [Fact]
    public async Task A_block_that_a_stopped_run_left_associating_is_waited_for()
    {
        using var bench = new Bench(Guide.World());
        using var words = new StringWriter();
        var plan = new FaultPlan
        {
            Rules =
            [
                new()
                {
                    Fault = FaultKinds.Expire,
                    Operation = "DescribeVpcs",
                    Nth = [.. Enumerable.Range(3, 100)],
                },
            ],
        };
        plan.Delays["block-associated"] = 60;
        using var wire = Connections.Wire(bench.World, new(bench.World, plan));

        Assert.Equal(ExitCode.Error, await bench.ApplyAsAsync("test", Guide.Spec, Stage.Switch, words, _ => wire));
        Assert.Contains(bench.World.State.Aws.Vpcs[0].CidrBlockAssociationSet, block => block.CidrBlockState.State == "associating");

        Assert.True(await bench.ApplyAsync(Guide.Spec, Stage.Switch) == ExitCode.Fine, bench.Said);
    }

    internal static HttpMessageHandler Wire(Bench bench, FaultRule rule) =>
        Connections.Wire(bench.World, new(bench.World, new() { Rules = [rule] }));
}
