using Podspace.Applying;
using Podspace.Findings;
using Podspace.Model;
using Podspace.Planning;
using Podspace.Simulation;
using Podspace.Simulation.WorldFile;

namespace Podspace.Cli;

/// <summary>The world as it will be once a spec is applied, nodes not yet replaced.</summary>
internal static class PlannedWorld
{
    /// <summary>What the executor makes of a copy of the world; before the real one, of a world made from what is seen of it.</summary>
    /// <exception cref="UsageException">There is no plan, or the copy refused a step of it.</exception>
    public static async Task<Inventory> ObserveAsync(Session session, CancellationToken cancel) =>
        session.Connections.Twin is { } world ? await AppliedToAsync(Copy(world), session, cancel) : await OfSeenAsync(session, cancel);

    /// <summary>As before the real world. Where something was not seen, what was seen with the
    /// planned network laid over it: a gap shall stay a gap.</summary>
    internal static async Task<Inventory> OfSeenAsync(Session session, CancellationToken cancel)
    {
        var state = await session.PlanAsync(cancel);
        var desired = Desired(state);
        if (state.Inventory.Gaps.Any())
        {
            return PlanFlows.After(session.Spec, desired, state.Inventory);
        }
        var (objects, _) = session.Connections.ClusterOf(state.Inventory.Cloud) is { } cluster
            ? await cluster.CopyAsync(session.Spec.Name, cancel)
            : ([], []);
        return await AppliedToAsync(new(Snapshot.Of(state.Inventory, objects)), session, cancel);
    }

    private static async Task<Inventory> AppliedToAsync(World world, Session session, CancellationToken cancel)
    {
        await using var connections = Connections.ToTwin(world, session.Spec, "planned");
        return await ApplyAsync(new(session.Spec, connections, session.Where), cancel);
    }

    private static async Task<Inventory> ApplyAsync(Session session, CancellationToken cancel)
    {
        var state = await session.PlanAsync(cancel);
        Desired(state);
        var executor = new Executor(
            session.Connections.Cloud,
            session.Connections.ClusterOf(state.Inventory.Cloud),
            new(session.Connections.Time)
        );
        await foreach (var report in executor.ApplyAsync(session.Spec, state.Plan!.Steps, state.Inventory, cancel))
        {
            if (report.Result == StepResult.Refused)
            {
                throw new UsageException($"the plan does not go through, on a copy of the world: {report.Text}");
            }
        }
        return await session.ObserveAsync(cancel);
    }

    private static Network Desired(PlannedState state) =>
        !state.HasErrors && state.Desired is { } desired
            ? desired
            : throw new UsageException(
                $"there is no plan to look at:\n{string.Join('\n', state.Findings.Where(finding => finding.Severity == Severity.Error))}"
            );

    private static World Copy(World world)
    {
        string text;
        lock (world.Gate)
        {
            text = WorldWriter.Write(world.State);
        }
        return WorldReader.Read(text, "the copy").Ok(out var state)
            ? new(state)
            : throw new InvalidOperationException("A world that was written cannot be read.");
    }
}
