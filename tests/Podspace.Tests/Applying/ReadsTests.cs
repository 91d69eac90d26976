using Podspace.Cli;
using Podspace.Findings;
using Podspace.Observed;
using Podspace.Steps;
using Podspace.Twin;
using Podspace.Twin.Aws;
using Podspace.Twin.Kubernetes;
using Reading = Podspace.Model.Reading;

namespace Podspace.Tests.Applying;

/// <summary>Each read denied in turn: what is needed stops a run before it changes anything, with one
/// message; what is advisory is named as not checked.</summary>
public sealed class ReadsTests
{
    private static readonly Where Where = new([], null, null, false);

    private static readonly Lazy<Estate> Small = new(() => Worlds.All().First(estate => estate.Name == "crowded-vpc").Small());

    /// <summary>Every permission of every row of the table.</summary>
    public static TheoryData<Reading, string> Reads
    {
        get
        {
            var reads = new TheoryData<Reading, string>();
            // Nobody shares anything in this world.
            foreach (var need in Needs.All.Where(need => need.Reading != Reading.Shares))
            {
                foreach (var permission in need.Permissions)
                {
                    reads.Add(
                        need.Reading,
                        permission is Permission.Cluster it
                            ? $"kubernetes {it.Verb} {it.Resource}"
                            : permission.ToString()!.Replace(':', ' ')
                    );
                }
            }
            return reads;
        }
    }

    [Theory]
    [MemberData(nameof(Reads))]
    public async Task A_plan_is_blocked_or_says_what_was_not_checked(Reading reading, string denied)
    {
        using var bench = Small.Value.Open();
        using var wire = Without(bench, denied);
        await using var connections = Connections.ToTwin(bench.World, Small.Value.Spec, "test", wire);

        var state = await new Session(Small.Value.Spec, connections).PlanAsync(default);

        var need = Needs.Of(reading);
        // The spec names the account.
        if (need.IsNeeded || reading == Reading.Identity)
        {
            var error = Assert.Single(state.Findings, finding => finding.Severity == Severity.Error);
            Assert.Equal(("PS1006", reading.ToString()), (error.Code, error.Object));
            Assert.Contains(need.Right, error.Problem, StringComparison.Ordinal);
        }
        else if (IsReadByPlan(reading))
        {
            Assert.False(state.HasErrors, string.Join('\n', state.Findings));
            var warning = Assert.Single(state.Plan!.Findings, finding => finding.Code == "PS2001");
            Assert.Contains(need.Checks, warning.Problem, StringComparison.Ordinal);
            Assert.Contains(need.Right, warning.Fix, StringComparison.Ordinal);
        }
    }

    [Theory]
    [MemberData(nameof(Reads))]
    [Trait("speed", "slow")]
    public async Task Apply_changes_nothing_or_does_all_of_it(Reading reading, string denied)
    {
        using var whole = Small.Value.Open();
        await whole.ApplyAsync(Small.Value.Spec);
        using var bench = Small.Value.Open();
        using var untouched = Small.Value.Open();

        var (exit, said, changes) = await RunAsync(
            bench,
            denied,
            (session, terminal) => ApplyCommand.ApplyAsync(terminal, session, Where, new(Stage.Nodes, true, true), default)
        );

        if (Needs.Of(reading).IsNeeded || reading is Reading.Identity or Reading.Lease or Reading.Record)
        {
            Assert.True(exit == ExitCode.Error && changes.Count == 0, $"{said}\n{string.Join('\n', changes)}");
        }
        else
        {
            Assert.True(exit == ExitCode.Fine, said);
            Assert.Empty(WorldComparison.Differences(whole.World.State, bench.World.State));
        }
    }

    [Theory]
    [MemberData(nameof(Reads))]
    [Trait("speed", "slow")]
    public async Task Destroy_changes_nothing_or_does_all_of_it(Reading reading, string denied)
    {
        using var bench = Small.Value.Open();
        await bench.ApplyAsync(Small.Value.Spec);

        var (exit, said, changes) = await RunAsync(
            bench,
            denied,
            (session, terminal) => DestroyCommand.DestroyAsync(terminal, session, Where, true, default)
        );

        Assert.True(
            exit == ExitCode.Fine
                ? WorldComparison.Differences(Small.Value.Open().World.State, bench.World.State).Count == 0
                : exit == ExitCode.Error
                    && changes.Count == 0
                    && (
                        Needs.Of(reading).IsNeeded
                        || reading
                            is Reading.Identity
                                or Reading.Interfaces
                                or Reading.Lease
                                or Reading.Pods
                                or Reading.Record
                                or Reading.Reservations
                    ),
            $"{exit}: {said}\n{string.Join('\n', changes)}"
        );
    }

    [Theory]
    [MemberData(nameof(Reads))]
    [Trait("speed", "slow")]
    public async Task Verify_never_calls_proved_what_it_could_not_look_at(Reading reading, string denied)
    {
        using var bench = Proved.Value.Copy();

        var (exit, said, _) = await RunAsync(bench, denied, (session, terminal) => VerifyCommand.VerifyAsync(terminal, session, default));

        // Without network ACLs nobody can tell whether pods' packets pass, and verify ends with just that.
        var isStillProof =
            !Needs.Of(reading).IsNeeded
            && reading is not (Reading.Identity or Reading.Pods or Reading.Interfaces or Reading.Reservations or Reading.NetworkAcls);
        Assert.True(isStillProof ? exit == ExitCode.Fine : exit != ExitCode.Fine, said);
        Assert.False(Needs.Of(reading).IsNeeded && exit != ExitCode.Error, said);
    }

    private static readonly Lazy<Bench> Proved = new(() =>
    {
        var bench = Small.Value.Open();
        bench.ApplyAsync(Small.Value.Spec).GetAwaiter().GetResult();
        bench.RollAsync(Small.Value.Spec).GetAwaiter().GetResult();
        return bench;
    });

    /// <summary>In this world: there is nothing of Auto Mode to be known where it is off.</summary>
    private static bool IsReadByPlan(Reading reading) =>
        reading is not (Reading.Lease or Reading.Reservations or Reading.PrefixLists or Reading.LaunchTemplates or Reading.Karpenter)
        && !Needs.IsOfAutoMode(reading);

    private static Denying Without(Bench bench, string denied) =>
        new(new TwinHandler(new AwsEndpoint(bench.World), new KubernetesEndpoint(bench.World)), asked => asked.ToString() == denied);

    private static async Task<(int Exit, string Said, IReadOnlyList<string> Changes)> RunAsync(
        Bench bench,
        string denied,
        Func<Session, Terminal, Task<int>> run
    )
    {
        using var said = new StringWriter();
        using var wire = Without(bench, denied);
        await using var connections = Connections.ToTwin(bench.World, Small.Value.Spec, "test", wire);
        int exit;
        try
        {
            exit = await run(new(Small.Value.Spec, connections), new(said, said, TextReader.Null, false));
        }
        catch (UsageException mistake)
        {
            // As the program ends then: its message, and 1.
            exit = ExitCode.Error;
            await said.WriteLineAsync(mistake.Message);
        }
        return (exit, said.ToString(), [.. wire.Changes.Select(call => call.ToString())]);
    }
}
