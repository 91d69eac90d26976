using Podspace.Model;
using Podspace.Observed;
using Podspace.Steps.Text;

namespace Podspace.Steps;

public sealed partial record Noun
{
    internal static readonly Noun Rule = new("rule", SpecPart.Network, VerifiedArea.Groups, RunbookTopic.Groups, IsOfVpc: false);
}

public abstract partial record Change
{
    public sealed record AddRule(GroupRule Rule) : Change
    {
        public override StepAction Action => StepAction.Create;

        public override Noun Noun => Noun.Rule;

        public override string Name => $"{Rule}";

        internal override SpecPart Part => PartOf(Rule);

        internal override (string, string)? Foreign => Rule.Group.IsMade ? null : ("AuthorizeSecurityGroupIngress", "");

        internal override bool IsKept(KeptResources terraform) => terraform.Group(Rule.Group);

        internal override IEnumerable<string> Terraform(KeptResources terraform) => [TerraformNames.Address(Rule)];
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
    }

    public sealed record RemoveRule(GroupRule Rule) : Change
    {
        public override StepAction Action => StepAction.Delete;

        public override Noun Noun => Noun.Rule;

        public override string Name => $"{Rule}";

        internal override SpecPart Part => PartOf(Rule);

        internal override (string, string)? Foreign => Rule.Group.IsMade ? null : ("RevokeSecurityGroupIngress", "");

        internal override string? IdIn(Ids ids) => ids.Rules.GetValueOrDefault(Rule.Key);

        internal override bool IsKept(KeptResources terraform) => terraform.Group(Rule.Group) || terraform.Holds(IdIn(terraform.Ids));

        /// <summary>A rule that stands in line in its group has no address.</summary>
        internal override IEnumerable<string> Terraform(KeptResources terraform) =>
            !Rule.Group.IsMade && terraform.State.HasRulesInline(Rule.Group.Id) ? [] : [TerraformNames.Address(Rule)];
    }

    /// <summary>Groups that are used have an owner of their own.</summary>
    private static SpecPart PartOf(GroupRule rule) => rule.Group.IsMade ? SpecPart.Network : SpecPart.Rules;
}
