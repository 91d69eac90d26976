using Podspace.Findings;
using Podspace.Spec;
using Podspace.Steps;

namespace Podspace.Planning;

/// <summary>A plan while it is being made: steps with the predecessors they would have if those are needed at all.</summary>
internal sealed class PlanDraft(Func<Change, Owner> ownerOf)
{
    private readonly List<(Step Step, IReadOnlyList<string> Candidates)> drafts = [];

    public List<string> Uses { get; } = [];

    public List<Finding> Findings { get; } = [];

    public void Add(Change change, Stage stage, string why, Disruption disruption = Disruption.None, params IEnumerable<string> after) =>
        AddFor(ownerOf(change), change, stage, why, disruption, after);

    /// <summary>For an owner that is seen rather than written in the spec.</summary>
    public void AddFor(Owner owner, Change change, Stage stage, string why, Disruption disruption, params IEnumerable<string> after) =>
        drafts.Add((new(change.Id, stage, change, why, disruption, owner, []), [.. after]));

    public bool Has(Func<Step, bool> wanted) => drafts.Any(draft => wanted(draft.Step));

    public IEnumerable<string> Ids(Func<Step, bool> wanted) => drafts.Select(draft => draft.Step).Where(wanted).Select(step => step.Id);

    /// <summary>The steps in an order that works: by stage, and within a stage each after its
    /// predecessors, otherwise as they were added.</summary>
    public EquatableArray<Step> Steps()
    {
        var known = drafts.Select(draft => draft.Step.Id).ToHashSet();
        var waiting = drafts
            .Select(draft =>
                draft.Step with
                {
                    After = draft.Candidates.Where(known.Contains).Distinct().Order(StringComparer.Ordinal).ToEquatable(),
                }
            )
            .OrderBy(step => step.Stage)
            .ToList();
        var done = new HashSet<string>();
        var ordered = new List<Step>();
        while (waiting.Count > 0)
        {
            var next = waiting.FindIndex(step => step.After.All(done.Contains));
            if (next < 0)
            {
                throw new InvalidOperationException($"Steps wait for each other: {string.Join(", ", waiting.Select(step => step.Id))}.");
            }
            ordered.Add(waiting[next]);
            done.Add(waiting[next].Id);
            waiting.RemoveAt(next);
        }
        return ordered.ToEquatable();
    }
}
