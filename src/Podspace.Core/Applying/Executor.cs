using System.Runtime.CompilerServices;
using Podspace.Model;
using Podspace.Observed;
using Podspace.Spec;
using Podspace.Steps;

namespace Podspace.Applying;

/// <summary>Carries a plan out. It chooses nothing: stopped anywhere, observe and plan again; there is no journal.</summary>
/// <remarks>Steps start as soon as all that they wait for is done, at most <see cref="AtOnce"/> together.</remarks>
public sealed class Executor(ICloud cloud, ICluster? cluster, Waiter waiter)
{
    /// <summary>Well under EC2's bucket of 50 mutating calls (5 a second): source aws-facts, throttling.</summary>
    public const int AtOnce = 8;

    /// <param name="steps">Of one plan, with all their predecessors among them.</param>
    /// <param name="inventory">The one from which the plan was made.</param>
    /// <remarks>Steps that have begun are waited for even when the run is cancelled: whoever holds
    /// the lock must not let go of it before them.</remarks>
    public async IAsyncEnumerable<StepReport> ApplyAsync(
        OverlaySpec spec,
        EquatableArray<Step> steps,
        Inventory inventory,
        [EnumeratorCancellation] CancellationToken cancel
    )
    {
        var actual = ActualNetwork.From(inventory, spec.Name, spec.Cluster);
        var runner = new StepRunner(spec, inventory, actual.Ids, cloud, cluster, waiter);
        var waiting = steps.ToList();
        var done = new HashSet<string>();
        var running = new List<Task<StepReport>>();
        var isStopped = false;
        try
        {
            while (true)
            {
                foreach (var step in isStopped ? [] : Ready(waiting, done).Take(AtOnce - running.Count).ToList())
                {
                    waiting.Remove(step);
                    yield return new(step, StepResult.Started, "");
                    running.Add(runner.CarryOutAsync(step, cancel));
                }
                if (running.Count == 0)
                {
                    break;
                }
                var ended = await Task.WhenAny(running);
                running.Remove(ended);
                var report = await ended;
                yield return report;
                if (report.Result == StepResult.Done)
                {
                    done.Add(report.Step.Id);
                }
                isStopped |= report.Result == StepResult.Refused;
            }
        }
        finally
        {
            await Task.WhenAll(running.Cast<Task>()).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
        foreach (var step in waiting)
        {
            yield return new(
                step,
                StepResult.NotTried,
                step.Owner == Owner.Podspace ? "a step before it was not done" : $"left to {Owners.Whose(step.Owner)}"
            );
        }
    }

    /// <summary>A predecessor of another owner never gets done here, so what waits for it is not tried either.</summary>
    private static IEnumerable<Step> Ready(List<Step> waiting, HashSet<string> done) =>
        waiting.Where(step => step.Owner == Owner.Podspace && step.After.All(done.Contains));
}
