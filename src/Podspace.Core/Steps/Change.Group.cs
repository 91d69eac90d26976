using Podspace.Model;
using Podspace.Naming;
using Podspace.Observed;
using Podspace.Steps.Calls;
using Podspace.Steps.Text;

namespace Podspace.Steps;

public sealed partial record Noun
{
    internal static readonly Noun Group = new(
        "group",
        Stage.Network,
        SpecPart.Network,
        VerifiedArea.Groups,
        RunbookTopic.Groups,
        IsOfVpc: false
    );
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

        internal override IEnumerable<Call> Calls(StepContext context) =>
            [new CloudCall.CreateGroup(context.Vpc, Group.GroupName, Group.Description, Tags)];

        internal override MadeThing? Makes => new(MadeKind.Group, Group.Ref.Name);

        internal override IEnumerable<string> WayBack(TextContext context) =>
            context.Typed(new CloudCall.DeleteGroup(context.Group(Group.Ref)));

        internal override IEnumerable<string> Console(TextContext context) =>
            [
                $"**VPC → Security groups → Create security group**: Security group name {Prose.Code(Group.GroupName)}, "
                    + $"Description {Prose.Code(Group.Description)}, VPC {Prose.Code(context.Vpc)}; the tags below. "
                    + $"**Create security group**",
                Prose.Of(Tags),
            ];
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

        internal override IEnumerable<Call> Calls(StepContext context) => [new CloudCall.DeleteGroup(context.Group(Ref))];

        internal override IEnumerable<string> WayBack(TextContext context) => [];

        internal override IEnumerable<string> Console(TextContext context) => [];
    }
}
