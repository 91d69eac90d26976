using Podspace.Model;
using Podspace.Naming;
using Podspace.Observed;
using Podspace.Steps.Text;

namespace Podspace.Steps;

public sealed partial record Noun
{
    internal static readonly Noun Group = new("group", SpecPart.Network, VerifiedArea.Groups, RunbookTopic.Groups, IsOfVpc: false);
}

public abstract partial record Change
{
    public sealed record CreateGroup(SecurityGroup Group, EquatableArray<SeenTag> Tags) : Change
    {
        public override StepAction Action => StepAction.Create;

        public override Noun Noun => Noun.Group;

        public override string Name => $"{Group.Ref}";

        public override string Phrase => $"group {Group.Ref} \"{Group.GroupName}\"";

        internal override bool IsKept(KeptResources terraform) => false;

        internal override IEnumerable<string> Terraform(KeptResources terraform) =>
            [TerraformNames.Address(TerraformNames.Group, TerraformNames.Of(Group.Ref))];
    }

    public sealed record DeleteGroup(ResourceName Group) : Change
    {
        public override StepAction Action => StepAction.Delete;

        public override Noun Noun => Noun.Group;

        public override string Name => $"{Group}";

        private Ref Ref => Ref.Made(Group.Text);

        internal override string? IdIn(Ids ids) => ids.Group(Ref)?.Text;

        internal override bool IsKept(KeptResources terraform) => terraform.Group(Ref);

        internal override IEnumerable<string> Terraform(KeptResources terraform) =>
            [TerraformNames.Address(TerraformNames.Group, TerraformNames.Of(Ref))];
    }
}
