using Podspace.Steps;

namespace Podspace.Planning;

/// <summary>Planned steps in an order that works: by stage, and within a stage each after its predecessors,
/// otherwise as they come.</summary>
internal static class StepOrder
{
    public static EquatableArray<Step> Of(IReadOnlyCollection<PlannedStep> planned)
    {
        var last = LastStage(planned);
        return Sorted(planned.Select(step => Resolved(step, last, planned)).OrderBy(step => step.Stage)).ToEquatable();
    }

    /// <summary>The last one in which anything is set up. What tidies up behind us, and removals, do not count.</summary>
    private static Stage LastStage(IEnumerable<PlannedStep> planned) =>
        planned
            .Where(step => step.Change is not (Change.ClearRolloutMark or Change.DeletePreviousValues))
            .Select(step => step.Stage ?? Stage.Network)
            .Append(Stage.Network)
            .Max();

    private static Step Resolved(PlannedStep step, Stage last, IEnumerable<PlannedStep> planned) =>
        new(
            step.Change.Id,
            step.Stage ?? last,
            step.Change,
            step.Why,
            step.Disruption,
            step.Owner,
            planned
                .Select(other => other.Change)
                .Where(step.IsAfter)
                .Select(change => change.Id)
                .Order(StringComparer.Ordinal)
                .ToEquatable()
        );

    private static IEnumerable<Step> Sorted(IEnumerable<Step> steps)
    {
        var waiting = steps.ToList();
        var done = new HashSet<string>();
        while (waiting.Count > 0)
        {
            var next = waiting.FindIndex(step => step.After.All(done.Contains));
            if (next < 0)
            {
                throw new InvalidOperationException($"Steps wait for each other: {string.Join(" → ", Cycle(waiting))}.");
            }
            done.Add(waiting[next].Id);
            yield return waiting[next];
            waiting.RemoveAt(next);
        }
    }

    /// <summary>The ids of steps each of which waits for the next, and the last for the first.</summary>
    private static List<string> Cycle(List<Step> waiting)
    {
        var afterOf = waiting.ToDictionary(step => step.Id, step => step.After);
        var path = new List<string> { waiting[0].Id };
        while (true)
        {
            var next = afterOf[path[^1]].First(afterOf.ContainsKey);
            var start = path.IndexOf(next);
            if (start >= 0)
            {
                return [.. path.Skip(start), next];
            }
            path.Add(next);
        }
    }
}
