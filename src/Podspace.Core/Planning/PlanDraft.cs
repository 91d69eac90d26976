using Podspace.Findings;
using Podspace.Naming;
using Podspace.Spec;
using Podspace.Steps;

namespace Podspace.Planning;

/// <summary>A step whose predecessors are said by what they are; which of them there are is known when all steps are.</summary>
/// <param name="Stage">Null: the last stage in which the plan sets anything up.</param>
/// <param name="IsAfter">Reports whether a change has to be done before.</param>
internal sealed record PlannedStep(Change Change, Stage? Stage, string Why, Disruption Disruption, Owner Owner, Func<Change, bool> IsAfter);

/// <summary>Steps, findings and uses of one part of the plan. It is read when all parts have run, so their order means nothing.</summary>
internal sealed class PlanDraft(Func<Change, Owner> ownerOf)
{
    private readonly List<PlannedStep> steps = [];
    private readonly List<Func<IReadOnlyCollection<Change>, IEnumerable<Finding>>> findings = [];
    private readonly List<string> uses = [];
    private readonly List<KeptPart> kept = [];

    public IEnumerable<PlannedStep> Steps => steps;

    public IEnumerable<string> Uses => uses;

    /// <summary>What taking back leaves where it is.</summary>
    public IEnumerable<KeptPart> Kept => kept;

    /// <param name="changes">Of the whole plan.</param>
    public IEnumerable<Finding> Findings(IReadOnlyCollection<Change> changes) => findings.SelectMany(find => find(changes));

    public void Add(Change change, Stage stage, string why, Disruption disruption = Disruption.None, Func<Change, bool>? after = null) =>
        AddFor(ownerOf(change), change, stage, why, disruption, after);

    /// <summary>For an owner that is seen rather than written in the spec.</summary>
    public void AddFor(
        Owner owner,
        Change change,
        Stage stage,
        string why,
        Disruption disruption = Disruption.None,
        Func<Change, bool>? after = null
    ) => steps.Add(new(change, stage, why, disruption, owner, after ?? (_ => false)));

    /// <summary>What was made goes in the last stage in which the plan sets anything up, after what makes it needless.</summary>
    public void Remove(Change change, Func<Change, bool> after, string why = "made by Podspace and no longer wanted") =>
        steps.Add(new(change, null, why, Disruption.None, ownerOf(change), after));

    public void Report(Finding finding) => findings.Add(_ => [finding]);

    /// <summary>Something stays, which is told.</summary>
    public void Keep(KeptFor whom, Finding why)
    {
        Report(why);
        kept.Add(new(whom, why));
    }

    /// <summary>For what depends on the steps of all parts.</summary>
    public void ReportOnceKnown(Func<IReadOnlyCollection<Change>, IEnumerable<Finding>> find) => findings.Add(find);

    /// <summary>What fits but is not ours.</summary>
    public void Use(string what) => uses.Add(what);

    public void Use(string kind, Ref reference)
    {
        if (!reference.IsMade)
        {
            Use($"{kind} {reference}");
        }
    }
}
