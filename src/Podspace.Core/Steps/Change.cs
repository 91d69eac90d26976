using Podspace.Observed;

namespace Podspace.Steps;

/// <summary>What a step does. A closed set, a file for each noun: a case says all that is said of it, and the compiler asks
/// a new one for each part.</summary>
public abstract partial record Change
{
    private Change() { }

    public abstract StepAction Action { get; }

    public abstract Noun Noun { get; }

    /// <summary>What it is about, unique among changes of the same action and kind.</summary>
    public abstract string Name { get; }

    public string Kind => Noun.Kind;

    public string Id => $"{Action.Text()}/{Kind.Replace(' ', '-')}/{Name}";

    /// <summary>What it is about, in one phrase for people.</summary>
    public virtual string Phrase => $"{Kind} {Name}";

    /// <summary>Reports whether new interfaces come from the pod subnets from this change on.</summary>
    public virtual bool ThrowsSwitch => false;

    /// <summary>The chapter of a runbook that it stands in.</summary>
    public virtual RunbookTopic Topic => Action == StepAction.Delete ? RunbookTopic.Leaving : Noun.Topic;

    /// <summary>The row of <see cref="ForeignEdit.Table"/> for a change of what is not ours: its call, and how it begins to
    /// say on what; null for what is ours.</summary>
    internal virtual (string Operation, string On)? Foreign => null;

    /// <summary>The part of the spec it belongs to, whose owner does it.</summary>
    internal virtual SpecPart Part => Noun.Part;

    /// <summary>Reports whether Terraform keeps what would change.</summary>
    internal abstract bool IsKept(KeptResources terraform);

    /// <summary>Addresses of the resources that stand for it in Terraform: of what it makes, or of what it takes out.
    /// None where the provider has no resource for it.</summary>
    internal abstract IEnumerable<string> Terraform(KeptResources terraform);

    /// <summary>AWS's id of what it takes out; null where there is none.</summary>
    internal virtual string? IdIn(Ids ids) => null;
}
