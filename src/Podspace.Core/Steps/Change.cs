using Podspace.Formats;
using Podspace.Naming;
using Podspace.Observed;
using Podspace.Spec;
using Podspace.Steps.Calls;
using Podspace.Steps.Text;

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

    /// <summary>The stage in which what it is about is made.</summary>
    internal virtual Stage MadeIn => Noun.Stage;

    /// <summary>The part of the spec it belongs to, whose owner does it.</summary>
    internal virtual SpecPart Part => Noun.Part;

    /// <summary>Reports whether Terraform keeps what would change.</summary>
    internal abstract bool IsKept(KeptResources terraform);

    /// <summary>Addresses of the resources that stand for it in Terraform: of what it makes, or of what it takes out.
    /// None where the provider has no resource for it.</summary>
    internal abstract IEnumerable<string> Terraform(KeptResources terraform);

    /// <summary>An object of the cluster in Terraform, as a block of its own; null for what AWS's provider makes.</summary>
    internal virtual HclBlock? TerraformObject(TextContext context) => null;

    /// <summary>An object of the cluster, for whoever keeps it in Git; null for all else.</summary>
    internal virtual ClusterManifest? Manifest(OverlaySpec spec, Func<Ref, string> id) => null;

    /// <summary>AWS's id of what it takes out; null where there is none.</summary>
    internal virtual string? IdIn(Ids ids) => null;

    /// <summary>What it calls, in order. From these come the rehearsal, what a person types, and the rights.</summary>
    internal abstract IEnumerable<Call> Calls(StepContext context);

    /// <summary>What it makes that later steps name by an id; null: nothing.</summary>
    internal virtual MadeThing? Makes => null;

    /// <summary>What is waited for when the calls are done; null: nothing.</summary>
    /// <param name="id">Of what was made.</param>
    internal virtual CloudState? Until(StepContext context, string? id) => null;

    /// <summary>It changes what stood there before us, which is noted first.</summary>
    internal virtual bool IsRecorded => false;

    internal virtual void Note(IDictionary<string, string> record, StepContext context) { }

    /// <summary>As a person types it: the calls, and what belongs to them.</summary>
    internal virtual IEnumerable<string> Commands(TextContext context)
    {
        var lines = context.Typed(Calls(context));
        return Makes is { } made ? lines.Select(line => $"{TextContext.VariableOf(made)}=$({line})") : lines;
    }

    /// <summary>How it is undone by hand, to what was there before the plan. None for what goes with something
    /// else, and for a deletion.</summary>
    internal abstract IEnumerable<string> WayBack(TextContext context);

    /// <summary>The same in AWS's console, click by click.</summary>
    /// <remarks>
    /// Labels: Amazon VPC User Guide (edition of 2023-04: "Modify your VPC", "Create a subnet", "Subnet CIDR reservations", "Work
    /// with route tables", "Security group rules") and EKS User Guide (2024-12: "Update an Amazon EKS add-on", "Create access
    /// entries"). Not in those editions, so as people who write of the console name them in 2025 (UNCONFIRMED): IPv4 VPC CIDR
    /// block, IPv4 subnet CIDR block, Terminate (delete) instance, type EC2 of an access entry, how tags of a VPC and of subnets
    /// are saved.
    /// </remarks>
    internal abstract IEnumerable<string> Console(TextContext context);
}
