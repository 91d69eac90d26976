using System.Text.Json.Nodes;
using Podspace.Cli;
using Podspace.Simulation;
using Podspace.Steps;

namespace Podspace.Tests.Applying;

/// <summary>Plans never overlap: of two runs one goes first, and a run that lost its Lease changes nothing more.</summary>
[Trait("speed", "slow")]
public sealed class ConcurrencyTests
{
    [Fact]
    public async Task Of_two_applies_at_once_one_goes_first_and_the_other_finds_nothing_to_do()
    {
        using var alone = new Bench(Guide.World());
        await alone.ApplyAsync(Guide.Spec, Stage.Switch);
        using var bench = new Bench(new World(Guide.World().State, TimeProvider.System));
        using var words = new StringWriter();
        using var others = new StringWriter();

        var exits = await Task.WhenAll(
            Task.Run(() => bench.ApplyAsAsync("ann", Guide.Spec, Stage.Switch, words)),
            Task.Run(() => bench.ApplyAsAsync("bob", Guide.Spec, Stage.Switch, others))
        );

        var said = words.ToString() + others;
        Assert.True(exits is [ExitCode.Fine, ExitCode.Fine], said);
        Assert.Single(
            ((StringWriter[])[words, others]).Select(text => text.ToString()),
            text => text.Contains("\nThe network is as the spec says. Nodes that are older", StringComparison.Ordinal)
        );
        Assert.Equal(1, bench.Aws.Calls.Count(call => call.Operation == "AssociateVpcCidrBlock"));
        AreAlike(alone, bench, said);
    }

    [Fact]
    public async Task A_run_that_stood_still_while_another_did_the_job_changes_nothing_more()
    {
        using var alone = new Bench(Guide.World());
        var calls = await alone.CutAsync(Guide.Spec, 0, false, Apply);
        var stopped = 0;
        for (var at = 1; at <= calls; at++)
        {
            using var bench = new Bench(Guide.World());
            using var words = new StringWriter();
            using var others = new StringWriter();
            var other = -1;

            var exit = await bench.ApplyAsAsync(
                "ann",
                Guide.Spec,
                Stage.Switch,
                words,
                wire => new Standstill(wire, at, async () => other = await bench.ApplyAsAsync("bob", Guide.Spec, Stage.Switch, others))
            );

            // Steps run side by side, and a run may need a look less than the one that was counted.
            Assert.True(other == ExitCode.Fine || (other == -1 && at > calls - 5), $"call {at}: {others}");
            stopped += exit == ExitCode.Error ? 1 : 0;
            Assert.True(await bench.ApplyAsync(Guide.Spec, Stage.Switch) == ExitCode.Fine, $"call {at}: {words}\n{bench.Said}");
            // The call on its way cannot be called back: a second route table that it makes is taken away by whoever comes next.
            var left = WorldComparison.Differences(alone.World.State, bench.World.State);
            Assert.True(left.Count == 0, $"call {at}: {words}\n{string.Join('\n', left)}");
        }
        Assert.InRange(stopped, 1, calls);
    }

    [Fact]
    public async Task A_Lease_that_another_run_keeps_renewing_is_respected_and_its_holder_named()
    {
        using var bench = new Bench(Guide.World());
        Hold(bench.World, "bob@build-7/4711");
        using var untouched = bench.Copy();
        var renewals = 0;
        using var words = new StringWriter();

        var exit = await bench.ApplyAsAsync(
            "ann",
            Guide.Spec,
            Stage.Switch,
            words,
            wire => new Watch(wire, () => renewals += Hold(bench.World, "bob@build-7/4711"))
        );

        Assert.Equal(ExitCode.Error, exit);
        Assert.EndsWith(
            "refused: Held — bob@build-7/4711 is changing overlay \"prod\" right now and goes on "
                + "renewing its lock. Wait for it to end, then run this again.\n",
            words.ToString(),
            StringComparison.Ordinal
        );
        Assert.InRange(renewals, 3, 10);
        Release(bench.World);
        Release(untouched.World);
        AreAlike(untouched, bench, words.ToString());
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-8)]
    [InlineData(8)]
    public async Task The_Lease_of_a_run_that_was_killed_is_waited_out_by_our_own_clock(int minutesApart)
    {
        using var alone = new Bench(Guide.World());
        await alone.ApplyAsync(Guide.Spec, Stage.Switch);
        using var bench = new Bench(Guide.World());
        var start = bench.World.State.Clock;
        Hold(bench.World, "bob@build-7/4711", TimeSpan.FromMinutes(minutesApart));

        Assert.True(await bench.ApplyAsync(Guide.Spec, Stage.Switch) == ExitCode.Fine, bench.Said);

        var first = bench.World.State.History.First(entry => entry.Call == "CreateTags").At;
        Assert.InRange((first - start).TotalSeconds, 30, 35);
        AreAlike(alone, bench, bench.Said);
    }

    private static Task<int> Apply(Session session, Terminal terminal, CancellationToken cancel) =>
        ApplyCommand.ApplyAsync(terminal, session, new([], null, null, true), new(Stage.Switch, true, true), cancel);

    /// <summary>Writes the Lease as a run of this holder would, unless it did so in the last ten seconds.</summary>
    /// <returns>1 if it was written, else 0.</returns>
    private static int Hold(World world, string holder, TimeSpan ahead = default) =>
        world.Do(() =>
        {
            var now = world.Clock.GetUtcNow() + ahead;
            var lease = world.Objects.Find("coordination.k8s.io/v1", "leases", "kube-system", "podspace-prod");
            if (lease is not null && DateTimeOffset.Parse(lease["spec"]!["renewTime"]!.ToString(), null) > now.AddSeconds(-10))
            {
                return 0;
            }
            var written = new JsonObject
            {
                ["apiVersion"] = "coordination.k8s.io/v1",
                ["kind"] = "Lease",
                ["metadata"] = new JsonObject { ["name"] = "podspace-prod", ["namespace"] = "kube-system" },
                ["spec"] = new JsonObject
                {
                    ["holderIdentity"] = holder,
                    ["leaseDurationSeconds"] = 30,
                    ["renewTime"] = now.UtcDateTime.ToString("O"),
                },
            };
            if (lease is not null)
            {
                var changed = lease.DeepClone().AsObject();
                changed["spec"] = written["spec"]!.DeepClone();
                world.Objects.Update("coordination.k8s.io/v1", "leases", changed, holder);
            }
            else
            {
                world.Objects.Create("coordination.k8s.io/v1", "leases", written, holder);
            }
            return 1;
        });

    private static void Release(World world) =>
        world.Do(() =>
        {
            world.Objects.Delete("coordination.k8s.io/v1", "leases", "kube-system", "podspace-prod");
            return true;
        });

    private static void AreAlike(Bench expected, Bench actual, string said)
    {
        var left = WorldComparison.Differences(expected.World.State, actual.World.State);
        Assert.True(left.Count == 0, $"{said}\n{string.Join('\n', left)}");
    }
}
