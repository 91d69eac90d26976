using Podspace.Model;
using Podspace.Observed;
using Podspace.Steps.Calls;
using Podspace.Steps.Text;

namespace Podspace.Steps;

public sealed partial record Noun
{
    internal static readonly Noun Rule = new(
        "rule",
        Stage.Network,
        SpecPart.Network,
        VerifiedArea.Groups,
        RunbookTopic.Groups,
        IsOfVpc: false
    );
}

public abstract partial record Change
{
    public sealed record AddRule(GroupRule Rule) : Change
    {
        public override StepAction Action => StepAction.Create;

        public override Noun Noun => Noun.Rule;

        public override string Name => $"{Rule}";

        internal override SpecPart Part => PartOf(Rule);

        internal override Stage MadeIn => StageOf(Rule);

        internal override (string, string)? Foreign => Rule.Group.IsMade ? null : ("AuthorizeSecurityGroupIngress", "");

        internal override bool IsKept(KeptResources terraform) => terraform.Group(Rule.Group);

        internal override IEnumerable<string> Terraform(KeptResources terraform) => [TerraformNames.Address(Rule)];

        internal override IEnumerable<Call> Calls(StepContext context) =>
            [new CloudCall.Authorize(context.Resolved(Rule), context.TagsOf(Rule), Rule.Group.IsMade)];

        // AWS puts it into every new group, and a second one is refused: it is tagged instead.
        // Source: VPC User Guide, "Default security group rules".
        private bool IsDefault =>
            Rule is { Direction: Direction.Egress, Group.IsMade: true, Peer.Cidr.PrefixLength: 0 } && Rule.Traffic == Traffic.All;

        internal override IEnumerable<string> Commands(TextContext context) =>
            IsDefault && context.Known.Group(Rule.Group) is null
                ?
                [
                    "# AWS puts the rule out to everywhere into every new group; it only gets the tags.",
                    Lookups.TagDefaultRule(context.Group(Rule.Group), context.TagsOf(Rule)),
                ]
                : base.Commands(context);

        internal override IEnumerable<string> WayBack(TextContext context) =>
            Rule.Group.IsMade && context.Known.Group(Rule.Group) is null
                ? []
                : context.Typed(new CloudCall.RevokeByValue(context.Resolved(Rule)));

        internal override IEnumerable<string> Console(TextContext context)
        {
            var (group, side) = (context.Shown(Rule.Group), SideOf(Rule));
            if (IsDefault)
            {
                return
                [
                    $"Its outbound rule for all traffic to 0.0.0.0/0 is there already: "
                        + $"**VPC → Security groups → {group} → Outbound rules**, tick it, **Manage tags → Add tag**. "
                        + $"**Save changes**. {Prose.Of(context.TagsOf(Rule))}",
                ];
            }
            var end = Rule.Direction == Direction.Ingress ? "Source" : "Destination";
            return
            [
                $"**VPC → Security groups → {group} → {side} rules → Edit {side.ToLowerInvariant()} rules → Add rule**: "
                    + $"Type {TypeOf(Rule.Traffic)}, {end} type Custom {Prose.Code(Rule.Peer)}, "
                    + $"Description {Prose.Code(Rule.Why)}. **Save rules**",
            ];
        }
    }

    /// <summary>A rule that is as wanted stands in a group of ours without our tags: a run was cut off before it
    /// tagged what AWS puts into every new group, or somebody took them off.</summary>
    public sealed record TagRule(GroupRule Rule, string RuleId) : Change
    {
        public override StepAction Action => StepAction.Update;

        public override Noun Noun => Noun.Rule;

        public override string Name => $"{Rule}";

        internal override bool IsKept(KeptResources terraform) => terraform.Group(Rule.Group) || terraform.Holds(RuleId);

        internal override IEnumerable<string> Terraform(KeptResources terraform) => [TerraformNames.Address(Rule)];

        internal override IEnumerable<Call> Calls(StepContext context) => [new CloudCall.Tag(new(RuleId), context.TagsOf(Rule))];

        internal override IEnumerable<string> WayBack(TextContext context) => [];

        internal override IEnumerable<string> Console(TextContext context) =>
            [
                $"**VPC → Security groups → {context.Shown(Rule.Group)} → {SideOf(Rule)} rules**: "
                    + $"tick {Prose.Code(RuleId)} ({Rule}), **Manage tags → Add tag**. **Save changes**. {Prose.Of(context.TagsOf(Rule))}",
            ];
    }

    public sealed record RemoveRule(GroupRule Rule) : Change
    {
        public override StepAction Action => StepAction.Delete;

        public override Noun Noun => Noun.Rule;

        public override string Name => $"{Rule}";

        internal override SpecPart Part => PartOf(Rule);

        internal override Stage MadeIn => StageOf(Rule);

        internal override (string, string)? Foreign => Rule.Group.IsMade ? null : ("RevokeSecurityGroupIngress", "");

        internal override string? IdIn(Ids ids) => ids.Rules.GetValueOrDefault(Rule.Key);

        internal override bool IsKept(KeptResources terraform) => terraform.Group(Rule.Group) || terraform.Holds(IdIn(terraform.Ids));

        /// <summary>A rule that stands in line in its group has no address.</summary>
        internal override IEnumerable<string> Terraform(KeptResources terraform) =>
            !Rule.Group.IsMade && terraform.State.HasRulesInline(Rule.Group.Id) ? [] : [TerraformNames.Address(Rule)];

        internal override IEnumerable<Call> Calls(StepContext context) =>
            [new CloudCall.Revoke(context.Group(Rule.Group), Rule.Direction, context.IdOf(Rule))];

        internal override IEnumerable<string> WayBack(TextContext context) => [];

        internal override IEnumerable<string> Console(TextContext context) => [];
    }

    private static string SideOf(GroupRule rule) => rule.Direction == Direction.Ingress ? "Inbound" : "Outbound";

    /// <summary>As the console asks for it.</summary>
    private static string TypeOf(Traffic traffic)
    {
        if (traffic.Protocol == "-1")
        {
            return "All traffic";
        }
        var ports = traffic.To == traffic.From ? $"{traffic.From}" : $"{traffic.From}-{traffic.To}";
        return $"Custom {traffic.Protocol.ToUpperInvariant()}, Port range {ports}";
    }

    private static Stage StageOf(GroupRule rule) => rule.Group.IsMade ? Stage.Network : Stage.Admit;

    /// <summary>Groups that are used have an owner of their own.</summary>
    private static SpecPart PartOf(GroupRule rule) => rule.Group.IsMade ? SpecPart.Network : SpecPart.Rules;
}
