using System.Text.Json.Nodes;
using Podspace.Cli;
using Podspace.Simulation;
using Podspace.Simulation.State;
using Podspace.Simulation.WorldFile;
using Podspace.Spec;
using Podspace.Steps;

namespace Podspace.Tests.Applying;

/// <summary>A world with the spec that goes with it. An example folder that holds both is in every sweep.</summary>
/// <param name="World">As text, so that each run has its own.</param>
internal sealed record Estate(string Name, string World, OverlaySpec Spec)
{
    /// <summary>The whole way, in order; each command leaves what the next needs.</summary>
    public IReadOnlyList<Job> Jobs { get; init; } = Job.All;

    /// <summary>The switch is thrown and turned off again; only nodes that took something from
    /// the pod subnets in between are replaced.</summary>
    public IReadOnlyList<Job> Halfway { get; init; } = Job.Halfway;

    /// <summary>Every way through the commands that change something.</summary>
    public IReadOnlyList<IReadOnlyList<Job>> Ways => ReferenceEquals(Jobs, Job.All) ? Job.Ways : [Jobs, Halfway];

    /// <summary>With a node in each zone, two pods of each workload and budgets that fit them: a job of few calls.</summary>
    public Estate Small()
    {
        var world = Bench.Load(World);
        world.Do(() =>
        {
            foreach (var group in world.State.Aws.Nodegroups)
            {
                (group.ScalingConfig.MinSize, group.ScalingConfig.DesiredSize) = (1, 2);
            }
            Edit(world, "apps/v1", "deployments", spec => spec["replicas"] = 2);
            Edit(
                world,
                "policy/v1",
                "poddisruptionbudgets",
                spec =>
                {
                    spec.Remove("minAvailable");
                    spec["maxUnavailable"] = 2;
                }
            );
            world.Compute.TerminateInstances([.. Spare(world)]);
            return true;
        });
        world.Advance(TimeSpan.FromHours(2));
        return this with { World = WorldWriter.Write(world.State) };
    }

    public Bench Open() => new(Bench.Load(World));

    /// <summary>The world as it would be had Podspace never been there: with what others did meanwhile.</summary>
    public WorldState WithoutUs(IReadOnlyList<Job> jobs)
    {
        var world = Bench.Load(World);
        foreach (var job in jobs)
        {
            job.Before?.Invoke(world);
            world.Advance(TimeSpan.FromHours(2));
        }
        return world.State;
    }

    private static void Edit(World world, string api, string plural, Action<JsonObject> edit)
    {
        foreach (var one in world.Objects.List(api, plural).Select(one => one.DeepClone().AsObject()).ToList())
        {
            edit(one["spec"]!.AsObject());
            world.Objects.Update(api, plural, one, "test");
        }
    }

    /// <summary>All but one node of each zone.</summary>
    private static IEnumerable<string> Spare(World world) =>
        world
            .Objects.List("v1", "nodes")
            .GroupBy(node => node["metadata"]!["labels"]!["topology.kubernetes.io/zone"]?.ToString())
            .SelectMany(zone => zone.Skip(1))
            .Select(node => node["spec"]!["providerID"]!.ToString().Split('/')[^1]);
}

/// <summary>A command that changes something, at the point of the whole job where it is its turn.</summary>
internal sealed record Job(string Name, Func<Terminal, Session, CancellationToken, Task<int>> Run)
{
    /// <summary>Nothing to be cut: it changes nothing, or in a single call.</summary>
    public bool IsShort { get; init; }

    /// <summary>What others do before it is its turn; nothing when they did it already.</summary>
    public Action<World>? Before { get; init; }

    private static readonly Where Where = new([], null, null, true);

    public static IReadOnlyList<Job> All { get; } =
    [
        new("apply", (terminal, session, cancel) => ApplyCommand.ApplyAsync(terminal, session, Where, new(null, true, true), cancel)),
        new("rollout start", (terminal, session, cancel) => RolloutCommand.StartAsync(terminal, session, Where, cancel)),
        new("verify", VerifyCommand.VerifyAsync) { IsShort = true },
        new("rollout back", (terminal, session, cancel) => RolloutCommand.BackAsync(terminal, session, Where, cancel)),
        new("destroy", (terminal, session, cancel) => DestroyCommand.DestroyAsync(terminal, session, Where, true, cancel)),
    ];

    private static Job Resume { get; } =
        new("rollout resume", (terminal, session, cancel) => RolloutCommand.ResumeAsync(terminal, session, Where, cancel));

    /// <summary>Paused from elsewhere once the first node is gone.</summary>
    private static Job Stopped { get; } =
        new(
            "rollout start, paused on the way",
            async (terminal, session, cancel) =>
            {
                await RolloutCommand.StartAsync(terminal, session, Where, cancel);
                return ExitCode.Fine;
            }
        )
        {
            IsShort = true,
            Before = world => PauseTests.PauseAfterTheFirst(world),
        };

    public static IReadOnlyList<Job> Halfway { get; } =
    [
        new(
            "apply --stage switch",
            (terminal, session, cancel) => ApplyCommand.ApplyAsync(terminal, session, Where, new(Stage.Switch, true, true), cancel)
        ),
        All[^2],
        All[^1],
    ];

    /// <summary>As <see cref="Estate.Ways"/>, where nothing is done in between.</summary>
    public static IReadOnlyList<IReadOnlyList<Job>> Ways { get; } =
    [
        All,
        Halfway,
        [Halfway[0], Undo(Stage.Switch), Undo(Stage.Admit), Undo(Stage.Network)],
        [All[0], All[1], All[^1], All[^2], All[^1]],
        [
            All[0],
            new("rollout pause", (terminal, session, cancel) => RolloutCommand.PauseAsync(terminal, session, Where, cancel))
            {
                IsShort = true,
            },
            Resume,
        ],
        [All[0], Stopped, Resume],
    ];

    private static Job Undo(Stage stage) =>
        new(
            $"destroy --stage {stage.ToString().ToLowerInvariant()}",
            (terminal, session, cancel) => DestroyCommand.DestroyAsync(terminal, session, Where, true, cancel, stage)
        );

    public override string ToString() => Name;
}
