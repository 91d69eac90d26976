using System.Security.Cryptography;
using Podspace.Cli;
using Podspace.Simulation.Faults;
using Podspace.Simulation.State;
using Podspace.Simulation.WorldFile;

namespace Podspace.Tests.Applying;

/// <summary>Rights that are missing, and credentials that run out on the way: one clear message, and
/// whoever comes next with rights finishes what was begun.</summary>
/// <remarks>In the guide's world; where PODSPACE_CUTS says all, or names a world, there and at every call.</remarks>
[Trait("speed", "slow")]
public sealed class LostRightsTests
{
    /// <summary>Calls of a rollout at which credentials run out when not all are tried.</summary>
    private const int Share = 12;

    private static string? Asked => Environment.GetEnvironmentVariable("PODSPACE_CUTS") is { Length: > 0 } asked ? asked : null;

    public static TheoryData<string, string> Jobs =>
        new(
            from estate in Worlds.All()
            where Asked == "all" || estate.Name == (Asked ?? "crowded-vpc")
            from job in estate.Jobs
            where !job.IsShort
            select (estate.Name, job.Name)
        );

    [Theory]
    [MemberData(nameof(Jobs))]
    public async Task Without_the_right_to_any_one_call_it_is_said_which_is_missing_and_nothing_is_half_done(string world, string command)
    {
        var way = await Way.ToAsync(world, command);
        using var counting = way.Start.Copy();
        using var counted = new Denying(counting.Wire, _ => false);
        await counting.RunAsync(way.Estate.Spec, way.Job, counting.Terminal, counted);
        // Everybody may ask for his own rights, and see what the API server serves: system:basic-user, system:discovery.
        var rights = counted
            .Calls.Where(call => !call.Call.StartsWith("create selfsubject", StringComparison.Ordinal) && call.Call != "get discovery")
            .DistinctBy(call => call.ToString())
            .ToList();
        var wrong = new List<string>();
        foreach (var right in rights)
        {
            using var bench = way.Start.Copy();
            using var wire = new Denying(bench.Wire, asked => asked.ToString() == right.ToString());
            var (exit, said) = await way.RunAsync(bench, wire);
            var problems =
                exit == ExitCode.Error ? Missing(said, right)
                : right.IsWrite || exit != way.End ? [$"exit {exit}"]
                : way.Left(bench);
            if (exit == ExitCode.Error && wire.Changes.Any())
            {
                problems = problems.Concat(await way.FinishAsync(bench));
            }
            wrong.AddRange(problems.Select(problem => $"{right}: {problem}: {said}"));
        }
        TestContext.Current.TestOutputHelper?.WriteLine($"{world}, {command}: {rights.Count} rights taken away, one at a time");
        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
    }

    [Theory]
    [MemberData(nameof(Jobs))]
    public async Task Credentials_that_run_out_at_any_call_are_said_and_the_next_run_ends_as_a_whole_one(string world, string command)
    {
        var way = await Way.ToAsync(world, command);
        using var counting = way.Start.Copy();
        using var counted = new Denying(counting.Wire, _ => false);
        await counting.RunAsync(way.Estate.Spec, way.Job, counting.Terminal, counted);
        var calls = counted.Calls.Count;
        var step = Asked is null && command.StartsWith("rollout", StringComparison.Ordinal) ? calls / Share : 1;
        var (wrong, finished, tried) = (new List<string>(), new HashSet<string>(), 0);
        for (var at = 1; at <= calls; at += step)
        {
            tried++;
            using var bench = way.Start.Copy();
            using var wire = Connections.Wire(
                bench.World,
                new(bench.World, new() { Rules = [new() { Fault = FaultKinds.Expire, Nth = [.. Enumerable.Range(at, 2 * calls)] }] })
            );
            var (exit, said) = await way.RunAsync(bench, wire);
            var problems =
                exit == ExitCode.Error ? NotSignedIn(said)
                : exit == way.End ? way.Left(bench)
                : [$"exit {exit}"];
            if (exit == ExitCode.Error && finished.Add(Convert.ToHexString(SHA256.HashData(WorldCopy.Of(bench.World.State)))))
            {
                problems = problems.Concat(await way.FinishAsync(bench));
            }
            wrong.AddRange(problems.Select(problem => $"call {at} of {calls}: {problem}: {said}"));
        }
        TestContext.Current.TestOutputHelper?.WriteLine($"{world}, {command}: credentials ran out at {tried} of {calls} calls");
        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
    }

    private static IEnumerable<string> Missing(string said, Asked right)
    {
        var name = right.Service == "kubernetes" ? right.Call.Split(' ', '.', '/')[1] : $"{right.Service}:{right.Call}";
        if (!said.Contains(name, StringComparison.Ordinal))
        {
            yield return $"does not name {name}";
        }
        if (!said.Contains("Allow", StringComparison.Ordinal) && !said.Contains("the same command", StringComparison.Ordinal))
        {
            yield return "does not say what to do";
        }
    }

    private static IEnumerable<string> NotSignedIn(string said)
    {
        if (
            !said.Contains("get new ones and run this again", StringComparison.Ordinal)
            && !said.Contains("sign in again", StringComparison.Ordinal)
        )
        {
            yield return "does not say to sign in";
        }
    }

    /// <summary>A command at its turn, what it leaves when nothing is in its way, and how it ends.</summary>
    private sealed record Way(Estate Estate, Job Job, Bench Start, WorldState Whole, int End)
    {
        public static async Task<Way> ToAsync(string world, string command)
        {
            var estate = Worlds.All().Single(one => one.Name == world).Small();
            var job = estate.Jobs.Single(one => one.Name == command);
            var start = estate.Open();
            foreach (var before in estate.Jobs.TakeWhile(one => one != job))
            {
                Assert.True(await start.RunAsync(estate.Spec, before) == ExitCode.Fine, $"{before}: {start.Said}");
            }
            job.Before?.Invoke(start.World);
            var whole = start.Copy();
            var end = await whole.RunAsync(estate.Spec, job);
            Settle(whole);
            return new(estate, job, start, whole.World.State, end);
        }

        public IEnumerable<string> Left(Bench bench)
        {
            Settle(bench);
            return WorldComparison.Differences(Whole, bench.World.State);
        }

        /// <summary>Once the rights are there.</summary>
        public async Task<IEnumerable<string>> FinishAsync(Bench bench)
        {
            using var calm = Connections.Wire(bench.World, null);
            var (exit, said) = await RunAsync(bench, calm);
            return exit == End ? Left(bench).Select(line => $"the next run: {line}") : [$"the next run ends with {exit}: {said}"];
        }

        public async Task<(int Exit, string Said)> RunAsync(Bench bench, HttpMessageHandler wire)
        {
            using var words = new StringWriter();
            try
            {
                return (await bench.RunAsync(Estate.Spec, Job, new(words, words, TextReader.Null, false), wire), words.ToString());
            }
            catch (UsageException mistake)
            {
                return (ExitCode.Error, $"{words}{mistake.Message}");
            }
        }

        private static void Settle(Bench bench) => bench.World.Advance(TimeSpan.FromMinutes(10));
    }
}
